import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../tests/database.ts";
import {
  dropPartitions,
  ensurePartitions,
  listPartitions,
  type PartitionedTable,
  partitionOf,
  partitionsBetween,
} from "./partitions.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const day = 86_400_000;
const at = Date.UTC(2026, 11, 31, 23, 59, 59, 999);

test.each<[PartitionedTable, string, string, string]>([
  ["sample", "sample_20261231", "2026-12-31T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
  ["rollup_1m", "rollup_1m_20261231", "2026-12-31T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
  ["rollup_15m", "rollup_15m_202612", "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
  ["rollup_2h", "rollup_2h_2026", "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
])("a partition of %s", (table, name, from, to) => {
  expect(partitionOf(table, at)).toEqual({ table, name, from: Date.parse(from), to: Date.parse(to) });
});

test("partitions between two times", () => {
  const names = partitionsBetween("sample", at, at + 1).map((partition) => partition.name);
  expect(names).toEqual(["sample_20261231", "sample_20270101"]);
});

test("are made once by several at a time, and dropped whole", async () => {
  const { pool } = database;
  const made = await Promise.all([1, 2, 3].map(() => ensurePartitions(pool, "sample", at - 2 * day, at)));
  expect(new Set(made.flat()).size).toBe(3);
  expect(await ensurePartitions(pool, "sample", at - 2 * day, at)).toEqual([]);
  for (const [n, time] of [at - 2 * day, at - day, at].entries()) {
    await pool.query("INSERT INTO sample VALUES ($1, $2, '{1}')", [new Date(time), n]);
  }
  expect(await dropPartitions(pool, "sample", at - day)).toEqual(["sample_20261229"]);
  expect((await listPartitions(pool, "sample")).map((one) => one.name)).toEqual(["sample_20261230", "sample_20261231"]);
  expect((await pool.query("SELECT resource_id FROM sample ORDER BY 1")).rows).toEqual([
    { resource_id: 1 },
    { resource_id: 2 },
  ]);
});
