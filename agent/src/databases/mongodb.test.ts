import { BSON } from "mongodb";
import { afterEach, describe, expect, test } from "vitest";
import { type MongoAnswer, type MongoServer, startMongoServer } from "../../tests/mongo-server.ts";
import { mongodb } from "./mongodb.ts";
import type { Counters, Target } from "./probe.ts";

// Debian has no mongod: a server of our own speaks its protocol, with documents as its manual shows them.
type Doc = Record<string, unknown>;
const { Long, Timestamp } = BSON;
const now = Math.floor(Date.now() / 1000);
const servers: MongoServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    await mongodb.forget?.(keyOf(server));
    await server.kill();
  }
});

test("spoken protocol, standalone: values, sizes, settings", async () => {
  const answers = standalone();
  const server = await start(answers);
  const first = await probe(server);
  expect(first).toMatchObject({
    status: "up",
    labels: { role: "standalone", version: "7.0" },
    values: {
      up: 1,
      uptime_seconds: 86_400,
      connections: 12,
      connections_limit: 812,
      connections_used_ratio: 12 / 812,
      active: 2,
      waiting: 1,
      idle_in_transaction: 3,
      memory_used_bytes: 400_000_000,
      memory_limit_bytes: 500_000_000,
      memory_used_ratio: 0.8,
      size_bytes: 1_245_184,
      keys: 1_234,
      slow_running: 1,
      longest_query_seconds: 42,
      longest_transaction_seconds: 90,
    },
    attributes: {
      version: "7.0.14",
      dataDirectory: "/var/lib/mongodb",
      databases: [
        { name: "shop", sizeBytes: 1_204_224, objects: 1_234 },
        { name: "admin", sizeBytes: 40_960 },
      ],
      settings: { storageEngine: "wiredTiger", authorization: "enabled", bindIp: "127.0.0.1" },
      activity: { cursorsOpen: 4, assertsRegular: 1 },
      tls: { mode: "disable", used: false },
    },
  });
  expect(first.reason).toBeUndefined();
  const [slow] = first.attributes.longRunning as Doc[];
  expect(slow).toMatchObject({ seconds: 42, user: "app", database: "shop" });
  expect(slow?.text).toBe("query shop.orders {find: orders, filter: {card: ?, $or: [{status: ?}]}}");
  expect(JSON.stringify(first)).not.toContain("4111");
});

test("spoken protocol, standalone: rates from the counters of the last probe, without the agent's own commands", async () => {
  const answers = standalone();
  const server = await start(answers);
  const { counters } = await probe(server);
  const status = answers.serverStatus as Doc;
  // As if 10 s had passed.
  const before: Counters = { ...counters, at: counters.at - 10_000 };
  Object.assign(status.opcounters as Doc, { insert: Long.fromNumber(1_100), command: Long.fromNumber(9_000 + 6) });
  Object.assign((status.wiredTiger as { cache: Doc }).cache, {
    "pages requested from the cache": 101_000,
    "pages read into cache": 1_050,
  });
  const second = await probe(server, before);
  // 100 inserts; the six commands are what the agent itself sent from one serverStatus to the next.
  expect(second.values.queries_per_second).toBeCloseTo(10, 0);
  expect(second.values.cache_hit_ratio).toBeCloseTo(0.95);
  expect(second.values.commits_per_second).toBe(0);
  // Connections are kept, and sizes are not asked for again.
  expect(server.accepted()).toBe(2);
  expect(server.commands.filter((name) => name === "listDatabases")).toHaveLength(1);
});

