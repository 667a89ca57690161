import { type Counters, type Probe, ProbeError, type ProbeResult, type Target } from "./probe.ts";
import { attributesOf, roleOf } from "./redis/attributes.ts";
import { connectionOf, drop, isKept, type Kept } from "./redis/connect.ts";
import {
  type Info,
  numberOf,
  parseClusterNodes,
  parseInfo,
  parseSlowLog,
  type RedisFacts,
  redisCounters,
  redisValues,
  saveFailure,
} from "./redis/info.ts";
import { failed, isLost, messageOf, replyError } from "./redis/refusal.ts";

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
  const reused = isKept(target.key);
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
  const kept = await connectionOf(target, signal);
  const giveUp = () => drop(target.key);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    const send = (...words: string[]) => kept.client.sendCommand(words);
    const refusesWrites = await ping(send, target);
    const info = parseInfo(String(await send("INFO", "all")));
    if (!info.has("redis_version") && !info.has("valkey_version"))
      throw new ProbeError("error", "INFO gave no version: is that a Redis server?");
    const facts = { ...(await gather(kept, info, send)), refusesWrites };
    return described(facts, kept.encrypted, target, previous);
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

function described(facts: Facts, encrypted: boolean, target: Target, previous: Counters | undefined): ProbeResult {
  const { info } = facts;
  const counters = redisCounters(facts, performance.now());
  const version = info.get("valkey_version") ?? info.get("redis_version") ?? "";
  const trouble = troubleOf(facts);
  return {
    status: trouble?.serves === false ? "error" : "up",
    ...(trouble === undefined ? {} : { reason: trouble.text }),
    values: { up: 1, ...redisValues(facts, counters, previous) },
    attributes: attributesOf(facts, version, encrypted, target),
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
