import { sql } from "kysely";
import type { Actor, Context } from "../../context.ts";
import {
  addCommandEvents,
  argsKept,
  type CommandView,
  cancelRequested,
  lockCommand,
  readCommand,
} from "../../db/queries/commands.ts";
import { isFinal, nextStatus } from "../../domain/commands/transitions.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";

/**
 * Cancels a command: at once while it is queued; one that was sent is the agent's to stop, as soon as it hears of it,
 * and its result says whether it did. Throws "not_found", and "conflict" for one that is over.
 */
export async function cancelCommand(
  context: Pick<Context, "db" | "bus" | "now">,
  actor: Actor,
  input: { id: string },
): Promise<CommandView> {
  const now = context.now();
  const done = await context.db.transaction().execute(async (trx) => {
    const row = await lockCommand(trx, input.id);
    if (row === undefined) throw new Failure("not_found", "There is no such command");
    if (isFinal(row.status)) throw new Failure("conflict", `The command is over: it is ${row.status}`);
    const status = nextStatus(row.status, { type: "cancel" });
    const event = { at: now, phase: "", message: `cancelled by ${actor.name}`, percent: null };
    if (status === undefined) {
      await addCommandEvents(trx, row.id, [{ ...event, status: cancelRequested }]);
      await sql`SELECT pg_notify('fairlead_cancel', ${`${row.serverId} ${row.id}`})`.execute(trx);
    } else {
      await trx
        .updateTable("command")
        .set({ status, args: argsKept, reason: event.message, finished_at: now })
        .where("id", "=", row.id)
        .execute();
      await addCommandEvents(trx, row.id, [{ ...event, status }]);
    }
    await recordAudit(trx, actor, { action: "command.cancel", targetKind: "command", targetId: row.id });
    return { serverId: row.serverId, status: status ?? row.status, message: event.message };
  });
  const { serverId, status, message } = done;
  context.bus.emit("command", { serverId, commandId: input.id, status, phase: "", message, percent: null });
  const command = await readCommand(context.db, input.id);
  if (command === undefined) throw new Failure("not_found", "The server was deleted meanwhile");
  return command;
}
