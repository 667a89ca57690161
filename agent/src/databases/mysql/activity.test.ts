import { expect, test } from "vitest";
import { readActivity, readTransactions } from "./activity.ts";
import type { Row } from "./rows.ts";
import { sumSizes } from "./sizes.ts";
import { readStatements } from "./statements.ts";

const process = (id: number, seconds: unknown, more: Row = {}): Row => ({
  ...{ id, user: "app", host: "10.0.0.9:5000", db: "shop", command: "Query", seconds, state: "Sending data" },
  ...{ info: `SELECT * FROM t WHERE id = ${id}`, ...more },
});

test("queries, replicas and waits of a process list", () => {
  const rows = [
    process(1, 86_400, { command: "Binlog Dump GTID", user: "repl", host: "10.0.0.2:41000", info: null }),
    process(2, 42),
    process(3, 11, { state: "Waiting for table metadata lock" }),
    process(4, 2, { state: "updating" }),
    // Ages that nobody has, of a clock that was set back.
    process(5, 4_294_967_290),
    process(6, "-3"),
  ];
  const transactions = [
    { id: 4, seconds: 5, state: "LOCK WAIT", idle: 0, locked: 1 },
    { id: 9, seconds: 300, state: "RUNNING", idle: 1, locked: 7 },
    // Recovered of a distributed transaction: it belongs to no connection.
    { id: 0, seconds: 9_000, state: "RUNNING", idle: 1, locked: 2 },
  ];
  const found = readActivity(rows, transactions, [{ id: 4, blocker: 9 }]);
  expect(found).toMatchObject({ active: 5, slowRunning: 2, waiting: 2, longestQuerySeconds: 42 });
  expect(found.replicas).toEqual([{ name: "repl", address: "10.0.0.2:41000", state: "Sending data" }]);
  expect(found.longRunning.slice(0, 3)).toMatchObject([
    { seconds: 42, waitsFor: "", text: "SELECT * FROM t WHERE id = ?" },
    { seconds: 11, waitsFor: "Waiting for table metadata lock" },
    { seconds: 2, waitsFor: "connection 9" },
  ]);
  expect(readTransactions(transactions)).toEqual({ longestSeconds: 9_000, idle: 1, locks: 10 });
});

test("nothing runs", () => {
  expect(readActivity([], [], [])).toMatchObject({ active: 0, longestQuerySeconds: 0, longRunning: [] });
  expect(readTransactions([])).toEqual({ longestSeconds: 0, idle: 0, locks: 0 });
});

test("sizes: files and other engines' tables of a database add up, the shared rest counts in the whole", () => {
  const files = [
    { name: null, bytes: "1000" },
    { name: "shop", bytes: "500" },
    { name: "a", bytes: 20 },
  ];
  expect(sumSizes([files, [{ name: "a", bytes: "90" }]])).toEqual({
    total: 1_610,
    databases: [
      { name: "shop", sizeBytes: 500 },
      { name: "a", sizeBytes: 110 },
    ],
  });
  expect(sumSizes([[{ name: "a@002db@0020c", bytes: 1 }]])?.databases).toEqual([{ name: "a-b c", sizeBytes: 1 }]);
  expect(sumSizes([[], []])).toBeUndefined();
});

test("top statements: seconds of picoseconds, no literal, nothing of what is no statement", () => {
  const row = {
    text: "SELECT * FROM `t` WHERE `a` = ? AND b = 'left'",
    calls: 4,
    time: "2000000000000",
    sent: 8,
    affected: 0,
  };
  expect(readStatements([row, { ...row, calls: 0 }, { ...row, text: null }])).toEqual([
    { text: "SELECT * FROM `t` WHERE `a` = ? AND b = ?", calls: 4, totalSeconds: 2, meanSeconds: 0.5, rows: 8 },
  ]);
});
