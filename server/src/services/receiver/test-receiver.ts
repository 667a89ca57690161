import { randomUUID } from "node:crypto";
import { sendMessage } from "../../alerting/send.ts";
import type { Actor, Context } from "../../context.ts";
import { testMessage } from "../../domain/alerts/message.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";

/** Sends a test message now; throws unavailable with the reason where it did not arrive. It stands among the deliveries. */
export async function testReceiver(context: Context, actor: Actor, id: string, signal: AbortSignal): Promise<void> {
  const receiver = await context.db
    .selectFrom("receiver")
    .select(["id", "name", "kind", "config", "enabled"])
    .where("id", "=", id)
    .executeTakeFirst();
  if (receiver === undefined) throw new Failure("not_found", "There is no such receiver");
  const outcome = await sendMessage(context, receiver, testMessage(receiver.name), {
    idempotencyKey: randomUUID(),
    signal,
    actor,
  });
  const error = "ok" in outcome ? "" : "retry" in outcome ? outcome.retry : outcome.permanent;
  await context.db.transaction().execute(async (trx) => {
    await trx
      .insertInto("outbox")
      .values({
        receiver_id: id,
        event: "test",
        payload: JSON.stringify({ summary: "Test message" }),
        state: error === "" ? "delivered" : "failed",
        attempts: 1,
        last_error: error,
        delivered_at: error === "" ? context.now() : null,
      })
      .execute();
    await recordAudit(trx, actor, {
      action: "receiver.test",
      targetKind: "receiver",
      targetId: id,
      detail: { delivered: error === "" },
    });
  });
  if (error !== "") throw new Failure("unavailable", `The test did not arrive: ${error}`);
}
