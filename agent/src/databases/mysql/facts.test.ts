import fc from "fast-check";
import { expect, test } from "vitest";
import type { Session } from "./connect.ts";
import { readFacts } from "./facts.ts";
import type { Row } from "./rows.ts";
import { parseServer } from "./version.ts";

const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

// Debian has no MySQL: its versions are known by what its manual says, and by a server that answers anything at all.
const versions = [
  "5.7.44",
  "8.0.21",
  "8.0.36",
  "8.4.3",
  "9.1.0",
  "10.3.39-MariaDB",
  "10.11.6-MariaDB",
  "12.0.2-MariaDB",
];

test.each(versions)("%s: each statement is one of its own", async (version) => {
  const asked: string[] = [];
  const session = sessionOf(version, (sql) => {
    asked.push(sql);
    return sql.includes("VARIABLES") ? variables() : sql.includes("INNODB_TRX") ? [lockWait] : [];
  });
  const result = await readFacts(session, {}, undefined, AbortSignal.timeout(5_000));
  expect(result.status).toBe("up");
  const all = asked.join("\n");
  const isMariadb = version.includes("MariaDB");
  const old = version.startsWith("5.7") || version === "8.0.21";
  expect(/SHOW ALL SLAVES/.test(all)).toBe(isMariadb);
  expect(/SHOW REPLICA STATUS/.test(all)).toBe(!isMariadb && !old);
  expect(/SHOW SLAVE STATUS/.test(all)).toBe(!isMariadb && old);
  expect(/performance_schema\.PROCESSLIST/.test(all)).toBe(!isMariadb && !old);
  expect(/performance_schema\.data_lock_waits/.test(all)).toBe(!isMariadb && !version.startsWith("5.7"));
  expect(/INNODB_SYS_TABLESPACES/.test(all)).toBe(isMariadb || version.startsWith("5.7"));
  expect(asked.every((sql) => !sql.includes(";"))).toBe(true);
});

test("the rare questions are asked once in 5 min, the others each time", async () => {
  const asked: string[] = [];
  const session = sessionOf("10.11.6-MariaDB", (sql) => {
    asked.push(sql);
    return [];
  });
  const facts = {};
  await readFacts(session, facts, undefined, AbortSignal.timeout(5_000));
  const first = asked.splice(0).length;
  await readFacts(session, facts, undefined, AbortSignal.timeout(5_000));
  expect(asked.filter((sql) => /VARIABLES|schema\.TABLES|TABLESPACES|digest|BINARY LOGS/.test(sql))).toEqual([]);
  expect(asked.length).toBeLessThan(first);
  expect(asked.length).toBeLessThanOrEqual(7);
});

test.each<[number, object]>([
  [1227, { status: "up", reason: expect.stringContaining("the user lacks PROCESS ON *.*") }],
  [1109, { status: "up" }],
  [3024, { status: "up", reason: expect.stringContaining("took too long") }],
  [1969, { status: "up", reason: expect.stringContaining("took too long") }],
  [9999, { status: "up", reason: expect.stringContaining("replication: failed") }],
])("each statement fails with %i: what is left is told", async (errno, expected) => {
  const session = sessionOf("8.4.3", () => {
    throw Object.assign(new Error("failed"), { errno });
  });
  expect(await readFacts(session, {}, undefined, AbortSignal.timeout(5_000))).toMatchObject(expected);
});

test("a lost connection is no missing part", async () => {
  const session = sessionOf("8.4.3", () => {
    throw Object.assign(new Error("Connection lost"), { code: "PROTOCOL_CONNECTION_LOST", fatal: true });
  });
  await expect(readFacts(session, {}, undefined, AbortSignal.timeout(5_000))).rejects.toThrow("Connection lost");
});

test("whatever rows a server gives, there is a result of bounded size", async () => {
  const value = fc.oneof(
    fc.constant(null),
    fc.string({ unit, maxLength: 40 }),
    fc.double(),
    fc.bigInt(),
    fc.constantFrom("Yes", "No", "ON", "-1", "99999999999999999999", "LOCK WAIT", "gcomm://a,b", "Binlog Dump"),
    fc.uint8Array(),
    fc.date({ noInvalidDate: false }),
  );
  const names = [
    ...["Variable_name", "Value", "id", "user", "host", "db", "command", "seconds", "state", "info", "idle", "locked"],
    ...[
      "name",
      "bytes",
      "text",
      "calls",
      "time",
      "File_size",
      "Slave_IO_Running",
      "Seconds_Behind_Master",
      "SQL_Delay",
    ],
    ...[
      "Replica_IO_Running",
      "Last_IO_Error",
      "MEMBER_ID",
      "MEMBER_STATE",
      "max_connections",
      "read_only",
      "count",
      "__proto__",
    ],
  ];
  const row = fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true });
  const named = fc.record({
    Variable_name: fc.constantFrom("wsrep_on", "log_bin", "Uptime", "Questions"),
    Value: value,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...versions),
      fc.array(fc.array(fc.oneof(row, named), { maxLength: 5 }), { minLength: 1, maxLength: 14 }),
      async (version, answers) => {
        let next = 0;
        const session = sessionOf(version, () => (answers[next++ % answers.length] ?? []) as Row[]);
        const facts = {};
        const first = await readFacts(session, facts, undefined, AbortSignal.timeout(5_000));
        const second = await readFacts(session, facts, first.counters, AbortSignal.timeout(5_000));
        expect(JSON.stringify(second.attributes).length).toBeLessThan(64 * 1024);
        for (const number of Object.values(second.values)) expect(typeof number).toBe("number");
      },
    ),
    { numRuns: 80 },
  );
});

function sessionOf(version: string, answer: (sql: string) => Row[]): Session {
  return {
    server: parseServer(version, ""),
    account: "fairlead@localhost",
    tls: { mode: "disable", used: false },
    query: async (sql) => answer(sql),
    isOpen: () => true,
    close: () => undefined,
  };
}

const lockWait: Row = { id: 4, seconds: 3, state: "LOCK WAIT", idle: 0, locked: 1 };

function variables(): Row[] {
  return [
    { Variable_name: "performance_schema", Value: "ON" },
    { Variable_name: "log_bin", Value: "ON" },
  ];
}
