import { expect, test } from "vitest";
import { parseChannels, parseGalera, parseGroup, replicationLag, replicationQuery } from "./replication.ts";
import type { Row } from "./rows.ts";
import { parseServer } from "./version.ts";

// Debian has no MySQL: these rows are written down from its manual, version by version.
const mysql57: Row = {
  Slave_IO_State: "Waiting for master to send event",
  Master_Host: "10.0.0.1",
  Master_User: "repl",
  Master_Port: 3306,
  Master_Log_File: "binlog.000003",
  Read_Master_Log_Pos: 2000,
  Relay_Master_Log_File: "binlog.000003",
  Slave_IO_Running: "Yes",
  Slave_SQL_Running: "Yes",
  Exec_Master_Log_Pos: 1500,
  Seconds_Behind_Master: 7,
  Last_IO_Errno: 0,
  Last_IO_Error: "",
  Last_SQL_Errno: 0,
  Last_SQL_Error: "",
  SQL_Delay: 0,
  Slave_SQL_Running_State: "Reading event from the relay log",
  Auto_Position: 1,
  Channel_Name: "",
};
const mysql84: Row = {
  Replica_IO_State: "Waiting for source to send event",
  Source_Host: "10.0.0.1",
  Source_User: "repl",
  Source_Port: 3306,
  Source_Log_File: "binlog.000003",
  Read_Source_Log_Pos: 2000,
  Relay_Source_Log_File: "binlog.000003",
  Replica_IO_Running: "Yes",
  Replica_SQL_Running: "Yes",
  Exec_Source_Log_Pos: 1500,
  Seconds_Behind_Source: 7,
  Last_IO_Error: "",
  Last_SQL_Error: "",
  SQL_Delay: 0,
  Replica_SQL_Running_State: "Reading event from the relay log",
  Auto_Position: 1,
  Channel_Name: "",
};

test.each([
  ["5.7.44", "SHOW SLAVE STATUS"],
  ["8.0.21", "SHOW SLAVE STATUS"],
  ["8.0.22", "SHOW REPLICA STATUS"],
  ["8.4.0", "SHOW REPLICA STATUS"],
  ["9.1.0", "SHOW REPLICA STATUS"],
  ["10.3.39-MariaDB", "SHOW ALL SLAVES STATUS"],
  ["12.0.2-MariaDB", "SHOW ALL SLAVES STATUS"],
])("%s is asked by %s", (version, query) => {
  expect(replicationQuery(parseServer(version, ""))).toBe(query);
});

test.each([
  ["MySQL 5.7", mysql57],
  ["MySQL 8.4", mysql84],
])("%s: the same channel by other names (recorded rows)", (_, row) => {
  expect(parseChannels([row])).toEqual([
    {
      name: "",
      upstream: "10.0.0.1:3306",
      ioRunning: true,
      sqlRunning: true,
      state: "Reading event from the relay log",
      lagSeconds: 7,
      lagBytes: 500,
      delaySeconds: 0,
      gtid: true,
      error: "",
    },
  ]);
});

test.each<[string, Row, object]>([
  ["a wanted delay is no lag", { SQL_Delay: 3600, Seconds_Behind_Source: 3603 }, { lagSeconds: 3, delaySeconds: 3600 }],
  ["inside the wanted delay", { SQL_Delay: 3600, Seconds_Behind_Source: 100 }, { lagSeconds: 0 }],
  ["nobody knows the lag", { Seconds_Behind_Source: null }, { lagSeconds: Number.NaN }],
  ["another file is being applied", { Relay_Source_Log_File: "binlog.000002" }, { lagBytes: Number.NaN }],
  [
    "a link that tries",
    { Replica_IO_Running: "Connecting" },
    { ioRunning: false, state: "the link is not up (Connecting)" },
  ],
  ["a stopped link", { Replica_IO_Running: "No" }, { state: "the link is stopped" }],
  [
    "both stopped",
    { Replica_IO_Running: "No", Replica_SQL_Running: "No" },
    { state: "the link is stopped, the apply thread is stopped" },
  ],
  ["an error", { Last_IO_Error: "error connecting\nto source" }, { error: "error connecting to source" }],
])("%s", (_, changes, expected) => {
  expect(parseChannels([{ ...mysql84, ...changes }])).toMatchObject([expected]);
});

test("channels of group replication are not replicas of somebody", () => {
  expect(parseChannels([{ ...mysql84, Channel_Name: "group_replication_applier" }])).toEqual([]);
});

test.each<[string, (number | null)[], number | undefined, number]>([
  ["the slowest of several", [3, 9, 0], 100, 9],
  ["one of two says nothing: at least as long as since it last did", [3, null], 5, 35],
  ["nobody says anything", [null], 5, 35],
  ["nobody ever said anything", [null], undefined, Number.NaN],
  ["a slow one hides nothing", [300, null], 5, 300],
])("lag: %s", (_, lags, before, expected) => {
  const channels = parseChannels(lags.map((lag) => ({ ...mysql84, Seconds_Behind_Source: lag })));
  const previous = before === undefined ? { at: 0 } : { at: 0, lag: before };
  expect(replicationLag(channels, 30_000, previous)).toBe(expected);
});

test.each<[string, Record<string, string>, Record<string, string>, object | undefined]>([
  ["no Galera", {}, { wsrep_on: "OFF" }, undefined],
  [
    "two of three nodes",
    {
      wsrep_cluster_size: "2",
      wsrep_cluster_status: "Primary",
      wsrep_ready: "ON",
      wsrep_local_state_comment: "Synced",
    },
    { wsrep_on: "ON", wsrep_cluster_address: "gcomm://10.0.0.1,10.0.0.2:4567,10.0.0.3?gmcast.segment=1" },
    { ready: true, state: "Primary, Synced", offline: 1, members: [{}, {}, { address: "10.0.0.3" }] },
  ],
  [
    "cut off",
    { wsrep_cluster_size: "1", wsrep_cluster_status: "non-Primary", wsrep_ready: "OFF" },
    { wsrep_on: "ON", wsrep_cluster_address: "gcomm://a,b,c" },
    { ready: false, state: "non-Primary", offline: 2 },
  ],
  ["being started", { wsrep_cluster_size: "1" }, { wsrep_on: "ON", wsrep_cluster_address: "gcomm://" }, { offline: 0 }],
])("Galera: %s (recorded)", (_, status, variables, expected) => {
  const found = parseGalera(new Map(Object.entries(status)), new Map(Object.entries(variables)));
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(expected);
});

test("group replication: own role, and who is not there (recorded rows)", () => {
  const row = (id: string, state: string, role: string) => ({
    CHANNEL_NAME: "group_replication_applier",
    MEMBER_ID: id,
    MEMBER_HOST: `${id}.example`,
    MEMBER_PORT: 3306,
    MEMBER_STATE: state,
    MEMBER_ROLE: role,
  });
  const rows = [row("a", "ONLINE", "PRIMARY"), row("b", "ONLINE", "SECONDARY"), row("c", "UNREACHABLE", "SECONDARY")];
  expect(parseGroup(rows, "b", "g")).toMatchObject({ role: "replica", ready: true, state: "ONLINE", offline: 1 });
  expect(parseGroup(rows, "a", "g")).toMatchObject({ role: "primary" });
  expect(parseGroup(rows, "c", "g")).toMatchObject({ ready: false });
  expect(parseGroup([], "a", "g")).toBeUndefined();
});
