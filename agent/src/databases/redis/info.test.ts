import fc from "fast-check";
import { expect, test } from "vitest";
import {
  commandStatistics,
  keyspaces,
  parseClusterNodes,
  parseInfo,
  parseSlowLog,
  redisCounters,
  redisValues,
  replicasOf,
  saveFailure,
} from "./info.ts";

const primary = `# Server\r
redis_version:7.2.4\r
uptime_in_seconds:100\r
server_time_usec:1700000100000000\r
# Replication\r
role:master\r
connected_slaves:2\r
slave0:ip=10.0.0.2,port=6379,state=online,offset=900,lag=1\r
slave1:ip=fe80::1,port=6379,state=wait_bgsave,offset=0,lag=0\r
master_repl_offset:1000\r
# Persistence\r
rdb_last_bgsave_status:ok\r
rdb_last_save_time:1700000040\r
aof_enabled:0\r
# Stats\r
keyspace_hits:75\r
keyspace_misses:25\r
# Memory\r
used_memory:900\r
mem_not_counted_for_evict:100\r
maxmemory:1000\r
# Commandstats\r
cmdstat_get:calls=10,usec=500,usec_per_call=50.00,rejected_calls=0,failed_calls=1\r
cmdstat_config|get:calls=1,usec=900,usec_per_call=900.00\r
# Keyspace\r
db0:keys=5,expires=1,avg_ttl=0\r
db3:keys=2,expires=0,avg_ttl=0\r
`;
const replica = (more: string) => parseInfo(`redis_version:7.2.4\nuptime_in_seconds:500\nrole:slave\n${more}`);
const valuesOf = (info: ReturnType<typeof parseInfo>, more = {}) =>
  redisValues({ info, ...more }, redisCounters({ info }, 0), undefined);

test("a primary with its replicas", () => {
  const info = parseInfo(primary);
  expect(valuesOf(info, { saves: "3600 1" })).toMatchObject({
    replicas: 2,
    replication_lag_bytes: 100,
    memory_used_ratio: 0.8,
    keys: 7,
    save_ok: 1,
    save_age_seconds: 60,
  });
  expect(replicasOf(info).map(({ address, lagBytes }) => [address, lagBytes])).toEqual([
    ["10.0.0.2:6379", 100],
    ["[fe80::1]:6379", 1000],
  ]);
  expect(keyspaces(info).map(({ name }) => name)).toEqual(["db0", "db3"]);
  expect(commandStatistics(info)).toMatchObject([
    { text: "CONFIG GET", calls: 1 },
    { text: "GET", calls: 10, totalSeconds: 0.0005, failed: 1 },
  ]);
});

test.each<[what: string, more: string, expected: object]>([
  [
    "quiet",
    "master_link_status:up\nmaster_last_io_seconds_ago:9\nslave_read_repl_offset:7\nslave_repl_offset:7",
    { replication_running: 1, replication_lag_seconds: 0, replication_lag_bytes: 0 },
  ],
  [
    "behind a primary that hangs",
    "master_link_status:up\nmaster_last_io_seconds_ago:40",
    { replication_running: 1, replication_lag_seconds: 40 },
  ],
  [
    "cut off",
    "master_link_status:down\nmaster_link_down_since_seconds:33",
    { replication_running: 0, replication_lag_seconds: 33 },
  ],
  [
    "never linked",
    "master_link_status:down\nmaster_link_down_since_seconds:-1",
    { replication_running: 0, replication_lag_seconds: 500 },
  ],
  [
    "copying",
    "master_link_status:up\nmaster_sync_in_progress:1\nmaster_last_io_seconds_ago:0",
    { replication_running: 0 },
  ],
])("a replica that is %s", (_, more, expected) => expect(valuesOf(replica(more))).toMatchObject(expected));

test.each<[more: string, expected: string | undefined]>([
  ["rdb_last_bgsave_status:ok\naof_enabled:1\naof_last_write_status:ok\naof_last_bgrewrite_status:ok", undefined],
  ["rdb_last_bgsave_status:err", "the last save to disk failed"],
  ["aof_enabled:1\naof_last_write_status:err", "the last write to the append-only file failed"],
  ["aof_enabled:1\naof_last_bgrewrite_status:err", "the last rewrite of the append-only file failed"],
  ["aof_enabled:0\naof_last_bgrewrite_status:err", undefined],
])("saving with %j", (more, expected) => expect(saveFailure(parseInfo(more))).toBe(expected));

test("cluster nodes and the slow log", () => {
  const nodes = `a 10.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-5460
b 10.0.0.2:7000@17000 master,fail - 0 0 2 disconnected 5461-10922
c 10.0.0.3:7000@17000 slave,fail? a 0 0 3 connected
`;
  expect(parseClusterNodes(nodes)).toEqual({ nodes: 3, offline: 2 });
  expect(parseSlowLog([[14, 1700000000, 12000, ["SET", "secret", "value"], "10.0.0.1:1", ""]])).toEqual([
    { id: 14, at: "2023-11-14T22:13:20.000Z", seconds: 0.012, text: "SET ? (2 arguments)" },
  ]);
  expect(parseSlowLog("ERR")).toEqual([]);
});

test("no text makes them throw", () => {
  const cut = fc.tuple(fc.nat(primary.length), fc.nat(primary.length), fc.string());
  fc.assert(
    fc.property(cut, ([from, to, middle]) => {
      const info = parseInfo(primary.slice(0, from) + middle + primary.slice(to));
      for (const value of Object.values(valuesOf(info))) expect(typeof value).toBe("number");
      commandStatistics(info);
      parseClusterNodes(middle);
    }),
  );
  fc.assert(fc.property(fc.anything(), (reply) => void parseSlowLog([reply])));
});
