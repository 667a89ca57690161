import { useState } from "react";
import type { Command, Container } from "../api/types.ts";
import { newKey, sendCommand } from "../commands/send-command.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Form } from "../ui/form.tsx";
import { GateFields } from "./gate-fields.tsx";
import { ImageField } from "./image-field.tsx";
import { PlannedUpdate } from "./planned-update.tsx";
import { UpdateFields } from "./update-fields.tsx";
import { newForm, type UpdateForm, updateArgs } from "./update-form.ts";

type Props = { container: Container; onClose: () => void; onSent: (command: Command) => void };

/** To update a container: what to, how it proves itself, what is backed up; the plan before, if one likes. */
export function UpdateDialog({ container, onClose, onSent }: Props) {
  const [form, setForm] = useState(() => newForm(container.image));
  const [plan, setPlan] = useState<string | null>(null);
  const [key] = useState(newKey);
  const set = (part: Partial<UpdateForm>) => setForm((old) => ({ ...old, ...part }));
  const send = (dryRun: boolean, forceReason = "") =>
    sendCommand(
      container.serverId,
      "container.update",
      updateArgs(container.name, { ...form, forceReason }, dryRun),
      dryRun || forceReason ? newKey() : key,
    );
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={`Update ${container.name}`}
      description="A new container is made beside the old one and started in its place. If it does not prove itself, the old one is put back."
    >
      {plan === null ? (
        <Form
          onSubmit={async () => onSent(await send(false))}
          submit="Update now"
          onCancel={onClose}
          disabled={!form.image.trim()}
          more={(run) => (
            <Button disabled={!form.image.trim()} onClick={() => run(async () => setPlan((await send(true)).id))}>
              Show the plan
            </Button>
          )}
        >
          {(error) => (
            <>
              <ImageField
                label="Image"
                hint={`Now: ${container.image}`}
                error={error("image")}
                value={form.image}
                set={(image) => set({ image })}
              />
              <UpdateFields form={form} set={set} error={error}>
                <GateFields gates={form.gates} set={(gates) => set({ gates })} error={error("gates")} />
              </UpdateFields>
            </>
          )}
        </Form>
      ) : (
        <PlannedUpdate
          id={plan}
          onBack={() => setPlan(null)}
          onRun={async (reason) => onSent(await send(false, reason))}
        />
      )}
    </Dialog>
  );
}
