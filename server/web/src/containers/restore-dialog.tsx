import { useState } from "react";
import type { Resource } from "../api/types.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Form } from "../ui/form.tsx";
import { BackupFacts } from "./backup-facts.tsx";
import { text } from "./holding-facts.ts";

/** To make a container from a backup: in place of the present one, or beside it under another name. */
export function RestoreDialog(props: {
  backup: Resource;
  onClose: () => void;
  onSubmit: (args: Record<string, unknown>) => Promise<void>;
}) {
  const { backup, onClose, onSubmit } = props;
  const container = text(backup, "container");
  const damaged = backup.state !== "complete";
  const [name, setName] = useState("");
  const [overwrite, setOverwrite] = useState(false);
  const [start, setStart] = useState("");
  return (
    <Dialog open onOpenChange={onClose} title={`Restore ${container}`}>
      <Form
        submit={name.trim() === "" ? `Replace ${container}` : `Make ${name.trim()}`}
        onCancel={onClose}
        onSubmit={async () => {
          await onSubmit({
            ...(name.trim() !== "" && { name: name.trim() }),
            ...(overwrite && { overwriteVolumes: true }),
            ...(start !== "" && { start: start === "yes" }),
          });
          onClose();
        }}
      >
        {(error) => (
          <>
            <BackupFacts backup={backup} />
            {damaged && (
              <p role="alert" className="rounded-md bg-warn-soft px-3 py-2 text-warn">
                This backup is {backup.state ?? "of unknown state"}
                {text(backup, "problem") && `: ${text(backup, "problem")}`}. The agent checks it first, and stops where
                it does not hold.
              </p>
            )}
            <Field
              label="Name of the container"
              hint={`Empty: ${container}, in place of the present one`}
              error={error("name")}
            >
              {(attributes) => (
                <input
                  {...attributes}
                  className="field"
                  placeholder={container}
                  spellCheck={false}
                  autoCapitalize="none"
                  value={name}
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
            <label className="flex items-start gap-2">
              <input
                type="checkbox"
                className="mt-0.5"
                checked={overwrite}
                onChange={(event) => setOverwrite(event.target.checked)}
              />
              <span>
                Overwrite its volumes
                <span className="block text-xs text-muted">
                  Otherwise volumes that exist are left as they are, and the data goes into new ones.
                </span>
              </span>
            </label>
            <Field label="Afterwards" error={error("start")}>
              {(attributes) => (
                <select
                  {...attributes}
                  className="field"
                  value={start}
                  onChange={(event) => setStart(event.target.value)}
                >
                  <option value="">As it was when it was saved</option>
                  <option value="yes">Start it</option>
                  <option value="no">Leave it stopped</option>
                </select>
              )}
            </Field>
          </>
        )}
      </Form>
    </Dialog>
  );
}
