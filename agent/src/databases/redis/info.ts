import { type Counters, type DatabaseMetric, hitRatio, increase, rate, ratio } from "../probe.ts";

/** Fields of INFO by name, all sections together. */
export type Info = ReadonlyMap<string, string>;

/** An entry of SLOWLOG GET without its arguments, which hold data. */
export type SlowEntry = { id: number; at: string; seconds: number; text: string };

export type RedisFacts = {
  info: Info;
  /** Value of `save` in the configuration; undefined where it may not be read. */
  saves?: string | undefined;
  slow?: readonly SlowEntry[];
  /** Of CLUSTER NODES. */
  cluster?: { nodes: number; offline: number } | undefined;
};

const mostFields = 5_000;

/** Parses INFO: "name:value" lines; what is none is left out. */
export function parseInfo(text: string): Info {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon <= 0 || line.startsWith("#") || fields.size >= mostFields) continue;
    fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields;
}

/** "ip=10.0.0.2,port=6379,state=online" as fields. */
export function parsePairs(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(",").flatMap((part) => {
      const at = part.indexOf("=");
      return at > 0 ? [[part.slice(0, at), part.slice(at + 1)]] : [];
    }),
  );
}

/** Nodes of a cluster out of CLUSTER NODES; offline: those that fail, or seem to. */
export function parseClusterNodes(text: string): { nodes: number; offline: number } {
  const flags = text.split("\n").flatMap((line) => {
    const [id, , flag] = line.split(" ");
    return id && flag !== undefined ? [flag.split(",")] : [];
  });
  const offline = flags.filter((all) => all.includes("fail") || all.includes("fail?")).length;
  return { nodes: flags.length, offline };
}

/** What SLOWLOG GET answered: the command's name alone is kept of each. */
export function parseSlowLog(reply: unknown): SlowEntry[] {
  if (!Array.isArray(reply)) return [];
  return reply.slice(0, 20).flatMap((row: unknown) => {
    if (!Array.isArray(row)) return [];
    const [id, at, micros, args] = row;
    const words = Array.isArray(args) ? args.map(String) : [];
    const rest = words.length - 1;
    const time = Number(at) * 1000;
    if (!Number.isFinite(Number(id)) || !(time > 0 && time < 8e15)) return [];
    const text = `${(words[0] ?? "?").slice(0, 60)}${rest > 0 ? ` ? (${rest} argument${rest > 1 ? "s" : ""})` : ""}`;
    return [{ id: Number(id), at: new Date(time).toISOString(), seconds: Number(micros) / 1e6, text }];
  });
}

/** A field as number; NaN where it is missing or none. */
export function numberOf(info: Info, name: string): number {
  const text = info.get(name);
  return text === undefined || text === "" ? Number.NaN : Number(text);
}

/** Raw counters to make rates from. */
export function redisCounters({ info, slow }: RedisFacts, at: number): Counters {
  const named = ["rejected_connections", "total_commands_processed", "keyspace_hits", "keyspace_misses"];
  named.push("total_net_input_bytes", "total_net_output_bytes", "evicted_keys", "expired_keys");
  const counters: Counters = { at };
  for (const name of named) counters[name] = numberOf(info, name);
  // Entries are numbered from the start of the server.
  counters.slow = slow === undefined ? Number.NaN : (slow[0]?.id ?? -1) + 1;
  return counters;
}

/** Values of a Redis or Valkey; NaN where it does not say. */
export function redisValues(
  facts: RedisFacts,
  now: Counters,
  before: Counters | undefined,
): Partial<Record<DatabaseMetric, number>> {
  const { info, cluster } = facts;
  const n = (name: string) => numberOf(info, name);
  const limit = positive(n("maxmemory"));
  const counted = n("used_memory") - (n("mem_not_counted_for_evict") || 0);
  const isReplica = info.get("role") === "slave";
  return {
    uptime_seconds: n("uptime_in_seconds"),
    size_bytes: n("used_memory_dataset"),
    connections: n("connected_clients"),
    connections_limit: positive(n("maxclients")),
    connections_used_ratio: ratio(n("connected_clients"), n("maxclients")),
    connections_rejected_per_second: rate(now, before, "rejected_connections"),
    queries_per_second: rate(now, before, "total_commands_processed"),
    slow_queries_per_second: rate(now, before, "slow"),
    cache_hit_ratio: hitRatio(now, before, "keyspace_hits", "keyspace_misses"),
    receive_bytes_per_second: rate(now, before, "total_net_input_bytes"),
    transmit_bytes_per_second: rate(now, before, "total_net_output_bytes"),
    replicas: n("connected_slaves"),
    ...(isReplica ? replicaValues(info) : { replication_lag_bytes: slowestReplica(info) }),
    memory_used_bytes: n("used_memory"),
    memory_limit_bytes: limit,
    memory_used_ratio: ratio(counted, limit),
    memory_fragmentation_factor: positive(n("mem_fragmentation_ratio")),
    keys: keyCount(info),
    evictions_per_second: rate(now, before, "evicted_keys"),
    expirations_per_second: rate(now, before, "expired_keys"),
    ...saveValues(facts),
    nodes_offline: cluster?.offline ?? Number.NaN,
  };
}

