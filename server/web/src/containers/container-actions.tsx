import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Command, Container } from "../api/types.ts";
import { useMay } from "../app/session.ts";
import { CommandProgress } from "../commands/command-progress.tsx";
import { newKey, sendCommand } from "../commands/send-command.ts";
import { Button } from "../ui/button.tsx";
import { Confirm, Dialog } from "../ui/dialog.tsx";
import { Field, Form } from "../ui/form.tsx";
import { ActionMenu } from "../ui/menu.tsx";

type Verb = "start" | "stop" | "restart";

/** Start, stop, restart and update of a container. */
export function ContainerActions({ container }: { container: Container }) {
  const may = useMay("operator");
  const [dialog, setDialog] = useState<Verb | "update" | null>(null);
  const [command, setCommand] = useState<string | null>(null);
  const [key, setKey] = useState("");
  const client = useQueryClient();
  if (!may || container.goneAt) return null;
  const running = container.state === "running";
  const choose = (next: Verb | "update") => {
    setKey(newKey());
    setDialog(next);
  };
  async function send(verb: Verb) {
    const made = await sendCommand(container.serverId, `container.${verb}`, { container: container.name }, key);
    setCommand(made.id);
    void client.invalidateQueries({ queryKey: ["commands"] });
  }
  return (
    <span className="inline-flex items-center gap-1">
      <Button small icon="up" onClick={() => choose("update")}>
        Update
      </Button>
      <ActionMenu
        label={`Actions on ${container.name}`}
        actions={[
          { label: "Start", icon: "play", disabled: running, onSelect: () => choose("start") },
          { label: "Restart", icon: "refresh", disabled: !running, onSelect: () => choose("restart") },
          { label: "Stop", icon: "stop", danger: true, disabled: !running, onSelect: () => choose("stop") },
        ]}
      />
      {(["start", "stop", "restart"] as const).map((verb) => (
        <Confirm
          key={verb}
          open={dialog === verb}
          onOpenChange={() => setDialog(null)}
          title={`${verb[0]?.toUpperCase()}${verb.slice(1)} ${container.name}?`}
          action={`${verb[0]?.toUpperCase()}${verb.slice(1)}`}
          danger={verb === "stop"}
          onConfirm={() => send(verb)}
        >
          On {container.serverName || "this server"}.{verb !== "start" && " Whoever uses it is cut off for a moment."}
        </Confirm>
      ))}
      {dialog === "update" && (
        <UpdateDialog
          container={container}
          idempotencyKey={key}
          onOpenChange={() => setDialog(null)}
          onSent={(made) => {
            setDialog(null);
            setCommand(made.id);
          }}
        />
      )}
      {command && (
        <Dialog
          open
          onOpenChange={() => setCommand(null)}
          title={container.name}
          description="You may close this: the command goes on and stands under Commands."
        >
          <CommandProgress id={command} />
        </Dialog>
      )}
    </span>
  );
}

function UpdateDialog(props: {
  container: Container;
  idempotencyKey: string;
  onOpenChange: () => void;
  onSent: (command: Command) => void;
}) {
  const { container } = props;
  const [image, setImage] = useState(container.image);
  const [stable, setStable] = useState("10");
  async function send() {
    const args = {
      container: container.name,
      image: image.trim(),
      ...(stable !== "" && { stableSeconds: Number(stable) }),
    };
    props.onSent(await sendCommand(container.serverId, "container.update", args, props.idempotencyKey));
  }
  return (
    <Dialog
      open
      onOpenChange={props.onOpenChange}
      title={`Update ${container.name}`}
      description="The image is pulled, a new container made beside the old one and started. If it does not stay up and healthy, the old one is put back."
    >
      <Form onSubmit={send} submit="Update" onCancel={props.onOpenChange} disabled={!image.trim()}>
        {(error) => (
          <>
            <Field label="Image" hint={`Now: ${container.image}`} error={error("image")}>
              {(attributes) => (
                <input
                  {...attributes}
                  className="field font-mono"
                  spellCheck={false}
                  autoCapitalize="none"
                  value={image}
                  onChange={(event) => setImage(event.target.value)}
                />
              )}
            </Field>
            <Field label="Must run for, seconds" error={error("stableSeconds")}>
              {(attributes) => (
                <input
                  {...attributes}
                  className="field"
                  type="number"
                  min={1}
                  value={stable}
                  onChange={(event) => setStable(event.target.value)}
                />
              )}
            </Field>
          </>
        )}
      </Form>
    </Dialog>
  );
}
