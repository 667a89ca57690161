import { readdirSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "../../tests/database.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations/index.ts";

const database = await testDatabase();
afterAll(() => database.close());

test("the list holds every file of the folder", () => {
  const files = readdirSync(new URL("./migrations", import.meta.url))
    .filter((f) => f !== "index.ts")
    .map((f) => f.replace(".ts", ""))
    .sort();
  expect(migrations.map((m) => m.name)).toEqual(files);
});

test("migrating twice does nothing the second time", async () => {
  expect(await migrate(database.db)).toEqual([]);
});

test("bigint comes out as a number", async () => {
  const { rows } = await sql<{ n: number }>`SELECT 9007199254740991::bigint AS n`.execute(database.db);
  expect(rows[0]?.n).toBe(9007199254740991);
});
