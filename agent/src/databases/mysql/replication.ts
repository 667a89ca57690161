import type { Counters } from "../probe.ts";
import { number, pick, type Row, text } from "./rows.ts";
import { withoutValues } from "./statement-text.ts";
import { isAtLeast, type Server } from "./version.ts";

/** One source that a replica follows. `lagSeconds`: without the delay that is wanted; NaN while it is unknown. */
export type Channel = {
  name: string;
  upstream: string;
  ioRunning: boolean;
  sqlRunning: boolean;
  state: string;
  lagSeconds: number;
  lagBytes: number;
  delaySeconds: number;
  gtid: boolean;
  error: string;
};

/** The statement that lists what a server follows: 8.4 knows the new form alone, 8.0.21 the old one. */
export function replicationQuery(server: Server): string {
  if (server.flavour === "mariadb") return "SHOW ALL SLAVES STATUS";
  return isAtLeast(server, 8, 0, 22) ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS";
}

/** The channels of that answer, any version's. Those of group replication are not among them. */
export function parseChannels(rows: readonly Row[]): Channel[] {
  return rows.map(parseChannel).filter(({ name }) => !name.startsWith("group_replication_"));
}

function parseChannel(row: Row): Channel {
  const io = text(pick(row, "Replica_IO_Running", "Slave_IO_Running"), 40);
  const sql = text(pick(row, "Replica_SQL_Running", "Slave_SQL_Running"), 40);
  const delay = number(pick(row, "SQL_Delay"));
  const behind = number(pick(row, "Seconds_Behind_Source", "Seconds_Behind_Master"));
  const errors = ["Last_IO_Error", "Last_SQL_Error", "Last_Error"].map((name) => text(pick(row, name), 4_000));
  const gtid = text(pick(row, "Using_Gtid"), 40);
  return {
    name: text(pick(row, "Connection_name", "Channel_Name"), 64),
    upstream: `${text(pick(row, "Source_Host", "Master_Host"), 100)}:${text(pick(row, "Source_Port", "Master_Port"), 8)}`,
    ioRunning: io === "Yes",
    sqlRunning: sql === "Yes",
    state: channelState(io, sql, row),
    lagSeconds: Math.max(0, behind - (delay > 0 ? delay : 0)),
    lagBytes: lagBytes(row),
    delaySeconds: delay > 0 ? delay : 0,
    gtid: (gtid !== "" && gtid !== "No") || number(pick(row, "Auto_Position")) === 1,
    error: text(withoutValues(errors.find((error) => error !== "") ?? ""), 300),
  };
}

function channelState(io: string, sql: string, row: Row): string {
  if (io === "Yes" && sql === "Yes") {
    return text(pick(row, "Replica_SQL_Running_State", "Slave_SQL_Running_State", "Slave_SQL_State"), 100);
  }
  const link = io === "Yes" ? "" : io === "No" ? "the link is stopped" : `the link is not up (${io || "unknown"})`;
  const apply = sql === "Yes" ? "" : "the apply thread is stopped";
  return [link, apply].filter((part) => part !== "").join(", ");
}

// Only within one file of the source's log; from one to the next nobody says how far it is.
function lagBytes(row: Row): number {
  const read = text(pick(row, "Source_Log_File", "Master_Log_File"));
  const applied = text(pick(row, "Relay_Source_Log_File", "Relay_Master_Log_File"));
  if (read !== applied || read === "") return Number.NaN;
  const position = number(pick(row, "Read_Source_Log_Pos", "Read_Master_Log_Pos"));
  return Math.max(0, position - number(pick(row, "Exec_Source_Log_Pos", "Exec_Master_Log_Pos")));
}

/** A line for each channel on which nothing comes, or nothing is applied: why. */
export function brokenLinks(channels: readonly Channel[]): string[] {
  return channels
    .filter(({ ioRunning, sqlRunning }) => !ioRunning || !sqlRunning)
    .map(({ name, state, error }) => {
      const which = name === "" ? "replication" : `replication ${name}`;
      return [which, state, error].filter((part) => part !== "").join(": ");
    });
}

/**
 * Lag of a replica with these channels: of the slowest. A stopped thread makes the server say nothing: what was last known
 * grows by the time since then, so that a cut link never looks like no lag. NaN where nothing was ever known.
 */
export function replicationLag(channels: readonly Channel[], at: number, before: Counters | undefined): number {
  const known = channels.map(({ lagSeconds }) => lagSeconds).filter((lag) => !Number.isNaN(lag));
  const slowest = known.length === 0 ? Number.NaN : Math.max(...known);
  if (known.length === channels.length || before?.lag === undefined) return slowest;
  const grown = before.lag + (at - before.at) / 1000;
  return Number.isNaN(slowest) ? grown : Math.max(slowest, grown);
}

/** A cluster that this server is a member of. */
export type Cluster = {
  type: "galera" | "group replication";
  name: string;
  state: string;
  ready: boolean;
  role: string;
  members: { address: string; state: string; role: string }[];
  offline: number;
};

/** Galera's own view, or undefined where it is not used. */
export function parseGalera(
  status: ReadonlyMap<string, string>,
  variables: ReadonlyMap<string, string>,
): Cluster | undefined {
  if (!/^(on|1)$/i.test(variables.get("wsrep_on") ?? "")) return undefined;
  const listed = galeraAddresses(variables.get("wsrep_cluster_address") ?? "");
  const size = number(status.get("wsrep_cluster_size"));
  const state = status.get("wsrep_cluster_status") ?? "";
  const ready = /^on$/i.test(status.get("wsrep_ready") ?? "") && /^primary$/i.test(state);
  return {
    type: "galera",
    name: text(variables.get("wsrep_cluster_name"), 100),
    state: [state, status.get("wsrep_local_state_comment") ?? ""].filter((part) => part !== "").join(", "),
    ready,
    role: "member",
    members: listed.slice(0, 50).map((address) => ({ address, state: "", role: "" })),
    offline: size >= 0 ? Math.max(0, listed.length - size) : Number.NaN,
  };
}

// gcomm://10.0.0.1,10.0.0.2:4567?option=1; empty while a cluster is being started.
function galeraAddresses(value: string): string[] {
  const list = /^gcomm:\/\/([^?]*)/.exec(value)?.[1] ?? "";
  return list.split(",").flatMap((one) => (one.trim() === "" ? [] : [text(one, 100)]));
}

/** Group replication's members as this server (`uuid`) sees them, or undefined where it is in no group. */
export function parseGroup(rows: readonly Row[], uuid: string, name: string): Cluster | undefined {
  if (rows.length === 0) return undefined;
  const members = rows.slice(0, 50).map((row) => ({
    id: text(row.MEMBER_ID, 64),
    address: `${text(row.MEMBER_HOST, 100)}:${text(row.MEMBER_PORT, 8)}`,
    state: text(row.MEMBER_STATE, 40),
    role: text(row.MEMBER_ROLE, 40).toLowerCase(),
  }));
  const own = members.find(({ id }) => id === uuid && id !== "");
  return {
    type: "group replication",
    name,
    state: own?.state ?? "",
    ready: own?.state === "ONLINE",
    role: own?.role === "primary" ? "primary" : own?.role === "secondary" ? "replica" : "member",
    members: members.map(({ address, state, role }) => ({ address, state, role })),
    offline: members.filter(({ state }) => state !== "ONLINE" && state !== "RECOVERING").length,
  };
}
