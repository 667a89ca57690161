import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { updatesQuery } from "../api/queries.ts";
import type { Container } from "../api/types.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Form } from "../ui/form.tsx";
import { Ago } from "../ui/time.tsx";

type Props = {
  container: Container;
  place: string;
  onClose: () => void;
  onSubmit: (reason: string) => Promise<unknown>;
};

/** To take the last update of a container back, with what that means. */
export function LastRollback({ container, place, onClose, onSubmit }: Props) {
  const { data } = useQuery(updatesQuery({ container: container.id }));
  const last = data?.items.find(
    ({ type, status, target }) => status === "succeeded" && type === "container.update" && target === container.name,
  );
  return (
    <ReasonDialog title={`Roll ${container.name} back?`} submit="Roll back" onClose={onClose} onSubmit={onSubmit}>
      {place} It gets{" "}
      {last?.fromImage ? (
        <>
          <code className="font-mono text-xs break-all">{last.fromImage}</code>, the image that it had before its update{" "}
          <Ago at={last.createdAt} />
        </>
      ) : (
        "the image that it had before its last update"
      )}
      ; its settings and data stay. The old image has to prove itself, or the present one is put back.
    </ReasonDialog>
  );
}

/** Asks, with room for a reason where guards of the host are to be passed over. */
export function ReasonDialog(props: {
  title: string;
  submit: string;
  children: ReactNode;
  onClose: () => void;
  onSubmit: (reason: string) => Promise<unknown>;
}) {
  const [reason, setReason] = useState("");
  return (
    <Dialog open onOpenChange={props.onClose} title={props.title}>
      <Form
        submit={props.submit}
        onCancel={props.onClose}
        onSubmit={async () => {
          await props.onSubmit(reason.trim());
          props.onClose();
        }}
      >
        {(error) => (
          <>
            <p className="text-soft">{props.children}</p>
            <details>
              <summary className="text-xs text-muted">The host refused it before?</summary>
              <input
                className="field mt-1"
                aria-label="Why it is to be done all the same"
                placeholder="Why it is to be done all the same"
                maxLength={500}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
              {error("forceReason") && <p className="mt-1 text-xs text-crit">{error("forceReason")}</p>}
            </details>
          </>
        )}
      </Form>
    </Dialog>
  );
}
