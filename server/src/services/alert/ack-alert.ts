import type { Actor, Context } from "../../context.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";
import { type AlertView, findAlert } from "./list-alerts.ts";

/** Notes that somebody takes care; a later one replaces the note. Throws not_found, conflict for one that is over. */
export async function ackAlert(context: Context, actor: Actor, id: string, note: string): Promise<AlertView> {
  const alert = await context.db.transaction().execute(async (trx) => {
    await trx
      .updateTable("alert")
      .set({ acked_at: context.now(), acked_by: actor.name, ack_note: note })
      .where("id", "=", id)
      .where("state", "=", "firing")
      .execute();
    const row = await findAlert(trx, id);
    if (row === undefined) throw new Failure("not_found", "There is no such alert");
    if (row.state !== "firing")
      throw new Failure("conflict", `Only a firing alert can be acknowledged; it is ${row.state}`);
    await recordAudit(trx, actor, { action: "alert.ack", targetKind: "alert", targetId: id, detail: { note } });
    return row;
  });
  context.bus.emit("alert", { alertId: id, serverId: alert.serverId, ruleId: alert.ruleId, state: alert.state });
  return alert;
}
