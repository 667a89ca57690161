import type { Counters, ProbeResult, Target } from "../probe.ts";
import type { Session } from "./connect.ts";
import { at, type Doc, listAt, numberAt, textAt } from "./documents.ts";
import { isAbsent, isAnswer, isCut, isDenied } from "./errors.ts";
import { grantRole } from "./grants.ts";
import { type Operations, operationsPipeline, readOperations } from "./operations.ts";
import { parseSet, roleOf, type SetView, setValues } from "./replication.ts";
import { readActivity, readCounters, serverStatusCommand, statusValues } from "./status.ts";

/** What is asked for each 5 min only, as it was last. Monotonic ms. */
export type Facts = {
  slowAt?: number;
  sizes?: Sizes | undefined;
  options?: Doc | undefined;
};
type Sizes = { total: number; objects: number; databases: { name: string; sizeBytes: number; objects?: number }[] };

const slowEveryMs = 5 * 60_000;
const maxCounted = 20;
const ownDatabases = new Set(["admin", "config", "local"]);

/** Asks for everything; a part that fails is missing and told. Rejects when the connection is lost, or nothing is allowed. */
export async function readFacts(
  session: Session,
  target: Target,
  facts: Facts,
  previous: Counters | undefined,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const asking = createAsking(session, target, signal);
  const hello = await readHello(session, signal);
  const status = await session.command(serverStatusCommand, signal);
  const counters = readCounters(status, session.sent(), performance.now());
  const role = roleOf(hello);
  const inSet = textAt(hello, "setName") !== "" && role !== "router";
  const set = inSet
    ? await asking.ask("replication", () => session.command({ replSetGetStatus: 1 }, signal))
    : undefined;
  const view = set === undefined ? undefined : parseSet(set, hello, status);
  const found = await asking.ask("operations", () => session.aggregate(operationsPipeline, signal));
  const operations = found === undefined ? undefined : readOperations(found);
  await readSlowly(session, facts, asking, role !== "arbiter", signal);
  const replication = view === undefined ? {} : setValues(view, counters, previous);
  const lag = replication.replication_lag_seconds;
  if (lag !== undefined && Number.isFinite(lag)) counters.lag = lag;
  const version = textAt(status, "version", 40);
  return {
    status: "up",
    ...asking.told(),
    values: {
      ...statusValues(status, counters, previous),
      ...operationValues(operations),
      ...replication,
      size_bytes: facts.sizes?.total ?? Number.NaN,
      keys: facts.sizes?.objects ?? Number.NaN,
    },
    labels: { role, version: major(version) },
    attributes: {
      ...describe(status, facts, role, view),
      version,
      longRunning: operations?.longRunning ?? [],
      ...asking.grants(),
      tls: session.tls,
    },
    counters,
  };
}

/** Answer to `hello`, which everybody may ask; 4.4 knows it from its second release on. */
async function readHello(session: Session, signal: AbortSignal): Promise<Doc> {
  try {
    return await session.command({ hello: 1 }, signal);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return await session.command({ isMaster: 1 }, signal);
  }
}

/** What is known without rights: role and, mostly, version. */
export async function readLittle(
  session: Session,
  signal: AbortSignal,
): Promise<Pick<ProbeResult, "labels" | "attributes">> {
  const hello = await readHello(session, signal);
  const role = roleOf(hello);
  const build = await session.command({ buildInfo: 1 }, signal).catch((error) => {
    if (isAnswer(error)) return {};
    throw error;
  });
  const version = textAt(build, "version", 40);
  const labels = { role, ...(version === "" ? {} : { version: major(version) }) };
  return { labels, attributes: { role, ...(version === "" ? {} : { version }), tls: session.tls } };
}

type Asking = {
  ask<T>(part: string, work: () => Promise<T>): Promise<T | undefined>;
  told(): { reason?: string };
  grants(): { grants?: string[] };
};

