import { catalogue, kindNames } from "@fairlead/shared/catalogue";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../tests/database.ts";
import { ensurePartitions } from "./partitions.ts";
import { createViews, viewDefinitions } from "./views.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const at = new Date("2026-11-23T10:00:00Z");

test("every kind has a view with its metrics as columns, missing values as NULL", async () => {
  const { pool } = database;
  expect(await createViews(pool)).toBe(true);
  expect(await createViews(pool)).toBe(false);
  for (const name of viewDefinitions().keys()) await pool.query(`SELECT * FROM "${name}"`);
  expect([...viewDefinitions().keys()]).toEqual(expect.arrayContaining(kindNames.map((kind) => `v_${kind}`)));

  await pool.query("INSERT INTO server (name, hostname) VALUES ('web-1', 'web-1')");
  const { rows } = await pool.query(
    "INSERT INTO resource (server_id, kind, key) SELECT id, 'nic', 'eth0' FROM server RETURNING id",
  );
  for (const table of ["sample", "rollup_1m"] as const) await ensurePartitions(pool, table, at.getTime(), at.getTime());
  await pool.query("INSERT INTO sample VALUES ($1, $2, '{5,NaN}')", [at, rows[0].id]);
  await pool.query("INSERT INTO rollup_1m VALUES ($1, $2, 6, '{1,NaN}', '{2,NaN}', '{3,NaN}')", [at, rows[0].id]);
  const raw = await pool.query(`SELECT server, key, at, receive_bytes_per_second AS a, transmit_bytes_per_second AS b,
    up FROM v_nic`);
  expect(raw.rows).toEqual([{ server: "web-1", key: "eth0", at, a: 5, b: null, up: null }]);
  const rolled = await pool.query(`SELECT samples, receive_bytes_per_second AS a, receive_bytes_per_second_min AS lo,
    receive_bytes_per_second_max AS hi, transmit_bytes_per_second_max AS none FROM v_nic_1m`);
  expect(rolled.rows).toEqual([{ samples: 6, a: 2, lo: 1, hi: 3, none: null }]);
});

test("a metric added to the catalogue keeps what people built on the views", async () => {
  const { pool } = database;
  await createViews(pool);
  await pool.query("CREATE VIEW mine AS SELECT server, up FROM v_nic_1m");
  const metrics = [...catalogue.nic.metrics, { name: "carrier_changes", unit: "count", help: "" } as const];
  expect(await createViews(pool, { ...catalogue, nic: { ...catalogue.nic, metrics } })).toBe(true);
  await pool.query("SELECT mine.up, v.carrier_changes_max FROM mine, v_nic_1m v");
});
