import { hitsOfWindow } from "../hit-window.ts";
import { type Counters, type ProbeResult, rate, ratio } from "../probe.ts";
import { numberAt } from "./documents.ts";

const left = [
  ...["tcmalloc", "locks", "mirroredReads", "latchAnalysis", "sharding", "shardingStatistics", "opLatencies", "repl"],
  ...[
    "watchdog",
    "flowControl",
    "indexStats",
    "indexBuilds",
    "indexBulkBuilder",
    "logicalSessionRecordCache",
    "twoPhaseCommitCoordinator",
  ],
  ...[
    "opReadConcernCounters",
    "readConcernCounters",
    "readPreferenceCounters",
    "defaultRWConcern",
    "queryAnalyzers",
    "electionMetrics",
  ],
  ...["shardSplits", "tenantMigrations", "collectionCatalog", "planCache", "spillWiredTiger", "networkInterfaceStats"],
] as const;

/** The command: most of what it would tell is left out. `oplog` gives the first and the last entry of the log. */
export const serverStatusCommand = { serverStatus: 1, oplog: 1, ...Object.fromEntries(left.map((name) => [name, 0])) };

const cache = ["wiredTiger", "cache"];
const counted: Record<string, string[]> = {
  insert: ["opcounters", "insert"],
  query: ["opcounters", "query"],
  update: ["opcounters", "update"],
  delete: ["opcounters", "delete"],
  getmore: ["opcounters", "getmore"],
  command: ["opcounters", "command"],
  committed: ["transactions", "totalCommitted"],
  aborted: ["transactions", "totalAborted"],
  rejected: ["connections", "rejected"],
  bytesIn: ["network", "bytesIn"],
  bytesOut: ["network", "bytesOut"],
  requested: [...cache, "pages requested from the cache"],
  missed: [...cache, "pages read into cache"],
  evictedClean: [...cache, "unmodified pages evicted"],
  evictedDirty: [...cache, "modified pages evicted"],
  bytesRead: ["wiredTiger", "block-manager", "bytes read"],
  bytesWritten: ["wiredTiger", "block-manager", "bytes written"],
  checkpoints: ["wiredTiger", "transaction", "transaction checkpoints"],
  expired: ["metrics", "ttl", "deletedDocuments"],
};

/** Counters of serverStatus. `own`: commands that this agent has sent. */
export function readCounters(status: unknown, own: number, now: number): Counters {
  const counters: Counters = { at: now, own };
  for (const [name, path] of Object.entries(counted)) {
    const value = numberAt(status, ...path);
    if (Number.isFinite(value)) counters[name] = value;
  }
  // Since 8.0 they have a section of their own.
  const checkpoints = numberAt(status, "wiredTiger", "checkpoint", "number of checkpoints completed");
  if (counters.checkpoints === undefined && checkpoints >= 0) counters.checkpoints = checkpoints;
  return counters;
}

/** The values that serverStatus alone gives. */
export function statusValues(status: unknown, now: Counters, before: Counters | undefined): ProbeResult["values"] {
  const per = (name: string) => rate(now, before, name);
  const connections = numberAt(status, "connections", "current");
  const limit = connections + numberAt(status, "connections", "available");
  const used = numberAt(status, ...cache, "bytes currently in the cache");
  const most = numberAt(status, ...cache, "maximum bytes configured");
  return {
    uptime_seconds: numberAt(status, "uptime"),
    connections,
    connections_limit: limit,
    connections_used_ratio: ratio(connections, limit),
    connections_rejected_per_second: per("rejected"),
    active: numberAt(status, "globalLock", "activeClients", "total"),
    waiting: numberAt(status, "globalLock", "currentQueue", "total"),
    idle_in_transaction: numberAt(status, "transactions", "currentInactive"),
    queries_per_second: operations(now, before),
    commits_per_second: per("committed"),
    rollbacks_per_second: per("aborted"),
    cache_hit_ratio: hitsOfWindow(now, before, "requested", "missed"),
    read_bytes_per_second: per("bytesRead"),
    write_bytes_per_second: per("bytesWritten"),
    receive_bytes_per_second: per("bytesIn"),
    transmit_bytes_per_second: per("bytesOut"),
    checkpoints_per_second: per("checkpoints"),
    memory_used_bytes: used,
    memory_limit_bytes: most,
    // It keeps itself at 80 % of its cache; over 95 % its clients must evict.
    memory_used_ratio: ratio(used, most),
    evictions_per_second: per("evictedClean") + per("evictedDirty"),
    expirations_per_second: per("expired"),
  };
}

function operations(now: Counters, before: Counters | undefined): number {
  const names = ["insert", "query", "update", "delete", "getmore", "command"];
  const sum = names.reduce((total, name) => total + rate(now, before, name), 0);
  const mine = rate(now, before, "own");
  return Math.max(0, sum - (Number.isNaN(mine) ? 0 : mine));
}

/** Cursors and asserts, for people. */
export function readActivity(status: unknown): Record<string, number> {
  const found = {
    cursorsOpen: numberAt(status, "metrics", "cursor", "open", "total"),
    cursorsTimedOut: numberAt(status, "metrics", "cursor", "timedOut"),
    assertsRegular: numberAt(status, "asserts", "regular"),
    assertsMessage: numberAt(status, "asserts", "msg"),
    residentMebibytes: numberAt(status, "mem", "resident"),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => Number.isFinite(value)));
}
