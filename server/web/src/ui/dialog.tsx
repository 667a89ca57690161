import { AlertDialog, Dialog as Base } from "radix-ui";
import { type ReactNode, useRef, useState } from "react";
import { Button, IconButton } from "./button.tsx";
import { ErrorState } from "./states.tsx";

const overlay = "fixed inset-0 z-40 bg-black/45";
const box =
  "rise fixed inset-x-0 bottom-0 z-50 max-h-[92dvh] overflow-y-auto rounded-t-xl border border-line bg-raised shadow-(--shadow-lg) outline-none sm:inset-auto sm:top-[12vh] sm:left-1/2 sm:w-[calc(100%-2rem)] sm:-translate-x-1/2 sm:rounded-xl sm:max-h-[80dvh]";

/**
 * Gives the focus back to what opened a dialog when it closes. Radix does so for triggers of its own alone; of a menu,
 * which is gone by then, its button gets it.
 */
function useOpener() {
  const opener = useRef<HTMLElement | null>(null);
  return {
    onOpenAutoFocus() {
      const active = document.activeElement;
      const menu = active?.closest("[role=menu]");
      const button = menu ? document.getElementById(menu.getAttribute("aria-labelledby") ?? "") : active;
      opener.current = button instanceof HTMLElement ? button : null;
    },
    onCloseAutoFocus(event: Event) {
      event.preventDefault();
      opener.current?.focus();
    },
  };
}

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  wide?: boolean;
  children: ReactNode;
};

/** A modal dialog; a sheet from below on small screens. */
export function Dialog({ open, onOpenChange, title, description, wide, children }: Props) {
  const focus = useOpener();
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Overlay className={overlay} />
        <Base.Content
          {...focus}
          className={`${box} ${wide ? "sm:max-w-2xl" : "sm:max-w-md"}`}
          {...(!description && { "aria-describedby": undefined })}
        >
          <div className="pt-4 pr-12 pl-4 sm:pl-5">
            <Base.Title className="text-base font-semibold">{title}</Base.Title>
            {description && <Base.Description className="mt-0.5 text-muted">{description}</Base.Description>}
          </div>
          <div className="px-4 pt-3 pb-5 sm:px-5">{children}</div>
          {/* Last, so that the first field has the focus when the dialog opens. */}
          <Base.Close asChild>
            <IconButton icon="close" label="Close" className="absolute! top-3 right-3" />
          </Base.Close>
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}

/** Asks before something that can't be undone. `onConfirm` may fail: the reason is shown and the dialog stays. */
export function Confirm(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  action: string;
  danger?: boolean;
  onConfirm: () => Promise<unknown>;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const focus = useOpener();
  async function confirm() {
    setBusy(true);
    setError(null);
    try {
      await props.onConfirm();
      props.onOpenChange(false);
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  }
  return (
    <AlertDialog.Root open={props.open} onOpenChange={props.onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlay} />
        <AlertDialog.Content {...focus} className={`${box} sm:max-w-md`}>
          <div className="p-4 sm:p-5">
            <AlertDialog.Title className="text-base font-semibold">{props.title}</AlertDialog.Title>
            <AlertDialog.Description asChild>
              <div className="mt-1 text-soft">{props.children}</div>
            </AlertDialog.Description>
            {error !== null && <ErrorState compact error={error} />}
            <div className="mt-4 flex justify-end gap-2">
              <AlertDialog.Cancel asChild>
                <Button>Cancel</Button>
              </AlertDialog.Cancel>
              <Button look={props.danger ? "danger" : "primary"} busy={busy} onClick={() => void confirm()}>
                {props.action}
              </Button>
            </div>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