function createAsking(_session: Session, target: Target, signal: AbortSignal): Asking {
  const problems: string[] = [];
  const denied: string[] = [];
  return {
    async ask(part, work) {
      try {
        return await work();
      } catch (error) {
        if (signal.aborted || !isAnswer(error)) throw error;
        if (isDenied(error)) denied.push(part);
        else if (isCut(error)) problems.push(`${part}: took too long`);
        else if (!isAbsent(error)) problems.push(`${part}: ${textAt(error, "message", 100)}`);
        return undefined;
      }
    },
    told() {
      const lacks =
        denied.length === 0 ? [] : [`the user may not see ${denied.join(", ")}: it lacks the role clusterMonitor`];
      const all = [...lacks, ...problems];
      return all.length === 0 ? {} : { reason: all.join("; ") };
    },
    grants: () => (denied.length === 0 ? {} : { grants: [grantRole(target)] }),
  };
}

async function readSlowly(
  session: Session,
  facts: Facts,
  { ask }: Asking,
  stored: boolean,
  signal: AbortSignal,
): Promise<void> {
  const now = performance.now();
  if (facts.slowAt !== undefined && now - facts.slowAt < slowEveryMs) return;
  facts.options = await ask("command line", () => session.command({ getCmdLineOpts: 1 }, signal));
  if (stored) facts.sizes = await readSizes(session, ask, signal);
  facts.slowAt = now;
}

async function readSizes(session: Session, ask: Asking["ask"], signal: AbortSignal): Promise<Sizes | undefined> {
  const list = await ask("sizes", () => session.command({ listDatabases: 1 }, signal));
  if (list === undefined) return undefined;
  const databases: Sizes["databases"] = listAt(list, ["databases"], 10_000)
    .map((one) => ({ name: textAt(one, "name", 100), sizeBytes: numberAt(one, "sizeOnDisk") }))
    .filter(({ name, sizeBytes }) => name !== "" && sizeBytes >= 0)
    .sort((a, b) => b.sizeBytes - a.sizeBytes);
  let objects = 0;
  for (const database of databases.filter(({ name }) => !ownDatabases.has(name)).slice(0, maxCounted)) {
    const stats = await ask("documents", () => session.sizeOf(database.name, signal));
    if (stats === undefined) break;
    database.objects = numberAt(stats, "objects");
    objects += database.objects;
  }
  const sum = databases.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  const total = numberAt(list, "totalSize");
  return { total: total >= 0 ? total : sum, objects, databases: databases.slice(0, 50) };
}

function operationValues(operations: Operations | undefined): ProbeResult["values"] {
  if (operations === undefined) return {};
  return {
    slow_running: operations.slowRunning,
    longest_query_seconds: operations.longestSeconds,
    longest_transaction_seconds: operations.longestTransactionSeconds,
  };
}

function describe(status: Doc, facts: Facts, role: string, view: SetView | undefined): Doc {
  const { options } = facts;
  const option = (...path: string[]) => at(options, "parsed", ...path);
  const engine = textAt(status, ["storageEngine", "name"], 40);
  const settings = {
    storageEngine: engine,
    authorization: option("security", "authorization"),
    cacheSizeGB: option("storage", "wiredTiger", "engineConfig", "cacheSizeGB"),
    oplogSizeMB: option("replication", "oplogSizeMB"),
    bindIp: option("net", "bindIp"),
    tlsMode: option("net", "tls", "mode") ?? option("net", "ssl", "mode"),
    profiling: option("operationProfiling", "mode"),
  };
  return {
    role,
    // Where nothing is set; Debian's package sets it.
    dataDirectory:
      engine === "" ? "" : textAt(options, ["parsed", "storage", "dbPath"], 400) || (options ? "/data/db" : ""),
    databases: facts.sizes?.databases ?? [],
    replication: replicationOf(role, view),
    settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => isPlain(value))),
    persistence:
      engine === "" ? {} : { storageEngine: engine, persistent: at(status, "storageEngine", "persistent") === true },
    activity: readActivity(status),
  };
}

function replicationOf(role: string, view: SetView | undefined): Doc {
  if (view === undefined) return { role, upstream: "", state: "", replicas: [] };
  const { name, upstream, state, members, oplogSeconds } = view;
  const replicas = members.map(({ health, self, ...member }) => member);
  return { role, set: name, upstream, state, replicas, ...(oplogSeconds >= 0 ? { oplogSeconds } : {}) };
}

function isPlain(value: unknown): boolean {
  return (typeof value === "string" && value !== "" && value.length < 200) || typeof value === "number";
}

function major(version: string): string {
  return /^\d+\.\d+/.exec(version)?.[0] ?? version.slice(0, 20);
}
