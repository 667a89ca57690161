import { sql } from "kysely";
import type { Actor, Context } from "../../context.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";

/** Deletes the receiver with its secrets and what waits for it; rules forget it. */
export async function deleteReceiver(context: Context, actor: Actor, id: string): Promise<void> {
  await context.db.transaction().execute(async (trx) => {
    const gone = await trx.deleteFrom("receiver").where("id", "=", id).returning("name").executeTakeFirst();
    if (gone === undefined) throw new Failure("not_found", "There is no such receiver");
    await context.secrets.remove({ ownerKind: "receiver", ownerId: id }, trx);
    await sql`UPDATE alert_rule SET receiver_ids = array_remove(receiver_ids, ${id}::uuid)
      WHERE ${id}::uuid = ANY(receiver_ids)`.execute(trx);
    await recordAudit(trx, actor, {
      action: "receiver.delete",
      targetKind: "receiver",
      targetId: id,
      detail: { name: gone.name },
    });
  });
  context.bus.emit("rules", {});
}
