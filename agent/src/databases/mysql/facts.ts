import { type Counters, type ProbeResult, rate } from "../probe.ts";
import {
  type Activity,
  lockWaitQuery,
  processQuery,
  readActivity,
  readTransactions,
  transactionQuery,
} from "./activity.ts";
import type { Session } from "./connect.ts";
import { partError } from "./errors.ts";
import { type MissingRight, missingGrant, performanceRight, processRight, replicationRight } from "./grants.ts";
import {
  brokenLinks,
  type Channel,
  type Cluster,
  parseChannels,
  parseGalera,
  parseGroup,
  replicationLag,
  replicationQuery,
} from "./replication.ts";
import { byName, isOn, number, type Row, text } from "./rows.ts";
import { type Sizes, sumSizes, tableQuery, tablespaceQuery } from "./sizes.ts";
import { digestQuery, readStatements, type TopStatement } from "./statements.ts";
import { ownNames, readCounters, settings, showNamed, statusNames, statusValues, variableNames } from "./status.ts";
import { isAtLeast } from "./version.ts";

/** What is asked for each 5 min only, as it was last; `tablesAt`: when the tables may be asked again. Monotonic ms. */
export type Facts = {
  slowAt?: number;
  variables?: ReadonlyMap<string, string>;
  sizes?: Sizes | undefined;
  others?: Row[];
  tablesAt?: number;
  statements?: TopStatement[] | undefined;
  binaryLog?: { bytes: number; files: number } | undefined;
};

const slowEveryMs = 5 * 60_000;
/** A listing of tables that takes longer than this is next asked for in 6 h. */
const dearMs = 250;
const dearEveryMs = 6 * 3_600_000;

/** Asks for everything; a part that fails is missing, and what it lacks is told. Rejects when the connection is lost. */
export async function readFacts(
  session: Session,
  facts: Facts,
  previous: Counters | undefined,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const asking = createAsking(session, signal);
  const { ask } = asking;
  const status = byName((await ask(showNamed("GLOBAL STATUS", statusNames), "status")) ?? []);
  const own = byName((await ask(showNamed("SESSION STATUS", ownNames), "status")) ?? []);
  const counters = readCounters(status, own, performance.now());
  await readSlowly(session, facts, asking);
  const variables = await refreshed(facts.variables ?? new Map(), asking);
  const activity = await readRunning(session, variables, asking);
  const channels = parseChannels((await ask(replicationQuery(session.server), "replication", replicationRight)) ?? []);
  const cluster = await readCluster(status, variables, asking);
  if (counters.Innodb_deadlocks === undefined) {
    const deadlocks = "SELECT COUNT AS count FROM information_schema.INNODB_METRICS WHERE NAME = 'lock_deadlocks'";
    const count = number((await ask(deadlocks, "deadlocks", processRight))?.[0]?.count);
    if (count >= 0) counters.Innodb_deadlocks = count;
  }
  const replication = replicationOf(channels, cluster, activity, number(status.get("slaves_connected")));
  const lag = channels.length === 0 ? Number.NaN : replicationLag(channels, counters.at, previous);
  if (!Number.isNaN(lag)) counters.lag = lag;
  const told = asking.told();
  const { grants } = told;
  const reason = [...brokenLinks(channels), ...(told.reason === undefined ? [] : [told.reason])].join("; ");
  return {
    status: "up",
    ...(reason === "" ? {} : { reason }),
    values: {
      ...statusValues(status, variables, counters, previous),
      ...activityValues(activity),
      deadlocks_per_second: rate(counters, previous, "Innodb_deadlocks"),
      size_bytes: facts.sizes?.total ?? Number.NaN,
      replicas: replication.count,
      ...replicationValues(channels, cluster, lag),
    },
    labels: { role: replication.role, version: session.server.label },
    attributes: {
      version: session.server.version,
      product: session.server.product,
      role: replication.role,
      dataDirectory: variables.get("datadir") ?? "",
      databases: facts.sizes?.databases ?? [],
      replication: replication.attributes,
      ...(cluster === undefined ? {} : { cluster }),
      topStatements: facts.statements ?? [],
      longRunning: activity?.longRunning ?? [],
      settings: settings(variables),
      persistence: persistence(variables, facts),
      ...(grants.length === 0 ? {} : { grants }),
      tls: session.tls,
    },
    counters,
  };
}

