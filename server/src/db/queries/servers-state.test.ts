import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../../tests/database.ts";
import { writeTransitions } from "./servers-state.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database?.close());

test("states of servers are written while rows that refer to those servers are under way", async () => {
  const { db, pool } = database;
  const ids = await Promise.all(
    ["a", "b"].map(async (name) => {
      const row = { name, hostname: name };
      return (await db.insertInto("server").values(row).returning("id").executeTakeFirstOrThrow()).id;
    }),
  );
  const other = await pool.connect();
  try {
    await other.query("BEGIN");
    for (const id of ids)
      await other.query("INSERT INTO state_change (server_id, at, to_state) VALUES ($1, now(), 'x')", [id]);
    await db.transaction().execute(async (trx) => {
      await sql`SET LOCAL lock_timeout = '5s'`.execute(trx);
      const at = new Date();
      const rows = ids.map((serverId) => ({ serverId, to: "offline" as const, reason: "gone", at, silentSince: null }));
      expect((await writeTransitions(trx, rows)).map(({ id }) => id).sort()).toEqual([...ids].sort());
    });
    await other.query("COMMIT");
  } finally {
    other.release();
  }
});