/** A primary sends something every 10 s even when nothing is written, so a silence of that length is no lag. */
const quietSeconds = 11;

function replicaValues(info: Info): Partial<Record<DatabaseMetric, number>> {
  const linked = info.get("master_link_status") === "up";
  const silence = numberOf(info, "master_last_io_seconds_ago");
  const cutFor = numberOf(info, "master_link_down_since_seconds");
  const behind = numberOf(info, "slave_read_repl_offset") - numberOf(info, "slave_repl_offset");
  return {
    replication_running: linked && info.get("master_sync_in_progress") !== "1" ? 1 : 0,
    // -1: never linked since it started.
    replication_lag_seconds: linked
      ? silence > quietSeconds
        ? silence
        : 0
      : cutFor >= 0
        ? cutFor
        : numberOf(info, "uptime_in_seconds"),
    replication_lag_bytes: behind >= 0 ? behind : Number.NaN,
  };
}

/** Replicas as INFO of their primary lists them. */
export function replicasOf(
  info: Info,
): { name: string; address: string; state: string; lagSeconds: number; lagBytes: number }[] {
  const offset = numberOf(info, "master_repl_offset");
  const found = [];
  for (let i = 0; i < 100; i++) {
    const line = info.get(`slave${i}`);
    if (line === undefined) break;
    const { ip = "", port = "", state = "", offset: own, lag } = parsePairs(line);
    const address = `${ip.includes(":") ? `[${ip}]` : ip}:${port}`;
    found.push({ name: address, address, state, lagSeconds: Number(lag), lagBytes: Math.max(0, offset - Number(own)) });
  }
  return found;
}

function slowestReplica(info: Info): number {
  const online = replicasOf(info).filter(({ state }) => state === "online");
  return online.length === 0 ? Number.NaN : Math.max(...online.map(({ lagBytes }) => lagBytes));
}

function keyCount(info: Info): number {
  // No line of a database: no keys; but sentinels keep none at all.
  if (!info.has("keyspace_hits") || info.get("redis_mode") === "sentinel") return Number.NaN;
  return keyspaces(info).reduce((sum, { keys }) => sum + keys, 0);
}

/** Numbered databases that hold keys. */
export function keyspaces(info: Info): { name: string; keys: number; expires: number }[] {
  return [...info].flatMap(([name, text]) => {
    if (!/^db\d+$/.test(name)) return [];
    const { keys, expires } = parsePairs(text);
    return [{ name, keys: Number(keys) || 0, expires: Number(expires) || 0 }];
  });
}

function saveValues({ info, saves }: RedisFacts): Partial<Record<DatabaseMetric, number>> {
  const snapshot = info.get("rdb_last_bgsave_status");
  const log = info.get("aof_enabled") === "1";
  if (snapshot === undefined) return {};
  const failed = saveFailure(info) !== undefined;
  if (!failed && !log && saves === "") return {};
  const now = numberOf(info, "server_time_usec") / 1e6 || Date.now() / 1000;
  const age = now - numberOf(info, "rdb_last_save_time");
  return { save_ok: failed ? 0 : 1, ...(saves === "" ? {} : { save_age_seconds: Math.max(0, age) }) };
}

/** What of its persistence failed last, in words; undefined where all is well. */
export function saveFailure(info: Info): string | undefined {
  if (info.get("rdb_last_bgsave_status") === "err") return "the last save to disk failed";
  if (info.get("aof_enabled") !== "1") return undefined;
  if (info.get("aof_last_write_status") === "err") return "the last write to the append-only file failed";
  if (info.get("aof_last_bgrewrite_status") === "err") return "the last rewrite of the append-only file failed";
  return undefined;
}

/** Commands by the time that they took altogether, the longest first. */
export function commandStatistics(
  info: Info,
): { text: string; calls: number; totalSeconds: number; meanSeconds: number; failed: number }[] {
  return [...info]
    .flatMap(([name, text]) => {
      if (!name.startsWith("cmdstat_")) return [];
      const { calls, usec, failed_calls } = parsePairs(text);
      const [count, seconds] = [Number(calls) || 0, (Number(usec) || 0) / 1e6];
      const shown = name.slice("cmdstat_".length).replaceAll("|", " ").toUpperCase().slice(0, 100);
      return [
        {
          text: shown,
          calls: count,
          totalSeconds: seconds,
          meanSeconds: ratio(seconds, count),
          failed: Number(failed_calls) || 0,
        },
      ];
    })
    .sort((a, b) => b.totalSeconds - a.totalSeconds)
    .slice(0, 20);
}

/** True where keys were evicted since the last probe. */
export function evictsNow(now: Counters, before: Counters | undefined): boolean {
  return increase(now, before, "evicted_keys") > 0;
}

function positive(value: number): number {
  return value > 0 ? value : Number.NaN;
}