type Asking = {
  /** Rows, or undefined where this server, or this user, can't tell. `right`: what the user then lacks. */
  ask(sql: string, part: string, right?: MissingRight): Promise<Row[] | undefined>;
  told(): { reason: string | undefined; grants: string[] };
};

function createAsking(session: Session, signal: AbortSignal): Asking {
  const problems = new Set<string>();
  const missing = new Set<MissingRight>();
  return {
    async ask(sql, part, right) {
      try {
        return await session.query(sql, signal);
      } catch (error) {
        const kind = signal.aborted ? "lost" : partError(error);
        if (kind === "lost") throw error;
        if (kind === "denied" && right !== undefined) missing.add(right);
        else if (kind === "denied") problems.add(`${part}: not allowed`);
        else if (kind === "cut") problems.add(`${part}: took too long`);
        else if (kind === "other") problems.add(`${part}: ${text((error as Error).message, 100)}`);
        return undefined;
      }
    },
    told() {
      const mariadb = session.server.flavour === "mariadb";
      const grants = [...missing].map((right) => missingGrant(right, session.account, mariadb));
      const lacks = [...missing].map((right) => (mariadb ? right.mariadb : right.mysql));
      const all = [...(lacks.length === 0 ? [] : [`the user lacks ${lacks.join("; ")}`]), ...problems];
      return { reason: all.length === 0 ? undefined : all.join("; "), grants };
    },
  };
}

async function readSlowly(session: Session, facts: Facts, { ask }: Asking): Promise<void> {
  const now = performance.now();
  if (facts.slowAt !== undefined && now - facts.slowAt < slowEveryMs) return;
  facts.variables = byName((await ask(showNamed("GLOBAL VARIABLES", variableNames), "settings")) ?? []);
  facts.sizes = await readSizes(session, facts, ask);
  facts.statements = isOn(facts.variables.get("performance_schema"))
    ? readStatements((await ask(digestQuery, "top statements", performanceRight)) ?? [])
    : undefined;
  const logs = isOn(facts.variables.get("log_bin"))
    ? await ask("SHOW BINARY LOGS", "binary log", replicationRight)
    : undefined;
  const bytes = (logs ?? []).map(({ File_size }) => number(File_size)).filter((size) => size >= 0);
  facts.binaryLog = logs && { bytes: bytes.reduce((sum, size) => sum + size, 0), files: logs.length };
  facts.slowAt = now;
}

async function readSizes(session: Session, facts: Facts, ask: Asking["ask"]): Promise<Sizes | undefined> {
  const spaces = await ask(tablespaceQuery(session.server), "sizes", processRight);
  const started = performance.now();
  if (facts.tablesAt === undefined || started >= facts.tablesAt) {
    facts.others = (await ask(tableQuery(spaces !== undefined), "sizes of tables")) ?? [];
    const dear = performance.now() - started > dearMs;
    facts.tablesAt = dear ? started + dearEveryMs : started;
  }
  return sumSizes([spaces ?? [], facts.others ?? []]);
}

// A failover and a raised limit show at once.
async function refreshed(
  variables: ReadonlyMap<string, string>,
  { ask }: Asking,
): Promise<ReadonlyMap<string, string>> {
  const sql = "SELECT @@GLOBAL.max_connections AS max_connections, @@GLOBAL.read_only AS read_only";
  const [row = {}] = (await ask(sql, "settings")) ?? [];
  const fresh = new Map(variables);
  if (row.max_connections !== undefined) fresh.set("max_connections", text(row.max_connections, 20));
  if (row.read_only !== undefined) {
    fresh.set("read_only", row.read_only === 1 ? "ON" : row.read_only === 0 ? "OFF" : text(row.read_only, 40));
  }
  return fresh;
}

type Running = Activity & { transactions: ReturnType<typeof readTransactions> };

