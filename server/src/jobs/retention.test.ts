import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../tests/database.ts";
import { readConfig } from "../config.ts";
import { ensurePartitions, listPartitions, partitionedTables } from "../db/partitions.ts";
import { partitionsJob } from "./partitions.ts";
import { retentionJob } from "./retention.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const at = Date.UTC(2026, 10, 30, 15);
const day = 86_400_000;
const now = () => new Date(at);
const config = readConfig({
  FAIRLEAD_RETENTION_RAW_DAYS: "2",
  FAIRLEAD_RETENTION_1M_DAYS: "3",
  FAIRLEAD_RETENTION_15M_DAYS: "40",
  FAIRLEAD_RETENTION_2H_DAYS: "400",
});
const never = new AbortController().signal;

test("keeps whole partitions as long as configured, and two days ahead", async () => {
  const { pool } = database;
  for (const table of partitionedTables) await ensurePartitions(pool, table, at - 5 * day, at);
  await ensurePartitions(pool, "rollup_15m", Date.UTC(2026, 8, 1), at);
  await ensurePartitions(pool, "rollup_2h", Date.UTC(2024, 0, 1), at);
  await partitionsJob({ pool, now }).run(never);
  await retentionJob({ pool, config, now }).run(never);
  const names = async (table: (typeof partitionedTables)[number]) =>
    (await listPartitions(pool, table)).map((one) => one.name.slice(table.length + 1));
  expect(await names("sample")).toEqual(["20261128", "20261129", "20261130", "20261201", "20261202"]);
  expect(await names("rollup_1m")).toEqual(["20261127", "20261128", "20261129", "20261130", "20261201", "20261202"]);
  expect(await names("rollup_15m")).toEqual(["202610", "202611", "202612"]);
  expect(await names("rollup_2h")).toEqual(["2025", "2026"]);
});

test("deletes old rows and leaves the young", async () => {
  const { pool } = database;
  await pool.query(
    `INSERT INTO audit_log (at, actor_kind, actor_name, action)
     SELECT $1::timestamptz - n * interval '200 days', 'system', 'x', n::text FROM generate_series(0, 3) n`,
    [now()],
  );
  await pool.query(
    `INSERT INTO job_run (job, trigger, started_at)
     SELECT 'x', 'manual', $1::timestamptz - n * interval '1 day' FROM generate_series(0, 10050) n`,
    [now()],
  );
  const result = await retentionJob({ pool, config, now }).run(never);
  expect(result).toEqual({ dropped: [], deleted: { audit_log: 2, job_run: 10_020 } });
  expect((await pool.query("SELECT action FROM audit_log ORDER BY 1")).rows).toEqual([
    { action: "0" },
    { action: "1" },
  ]);
});
