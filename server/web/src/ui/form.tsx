import { type FormEvent, type ReactNode, useId, useState } from "react";
import { ApiError } from "../api/client.ts";
import { Button } from "./button.tsx";
import { ErrorState } from "./states.tsx";

type FieldProps = {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  children: (attributes: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ReactNode;
};

/** A labelled control with its hint and its error tied to it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const below = error ?? hint;
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-soft">
        {label}
      </label>
      {children({ id, ...(below && { "aria-describedby": `${id}-hint` }), ...(error && { "aria-invalid": true }) })}
      {below && (
        <p id={`${id}-hint`} className={`mt-1 text-xs ${error ? "text-crit" : "text-muted"}`}>
          {below}
        </p>
      )}
    </div>
  );
}

/** A form that sends, shows what the server refused (at the field where one has its name) and is busy meanwhile. */
export function Form(props: {
  onSubmit: () => Promise<unknown>;
  submit: string;
  onCancel?: () => void;
  disabled?: boolean;
  /** Other buttons; what they run is busy and fails as the submission does. */
  more?: (run: (action: () => Promise<unknown>) => void) => ReactNode;
  children: (fieldError: (name: string) => string | undefined) => ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const fields = error instanceof ApiError ? error.fields : [];
  function submit(event: FormEvent) {
    event.preventDefault();
    void run(props.onSubmit);
  }
  async function run(action: () => Promise<unknown>) {
    setBusy(true);
    setError(null);
    try {
      await action();
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  }
  return (
    <form onSubmit={submit} className="space-y-3" noValidate>
      {props.children(
        (name) => fields.find((field) => field.field === name || field.field.endsWith(`.${name}`))?.message,
      )}
      {error !== null && <ErrorState compact error={error} />}
      <div className="flex justify-end gap-2 pt-1">
        {props.onCancel && <Button onClick={props.onCancel}>Cancel</Button>}
        {props.more?.((action) => void run(action))}
        <Button look="primary" type="submit" busy={busy} disabled={props.disabled}>
          {props.submit}
        </Button>
      </div>
    </form>
  );
}

/** `a=b, c=d` -> labels; words without `=` get an empty value. */
export function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const part of text.split(/[,\n]+/)) {
    const [name = "", ...value] = part.trim().split("=");
    if (name.trim()) labels[name.trim()] = value.join("=").trim();
  }
  return labels;
}

export function labelsText(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([name, value]) => (value ? `${name}=${value}` : name))
    .join(", ");
}
