import { type Counters, type DatabaseMetric, increase, rate, ratio } from "../probe.ts";
import type { Row } from "./connect.ts";
import { type Answers, flag, number } from "./rows.ts";
import type { StandbyState } from "./standby.ts";
import { usedIds } from "./wraparound.ts";

/** Fewer blocks than this say nothing of a cache: the window grows until it holds as many. */
const fewBlocks = 1_000;
/** So long a ratio is repeated where too few blocks came since. */
const freshMs = 5_000;

/** Counters that rates are made of. */
export function countersOf(answers: Answers, now: number): Counters {
  const [totals, writes, recovery, cluster] = ["totals", "writes", "recovery", "cluster"].map(
    (name) => answers[name]?.[0],
  );
  const block = number(cluster, "block_size");
  return {
    at: now,
    commits: number(totals, "commits"),
    rollbacks: number(totals, "rollbacks"),
    transactions: number(totals, "commits") + number(totals, "rollbacks"),
    deadlocks: number(totals, "deadlocks"),
    temporaryBytes: number(totals, "temp_bytes"),
    hits: number(totals, "hits"),
    reads: number(totals, "reads"),
    readBytes: number(totals, "reads") * block,
    writtenBytes: number(writes, "bytes") + number(recovery, "wal"),
    checkpoints: number(writes, "checkpoints"),
  };
}

/** Share of block reads since the last probe that showed it, since the statistics' reset at the first. Moves the window. */
export function cacheHitRatio(now: Counters, before: Counters | undefined): number {
  const from = { at: 0, hits: before?.windowHits ?? 0, reads: before?.windowReads ?? 0 };
  const hits = increase(now, from, "hits");
  const all = hits + increase(now, from, "reads");
  // Counters that fell begin a new window, too.
  const few = all < fewBlocks;
  now.windowHits = (few ? from.hits : now.hits) ?? 0;
  now.windowReads = (few ? from.reads : now.reads) ?? 0;
  // A second look right after the first, as on the command line, has nothing of its own to show.
  const fresh = before?.windowRatio !== undefined && now.at - (before.windowAt ?? 0) < freshMs;
  now.windowAt = (few && fresh ? before.windowAt : now.at) ?? now.at;
  now.windowRatio = !few ? ratio(hits, all) : fresh ? (before.windowRatio ?? Number.NaN) : Number.NaN;
  return now.windowRatio;
}

/** Everything that one probe measures, by metric. `standby` where the server is one. */
export function valuesOf(
  answers: Answers,
  major: number,
  standby: StandbyState | undefined,
  sizeBytes: number,
  counters: Counters,
  previous: Counters | undefined,
): Partial<Record<DatabaseMetric, number>> {
  const row = (name: string): Row | undefined => answers[name]?.[0];
  const connections = connectionsOf(answers, major);
  const limit = connectionsLimit(row("cluster"));
  const slots = answers.slots ?? [];
  return {
    up: 1,
    uptime_seconds: number(row("cluster"), "uptime"),
    size_bytes: sizeBytes,
    connections,
    connections_limit: limit,
    connections_used_ratio: ratio(connections, limit),
    ...activityValues(answers),
    locks: number(row("cluster"), "locks"),
    queries_per_second: rate(counters, previous, "transactions"),
    commits_per_second: rate(counters, previous, "commits"),
    rollbacks_per_second: rate(counters, previous, "rollbacks"),
    deadlocks_per_second: rate(counters, previous, "deadlocks"),
    temporary_bytes_per_second: rate(counters, previous, "temporaryBytes"),
    read_bytes_per_second: rate(counters, previous, "readBytes"),
    write_bytes_per_second: rate(counters, previous, "writtenBytes"),
    checkpoints_per_second: rate(counters, previous, "checkpoints"),
    cache_hit_ratio: cacheHitRatio(counters, previous),
    replicas: answers.replicas === undefined ? Number.NaN : firstOr(answers.replicas, "total", 0),
    ...(standby === undefined
      ? { replication_lag_bytes: firstOr(answers.replicas ?? [], "bytes", Number.NaN) }
      : {
          replication_running: standby.running,
          replication_lag_seconds: standby.lagSeconds,
          replication_lag_bytes: standby.lagBytes,
        }),
    slots_inactive: answers.slots === undefined ? Number.NaN : firstOr(slots, "inactive", 0),
    slots_retained_bytes: answers.slots === undefined ? Number.NaN : retained(slots),
    transaction_id_used_ratio: usedIds(number(row("cluster"), "xid_age")),
    multixact_id_used_ratio: usedIds(number(row("cluster"), "mxid_age")),
    archive_ok: archiveOk(row("cluster"), row("archiver")),
  };
}

/** Without pg_read_all_stats only our own sessions show: then nothing is said of them, and only connections are counted. */
function activityValues(answers: Answers): Partial<Record<DatabaseMetric, number>> {
  const activity = answers.activity?.[0];
  if (flag(answers.cluster?.[0], "reads_stats") !== true || activity === undefined) return {};
  const orNone = (value: number) => (Number.isNaN(value) ? 0 : Math.max(0, value));
  const prepared = number(answers.prepared?.[0], "oldest");
  return {
    active: number(activity, "active"),
    idle_in_transaction: number(activity, "idle_in_transaction"),
    waiting: number(activity, "waiting"),
    slow_running: number(activity, "slow"),
    longest_query_seconds: orNone(number(activity, "longest_query")),
    // A prepared transaction is open though nobody is connected.
    longest_transaction_seconds: Math.max(orNone(number(activity, "longest_transaction")), orNone(prepared)),
  };
}

/** Connections that count towards the limit; replicas do before 12. */
function connectionsOf(answers: Answers, major: number): number {
  const activity = answers.activity?.[0];
  const backends = number(answers.totals?.[0], "backends");
  if (flag(answers.cluster?.[0], "reads_stats") !== true || activity === undefined) return backends;
  return number(activity, "clients") + (major < 12 ? number(activity, "walsenders") : 0);
}

/** What is left for users without privilege. */
function connectionsLimit(cluster: Row | undefined): number {
  const reserved = number(cluster, "reserved");
  const kept = number(cluster, "superuser_reserved") + (Number.isNaN(reserved) ? 0 : reserved);
  return number(cluster, "max_connections") - kept;
}

/** 1 where the last try to archive succeeded, 0 where it failed, NaN where nothing is archived or was tried. */
export function archiveOk(cluster: Row | undefined, archiver: Row | undefined): number {
  const mode = cluster?.archive_mode;
  if (mode !== "always" && (mode !== "on" || flag(cluster, "in_recovery") !== false)) return Number.NaN;
  const [archived, failed] = [number(archiver, "archived_age"), number(archiver, "failed_age")];
  if (Number.isNaN(failed)) return Number.isNaN(archived) ? Number.NaN : 1;
  return archived <= failed ? 1 : 0;
}

function firstOr([row]: Row[], name: string, otherwise: number): number {
  return row === undefined ? otherwise : number(row, name);
}

function retained(slots: Row[]): number {
  const known = slots.map((slot) => number(slot, "retained")).filter((bytes) => bytes >= 0);
  return Math.max(0, ...known);
}
