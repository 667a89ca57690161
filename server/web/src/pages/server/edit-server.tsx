import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { patch } from "../../api/client.ts";
import type { Server } from "../../api/types.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Form, labelsText, parseLabels } from "../../ui/form.tsx";

/** Name, group, labels and notes of a server. */
export function EditServer(props: { server: Server; open: boolean; onOpenChange: (open: boolean) => void }) {
  const { server } = props;
  const client = useQueryClient();
  const [name, setName] = useState(server.name);
  const [group, setGroup] = useState(server.group);
  const [labels, setLabels] = useState(labelsText(server.labels));
  const [notes, setNotes] = useState(server.notes);
  async function save() {
    const changed = await patch<Server>(`infrastructure/servers/${server.id}`, {
      name,
      group,
      labels: parseLabels(labels),
      notes,
    });
    client.setQueryData<Server>(["server", server.id], (old) => (old ? { ...old, ...changed } : old));
    void client.invalidateQueries({ queryKey: ["servers"] });
    props.onOpenChange(false);
  }
  const fields = [
    { key: "name", label: "Name", value: name, set: setName },
    { key: "group", label: "Group", value: group, set: setGroup },
    { key: "labels", label: "Labels", value: labels, set: setLabels, hint: "env=prod, site=fra" },
  ];
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title={`Edit ${server.name}`}>
      <Form onSubmit={save} submit="Save" onCancel={() => props.onOpenChange(false)} disabled={!name.trim()}>
        {(error) => (
          <>
            {fields.map((field) => (
              <Field key={field.key} label={field.label} hint={field.hint} error={error(field.key)}>
                {(attributes) => (
                  <input
                    {...attributes}
                    className="field"
                    value={field.value}
                    onChange={(event) => field.set(event.target.value)}
                  />
                )}
              </Field>
            ))}
            <Field label="Notes" error={error("notes")}>
              {(attributes) => (
                <textarea
                  {...attributes}
                  className="field"
                  rows={4}
                  value={notes}
                  onChange={(event) => setNotes(event.target.value)}
                />
              )}
            </Field>
          </>
        )}
      </Form>
    </Dialog>
  );
}
