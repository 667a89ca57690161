import { connect as dial } from "node:net";
import { connect as dialTls } from "node:tls";
import type { createClient } from "@redis/client";
import {
  address,
  type Counters,
  classify,
  failure,
  type Probe,
  ProbeError,
  type ProbeResult,
  type Target,
  tlsMode,
  tlsOptions,
} from "./probe.ts";
import {
  commandStatistics,
  type Info,
  keyspaces,
  numberOf,
  parseClusterNodes,
  parseInfo,
  parseSlowLog,
  type RedisFacts,
  redisCounters,
  redisValues,
  replicasOf,
  saveFailure,
} from "./redis-info.ts";

/** Less than a probe may take after its time. */
const firstWordsMs = 300;

type Client = ReturnType<typeof createClient>;
type Kept = { client: Client; encrypted: boolean; refused: Set<string> };

/** One connection a database, kept between probes. */
const connections = new Map<string, Kept>();

/** Redis and Valkey, replicas, cluster nodes and sentinels: INFO, and a few small commands where they are allowed. */
export const redis: Probe = {
  engines: ["redis", "valkey"],
  anonymous: true,
  grants,
  probe,
  forget: (key) => drop(key),
};

function grants({ container }: Target): string[] {
  return [
    `# in redis-cli${container === undefined ? "" : ` (docker exec -it ${container} redis-cli)`}; before Redis 6 give the password of requirepass, without a user`,
    "ACL SETUSER fairlead reset on >PASSWORD +ping +info +slowlog|get +cluster|nodes +client|setname",
    "# to keep it: ACL SAVE with an aclfile, else CONFIG REWRITE",
  ];
}

async function probe(target: Target, previous: Counters | undefined, signal: AbortSignal): Promise<ProbeResult> {
  const reused = connections.has(target.key);
  try {
    return await ask(target, previous, signal);
  } catch (error) {
    drop(target.key);
    // The server may close a connection that idles; a fresh one decides.
    if (reused && !signal.aborted && isLost(error)) {
      try {
        return await ask(target, previous, signal);
      } catch (again) {
        drop(target.key);
        return await failed(again, target, signal);
      }
    }
    return await failed(error, target, signal);
  }
}

