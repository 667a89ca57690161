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

/**
 * True where the data is at fault (bad value, broken constraint, over a limit) and trying again can't help. Everything else
 * passes or is for an operator to mend: connection lost, server stopping, disk full, password changed, database missing.
 */
export function isDataFault(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  const { code, severity } = error as { code?: unknown; severity?: unknown };
  // Socket errors have codes too (EPIPE); only those of PostgreSQL come with a severity.
  return typeof severity === "string" && typeof code === "string" && /^(21|22|23|54)/.test(code);
}