describe("spoken protocol, replica set", () => {
  test("a primary counts its replicas, and the member that is gone", async () => {
    const result = await probe(await start(replicaSet("primary")));
    expect(result).toMatchObject({
      status: "up",
      labels: { role: "primary" },
      values: { replicas: 1, nodes_offline: 1 },
      attributes: {
        replication: {
          set: "rs0",
          state: "PRIMARY",
          oplogSeconds: 172_800,
          replicas: [
            { name: "db1:27017", state: "PRIMARY" },
            { name: "db2:27017", state: "SECONDARY", lagSeconds: 45 },
            { name: "db3:27017", state: "(not reachable/healthy)" },
          ],
        },
      },
    });
    expect(result.values.replication_lag_seconds).toBeUndefined();
  });

  test("a secondary that lags tells by how much", async () => {
    const result = await probe(await start(replicaSet("secondary")));
    expect(result).toMatchObject({
      labels: { role: "replica" },
      values: { replication_lag_seconds: 45, replication_running: 1, nodes_offline: 1 },
      attributes: { replication: { upstream: "db1:27017", state: "SECONDARY" } },
    });
  });

  test("a secondary that sees no primary is not running, and its lag grows", async () => {
    const answers = replicaSet("secondary");
    const server = await start(answers);
    const { counters } = await probe(server);
    for (const member of (answers.replSetGetStatus as { members: Doc[] }).members) {
      if (member.self !== true) Object.assign(member, { health: 0, stateStr: "(not reachable/healthy)" });
    }
    const result = await probe(server, { ...counters, at: counters.at - 30_000 });
    expect(result.values).toMatchObject({ replication_running: 0, nodes_offline: 2 });
    expect(result.values.replication_lag_seconds).toBeGreaterThanOrEqual(75);
    expect(result.values.replication_lag_seconds).toBeLessThan(80);
  });

  test("an arbiter knows no users: a refused login is no failure there", async () => {
    const answers = standalone();
    answers.hello = { ...hello(), setName: "rs0", isWritablePrimary: false, arbiterOnly: true };
    const server = await start(answers, { user: "nobody", password: "-" });
    const result = await probe(server, undefined, { user: "fairlead", password: "pw" });
    expect(result).toMatchObject({ status: "up", labels: { role: "arbiter", version: "7.0" }, values: { up: 1 } });
  });

  test("a router has no data of its own", async () => {
    const answers = standalone();
    answers.hello = { ...hello(), msg: "isdbgrid" };
    const { wiredTiger, storageEngine, ...status } = answers.serverStatus as Doc;
    const result = await probe(await start({ ...answers, serverStatus: status }));
    expect(result).toMatchObject({ status: "up", labels: { role: "router" }, attributes: { dataDirectory: "" } });
  });
});

describe("spoken protocol, login", () => {
  const auth = { user: "fairlead", password: "s3cret-pw" };

  test("the right password lets in", async () => {
    const result = await probe(await start(standalone(), auth), undefined, auth);
    expect(result).toMatchObject({ status: "up", values: { connections: 12 } });
  });

  test("without a user: role and version, and what it wants", async () => {
    const server = await start(standalone(), auth);
    for (let i = 0; i < 5; i++) {
      const result = await probe(server);
      expect(result).toMatchObject({
        status: "needs_credentials",
        reason: "it asks for a user and a password",
        labels: { role: "standalone", version: "7.0" },
        values: {},
      });
    }
    // One that asks, one that watches.
    expect(server.accepted()).toBe(2);
  });

  test("a wrong password is refused, told, and tried three times only; a new one at once", async () => {
    const server = await start(standalone(), auth);
    const tries = [];
    for (let i = 0; i < 5; i++) tries.push(await probe(server, undefined, { user: "fairlead", password: "wrong-pw" }));
    expect(tries.map(({ status }) => status)).toEqual(Array(5).fill("needs_credentials"));
    expect(tries[0]?.reason).toContain('refuses user "fairlead"');
    expect(JSON.stringify(tries)).not.toContain("wrong-pw");
    expect(server.commands.filter((name) => name === "saslContinue")).toHaveLength(3);
    expect((await probe(server, undefined, auth)).status).toBe("up");
  });

  test("a user without the role is told which one", async () => {
    const answers = standalone();
    answers.serverStatus = { ok: 0, code: 13, codeName: "Unauthorized", errmsg: "not authorized on admin" };
    const result = await probe(await start(answers, auth), undefined, auth);
    expect(result.status).toBe("needs_credentials");
    expect(result.attributes.grants).toEqual([
      'db.getSiblingDB("admin").grantRolesToUser("fairlead", [{ role: "clusterMonitor", db: "admin" }])',
    ]);
  });

  test("a part that is not allowed, or takes too long, is missing and named", async () => {
    const answers = standalone();
    answers.listDatabases = { ok: 0, code: 13, codeName: "Unauthorized", errmsg: "not authorized" };
    answers.aggregate = { ok: 0, code: 50, codeName: "MaxTimeMSExpired", errmsg: "operation exceeded time limit" };
    const result = await probe(await start(answers));
    expect(result).toMatchObject({ status: "up", values: { connections: 12 } });
    expect(result.reason).toBe(
      "the user may not see sizes: it lacks the role clusterMonitor; operations: took too long",
    );
    expect(result.values.slow_running).toBeUndefined();
  });
});

