import type { ReactNode } from "react";
import { Field } from "../ui/form.tsx";
import { BackupFields } from "./backup-fields.tsx";
import type { UpdateOptions } from "./update-form.ts";

type Props = {
  form: UpdateOptions;
  set: (part: Partial<UpdateOptions>) => void;
  error: (name: string) => string | undefined;
  /** Stands between the times and the backup. */
  children: ReactNode;
};

/** How new containers prove themselves, how long the old images are kept, what is backed up before. */
export function UpdateFields({ form, set, error, children }: Props) {
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-3">
        <Amount
          label="Must run for, seconds"
          usual="10"
          value={form.stable}
          error={error("stableSeconds")}
          set={(stable) => set({ stable })}
        />
        <Amount
          label="Healthy within, seconds"
          usual="as its check says"
          value={form.healthTimeout}
          error={error("healthTimeoutSeconds")}
          set={(healthTimeout) => set({ healthTimeout })}
        />
        <Amount
          label="Keep the old one, days"
          usual="7"
          value={form.keepDays}
          error={error("keepImageSeconds")}
          set={(keepDays) => set({ keepDays })}
        />
      </div>
      {children}
      <fieldset className="rounded-md border border-line p-3">
        <legend className="px-1 text-xs font-medium text-soft">Backup</legend>
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={form.backup.on}
            onChange={(event) => set({ backup: { ...form.backup, on: event.target.checked } })}
          />
          Back up before
        </label>
        {form.backup.on ? (
          <div className="mt-2">
            <BackupFields
              form={form.backup}
              set={(part) => set({ backup: { ...form.backup, ...part } })}
              error={error}
            />
          </div>
        ) : (
          <p className="mt-1 text-xs text-muted">Otherwise as the fairlead.backup labels say.</p>
        )}
      </fieldset>
    </>
  );
}

function Amount(props: {
  label: string;
  usual: string;
  value: string;
  error: string | undefined;
  set: (value: string) => void;
}) {
  return (
    <Field label={props.label} error={props.error}>
      {(attributes) => (
        <input
          {...attributes}
          className="field"
          type="number"
          min={0}
          placeholder={props.usual}
          value={props.value}
          onChange={(event) => props.set(event.target.value)}
        />
      )}
    </Field>
  );
}
