import type { Actor, Context } from "../../context.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";
import type { ReceiverInput } from "./create-receiver.ts";
import { getReceiver, type ReceiverView } from "./list-receivers.ts";
import { checkName, parseConfig, saveSecrets } from "./save-receiver.ts";

/** Changes the given parts; `config` replaces the settings, `secrets` only those named (null removes one). */
export async function updateReceiver(
  context: Context,
  actor: Actor,
  id: string,
  change: { [K in Exclude<keyof ReceiverInput, "kind">]?: ReceiverInput[K] | undefined },
): Promise<ReceiverView> {
  const receiver = await context.db.transaction().execute(async (trx) => {
    const before = await trx.selectFrom("receiver").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
    if (before === undefined) throw new Failure("not_found", "There is no such receiver");
    if (change.name !== undefined) await checkName(trx, change.name, id);
    await trx
      .updateTable("receiver")
      .set({
        name: change.name ?? before.name,
        config: JSON.stringify(change.config === undefined ? before.config : parseConfig(before.kind, change.config)),
        enabled: change.enabled ?? before.enabled,
        send_resolved: change.sendResolved ?? before.send_resolved,
        updated_at: context.now(),
      })
      .where("id", "=", id)
      .execute();
    await saveSecrets(context, trx, before, change.secrets ?? {});
    const { config: _config, secrets = {}, ...rest } = change;
    await recordAudit(trx, actor, {
      action: "receiver.update",
      targetKind: "receiver",
      targetId: id,
      detail: { ...rest, config: change.config !== undefined, secrets: Object.keys(secrets) },
    });
    return getReceiver(trx, actor, id);
  });
  context.bus.emit("rules", {});
  return receiver;
}