// What a real FerretDB 1.24.0 (MongoDB's protocol over SQLite) answered the driver, shortened.
const ferret: Answers = {
  hello: {
    ...{ isWritablePrimary: true, maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000 },
    ...{ maxWriteBatchSize: 100_000, logicalSessionTimeoutMinutes: 30, connectionId: 42 },
    ...{ minWireVersion: 0, maxWireVersion: 21, readOnly: false, ok: 1 },
  },
  serverStatus: {
    ...{
      host: "vm",
      version: "7.0.42",
      process: "ferretdb",
      pid: 27_797,
      uptime: 2026.52278192,
      uptimeMillis: 2_026_522,
    },
    ...{ uptimeEstimate: 2026, freeMonitoring: { state: "disabled" } },
    metrics: { commands: { hello: { total: 2, failed: 0 }, aggregate: { total: 1, failed: 1 } } },
    ...{ ferretdbVersion: "v1.24.0", ok: 1, catalogStats: { collections: 1, capped: 0, views: 0 } },
  },
  getCmdLineOpts: { argv: ["ferretdb"], parsed: {}, ok: 1 },
  listDatabases: {
    databases: [{ name: "shop", sizeOnDisk: 57_344, empty: false }],
    totalSize: 57_344,
    totalSizeMb: 0,
    ok: 1,
  },
  dbStats: {
    db: "shop",
    collections: 1,
    objects: 200,
    dataSize: 28_672,
    storageSize: 28_672,
    totalSize: 65_536,
    ok: 1,
  },
  replSetGetStatus: { ok: 0, code: 59, codeName: "CommandNotFound", errmsg: "no such command: 'replSetGetStatus'" },
  aggregate: {
    ...{ ok: 0, code: 9, codeName: "FailedToParse" },
    errmsg: "Invalid command format: the 'aggregate' field must specify a collection name or 1",
  },
};

test("a recorded server of MongoDB's protocol that lacks most of what is asked: up, with what it tells, and why the rest is missing", async () => {
  const result = await probe(await start(ferret));
  expect(result).toMatchObject({
    status: "up",
    labels: { role: "standalone", version: "7.0" },
    values: { up: 1, uptime_seconds: 2026.52278192, size_bytes: 57_344, keys: 200, connections: Number.NaN },
    attributes: { databases: [{ name: "shop", sizeBytes: 57_344, objects: 200 }], longRunning: [], settings: {} },
  });
  expect(result.reason).toBe(
    "operations: Invalid command format: the 'aggregate' field must specify a collection name or 1",
  );
  expect(result.attributes.grants).toBeUndefined();
});

describe("spoken protocol, failures", () => {
  test("nobody listens: down at once", async () => {
    const server = await start(standalone());
    await server.kill();
    expect(await probe(server)).toMatchObject({ status: "down", values: { up: 0 } });
  });

  test("killed between two probes and back: the next one connects anew", async () => {
    const server = await start(standalone());
    expect((await probe(server)).status).toBe("up");
    await server.kill();
    expect((await probe(server)).status).toBe("down");
    await server.restart();
    expect((await probe(server)).status).toBe("up");
    await server.kill();
    await server.restart();
    expect((await probe(server)).status).toBe("up");
  });

  test("a server that never answers times out and loses its connections", async () => {
    const answers: Answers = { ...standalone(), serverStatus: "hang" };
    const server = await start(answers);
    expect(await probe(server, undefined, { timeoutMs: 300 })).toMatchObject({
      status: "timed_out",
      values: { up: 0 },
    });
    answers.serverStatus = standalone().serverStatus as Doc;
    expect((await probe(server)).status).toBe("up");
  });

  test.each<[string, MongoAnswer]>([
    ["a length beyond reason", Buffer.from("ffffff7f0100000001000000dd070000", "hex")],
    ["a negative length", Buffer.from("feffffff0100000001000000dd070000", "hex")],
    ["another protocol", Buffer.from("HTTP/1.1 400 Bad Request\r\nServer: hello\r\n\r\n")],
    ["a closed connection", "close"],
    ["an empty document", {}],
  ])("%s is a status, no exception", async (_, answer) => {
    for (const name of ["hello", "serverStatus"]) {
      const server = await start({ ...standalone(), [name]: answer });
      const result = await probe(server, undefined, { timeoutMs: 400 });
      expect(["down", "error", "timed_out", "up"]).toContain(result.status);
      if (result.status !== "up") expect(result.reason).toMatch(/\S/);
    }
  });
});

