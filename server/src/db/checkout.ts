import type pg from "pg";

/**
 * Runs `work` on one connection of the pool. A connection that broke, or whose work failed, is thrown away: its state
 * (an open transaction, a half-sent COPY) is unknown.
 */
export async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // Without a listener the break of a connection in use would end the process; its query rejects anyway.
  const ignore = () => {};
  client.on("error", ignore);
  let failed = true;
  try {
    const result = await work(client);
    failed = false;
    return result;
  } finally {
    client.off("error", ignore);
    if (failed) client.on("error", ignore);
    client.release(failed);
  }
}

/** True for failures that pass by themselves: connection lost, server stopping, out of resources, serialization. */
export function isTransient(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) return true;
  return /^(08|25P0[34]|40|53|55|57|58)/.test(code);
}
