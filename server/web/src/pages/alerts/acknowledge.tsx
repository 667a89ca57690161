import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../../api/client.ts";
import type { Alert } from "../../api/types.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Form } from "../../ui/form.tsx";

/** Says that somebody looks after an alert. */
export function Acknowledge({ alert, onOpenChange }: { alert: Alert; onOpenChange: (open: boolean) => void }) {
  const client = useQueryClient();
  const [note, setNote] = useState("");
  async function acknowledge() {
    await post(`infrastructure/alerts/${alert.id}/ack`, { note });
    await client.invalidateQueries({ queryKey: ["alerts"] });
    onOpenChange(false);
  }
  return (
    <Dialog open onOpenChange={onOpenChange} title="Acknowledge" description={alert.summary}>
      <Form onSubmit={acknowledge} submit="Acknowledge" onCancel={() => onOpenChange(false)}>
        {(error) => (
          <Field label="Note" hint="What you know or do about it; may be empty." error={error("note")}>
            {(attributes) => (
              <textarea
                {...attributes}
                className="field"
                rows={3}
                value={note}
                onChange={(event) => setNote(event.target.value)}
              />
            )}
          </Field>
        )}
      </Form>
    </Dialog>
  );
}
