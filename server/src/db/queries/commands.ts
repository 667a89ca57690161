import { type Kysely, sql } from "kysely";
import { shownArgs } from "../../domain/commands/shown-args.ts";
import type { CommandStatusName, Database } from "../schema.ts";

/** A command as the API shows it. */
export type CommandView = {
  id: string;
  serverId: string;
  serverName: string;
  type: string;
  args: Record<string, unknown>;
  status: CommandStatusName;
  reason: string;
  output: Record<string, unknown> | null;
  createdBy: string;
  deadline: Date;
  createdAt: Date;
  sentAt: Date | null;
  acceptedAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  events: CommandEventView[];
};

export type CommandEventView = {
  at: Date;
  status: string;
  phase: string;
  message: string;
  percent: number | null;
};

const open: CommandStatusName[] = ["queued", "sent", "accepted", "running"];

/** One command with its events, oldest first; undefined where there is none. */
export async function readCommand(db: Kysely<Database>, id: string): Promise<CommandView | undefined> {
  return (await readCommands(db, [id]))[0];
}

/** These commands with their events, in the order of the ids; unknown ones are left out. */
export async function readCommands(db: Kysely<Database>, ids: readonly string[]): Promise<CommandView[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("command as c")
    .innerJoin("server as s", "s.id", "c.server_id")
    .select([
      "c.id",
      "c.server_id as serverId",
      "s.name as serverName",
      "c.type",
      "c.args",
      "c.status",
      "c.reason",
      "c.output",
      "c.created_by as createdBy",
      "c.deadline",
      "c.created_at as createdAt",
      "c.sent_at as sentAt",
      "c.accepted_at as acceptedAt",
      "c.started_at as startedAt",
      "c.finished_at as finishedAt",
    ])
    .where("c.id", "in", [...ids])
    .execute();
  const events = await db
    .selectFrom("command_event")
    .select(["command_id", "at", "status", "phase", "message", "percent"])
    .where("command_id", "in", [...ids])
    .orderBy("at")
    .orderBy("id")
    .execute();
  const byId = new Map<string, CommandView>(
    rows.map((row) => [row.id, { ...row, args: shownArgs(row.args), events: [] }]),
  );
  for (const { command_id, ...event } of events) byId.get(command_id)?.events.push(event);
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export type OpenCommand = {
  id: string;
  serverId: string;
  type: string;
  args: Record<string, unknown>;
  status: CommandStatusName;
  deadline: Date;
};

/** The commands that wait for this server's agent, oldest first; `again`: those already sent but not accepted too. */
export async function readSendable(db: Kysely<Database>, serverId: string, again: boolean): Promise<OpenCommand[]> {
  return db
    .selectFrom("command")
    .select(["id", "server_id as serverId", "type", "args", "status", "deadline"])
    .where("server_id", "=", serverId)
    .where("status", "in", again ? ["queued", "sent"] : ["queued"])
    .orderBy("created_at")
    .limit(1_000)
    .execute();
}

/** Open commands of the server that people asked to cancel. */
export async function readCancelRequested(db: Kysely<Database>, serverId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("command as c")
    .select("c.id")
    .where("c.server_id", "=", serverId)
    .where("c.status", "in", open)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("command_event as e")
          .select("e.id")
          .whereRef("e.command_id", "=", "c.id")
          .where("e.status", "=", cancelRequested),
      ),
    )
    .execute();
  return rows.map((row) => row.id);
}

/** Status of the event that remembers a wish to cancel. */
export const cancelRequested = "cancel_requested";

/** Locks the command's row; undefined where there is none. */
export async function lockCommand(
  trx: Kysely<Database>,
  id: string,
): Promise<{ id: string; serverId: string; status: CommandStatusName; deadline: Date } | undefined> {
  return trx
    .selectFrom("command")
    .select(["id", "server_id as serverId", "status", "deadline"])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

/** The arguments of a command that ended: what was sealed is not kept, so that no key lost later opens it. */
export const argsKept = sql<string>`CASE WHEN args->>'sealed' <> '' THEN args - 'sealed' ELSE args END`;

const maxEvents = 2_000;

/** Adds events; doubles and what is beyond 2,000 a command are left out. */
export async function addCommandEvents(
  trx: Kysely<Database>,
  commandId: string,
  events: readonly CommandEventView[],
): Promise<void> {
  if (events.length === 0) return;
  await sql`
    INSERT INTO command_event (command_id, at, status, phase, message, percent)
    SELECT ${commandId}::uuid, u.* FROM unnest(
      ${events.map((e) => e.at)}::timestamptz[], ${events.map((e) => e.status)}::text[],
      ${events.map((e) => e.phase)}::text[], ${events.map((e) => e.message)}::text[],
      ${events.map((e) => e.percent)}::real[]) AS u
    WHERE (SELECT count(*) FROM command_event WHERE command_id = ${commandId}::uuid) < ${maxEvents}
    ON CONFLICT DO NOTHING`.execute(trx);
}

/**
 * Gives up on commands whose time is over; returns them. `now` and the two cutoffs are in the server's clock. One that runs
 * and has told of itself since is left: a drive tests itself for days.
 */
export async function expireCommands(
  db: Kysely<Database>,
  times: { now: Date; sentBefore: Date; runningBefore: Date },
): Promise<{ id: string; serverId: string; reason: string }[]> {
  const { rows } = await sql<{ id: string; serverId: string; reason: string }>`
    WITH late AS (
      UPDATE command SET status = 'expired', finished_at = ${times.now}, args = ${argsKept}, reason = CASE status
        WHEN 'queued' THEN 'the agent was not connected before the deadline'
        WHEN 'sent' THEN 'the agent did not answer before the deadline'
        ELSE 'the agent sent no result' END
      WHERE status = 'queued' AND deadline <= ${times.now}
        OR status = 'sent' AND deadline <= ${times.sentBefore}
        OR status IN ('accepted', 'running') AND deadline <= ${times.runningBefore} AND NOT EXISTS (
          SELECT FROM command_event e WHERE e.command_id = command.id AND e.status = 'running' AND e.at > ${times.runningBefore})
      RETURNING id, server_id AS "serverId", reason),
    noted AS (
      INSERT INTO command_event (command_id, at, status, message)
      SELECT id, ${times.now}, 'expired', reason FROM late ON CONFLICT DO NOTHING)
    SELECT * FROM late`.execute(db);
  return rows;
}
