import { number, type Row, text } from "./rows.ts";
import { withoutLiterals } from "./statement-text.ts";

/** Most rows of either list that are fetched: the oldest. */
export const maxRows = 200;
const slowSeconds = 10;
const maxSeconds = 10 * 365 * 86_400;

/**
 * Whoever does something now, the oldest first. `table`: performance_schema's where it is there, since
 * information_schema's holds a lock that each new connection needs.
 */
export function processQuery(table: "information_schema" | "performance_schema"): string {
  return (
    "SELECT ID AS id, USER AS user, HOST AS host, LEFT(DB, 64) AS db, COMMAND AS command, TIME AS seconds, " +
    `LEFT(STATE, 64) AS state, LEFT(INFO, 1000) AS info FROM ${table}.PROCESSLIST ` +
    "WHERE COMMAND NOT IN ('Sleep', 'Daemon') AND USER NOT IN ('system user', 'event_scheduler') " +
    `AND ID <> CONNECTION_ID() ORDER BY TIME DESC LIMIT ${maxRows}`
  );
}

/** Open transactions, the oldest first; those without a statement idle. */
export const transactionQuery =
  "SELECT trx_mysql_thread_id AS id, TIMESTAMPDIFF(SECOND, trx_started, NOW()) AS seconds, trx_state AS state, " +
  "trx_query IS NULL AS idle, trx_rows_locked AS locked FROM information_schema.INNODB_TRX " +
  `WHERE trx_mysql_thread_id <> CONNECTION_ID() ORDER BY trx_started LIMIT ${maxRows}`;

/** Who waits for whom; asked only while somebody waits. */
export function lockWaitQuery(hasDataLocks: boolean): string {
  if (hasDataLocks) {
    return (
      "SELECT r.trx_mysql_thread_id AS id, b.trx_mysql_thread_id AS blocker FROM performance_schema.data_lock_waits w " +
      "JOIN information_schema.INNODB_TRX r ON r.trx_id = w.REQUESTING_ENGINE_TRANSACTION_ID " +
      "JOIN information_schema.INNODB_TRX b ON b.trx_id = w.BLOCKING_ENGINE_TRANSACTION_ID LIMIT 50"
    );
  }
  return (
    "SELECT r.trx_mysql_thread_id AS id, b.trx_mysql_thread_id AS blocker FROM information_schema.INNODB_LOCK_WAITS w " +
    "JOIN information_schema.INNODB_TRX r ON r.trx_id = w.requesting_trx_id " +
    "JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id LIMIT 50"
  );
}

/** What runs now. Each part is undefined where it could not be read. */
export type Activity = {
  active: number;
  slowRunning: number;
  waiting: number;
  longestQuerySeconds: number;
  replicas: { name: string; address: string; state: string }[];
  longRunning: LongRunning[];
};
export type LongRunning = {
  seconds: number;
  user: string;
  database: string;
  state: string;
  waitsFor: string;
  text: string;
};

/** Sums up the process list. `transactions`: rows of transactionQuery; `waits`: of lockWaitQuery. */
export function readActivity(processes: readonly Row[], transactions: readonly Row[], waits: readonly Row[]): Activity {
  const dumps = processes.filter(isDump);
  const clients = processes.filter((row) => !isDump(row));
  const lockWaiters = new Set(transactions.filter(({ state }) => state === "LOCK WAIT").map(({ id }) => String(id)));
  for (const row of clients) if (isLockWait(text(row.state))) lockWaiters.add(String(row.id));
  const blockers = new Map(waits.map((row) => [String(row.id), text(row.blocker, 20)]));
  const seconds = clients.map(ageOf);
  return {
    active: clients.length,
    slowRunning: seconds.filter((age) => age > slowSeconds).length,
    waiting: lockWaiters.size,
    longestQuerySeconds: Math.max(0, ...seconds),
    replicas: dumps.slice(0, 50).map((row) => ({
      name: text(row.user, 80),
      address: text(row.host, 100),
      state: text(row.state, 100),
    })),
    longRunning: clients
      .map((row) => longRunning(row, blockers, lockWaiters))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, 10),
  };
}

/** Ages and locks of the open transactions. */
export function readTransactions(rows: readonly Row[]): { longestSeconds: number; idle: number; locks: number } {
  const owned = rows.filter(({ id }) => number(id) > 0);
  const locks = rows.map(({ locked }) => number(locked)).filter((count) => count > 0);
  return {
    longestSeconds: Math.max(0, ...rows.map(ageOf)),
    idle: owned.filter(({ idle, state }) => number(idle) === 1 && state !== "LOCK WAIT").length,
    locks: locks.reduce((sum, count) => sum + count, 0),
  };
}

function longRunning(row: Row, blockers: ReadonlyMap<string, string>, waiters: ReadonlySet<string>): LongRunning {
  const id = String(row.id);
  const blocker = blockers.get(id);
  const waits = waiters.has(id) ? text(row.state, 64) || "a lock" : "";
  return {
    seconds: ageOf(row),
    user: text(row.user, 80),
    database: text(row.db, 64),
    state: text(row.state, 64),
    waitsFor: blocker === undefined || blocker === "" ? waits : `connection ${blocker}`,
    text: withoutLiterals(row.info),
  };
}

function isDump({ command }: Row): boolean {
  return text(command).startsWith("Binlog Dump");
}

function isLockWait(state: string): boolean {
  return /^waiting for .*lock|^(user lock|locked)$/i.test(state);
}

// A clock that was set back, and an unsigned column, give ages that nobody has.
function ageOf({ seconds }: Row): number {
  const age = number(seconds);
  return age > 0 && age < maxSeconds ? age : 0;
}
