import { useSyncExternalStore } from "react";
import { ApiError } from "../api/client.ts";
import { IconButton } from "./button.tsx";
import { Icon } from "./icons.tsx";

type Toast = { id: number; tone: "ok" | "crit"; text: string; detail?: string };

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

function dismiss(id: number) {
  change(toasts.filter((toast) => toast.id !== id));
}

/** Says shortly that something was done. */
export function notify(text: string, tone: Toast["tone"] = "ok", detail?: string): void {
  const id = nextId++;
  change([...toasts.slice(-3), { id, tone, text, ...(detail && { detail }) }]);
  setTimeout(() => dismiss(id), tone === "ok" ? 4000 : 10_000);
}

/** Says why something was refused. */
export function notifyError(error: unknown): void {
  if (!(error instanceof ApiError)) {
    notify(error instanceof Error ? error.message : String(error), "crit");
    return;
  }
  const fields = error.fields.map((field) => `${field.field}: ${field.message}`).join("\n");
  const request = error.requestId ? `Request ${error.requestId}` : "";
  notify(
    error.title,
    "crit",
    [error.detail !== error.title ? error.detail : "", fields, request].filter(Boolean).join("\n"),
  );
}

export function Toasts() {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-16 z-60 flex flex-col items-end gap-2 md:bottom-4 md:left-auto md:w-96"
    >
      {all.map((toast) => (
        <div
          key={toast.id}
          className="rise pointer-events-auto flex w-full items-start gap-2 rounded-lg border border-line bg-raised p-3 shadow-(--shadow-lg)"
        >
          <Icon
            name={toast.tone === "ok" ? "check" : "warning"}
            className={toast.tone === "ok" ? "text-ok" : "text-crit"}
          />
          <div className="min-w-0 flex-1">
            <p>{toast.text}</p>
            {toast.detail && <p className="text-xs whitespace-pre-line text-muted">{toast.detail}</p>}
          </div>
          <IconButton icon="close" label="Dismiss" className="-my-1" onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}
