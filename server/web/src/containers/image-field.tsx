import type { ReactNode } from "react";
import { Field } from "../ui/form.tsx";

type Props = {
  label: string;
  hint?: ReactNode;
  error: string | undefined;
  value: string;
  disabled?: boolean;
  set: (image: string) => void;
};

/** To name an image: no spelling help, no capitals. */
export function ImageField({ label, hint, error, value, disabled = false, set }: Props) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <input
          {...attributes}
          className="field font-mono disabled:opacity-50"
          spellCheck={false}
          autoCapitalize="none"
          disabled={disabled}
          value={value}
          onChange={(event) => set(event.target.value)}
        />
      )}
    </Field>
  );
}
