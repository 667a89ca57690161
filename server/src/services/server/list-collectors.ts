import type { Context } from "../../context.ts";
import { findServer } from "./list-servers.ts";

export type Collector = {
  name: string;
  state: string;
  error: string;
  errorCount: number;
  durationSeconds: number | null;
  lastSuccessAt: Date | null;
  updatedAt: Date;
};

/** How each collector of a server fares, by name. Throws not_found. */
export async function listCollectors(context: Context, serverId: string): Promise<Collector[]> {
  const rows = await context.db
    .selectFrom("collector_status")
    .selectAll()
    .where("server_id", "=", serverId)
    .orderBy("collector")
    .execute();
  if (rows.length === 0) await findServer(context, serverId);
  return rows.map((row) => ({
    name: row.collector,
    state: row.state,
    error: row.error,
    errorCount: row.error_count,
    durationSeconds: row.duration_seconds,
    lastSuccessAt: row.last_success_at,
    updatedAt: row.updated_at,
  }));
}