test("the statements make a user who reads no data, with a placeholder for the password", () => {
  const target: Target = { key: "k", engine: "mongodb", container: "mongo-1", password: "s3cret", timeoutMs: 1 };
  expect(mongodb.grants(target)).toEqual([
    "docker exec -it mongo-1 mongosh -u ADMIN -p",
    'db.getSiblingDB("admin").createUser({ user: "fairlead", pwd: "<password>", roles: [{ role: "clusterMonitor", db: "admin" }] })',
  ]);
});

type Answers = Record<string, MongoAnswer>;

async function start(answers: Answers, auth?: { user: string; password: string }): Promise<MongoServer> {
  const server = await startMongoServer((name, command) => {
    if (name === "ping" || name === "endSessions") return { ok: 1 };
    const key = name === "ismaster" ? "hello" : name;
    const answer = answers[key];
    if (answer === undefined)
      return { ok: 0, code: 59, codeName: "CommandNotFound", errmsg: `no such command: '${name}'` };
    const mechanisms = command.saslSupportedMechs === undefined ? {} : { saslSupportedMechs: ["SCRAM-SHA-256"] };
    return key === "hello" && isDoc(answer) ? { ...answer, ...mechanisms } : answer;
  }, auth);
  servers.push(server);
  return server;
}

function isDoc(answer: MongoAnswer): answer is Doc {
  return typeof answer === "object" && !Buffer.isBuffer(answer);
}

function keyOf({ port }: MongoServer): string {
  return `mongodb:127.0.0.1:${port}`;
}

async function probe(server: MongoServer, previous?: Counters, more: Partial<Target> = {}) {
  const target: Target = {
    key: keyOf(server),
    engine: "mongodb",
    host: "127.0.0.1",
    port: server.port,
    timeoutMs: 5_000,
    ...more,
  };
  return await mongodb.probe(target, previous, AbortSignal.timeout(target.timeoutMs));
}

function hello(): Doc {
  return {
    helloOk: true,
    isWritablePrimary: true,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(now * 1000),
    logicalSessionTimeoutMinutes: 30,
    connectionId: 7,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    ok: 1,
  };
}

