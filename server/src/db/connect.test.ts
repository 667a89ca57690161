import { afterAll, expect, test } from "vitest";
import { testDatabase } from "../../tests/database.ts";
import { openPool } from "./connect.ts";

const database = await testDatabase();
afterAll(() => database.close());

test("a connection that breaks while it is in use, between two queries, is told and disturbs nothing", async () => {
  const told: Error[] = [];
  const pool = openPool(database.url, 2, (error) => told.push(error));
  const client = await pool.connect();
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const ended = new Promise<void>((resolve) => client.once("end", () => resolve()));
  await database.pool.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
  await ended;
  expect(told.length).toBeGreaterThan(0);
  client.release(true);
  expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  await pool.end();
});