// Without PROCESS the process list holds nobody but us and says nothing about it; the transactions do.
async function readRunning(
  { server }: Session,
  variables: ReadonlyMap<string, string>,
  { ask }: Asking,
): Promise<Running | undefined> {
  const transactions = await ask(transactionQuery, "transactions", processRight);
  if (transactions === undefined) return undefined;
  const newer = server.flavour === "mysql" && isAtLeast(server, 8, 0, 22) && isOn(variables.get("performance_schema"));
  const processes =
    (newer ? await ask(processQuery("performance_schema"), "process list", performanceRight) : undefined) ??
    (await ask(processQuery("information_schema"), "process list", processRight));
  if (processes === undefined) return undefined;
  const waits = transactions.some(({ state }) => state === "LOCK WAIT")
    ? await ask(lockWaitQuery(server.flavour === "mysql" && isAtLeast(server, 8, 0, 1)), "locks", performanceRight)
    : [];
  return { ...readActivity(processes, transactions, waits ?? []), transactions: readTransactions(transactions) };
}

function activityValues(running: Running | undefined): ProbeResult["values"] {
  if (running === undefined) return {};
  return {
    active: running.active,
    slow_running: running.slowRunning,
    waiting: running.waiting,
    locks: running.transactions.locks,
    idle_in_transaction: running.transactions.idle,
    longest_query_seconds: running.longestQuerySeconds,
    longest_transaction_seconds: running.transactions.longestSeconds,
  };
}

async function readCluster(
  status: ReadonlyMap<string, string>,
  variables: ReadonlyMap<string, string>,
  { ask }: Asking,
): Promise<Cluster | undefined> {
  const galera = parseGalera(status, variables);
  if (galera !== undefined) return galera;
  const group = variables.get("group_replication_group_name") ?? "";
  if (group === "") return undefined;
  const members = "SELECT * FROM performance_schema.replication_group_members LIMIT 50";
  const rows = (await ask(members, "group replication", performanceRight)) ?? [];
  return parseGroup(rows, variables.get("server_uuid") ?? "", group);
}

function replicationOf(
  channels: readonly Channel[],
  cluster: Cluster | undefined,
  activity: Activity | undefined,
  connected: number,
): { role: string; count: number; attributes: Record<string, unknown> } {
  const count = activity?.replicas.length ?? connected;
  const role =
    channels.length > 0 ? "replica" : cluster !== undefined ? cluster.role : count > 0 ? "primary" : "standalone";
  const [first] = channels;
  const broken = channels.find(({ ioRunning, sqlRunning }) => !(ioRunning && sqlRunning)) ?? first;
  return {
    role,
    count,
    attributes: {
      role,
      upstream: first?.upstream ?? "",
      state: cluster?.state ?? broken?.state ?? "",
      ...(broken === undefined || broken.error === "" ? {} : { error: broken.error }),
      channels: channels.slice(0, 20),
      replicas: activity?.replicas ?? [],
    },
  };
}

function replicationValues(
  channels: readonly Channel[],
  cluster: Cluster | undefined,
  lag: number,
): ProbeResult["values"] {
  const values: ProbeResult["values"] = {};
  if (cluster !== undefined) values.nodes_offline = cluster.offline;
  if (channels.length === 0 && cluster === undefined) return values;
  const running = channels.every(({ ioRunning, sqlRunning }) => ioRunning && sqlRunning);
  values.replication_running = running && cluster?.ready !== false ? 1 : 0;
  if (channels.length === 0) return values;
  values.replication_lag_seconds = lag;
  values.replication_lag_bytes = Math.max(...channels.map(({ lagBytes }) => lagBytes));
  return values;
}

function persistence(variables: ReadonlyMap<string, string>, { binaryLog }: Facts): Record<string, unknown> {
  return {
    binaryLog: isOn(variables.get("log_bin")),
    ...(binaryLog === undefined ? {} : { binaryLogBytes: binaryLog.bytes, binaryLogFiles: binaryLog.files }),
    flushAtCommit: variables.get("innodb_flush_log_at_trx_commit") ?? "",
    syncBinaryLog: variables.get("sync_binlog") ?? "",
    doubleWrite: variables.get("innodb_doublewrite") ?? "",
  };
}
