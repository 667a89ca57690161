import type { Actor, Context } from "../../context.ts";
import type { Labels } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";
import { findServer, type Server } from "./list-servers.ts";

export type ServerChange = {
  name?: string | undefined;
  group?: string | undefined;
  labels?: Labels | undefined;
  notes?: string | undefined;
  intervalSeconds?: number | undefined;
  disabledCollectors?: string[] | undefined;
};

/** Changes what people decide about a server; a connected agent gets its new configuration at once. */
export async function updateServer(context: Context, actor: Actor, id: string, change: ServerChange): Promise<Server> {
  await context.db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable("server")
      .set({
        id,
        ...(change.name === undefined ? {} : { name: change.name }),
        ...(change.group === undefined ? {} : { group_name: change.group }),
        ...(change.labels === undefined ? {} : { labels: JSON.stringify(change.labels) }),
        ...(change.notes === undefined ? {} : { notes: change.notes }),
        ...(change.intervalSeconds === undefined ? {} : { interval_seconds: change.intervalSeconds }),
        ...(change.disabledCollectors === undefined ? {} : { disabled_collectors: change.disabledCollectors }),
      })
      .where("id", "=", id)
      .returning("id")
      .executeTakeFirst();
    if (row === undefined) throw new Failure("not_found", "There is no such server");
    await recordAudit(trx, actor, {
      action: "server.update",
      targetKind: "server",
      targetId: id,
      detail: { ...change },
    });
  });
  context.bus.emit("configured", { serverId: id, deleted: false });
  return await findServer(context, id);
}
