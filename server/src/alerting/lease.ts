import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { type Kysely, sql } from "kysely";
import type { Database } from "../db/schema.ts";

const seconds = 10;
const renewMs = 3000;

export type LeaseHolder = {
  /** True inside a transaction while the lease is ours; it stays ours until that transaction ends. */
  confirm(trx: Kysely<Database>): Promise<boolean>;
  /** Tells that the lease turned out to be lost; it is won anew where nobody else has it. */
  lose(): void;
  /** Gives the lease back, so that another takes it at once. */
  stop(): Promise<void>;
};

/**
 * Holds the lease of that name as long as this process lives; `onChange` hears when it is won or lost. The next one
 * takes over 10 seconds after the last sign of a holder, at once when the holder was a process of this machine that died.
 */
export function holdLease(options: {
  db: Kysely<Database>;
  name: string;
  onChange: (held: boolean) => void;
  onError: (error: unknown) => void;
}): LeaseHolder {
  const { db, name, onChange, onError } = options;
  const holder = `${hostname()}/${process.pid}/${randomBytes(6).toString("hex")}`;
  let held = false;
  let heldUntil = 0;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();

  function set(next: boolean): void {
    if (next === held) return;
    held = next;
    onChange(next);
  }

  async function renew(): Promise<void> {
    const asked = performance.now();
    try {
      await releaseDead(db, name);
      const { rows } = await sql`
        INSERT INTO lease (name, holder, expires_at) VALUES (${name}, ${holder}, now() + make_interval(secs => ${seconds}))
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
          WHERE lease.holder = excluded.holder OR lease.expires_at < now()
        RETURNING 1`.execute(db);
      if (rows.length > 0) heldUntil = asked + seconds * 1000;
      if (!stopped) set(rows.length > 0);
    } catch (error) {
      // While the database is away the lease counts until its end: nobody else can take it either.
      if (held && performance.now() > heldUntil) set(false);
      onError(error);
    }
  }

  const tick = () => {
    running = running.then(renew);
  };
  tick();
  const timer = setInterval(tick, renewMs);
  return {
    async confirm(trx) {
      const row = await trx
        .selectFrom("lease")
        .select("name")
        .where("name", "=", name)
        .where("holder", "=", holder)
        .where("expires_at", ">", sql<Date>`now()`)
        .forShare()
        .executeTakeFirst();
      return row !== undefined;
    },
    lose() {
      held = false;
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
      await db.deleteFrom("lease").where("name", "=", name).where("holder", "=", holder).execute().catch(onError);
    },
  };
}

async function releaseDead(db: Kysely<Database>, name: string): Promise<void> {
  const row = await db.selectFrom("lease").select("holder").where("name", "=", name).executeTakeFirst();
  const [host, pid] = row?.holder.split("/") ?? [];
  if (row === undefined || host !== hostname() || pid === String(process.pid) || isAlive(Number(pid))) return;
  await db.deleteFrom("lease").where("name", "=", name).where("holder", "=", row.holder).execute();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
