import { Field } from "../ui/form.tsx";
import type { BackupForm } from "./update-form.ts";

type Props = {
  form: BackupForm;
  set: (part: Partial<BackupForm>) => void;
  error: (name: string) => string | undefined;
};

/** What is saved of a container beside its configuration. */
export function BackupFields({ form, set, error }: Props) {
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        <Check label="Its volumes" on={form.volumes} set={(volumes) => set({ volumes })} />
        <Check label="A dump by the database's own tools" on={form.dump} set={(dump) => set({ dump })} />
      </div>
      <div className="grid gap-3 sm:grid-cols-3">
        <Field label="While it is read" error={error("consistency")}>
          {(attributes) => (
            <select
              {...attributes}
              className="field"
              value={form.consistency}
              onChange={(event) => set({ consistency: event.target.value as BackupForm["consistency"] })}
            >
              <option value="">As its labels say</option>
              <option value="pause">The container is paused</option>
              <option value="stop">The container is stopped</option>
              <option value="live">The container goes on</option>
            </select>
          )}
        </Field>
        <Field label="Keep, days" error={error("keepDays")}>
          {(attributes) => (
            <input
              {...attributes}
              className="field"
              type="number"
              min={1}
              placeholder="7"
              value={form.keepDays}
              onChange={(event) => set({ keepDays: event.target.value })}
            />
          )}
        </Field>
        <Field label="Host folders, by their path in it" error={error("binds")}>
          {(attributes) => (
            <input
              {...attributes}
              className="field font-mono"
              placeholder="/data, /etc/app"
              spellCheck={false}
              autoCapitalize="none"
              value={form.binds}
              onChange={(event) => set({ binds: event.target.value })}
            />
          )}
        </Field>
      </div>
    </div>
  );
}

function Check({ label, on, set }: { label: string; on: boolean; set: (on: boolean) => void }) {
  return (
    <label className="flex items-center gap-2">
      <input type="checkbox" checked={on} onChange={(event) => set(event.target.checked)} />
      {label}
    </label>
  );
}
