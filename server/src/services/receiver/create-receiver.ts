import type { Actor, Context } from "../../context.ts";
import { recordAudit } from "../audit/record.ts";
import { getReceiver, type ReceiverView } from "./list-receivers.ts";
import { checkName, parseConfig, type SecretInput, saveSecrets } from "./save-receiver.ts";

export type ReceiverInput = {
  name: string;
  kind: string;
  config: unknown;
  secrets: SecretInput;
  enabled: boolean;
  sendResolved: boolean;
};

/** Makes a receiver; its secrets are sealed in the same transaction. */
export async function createReceiver(context: Context, actor: Actor, input: ReceiverInput): Promise<ReceiverView> {
  const config = parseConfig(input.kind, input.config);
  const receiver = await context.db.transaction().execute(async (trx) => {
    await checkName(trx, input.name, undefined);
    const { id } = await trx
      .insertInto("receiver")
      .values({
        name: input.name,
        kind: input.kind,
        config: JSON.stringify(config),
        enabled: input.enabled,
        send_resolved: input.sendResolved,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    await saveSecrets(context, trx, { id, kind: input.kind }, input.secrets);
    await recordAudit(trx, actor, {
      action: "receiver.create",
      targetKind: "receiver",
      targetId: id,
      detail: { name: input.name, kind: input.kind, secrets: Object.keys(input.secrets) },
    });
    return getReceiver(trx, actor, id);
  });
  context.bus.emit("rules", {});
  return receiver;
}
