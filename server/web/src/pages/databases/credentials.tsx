import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { request } from "../../api/client.ts";
import type { DatabaseDetail } from "../../api/database-types.ts";
import { commandQuery } from "../../api/queries.ts";
import type { Command } from "../../api/types.ts";
import { useMay } from "../../app/session.ts";
import { CommandProgress } from "../../commands/command-progress.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyBox } from "../../ui/copy.tsx";
import { Confirm, Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icons.tsx";
import { ActionMenu } from "../../ui/menu.tsx";
import { Panel } from "../../ui/page.tsx";
import { CredentialsForm } from "./credentials-form.tsx";
import { databaseName, engineName } from "./engine.tsx";

/** For a database that waits for a user: the statements that make one, and the form that gives it to the agent. */
export function NeedsCredentials({ database }: { database: DatabaseDetail }) {
  const [sent, setSent] = useState<string | null>(null);
  const may = useMay("operator");
  const refused = database.credentials === "refused";
  const grants = database.grants ?? [];
  return (
    <Panel
      className="mb-3"
      title={
        <span className="inline-flex items-center gap-2">
          <Icon name="user" className="text-info" />
          {refused ? "The credentials were refused" : "It runs, and needs credentials to be looked into"}
        </span>
      }
    >
      <div className="grid gap-x-6 gap-y-4 p-3 lg:grid-cols-2">
        <div className="min-w-0 space-y-2">
          {grants.length > 0 ? (
            <>
              <p className="text-soft">
                1. Make a user that may look but not touch: run this in {engineName(database.engine)} as its
                administrator, with a password of your own.
              </p>
              <CopyBox label="Statements that make the user" text={grants.join("\n")} />
            </>
          ) : (
            <p className="text-soft">
              Its agent told no statements for this engine: any user that may read its state will do.
            </p>
          )}
        </div>
        <div className="min-w-0 space-y-2">
          <p className="text-soft">
            {grants.length > 0 ? "2. " : ""}Give the user to the agent. It is sealed for that agent's key and kept there
            alone; this server can't read it back.
          </p>
          {sent !== null ? (
            <Sent id={sent} again={() => setSent(null)} />
          ) : may && database.configurable !== false ? (
            <CredentialsForm database={database} onSent={(command) => setSent(command.id)} />
          ) : (
            <Hindered database={database} may={may} />
          )}
        </div>
      </div>
    </Panel>
  );
}

/** Setting other credentials, or forgetting them, for one that has some. */
export function CredentialsMenu({ database }: { database: DatabaseDetail }) {
  const may = useMay("operator");
  const [dialog, setDialog] = useState<"set" | "forget" | null>(null);
  const [sent, setSent] = useState<string | null>(null);
  if (!may || database.goneAt !== null || database.configurable === false) return null;
  const name = databaseName(database);
  return (
    <>
      <ActionMenu
        label={`Actions on ${name}`}
        trigger={
          <Button icon="user">
            Credentials <Icon name="down" size={14} />
          </Button>
        }
        actions={[
          { label: "Set credentials", icon: "edit", onSelect: () => setDialog("set") },
          { label: "Forget credentials", icon: "trash", danger: true, onSelect: () => setDialog("forget") },
        ]}
      />
      {dialog === "set" && (
        <Dialog
          open
          onOpenChange={() => setDialog(null)}
          title={`Credentials for ${name}`}
          description="Sealed for the agent's key and kept there alone. They replace what was given before."
        >
          <CredentialsForm
            database={database}
            onCancel={() => setDialog(null)}
            onSent={(command) => {
              setDialog(null);
              setSent(command.id);
            }}
          />
        </Dialog>
      )}
      <Confirm
        open={dialog === "forget"}
        onOpenChange={() => setDialog(null)}
        title={`Forget the credentials for ${name}?`}
        action="Forget"
        danger
        onConfirm={async () => setSent((await forget(database.id)).id)}
      >
        The agent on {database.serverName} deletes what was given here. What stands in its own configuration stays.
      </Confirm>
      {sent !== null && (
        <Dialog
          open
          onOpenChange={() => setSent(null)}
          title={name}
          description="You may close this: the command goes on."
        >
          <Sent id={sent} />
        </Dialog>
      )}
    </>
  );
}

function forget(id: number): Promise<Command> {
  return request<Command>("DELETE", `infrastructure/databases/${id}/credentials`);
}

/** The command on its way; once it ended the database is looked at anew. */
function Sent({ id, again }: { id: string; again?: () => void }) {
  const { data } = useQuery(commandQuery(id));
  const client = useQueryClient();
  const ended = data?.finishedAt ?? null;
  useEffect(() => {
    if (ended !== null) void client.invalidateQueries({ queryKey: ["databases"] });
  }, [ended, client]);
  return (
    <div className="rounded-md border border-line p-3">
      <CommandProgress id={id} />
      {data?.status === "succeeded" && <p className="mt-3 text-soft">{outcome(data.output)}</p>}
      {again && ended !== null && data?.status !== "succeeded" && (
        <Button small className="mt-3" onClick={again}>
          Give others
        </Button>
      )}
    </div>
  );
}

/** What became of credentials that the agent took: it tries them before it keeps them. */
function outcome(output: Command["output"]): string {
  const { status, reason } = output ?? {};
  if (status === "forgotten") return "Forgotten.";
  if (status === "up") return "They let the agent in, and are kept there. The first values come within half a minute.";
  const why = typeof reason === "string" && reason !== "" ? `: ${reason}` : "";
  return `Kept, though they could not be tried now${why}.`;
}

function Hindered({ database, may }: { database: DatabaseDetail; may: boolean }) {
  return (
    <p className="rounded-md bg-sunken px-3 py-2 text-soft">
      {may ? (
        <>
          The agent on {database.serverName} does not take credentials from here: allow{" "}
          <code className="font-mono text-xs">database.configure</code> in{" "}
          <code className="font-mono text-xs">/etc/fairlead-agent.yaml</code>, or name the database there.
        </>
      ) : (
        "Giving credentials needs the role operator."
      )}
    </p>
  );
}
