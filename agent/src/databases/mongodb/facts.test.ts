import fc from "fast-check";
import { BSON } from "mongodb";
import { expect, test } from "vitest";
import type { Target } from "../probe.ts";
import type { Session } from "./connect.ts";
import { type Doc, numberAt, secondsAt } from "./documents.ts";
import { readFacts } from "./facts.ts";
import { readOperations, shape } from "./operations.ts";
import { roleOf } from "./replication.ts";
import { readCounters, serverStatusCommand, statusValues } from "./status.ts";

const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

const target: Target = { key: "k", engine: "mongodb", user: "fairlead", timeoutMs: 5_000 };

test.each<[string, Doc, string]>([
  ["alone", { isWritablePrimary: true }, "standalone"],
  ["a primary", { setName: "rs0", isWritablePrimary: true }, "primary"],
  ["a primary of 4.4.0", { setName: "rs0", ismaster: true }, "primary"],
  ["a secondary", { setName: "rs0", isWritablePrimary: false, secondary: true }, "replica"],
  ["an arbiter", { setName: "rs0", isWritablePrimary: false, arbiterOnly: true }, "arbiter"],
  ["a router", { msg: "isdbgrid", isWritablePrimary: true }, "router"],
  ["nobody", {}, "standalone"],
])("role by hello: %s", (_, hello, role) => {
  expect(roleOf(hello)).toBe(role);
});

test("numbers and times of each of BSON's kinds", () => {
  const doc = {
    a: { long: BSON.Long.fromNumber(2 ** 40), int: new BSON.Int32(3), double: new BSON.Double(1.5), text: "7" },
  };
  expect(["long", "int", "double", "text", "none"].map((name) => numberAt(doc, "a", name))).toEqual([
    ...[2 ** 40, 3, 1.5, Number.NaN, Number.NaN],
  ]);
  const ts = new BSON.Timestamp({ t: 4_000_000_000, i: 2 });
  expect(secondsAt({ ts }, "ts")).toBe(4_000_000_000);
  expect(secondsAt({ optime: { ts, t: 1 } }, "optime")).toBe(4_000_000_000);
  expect(secondsAt({ at: new Date(5_000) }, "at")).toBe(5);
});

test("checkpoints have moved in 8.0", () => {
  const at = (wiredTiger: Doc) => readCounters({ wiredTiger }, 0, 1).checkpoints;
  expect(at({ transaction: { "transaction checkpoints": 5 } })).toBe(5);
  expect(at({ checkpoint: { "number of checkpoints completed": 6 } })).toBe(6);
});

test.each<[string, unknown, string]>([
  [
    "names stay, values go",
    { find: "t", filter: { a: "x", b: { $in: [1, 2] } } },
    "{find: t, filter: {a: ?, b: {$in: [?]}}}",
  ],
  ["no secret", { createUser: "u", pwd: "s3cret" }, "{createUser: u, pwd: ?}"],
  ["nothing of the session", { ping: 1, lsid: { id: 1 }, $db: "admin" }, "{ping: ?}"],
  ["cut by the server", { $truncated: "{ find: 's3cret'" }, ""],
  ["deep", { a: { b: { c: { d: { e: { f: { g: 1 } } } } } } }, "{a: {b: {c: {d: {e: ?}}}}}"],
  ["no document", "text", ""],
])("shape of a command: %s", (_, command, expected) => {
  expect(shape(command)).toBe(expected);
});

test("threads of the server itself, and cursors that wait for news, are nobody's long queries", () => {
  const found = readOperations([
    { desc: "ReplBatcher", active: true, secs_running: 5_000 },
    {
      desc: "conn1",
      client: "a:1",
      active: true,
      secs_running: 900,
      op: "getmore",
      cursor: { tailable: true, awaitData: true },
    },
    { desc: "conn2", client: "a:2", active: true, secs_running: 11, op: "update", ns: "shop.t" },
  ]);
  expect(found).toMatchObject({ slowRunning: 1, longestSeconds: 11, longRunning: [{ seconds: 11, database: "shop" }] });
});

test("rates need two probes, and none comes of a restart", () => {
  const status = (inserts: number) => ({
    opcounters: { insert: inserts, query: 0, update: 0, delete: 0, getmore: 0, command: 0 },
  });
  const first = readCounters(status(100), 0, 0);
  expect(statusValues(status(100), first, undefined).queries_per_second).toBeNaN();
  const second = readCounters(status(200), 0, 10_000);
  expect(statusValues(status(200), second, first).queries_per_second).toBe(10);
  const restarted = readCounters(status(3), 0, 20_000);
  expect(statusValues(status(3), restarted, second).queries_per_second).toBeNaN();
});

test("the big sections are left out of serverStatus, the ends of the log are asked for", () => {
  expect(serverStatusCommand).toMatchObject({ serverStatus: 1, oplog: 1, locks: 0, tcmalloc: 0 });
});

test("whatever documents a server gives, there is a result of bounded size", async () => {
  const leaf = fc.oneof(
    fc.constant(null),
    fc.string({ unit }),
    fc.double(),
    fc.bigInt(),
    fc.boolean(),
    fc.date({ noInvalidDate: false }),
    fc.constantFrom("SECONDARY", "PRIMARY", "isdbgrid", "rs0", BSON.Long.MAX_VALUE, new BSON.Timestamp({ t: 1, i: 1 })),
    fc.constantFrom({ _bsontype: "Long" }, { _bsontype: "Timestamp" }, { _bsontype: 5 }),
  );
  const names = [
    ...[
      "ok",
      "setName",
      "msg",
      "members",
      "self",
      "stateStr",
      "optimeDate",
      "health",
      "name",
      "databases",
      "sizeOnDisk",
    ],
    ...[
      "version",
      "uptime",
      "connections",
      "current",
      "available",
      "opcounters",
      "insert",
      "wiredTiger",
      "cache",
      "oplog",
    ],
    ...[
      "parsed",
      "storage",
      "dbPath",
      "net",
      "active",
      "secs_running",
      "client",
      "command",
      "transaction",
      "timeOpenMicros",
    ],
    ...[
      "effectiveUsers",
      "cursor",
      "storageEngine",
      "__proto__",
      "latestOptime",
      "earliestOptime",
      "objects",
      "totalSize",
    ],
  ];
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("tree"), { maxLength: 4 }), tie("doc")),
    doc: fc.dictionary(fc.constantFrom(...names), tie("tree"), { maxKeys: 6, noNullPrototype: true }),
  }));
  const doc = fc.dictionary(fc.constantFrom(...names), tree, {
    maxKeys: 10,
    noNullPrototype: true,
  }) as fc.Arbitrary<Doc>;
  await fc.assert(
    fc.asyncProperty(fc.array(doc, { minLength: 1, maxLength: 9 }), async (answers) => {
      let next = 0;
      const answer = () => answers[next++ % answers.length] ?? {};
      const session: Session = {
        tls: { mode: "disable", used: false },
        command: async () => answer(),
        aggregate: async () => [answer(), answer()],
        sizeOf: async () => answer(),
        sent: () => next,
        close: () => undefined,
      };
      const facts = {};
      const first = await readFacts(session, target, facts, undefined, AbortSignal.timeout(5_000));
      const second = await readFacts(session, target, facts, first.counters, AbortSignal.timeout(5_000));
      expect(JSON.stringify(second.attributes).length).toBeLessThan(64 * 1024);
      for (const number of Object.values(second.values)) expect(typeof number).toBe("number");
    }),
    { numRuns: 100 },
  );
});