async function ask(target: Target, previous: Counters | undefined, signal: AbortSignal): Promise<ProbeResult> {
  const kept = connections.get(target.key) ?? (await connect(target, signal));
  const giveUp = () => drop(target.key);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    const send = (...words: string[]) => kept.client.sendCommand(words);
    const refusesWrites = await ping(send, target);
    const info = parseInfo(String(await send("INFO", "all")));
    if (!info.has("redis_version") && !info.has("valkey_version"))
      throw new ProbeError("error", "INFO gave no version: is that a Redis server?");
    const facts = { ...(await gather(kept, info, send)), refusesWrites };
    return described(facts, kept, target, previous);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** Tells best why it serves nobody; answers whether it refuses writes for want of a save. */
async function ping(send: (...words: string[]) => Promise<unknown>, target: Target): Promise<boolean> {
  try {
    await send("PING");
    return false;
  } catch (error) {
    const text = messageOf(error);
    // It may be forbidden to us; INFO decides then. The others are told by INFO, with more detail.
    if (/^(NOPERM|ERR unknown command|LOADING|MASTERDOWN|MISCONF)/.test(text)) return text.startsWith("MISCONF");
    throw replyError(text, target) ?? error;
  }
}

async function gather(kept: Kept, info: Info, send: (...words: string[]) => Promise<unknown>): Promise<RedisFacts> {
  /** Asked for once; what is forbidden or renamed is not asked for again: each refusal is a line in its ACL LOG. */
  const optional = async (...words: string[]): Promise<unknown> => {
    const name = words.join(" ");
    if (kept.refused.has(name)) return undefined;
    try {
      return await send(...words);
    } catch (error) {
      if (isLost(error)) throw error;
      kept.refused.add(name);
      return undefined;
    }
  };
  const isCluster = info.get("cluster_enabled") === "1";
  const [slow, nodes, saves] = await Promise.all([
    optional("SLOWLOG", "GET", "10"),
    isCluster ? optional("CLUSTER", "NODES") : undefined,
    optional("CONFIG", "GET", "save"),
  ]);
  return {
    info,
    ...(slow === undefined ? {} : { slow: parseSlowLog(slow) }),
    cluster: nodes === undefined ? undefined : parseClusterNodes(String(nodes)),
    saves: Array.isArray(saves) && saves.length === 2 ? String(saves[1]) : undefined,
  };
}

type Facts = RedisFacts & { refusesWrites: boolean };

function described(facts: Facts, kept: Kept, target: Target, previous: Counters | undefined): ProbeResult {
  const { info } = facts;
  const counters = redisCounters(facts, performance.now());
  const version = info.get("valkey_version") ?? info.get("redis_version") ?? "";
  const trouble = troubleOf(facts);
  return {
    status: trouble?.serves === false ? "error" : "up",
    ...(trouble === undefined ? {} : { reason: trouble.text }),
    values: { up: 1, ...redisValues(facts, counters, previous) },
    attributes: attributesOf(facts, version, kept, target),
    labels: {
      role: roleOf(info),
      version: version.split(".")[0] ?? "",
      engine: info.get("server_name") === "valkey" || info.has("valkey_version") ? "valkey" : target.engine,
    },
    counters,
  };
}

/** What is wrong though it answers; `serves` false where clients get nothing but errors. */
function troubleOf({ info, cluster, refusesWrites }: Facts): { text: string; serves: boolean } | undefined {
  if (info.get("loading") === "1") {
    const done = numberOf(info, "loading_loaded_perc");
    return { text: `it loads its data${done >= 0 ? `: ${Math.round(done)} % done` : ""}`, serves: false };
  }
  if (info.get("role") === "slave" && info.get("master_link_status") !== "up") {
    const since = numberOf(info, "master_link_down_since_seconds");
    return { text: `its link to the primary is down${since > 0 ? ` for ${since} s` : ""}`, serves: true };
  }
  const save = saveFailure(info);
  if (save !== undefined) return { text: `${save}${refusesWrites ? ", so it refuses writes" : ""}`, serves: true };
  if (cluster !== undefined && cluster.offline > 0)
    return { text: `${cluster.offline} nodes of its cluster fail`, serves: true };
  return undefined;
}

function roleOf(info: Info): string {
  if (info.get("redis_mode") === "sentinel" || info.get("server_mode") === "sentinel") return "sentinel";
  if (info.get("role") === "slave") return "replica";
  return numberOf(info, "connected_slaves") > 0 || info.get("cluster_enabled") === "1" ? "primary" : "standalone";
}

function attributesOf(facts: RedisFacts, version: string, kept: Kept, target: Target): Record<string, unknown> {
  const { info, slow = [], cluster, saves } = facts;
  const n = (name: string) => finite(numberOf(info, name));
  const isReplica = info.get("role") === "slave";
  return {
    version,
    role: roleOf(info),
    databases: keyspaces(info)
      .slice(0, 50)
      .map((one) => ({ ...one, sizeBytes: null })),
    replication: {
      role: roleOf(info),
      upstream: isReplica ? `${info.get("master_host") ?? ""}:${info.get("master_port") ?? ""}` : null,
      state: isReplica ? (info.get("master_link_status") ?? null) : null,
      replicas: replicasOf(info).map((one) => ({
        ...one,
        lagSeconds: finite(one.lagSeconds),
        lagBytes: finite(one.lagBytes),
        sync: false,
      })),
      slots: [],
    },
    topStatements: commandStatistics(info).map(({ meanSeconds, ...rest }) => ({
      ...rest,
      meanSeconds: finite(meanSeconds),
      rows: null,
      hitRatio: null,
    })),
    slowLog: slow.map(({ at, seconds, text }) => ({ at, seconds, text })),
    persistence: {
      snapshots: saves === undefined ? null : saves !== "",
      saves: saves ?? null,
      lastSaveStatus: info.get("rdb_last_bgsave_status") ?? null,
      lastSaveAt: iso(numberOf(info, "rdb_last_save_time")),
      lastSaveSeconds: n("rdb_last_bgsave_time_sec"),
      changesSinceSave: n("rdb_changes_since_last_save"),
      saving: info.get("rdb_bgsave_in_progress") === "1",
      appendOnly: info.get("aof_enabled") === "1",
      appendStatus: info.get("aof_last_write_status") ?? null,
      rewriteStatus: info.get("aof_last_bgrewrite_status") ?? null,
      rewriting: info.get("aof_rewrite_in_progress") === "1",
    },
    settings: {
      maxmemoryPolicy: info.get("maxmemory_policy") ?? null,
      maxclients: n("maxclients"),
      mode: info.get("redis_mode") ?? info.get("server_mode") ?? null,
      blockedClients: n("blocked_clients"),
      keyspaceHits: n("keyspace_hits"),
      keyspaceMisses: n("keyspace_misses"),
      evictedKeys: n("evicted_keys"),
      peakMemoryBytes: n("used_memory_peak"),
      residentBytes: n("used_memory_rss"),
    },
    ...(cluster === undefined ? {} : { cluster }),
    tls: { mode: tlsMode(target), used: kept.encrypted },
  };
}

/** Opens the connection, with TLS as the target wants it. */
async function connect(target: Target, signal: AbortSignal): Promise<Kept> {
  const options = tlsOptions(target);
  if (options === undefined) return await open(target, signal, undefined, target.timeoutMs);
  if (tlsMode(target) !== "prefer") return await open(target, signal, options, target.timeoutMs);
  try {
    // A server without TLS waits for the end of a line that never comes.
    return await open(target, signal, options, Math.max(500, target.timeoutMs / 3));
  } catch (error) {
    if (error instanceof ProbeError || signal.aborted || classify(error, target).status === "down") {
      if (!isLost(error)) throw error;
    }
    return await open(target, signal, undefined, target.timeoutMs);
  }
}

async function open(
  target: Target,
  signal: AbortSignal,
  encrypted: ReturnType<typeof tlsOptions>,
  connectTimeout: number,
): Promise<Kept> {
  const { createClient } = await import("@redis/client");
  signal.throwIfAborted();
  const place =
    target.socket === undefined
      ? { host: target.host ?? "127.0.0.1", port: target.port ?? 6379 }
      : { path: target.socket };
  const client = createClient({
    // Every version speaks it.
    RESP: 2,
    disableClientInfo: true,
    disableOfflineQueue: true,
    socket: {
      ...place,
      ...(encrypted === undefined ? {} : { ...encrypted, tls: true }),
      connectTimeout,
      reconnectStrategy: false,
    } as never,
    ...(target.user === undefined ? {} : { username: target.user }),
    ...(target.password === undefined ? {} : { password: target.password }),
  }) as Client;
  const kept = { client, encrypted: encrypted !== undefined, refused: new Set<string>() };
  client.on("error", () => {
    if (connections.get(target.key) === kept) connections.delete(target.key);
  });
  const giveUp = () => destroy(client);
  signal.addEventListener("abort", giveUp, { once: true });
  const timer = setTimeout(giveUp, connectTimeout);
  try {
    await client.connect();
    await client.sendCommand(["CLIENT", "SETNAME", "fairlead"]).catch(() => undefined);
  } catch (error) {
    destroy(client);
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
  connections.set(target.key, kept);
  return kept;
}

async function failed(error: unknown, target: Target, signal: AbortSignal): Promise<ProbeResult> {
  const own = signal.aborted ? undefined : replyError(messageOf(error), target);
  const lost = isLost(error) ? new ProbeError("down", `${address(target)} closed the connection`) : error;
  const result = failure(own ?? (signal.aborted ? signal.reason : lost), target);
  const unexplained = result.status === "timed_out" || isLost(error);
  if (own !== undefined || !unexplained || tlsMode(target) !== "disable") return result;
  // The library tells nothing of what a server says before it closes, nor of what is no answer in its protocol.
  const said = await firstWords(target);
  if (result.status !== "timed_out" && !/^[-+]/.test(said) && (await speaksTls(target))) {
    return failure(
      new ProbeError("error", "it wants TLS: set tls.mode of it in databases, or with its credentials"),
      target,
    );
  }
  if (said === "") return result;
  const told = replyError(said.slice(1), target);
  const stranger = new ProbeError("error", `what listens at ${address(target)} does not speak Redis' protocol`);
  const explained = failure(told ?? (/^[-+]/.test(said) ? error : stranger), target);
  if (!/max number of clients/.test(said)) return explained;
  return { ...explained, values: { up: 1, connections_used_ratio: 1 } };
}

/** True where a TLS handshake succeeds, whoever it is. */
function speaksTls(target: Target): Promise<boolean> {
  return new Promise((resolve) => {
    const { socket: path, host = "127.0.0.1", port = 6379 } = target;
    const socket = dialTls({ ...(path === undefined ? { host, port } : { path }), rejectUnauthorized: false });
    const timer = setTimeout(() => done(false), firstWordsMs);
    const done = (secure: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(secure);
    };
    socket.on("secureConnect", () => done(true));
    socket.on("error", () => done(false));
    socket.on("close", () => done(false));
  });
}

/** What it answers a PING of another connection; empty where it says nothing at once. */
function firstWords(target: Target): Promise<string> {
  return new Promise((resolve) => {
    const { socket: path, host = "127.0.0.1", port = 6379 } = target;
    const socket = dial(path === undefined ? { host, port } : { path });
    const timer = setTimeout(() => done(""), firstWordsMs);
    const done = (text: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(text);
    };
    socket.on("connect", () => socket.write("PING\r\n"));
    socket.on("data", (chunk: Buffer) => done(chunk.toString("latin1", 0, 300)));
    socket.on("error", () => done(""));
    socket.on("close", () => done(""));
  });
}

/** What the server's refusals mean. */
function replyError(text: string, target: Target): ProbeError | undefined {
  const who = target.user === undefined ? "the password" : `user ${target.user}`;
  if (text.startsWith("NOAUTH")) return new ProbeError("needs_credentials", "it asks for a password");
  if (text.startsWith("WRONGPASS") || /invalid password/.test(text))
    return new ProbeError("needs_credentials", `${who} is refused`);
  if (/AUTH.* without any password configured/.test(text))
    return new ProbeError("error", "it has no password, but one is configured: remove it");
  if (text.startsWith("NOPERM"))
    return new ProbeError("error", `${who} may not run INFO: ACL SETUSER ${target.user ?? "default"} +ping +info`);
  if (/^ERR unknown command/.test(text))
    return new ProbeError("error", "INFO is renamed or disabled there: it can't be watched");
  if (text.startsWith("BUSY"))
    return new ProbeError("error", "it is busy with a script: SCRIPT KILL or FUNCTION KILL ends it");
  if (text.startsWith("DENIED"))
    return new ProbeError(
      "error",
      "its protected mode refuses other hosts: set a password, or bind it to the address that is used",
    );
  if (text.startsWith("LOADING")) return new ProbeError("error", "it loads its data");
  if (text.startsWith("MASTERDOWN"))
    return new ProbeError("error", "its link to the primary is down, and it serves no stale data");
  if (/max number of clients/.test(text))
    return new ProbeError("error", "the limit of clients is reached: it refuses new ones");
  return undefined;
}

function isLost(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string; constructor?: { name?: string } };
  const kind = (error as object)?.constructor?.name ?? "";
  return /Closed|Offline|Disconnects|SocketTimeout/.test(`${name}${kind}`) || code === "ECONNRESET" || code === "EPIPE";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function drop(key: string): void {
  const kept = connections.get(key);
  connections.delete(key);
  if (kept !== undefined) destroy(kept.client);
}

function destroy(client: Client): void {
  try {
    client.destroy();
  } catch {
    // Not open, or closed already.
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function iso(seconds: number): string | null {
  return seconds > 0 && seconds < 8e12 ? new Date(seconds * 1000).toISOString() : null;
}
