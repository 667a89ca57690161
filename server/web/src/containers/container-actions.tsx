import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { containersQuery } from "../api/queries.ts";
import type { Container } from "../api/types.ts";
import { lazyPart } from "../app/lazy-part.tsx";
import { useMay } from "../app/session.ts";
import { Button } from "../ui/button.tsx";
import { Confirm, Dialog } from "../ui/dialog.tsx";
import { Form } from "../ui/form.tsx";
import { ActionMenu } from "../ui/menu.tsx";
import { BackupFields } from "./backup-fields.tsx";
import { useCommands } from "./followed-command.tsx";
import { ProjectUpdate } from "./project-list.tsx";
import { projectsOf } from "./projects.ts";
import { LastRollback } from "./rollback-dialog.tsx";
import { backupArgs, noBackup } from "./update-form.ts";

const UpdateDialog = lazyPart(
  () => import("./update-dialog.tsx").then((file) => file.UpdateDialog),
  (failed, { onClose }) => (
    <Dialog open onOpenChange={onClose} title="Update">
      {failed}
    </Dialog>
  ),
);

type Verb = "start" | "restart" | "stop" | "pause" | "unpause" | "kill";
type Open = Verb | "remove" | "rollback" | "backup" | "update" | "project" | null;

const words: Record<Verb, { name: string; danger?: true; says: string }> = {
  start: { name: "Start", says: "" },
  restart: { name: "Restart", says: " Whoever uses it is cut off for a moment." },
  stop: { name: "Stop", danger: true, says: " Whoever uses it is cut off." },
  pause: { name: "Pause", says: " It keeps its memory and does nothing until it is resumed." },
  unpause: { name: "Resume", says: "" },
  kill: { name: "Kill", danger: true, says: " It is ended at once: what it has not written is lost." },
};

/** All that can be done with a container; the smaller things behind "more". */
export function ContainerActions({ container }: { container: Container }) {
  const may = useMay("operator");
  const [open, setOpen] = useState<Open>(null);
  const commands = useCommands(container.serverId);
  const navigate = useNavigate();
  if (!may || container.goneAt) return null;
  const { name, serverName, state } = container;
  const running = state === "running" || state === "restarting";
  const alive = running || state === "paused";
  const close = () => setOpen(null);
  const verb = open !== null && open in words ? (open as Verb) : null;
  const send = (type: string, args: Record<string, unknown> = {}) =>
    commands.send(type, { container: name, ...args }, name);
  const place = `On ${serverName || "this server"}.`;
  return (
    <span className="inline-flex items-center gap-1">
      <Button small icon="up" onClick={() => setOpen("update")}>
        Update
      </Button>
      <ActionMenu
        label={`Actions on ${name}`}
        actions={[
          { label: "Start", icon: "play", disabled: alive, onSelect: () => setOpen("start") },
          { label: "Restart", icon: "refresh", disabled: !running, onSelect: () => setOpen("restart") },
          state === "paused"
            ? { label: "Resume", icon: "play", onSelect: () => setOpen("unpause") }
            : { label: "Pause", icon: "pause", disabled: !running, onSelect: () => setOpen("pause") },
          {
            label: "Logs",
            icon: "commands",
            onSelect: () =>
              void navigate({ to: "/containers/$id", params: { id: String(container.id) }, search: { tab: "logs" } }),
          },
          ...(container.composeProject && container.composeService
            ? [
                {
                  label: `Update project ${container.composeProject}`,
                  icon: "up" as const,
                  onSelect: () => setOpen("project"),
                },
              ]
            : []),
          { label: "Back up", icon: "save", onSelect: () => setOpen("backup") },
          { label: "Roll back", icon: "left", onSelect: () => setOpen("rollback") },
          { label: "Stop", icon: "stop", danger: true, disabled: !running, onSelect: () => setOpen("stop") },
          { label: "Kill", icon: "close", danger: true, disabled: !alive, onSelect: () => setOpen("kill") },
          { label: "Remove", icon: "trash", danger: true, onSelect: () => setOpen("remove") },
        ]}
      />
      {verb !== null && (
        <Confirm
          open
          onOpenChange={close}
          title={`${words[verb].name} ${name}?`}
          action={words[verb].name}
          danger={words[verb].danger ?? false}
          onConfirm={() => send(`container.${verb}`)}
        >
          {place}
          {words[verb].says}
        </Confirm>
      )}
      {open === "remove" && <RemoveDialog container={container} place={place} onClose={close} send={send} />}
      {open === "backup" && <BackupDialog name={name} place={place} onClose={close} send={send} />}
      {open === "rollback" && (
        <LastRollback
          container={container}
          place={place}
          onClose={close}
          onSubmit={(forceReason) => send("container.rollback", forceReason === "" ? {} : { forceReason })}
        />
      )}
      {open === "project" && (
        <ProjectOf
          container={container}
          onClose={close}
          onSent={(id) => {
            close();
            commands.follow(id, container.composeProject ?? name);
          }}
        />
      )}
      {open === "update" && (
        <Suspense fallback={null}>
          <UpdateDialog
            container={container}
            onClose={close}
            onSent={(made) => {
              close();
              commands.follow(made.id, name);
            }}
          />
        </Suspense>
      )}
      {commands.dialog}
    </span>
  );
}

/** The update of the project that a container is of, once all its containers are known. */
function ProjectOf(props: { container: Container; onClose: () => void; onSent: (id: string) => void }) {
  const { container, ...rest } = props;
  const { data } = useQuery(containersQuery(container.serverId));
  const project = projectsOf(data ?? []).find(({ name }) => name === container.composeProject);
  return project && <ProjectUpdate project={project} {...rest} />;
}

type Send = (type: string, args?: Record<string, unknown>) => Promise<void>;

function RemoveDialog(props: { container: Container; place: string; onClose: () => void; send: Send }) {
  const { container, place, onClose, send } = props;
  const [volumes, setVolumes] = useState(false);
  const running = container.state === "running" || container.state === "paused" || container.state === "restarting";
  return (
    <Confirm
      open
      onOpenChange={onClose}
      title={`Remove ${container.name}?`}
      action="Remove"
      danger
      onConfirm={() => send("container.remove", { force: running, volumes })}
    >
      {place} {running && "It runs, and is ended first. "}The container and what it wrote outside of its volumes are
      gone; its log, too. Named volumes stay.
      <label className="mt-2 flex items-center gap-2">
        <input type="checkbox" checked={volumes} onChange={(event) => setVolumes(event.target.checked)} />
        Its anonymous volumes, too
      </label>
    </Confirm>
  );
}

function BackupDialog({
  name,
  place,
  onClose,
  send,
}: {
  name: string;
  place: string;
  onClose: () => void;
  send: Send;
}) {
  const [form, setForm] = useState({ ...noBackup, on: true });
  return (
    <Dialog
      open
      wide
      onOpenChange={onClose}
      title={`Back up ${name}`}
      description={`${place} Its configuration is always saved.`}
    >
      <Form
        submit="Back up"
        onCancel={onClose}
        onSubmit={async () => {
          await send("container.backup", { options: backupArgs(form) });
          onClose();
        }}
      >
        {(error) => <BackupFields form={form} set={(part) => setForm((old) => ({ ...old, ...part }))} error={error} />}
      </Form>
    </Dialog>
  );
}
