import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { holdingsQuery } from "../api/queries.ts";
import type { Resource } from "../api/types.ts";
import { useMay } from "../app/session.ts";
import { formatBytes } from "../format/units.ts";
import { StateDot } from "../ui/badge.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { ActionMenu } from "../ui/menu.tsx";
import { Panel } from "../ui/page.tsx";
import { type RecordColumn, RecordTable } from "../ui/record-table.tsx";
import { EmptyState, Loaded } from "../ui/states.tsx";
import { Ago } from "../ui/time.tsx";
import { BackupFacts, holds } from "./backup-facts.tsx";
import { useCommands } from "./followed-command.tsx";
import { text, time } from "./holding-facts.ts";
import { RestoreDialog } from "./restore-dialog.tsx";

const of = (backup: Resource) => text(backup, "container");

const columns: readonly RecordColumn<Resource>[] = [
  {
    label: "Backup",
    look: "md:max-w-72",
    by: ({ key }) => key,
    cell: (backup) => (
      <>
        <code className="font-mono text-xs break-all">{backup.key}</code>
        {text(backup, "reason") && (
          <span className="block text-xs text-muted">
            {reasonWords[text(backup, "reason")] ?? text(backup, "reason")}
          </span>
        )}
      </>
    ),
  },
  { label: "Container", by: of, cell: of },
  {
    label: "State",
    by: ({ state }) => state,
    cell: (backup) => (
      <span>
        <StateDot state={backup.state ?? "unknown"} tone={tones[backup.state ?? ""] ?? "idle"} />
        {text(backup, "problem") && <span className="block text-xs text-crit">{text(backup, "problem")}</span>}
      </span>
    ),
  },
  { label: "Holds", look: "text-muted md:max-w-64", cell: holds },
  {
    label: "Size",
    num: true,
    down: true,
    by: ({ latest }) => latest?.values.size_bytes ?? null,
    cell: ({ latest }) => formatBytes(latest?.values.size_bytes),
  },
  {
    label: "Made",
    look: "text-muted",
    down: true,
    by: (backup) => time(backup, "created"),
    cell: (backup) => <Ago at={time(backup, "created")} />,
  },
  {
    label: "Expires",
    look: "text-muted",
    by: (backup) => time(backup, "expires"),
    cell: (backup) => <Ago at={time(backup, "expires")} />,
  },
];
const tones = { complete: "ok", damaged: "crit", expired: "idle" } as Record<string, "ok" | "crit" | "idle">;
const reasonWords: Record<string, string> = {
  "container.update": "before an update",
  "project.update": "before an update of its project",
  "container.restore": "before a restore",
  "container.backup": "by hand",
};

type Choice = { verb: "restore" | "verify" | "delete"; backup: Resource } | null;

/** Backups on a server, of one container or of all, newest first. */
export function BackupList({ server, container }: { server: string; container?: string }) {
  const query = useQuery(holdingsQuery(server, "backup"));
  const may = useMay("operator");
  const commands = useCommands(server);
  const [choice, setChoice] = useState<Choice>(null);
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
          <RecordTable
            label="Backups"
            rows={rows.filter(mine)}
            keyOf={({ id }) => id}
            columns={container === undefined ? columns : columns.filter(({ label }) => label !== "Container")}
            sort="-Made"
            actions={(backup) =>
              may && (
                <ActionMenu
                  label={`Actions on ${backup.key}`}
                  actions={[
                    { label: "Restore", icon: "refresh", onSelect: () => setChoice({ verb: "restore", backup }) },
                    { label: "Verify", icon: "check", onSelect: () => setChoice({ verb: "verify", backup }) },
                    {
                      label: "Delete",
                      icon: "trash",
                      danger: true,
                      onSelect: () => setChoice({ verb: "delete", backup }),
                    },
                  ]}
                />
              )
            }
          />
        )}
      </Loaded>
      {choice?.verb === "restore" && (
        <RestoreDialog
          backup={choice.backup}
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
        {choice && <BackupFacts backup={choice.backup} />}
        It is read whole on its host and its checksums are compared; nothing is changed.
      </Confirm>
      <Confirm
        open={choice?.verb === "delete"}
        onOpenChange={close}
        title={`Delete the backup of ${choice ? of(choice.backup) : ""}?`}
        action="Delete"
        danger
        onConfirm={() => commands.send("backup.delete", { backup: choice?.backup.key ?? "" }, "Delete")}
      >
        {choice && <BackupFacts backup={choice.backup} />}
        It is removed from its host and can't be got back.
      </Confirm>
      {commands.dialog}
    </Panel>
  );
}
