import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Logger } from "pino";

/** What processes tell each other through PostgreSQL's NOTIFY. Payloads start with a server id. */
export const channels = {
  /** Commands wait for a server: "<server id>". */
  wake: "fairlead_wake",
  /** A command is to be cancelled: "<server id> <command id>". */
  cancel: "fairlead_cancel",
  /** Certificates were revoked: "<server id> <process id>". */
  revoked: "fairlead_revoked",
  /** A server row was changed by people or deleted: "<server id> <process id>". */
  configured: "fairlead_configured",
  /** A session opened: "<server id> <process id> <instance id as JSON>". */
  session: "fairlead_session",
  /** A log is read over two processes: "<server id> <process id> <message as JSON>" (log-relay.ts). */
  logs: "fairlead_logs",
} as const;

export type Channel = keyof typeof channels;

export type NotifyBridge = {
  /** Of this process: messages of its own carry it. */
  readonly id: string;
  /** Sends outside of a transaction; never throws. */
  send(channel: Channel, payload: string): void;
  /** The same, resolved when it is sent: what is told after that comes after it. */
  tell(channel: Channel, payload: string): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Listens on one connection of the pool and opens another when it breaks. `resync` is called after each gap: whatever was
 * said meanwhile is unknown.
 */
export async function startNotifyBridge({
  pool,
  log,
  receive,
  resync,
}: {
  pool: pg.Pool;
  log: Logger;
  receive(channel: Channel, payload: string): void;
  resync(): void;
}): Promise<NotifyBridge> {
  const names = new Map(Object.entries(channels).map(([key, name]) => [name as string, key as Channel]));
  let client: pg.PoolClient | undefined;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  async function listen(): Promise<void> {
    const fresh = await pool.connect();
    fresh.on("notification", ({ channel, payload }) => {
      const name = names.get(channel);
      if (name !== undefined && fresh === client) receive(name, payload ?? "");
    });
    fresh.once("error", (error) => {
      if (fresh !== client) return;
      client = undefined;
      fresh.release(true);
      log.warn({ err: error }, "lost the connection that listens");
      again(200);
    });
    try {
      for (const name of names.keys()) await fresh.query(`LISTEN ${name}`);
    } catch (error) {
      fresh.release(true);
      throw error;
    }
    client = fresh;
  }

  function again(ms: number): void {
    if (stopped) return;
    retry = setTimeout(() => {
      listen().then(
        () => {
          if (!stopped) resync();
        },
        (error) => {
          log.warn({ err: error }, "listen again");
          again(Math.min(5_000, ms * 2));
        },
      );
    }, ms).unref();
  }

  await listen();
  return {
    id: randomUUID(),
    send(channel, payload) {
      if (stopped) return;
      pool
        .query("SELECT pg_notify($1, $2)", [channels[channel], payload])
        .catch((error) => log.warn({ err: error, channel }, "notify other processes"));
    },
    async tell(channel, payload) {
      if (stopped) return;
      await pool.query("SELECT pg_notify($1, $2)", [channels[channel], payload]);
    },
    async stop() {
      stopped = true;
      clearTimeout(retry);
      const last = client;
      client = undefined;
      if (last !== undefined) last.release(true);
    },
  };
}
