import { type Kysely, sql } from "kysely";
import type { CommandStatusName, Database } from "../db/schema.ts";

/** A command of ours on a container, as far as alerts mind it. Times in Unix ms. */
export type OwnCommand = {
  id: string;
  serverId: string;
  type: string;
  /** Name or id of the container. */
  container: string;
  status: CommandStatusName;
  /** For people: "to nginx:2 rolled back: not healthy after 30 s". */
  outcome: string;
  finishedAt: number | null;
};

const open: readonly CommandStatusName[] = ["queued", "sent", "accepted", "running"];

/** True while it may still change the container. */
export function isOpen(command: OwnCommand): boolean {
  return open.includes(command.status);
}

/** The command, or undefined where it is about no container. */
export async function readOwnCommand(db: Kysely<Database>, id: string): Promise<OwnCommand | undefined> {
  return (await select(db).where("id", "=", id).execute()).map(ownCommand)[0];
}

/** Commands on containers that are open, and those that ended since `from`, oldest first. */
export async function readRecentCommands(db: Kysely<Database>, from: Date): Promise<OwnCommand[]> {
  const rows = await select(db)
    .where((e) => e.or([e("status", "in", open), e("finished_at", ">=", from)]))
    .execute();
  return rows.map(ownCommand);
}

/** The containers that a command of ours stopped and none started again: the last one that succeeded for each. */
export async function readStops(db: Kysely<Database>): Promise<OwnCommand[]> {
  const rows = await select(db)
    .where("status", "=", "succeeded")
    .where("type", "=", "container.stop")
    .where(
      sql<boolean>`NOT EXISTS (SELECT FROM command later WHERE later.server_id = command.server_id
        AND later.status = 'succeeded' AND later.type LIKE 'container.%'
        AND later.args->>'container' = command.args->>'container' AND later.finished_at > command.finished_at)`,
    )
    .execute();
  return rows.map(ownCommand);
}

function select(db: Kysely<Database>) {
  return db
    .selectFrom("command")
    .select(["id", "server_id", "type", "args", "status", "reason", "finished_at"])
    .where("type", "like", "container.%")
    .orderBy("created_at");
}

type Row = Awaited<ReturnType<ReturnType<typeof select>["execute"]>>[number];

function ownCommand(row: Row): OwnCommand {
  const { container, image } = row.args;
  const reason = row.reason === "" ? "" : `: ${row.reason}`;
  return {
    id: row.id,
    serverId: row.server_id,
    type: row.type,
    container: typeof container === "string" ? container : "",
    status: row.status,
    outcome: `${typeof image === "string" ? `to ${image} ` : ""}${row.status.replace("_", " ")}${reason}`,
    finishedAt: row.finished_at?.getTime() ?? null,
  };
}
