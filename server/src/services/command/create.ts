import { sql } from "kysely";
import type { Actor, Context } from "../../context.ts";
import { addCommandEvents, type CommandView, readCommand } from "../../db/queries/commands.ts";
import { type CommandType, commandArgs, commandTypes } from "../../domain/commands/command-types.ts";
import { shownArgs } from "../../domain/commands/shown-args.ts";
import { Failure } from "../../failure.ts";
import { invalidInput } from "../../field-errors.ts";
import { type AuditEntry, recordAudit } from "../audit/record.ts";

export type NewCommand = {
  serverId: string;
  type: string;
  args: unknown;
  /** Seconds in which the agent must have started it; default 900. */
  deadlineSeconds?: number | undefined;
  /** A repeated key answers the command that it made first. */
  idempotencyKey?: string | undefined;
  /** What else the audit log should say, in the same transaction. */
  audit?: AuditEntry | undefined;
};

const defaultDeadline = 900;
const maxDeadline = 7 * 86_400;
const maxOpen = 1_000;

/**
 * Queues a command for a server; it is sent as soon as its agent is connected to any of our processes. Throws "invalid"
 * for a wrong type or argument, "not_found" for an unknown server, "conflict" for a key used for another command,
 * "too_many_requests" when 1,000 commands of the server are open.
 */
export async function createCommand(
  context: Pick<Context, "db" | "bus" | "now" | "sessions">,
  actor: Actor,
  input: NewCommand,
): Promise<{ command: CommandView; created: boolean }> {
  const { type, args } = parseAction(input);
  const seconds = input.deadlineSeconds ?? defaultDeadline;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > maxDeadline) {
    throw wrong("deadlineSeconds", seconds, `must be a whole number from 1 to ${maxDeadline}`);
  }
  const key = input.idempotencyKey;
  if (key !== undefined && (key === "" || key.length > 255)) {
    throw wrong("Idempotency-Key", undefined, "must have 1 to 255 characters");
  }
  const now = context.now();
  const made = await context.db.transaction().execute(async (trx) => {
    const server = await trx
      .selectFrom("server")
      .select("name")
      .where("id", "=", input.serverId)
      .forKeyShare()
      .executeTakeFirst();
    if (server === undefined) throw new Failure("not_found", "There is no such server");
    if (key !== undefined) {
      // Two requests with one key at once: the second waits here and then finds the first one's row.
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx);
      const known = await trx
        .selectFrom("command")
        .select(["id", "server_id", "type", sql<boolean>`args = ${JSON.stringify(args)}::jsonb`.as("same")])
        .where("idempotency_key", "=", key)
        .executeTakeFirst();
      if (known !== undefined) {
        if (known.server_id === input.serverId && known.type === type && known.same) {
          return { id: known.id, created: false };
        }
        throw new Failure("conflict", "This Idempotency-Key was used for another command: take a new one");
      }
    }
    const { open } = await trx
      .selectFrom("command")
      .select((eb) => eb.fn.countAll<number>().as("open"))
      .where("server_id", "=", input.serverId)
      .where("status", "in", ["queued", "sent", "accepted", "running"])
      .executeTakeFirstOrThrow();
    if (open >= maxOpen) {
      throw new Failure("too_many_requests", `${maxOpen} commands of this server are open: cancel some or wait`);
    }
    const { id } = await trx
      .insertInto("command")
      .values({
        server_id: input.serverId,
        type,
        args: JSON.stringify(args),
        idempotency_key: key ?? null,
        created_by: actor.name,
        deadline: new Date(now.getTime() + seconds * 1000),
        created_at: now,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    await addCommandEvents(trx, id, [{ at: now, status: "queued", phase: "", message: "", percent: null }]);
    await recordAudit(trx, actor, {
      action: "command.create",
      targetKind: "command",
      targetId: id,
      detail: { serverId: input.serverId, serverName: server.name, type, args: shownArgs(args) },
    });
    if (input.audit !== undefined) await recordAudit(trx, actor, input.audit);
    await sql`SELECT pg_notify('fairlead_wake', ${input.serverId})`.execute(trx);
    return { id, created: true };
  });
  const command = await readCommand(context.db, made.id);
  if (command === undefined) throw new Failure("not_found", "The server was deleted meanwhile");
  if (made.created) {
    const { serverId, id, status } = command;
    context.bus.emit("command", { serverId, commandId: id, status, phase: "", message: "", percent: null });
    context.sessions.wake(serverId);
  }
  return { command, created: made.created };
}

function parseAction(input: NewCommand): { type: CommandType; args: Record<string, unknown> } {
  const type = input.type as CommandType;
  if (!Object.hasOwn(commandArgs, type)) throw wrong("type", input.type, `must be one of ${commandTypes.join(", ")}`);
  const parsed = commandArgs[type].safeParse(input.args ?? {});
  if (parsed.success) return { type, args: parsed.data };
  throw invalidInput(parsed.error, input.args ?? {}, commandArgs[type], "args");
}

function wrong(field: string, value: unknown, message: string): Failure {
  const shown = value === undefined ? {} : { value };
  return new Failure("invalid", `${field} ${message}`, { fields: [{ field, ...shown, message }] });
}