function standalone(): Answers {
  return {
    hello: hello(),
    buildInfo: { version: "7.0.14", gitVersion: "ce59cfc6a3c5e5c067dca0d30697edd68d4f5188", ok: 1 },
    serverStatus: {
      host: "db1",
      version: "7.0.14",
      process: "mongod",
      pid: Long.fromNumber(1),
      uptime: 86_400,
      localTime: new Date(now * 1000),
      asserts: { regular: 1, warning: 0, msg: 0, user: 12, tripwire: 0, rollovers: 0 },
      connections: { current: 12, available: 800, totalCreated: 40, rejected: 0, active: 3 },
      globalLock: {
        totalTime: Long.fromNumber(86_400_000_000),
        currentQueue: { total: 1, readers: 1, writers: 0 },
        activeClients: { total: 2, readers: 1, writers: 1 },
      },
      network: { bytesIn: Long.fromNumber(1_000), bytesOut: Long.fromNumber(2_000), numRequests: Long.fromNumber(90) },
      opcounters: {
        insert: Long.fromNumber(1_000),
        query: Long.fromNumber(5_000),
        update: Long.fromNumber(300),
        delete: Long.fromNumber(20),
        getmore: Long.fromNumber(10),
        command: Long.fromNumber(9_000),
      },
      storageEngine: { name: "wiredTiger", supportsCommittedReads: true, persistent: true },
      transactions: {
        currentOpen: Long.fromNumber(4),
        currentInactive: Long.fromNumber(3),
        totalCommitted: 10,
        totalAborted: 1,
      },
      wiredTiger: {
        "block-manager": { "bytes read": 4_096, "bytes written": Long.fromNumber(8_192) },
        cache: {
          "bytes currently in the cache": 400_000_000,
          "maximum bytes configured": 500_000_000,
          "pages read into cache": 1_000,
          "pages requested from the cache": Long.fromNumber(100_000),
          "modified pages evicted": 5,
          "unmodified pages evicted": 6,
        },
        transaction: { "transaction checkpoints": 1_440 },
      },
      mem: { bits: 64, resident: 600, virtual: 2_000 },
      metrics: {
        cursor: { timedOut: Long.fromNumber(0), open: { noTimeout: 0, total: 4 } },
        ttl: { deletedDocuments: 0 },
      },
      ok: 1,
    },
    listDatabases: {
      databases: [
        { name: "admin", sizeOnDisk: Long.fromNumber(40_960), empty: false },
        { name: "shop", sizeOnDisk: Long.fromNumber(1_204_224), empty: false },
      ],
      totalSize: Long.fromNumber(1_245_184),
      ok: 1,
    },
    dbStats: { db: "shop", collections: 3, objects: 1_234, ok: 1 },
    getCmdLineOpts: {
      argv: ["mongod", "--config", "/etc/mongod.conf"],
      parsed: {
        net: { bindIp: "127.0.0.1", port: 27_017 },
        security: { authorization: "enabled" },
        storage: { dbPath: "/var/lib/mongodb" },
      },
      ok: 1,
    },
    aggregate: cursor([
      {
        type: "op",
        desc: "conn41",
        client: "10.0.0.9:50000",
        active: true,
        secs_running: Long.fromNumber(42),
        op: "query",
        ns: "shop.orders",
        effectiveUsers: [{ user: "app", db: "admin" }],
        command: { find: "orders", filter: { card: "4111 1111", $or: [{ status: 1 }] }, lsid: {}, $db: "shop" },
      },
      {
        type: "idleSession",
        desc: "inactive transaction",
        client: "10.0.0.9:1",
        active: false,
        transaction: { timeOpenMicros: Long.fromNumber(90_000_000) },
      },
      { type: "op", desc: "ReplBatcher", active: true, secs_running: Long.fromNumber(9_999), op: "none", ns: "" },
    ]),
  };
}

function cursor(documents: Doc[]): Doc {
  return { cursor: { firstBatch: documents, id: Long.ZERO, ns: "admin.$cmd.aggregate" }, ok: 1 };
}

function replicaSet(role: "primary" | "secondary"): Answers {
  const answers = standalone();
  const isPrimary = role === "primary";
  const optime = (seconds: number) => ({ ts: new Timestamp({ t: seconds, i: 1 }), t: Long.fromNumber(3) });
  const member = (id: number, state: number, stateStr: string, behind: number, health = 1) => ({
    _id: id,
    name: `db${id}:27017`,
    health,
    state,
    stateStr,
    uptime: 86_400,
    optime: optime(now - behind),
    optimeDate: new Date((now - behind) * 1000),
  });
  answers.hello = {
    ...hello(),
    setName: "rs0",
    hosts: ["db1:27017", "db2:27017", "db3:27017"],
    primary: "db1:27017",
    me: isPrimary ? "db1:27017" : "db2:27017",
    isWritablePrimary: isPrimary,
    secondary: !isPrimary,
  };
  Object.assign(answers.serverStatus as Doc, {
    oplog: { earliestOptime: new Timestamp({ t: now - 172_800, i: 1 }), latestOptime: optime(now) },
  });
  answers.replSetGetStatus = {
    set: "rs0",
    date: new Date(now * 1000),
    myState: isPrimary ? 1 : 2,
    members: [
      { ...member(1, 1, "PRIMARY", 0), ...(isPrimary ? { self: true } : {}) },
      { ...member(2, 2, "SECONDARY", 45), syncSourceHost: "db1:27017", ...(isPrimary ? {} : { self: true }) },
      { ...member(3, 8, "(not reachable/healthy)", now, 0), lastHeartbeatMessage: "Connection refused" },
    ],
    ok: 1,
  };
  return answers;
}
