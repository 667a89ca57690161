import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { holdingsQuery } from "../api/queries.ts";
import type { Resource } from "../api/types.ts";
import { useMay } from "../app/session.ts";
import { formatBytes } from "../format/units.ts";
import { StateDot } from "../ui/badge.tsx";
import { Confirm, Dialog } from "../ui/dialog.tsx";
import { Field, Form } from "../ui/form.tsx";
import { ActionMenu } from "../ui/menu.tsx";
import { Panel } from "../ui/page.tsx";
import { EmptyState, Loaded } from "../ui/states.tsx";
import { Ago } from "../ui/time.tsx";
import { useCommands } from "./followed-command.tsx";
import { listText, text, time } from "./holding-facts.ts";

type Choice = { verb: "restore" | "verify" | "delete"; backup: Resource } | null;

/** Backups on a server, of one container or of all, newest first. */
export function BackupList({ server, container }: { server: string; container?: string }) {
  const query = useQuery(holdingsQuery(server, "backup"));
  const may = useMay("operator");
  const commands = useCommands(server);
  const [choice, setChoice] = useState<Choice>(null);
  const of = (backup: Resource) => text(backup, "container");
  const mine = (backup: Resource) =>
    container === undefined || of(backup) === container || `${text(backup, "runtime")}/${of(backup)}` === container;
  const close = () => setChoice(null);
  return (
    <Panel>
      <Loaded
        query={query}
        isEmpty={(rows) => !rows.some(mine)}
        empty={
          <EmptyState icon="save" title="No backup yet">
            {container === undefined
              ? "Backups of containers stand here: made before updates, or by hand."
              : "Back it up from its menu, or tick the backup when you update it."}
          </EmptyState>
        }
      >
        {(rows) => (
          <table className="data" aria-label="Backups">
            <thead>
              <tr>
                <th>Backup</th>
                {container === undefined && <th>Container</th>}
                <th>State</th>
                <th>Holds</th>
                <th className="num">Size</th>
                <th>Made</th>
                <th>Expires</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows
                .filter(mine)
                .sort((a, b) => (time(b, "created") ?? "").localeCompare(time(a, "created") ?? ""))
                .map((backup) => (
                  <tr key={backup.id}>
                    <td className="md:max-w-72">
                      <code className="font-mono text-xs break-all">{backup.key}</code>
                      {text(backup, "reason") && (
                        <span className="block text-xs text-muted">{text(backup, "reason").replace(".", " ")}</span>
                      )}
                    </td>
                    {container === undefined && <td data-label="Container">{of(backup)}</td>}
                    <td data-label="State">
                      <StateDot state={backup.state ?? "unknown"} tone={tones[backup.state ?? ""] ?? "idle"} />
                      {text(backup, "problem") && (
                        <span className="block text-xs text-crit">{text(backup, "problem")}</span>
                      )}
                    </td>
                    <td data-label="Holds" className="text-muted md:max-w-64">
                      {holds(backup)}
                    </td>
                    <td data-label="Size" className="num">
                      {formatBytes(backup.latest?.values.size_bytes)}
                    </td>
                    <td data-label="Made" className="text-muted">
                      <Ago at={time(backup, "created")} />
                    </td>
                    <td data-label="Expires" className="text-muted">
                      <Ago at={time(backup, "expires")} />
                    </td>
                    <td className="md:text-right">
                      {may && (
                        <ActionMenu
                          label={`Actions on ${backup.key}`}
                          actions={[
                            {
                              label: "Restore",
                              icon: "refresh",
                              onSelect: () => setChoice({ verb: "restore", backup }),
                            },
                            { label: "Verify", icon: "check", onSelect: () => setChoice({ verb: "verify", backup }) },
                            {
                              label: "Delete",
                              icon: "trash",
                              danger: true,
                              onSelect: () => setChoice({ verb: "delete", backup }),
                            },
                          ]}
                        />
                      )}
                    </td>
                  </tr>
                ))}
            </tbody>
          </table>
        )}
      </Loaded>
      {choice?.verb === "restore" && (
        <RestoreDialog
          backup={choice.backup.key}
          container={of(choice.backup)}
          onClose={close}
          onSubmit={(args) => commands.send("container.restore", { backup: choice.backup.key, ...args }, "Restore")}
        />
      )}
      <Confirm
        open={choice?.verb === "verify"}
        onOpenChange={close}
        title="Verify this backup?"
        action="Verify"
        onConfirm={() => commands.send("backup.verify", { backup: choice?.backup.key ?? "" }, "Verify")}
      >
        {choice?.backup.key} is read whole on its host and its checksums are compared.
      </Confirm>
      <Confirm
        open={choice?.verb === "delete"}
        onOpenChange={close}
        title={`Delete the backup of ${choice ? of(choice.backup) : ""}?`}
        action="Delete"
        danger
        onConfirm={() => commands.send("backup.delete", { backup: choice?.backup.key ?? "" }, "Delete")}
      >
        {choice?.backup.key} is removed from its host and can't be got back.
      </Confirm>
      {commands.dialog}
    </Panel>
  );
}

const tones = { complete: "ok", damaged: "crit", expired: "idle" } as Record<string, "ok" | "crit" | "idle">;

function holds(backup: Resource): string {
  const files = Array.isArray(backup.attributes.files) ? (backup.attributes.files as Record<string, unknown>[]) : [];
  const sources = files.map(({ what, source }) => [what, source].filter((one) => typeof one === "string").join(" "));
  return listText(sources, 4);
}

function RestoreDialog(props: {
  backup: string;
  container: string;
  onClose: () => void;
  onSubmit: (args: Record<string, unknown>) => Promise<void>;
}) {
  const { backup, container, onClose, onSubmit } = props;
  const [name, setName] = useState("");
  const [overwrite, setOverwrite] = useState(false);
  const [start, setStart] = useState("");
  return (
    <Dialog open onOpenChange={onClose} title={`Restore ${container}`} description={`From ${backup}, on its host.`}>
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
