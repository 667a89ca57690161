import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../../../tests/database.ts";
import { addResource, addServer } from "../../../tests/storage-fixture.ts";
import { createMetricsRegistry } from "../../metrics-registry.ts";
import { exportResourceCounts } from "./resource-counts.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test("counts of resources by kind and state, counted anew after 30 s, gone ones left out", async () => {
  const { db } = database;
  const clock = { now: 0 };
  const metrics = createMetricsRegistry();
  exportResourceCounts({ db, metrics, now: () => new Date(clock.now) });
  const exposed = async () => {
    await metrics.refresh();
    return metrics.expose().split("\n");
  };
  const line = (kind: string, state: string, count: number) =>
    `fairlead_resources{kind="${kind}",state="${state}"} ${count}`;
  const server = await addServer(db, "alpha");
  await addResource(db, server, { kind: "drive", key: "a", state: "healthy" });
  await addResource(db, server, { kind: "drive", key: "b", state: "healthy" });
  await addResource(db, server, { kind: "drive", key: "c", state: "gone", gone: true });
  await addResource(db, server, { kind: "drive", key: "d", state: 'made"up' });
  await addResource(db, server, { kind: "drive", key: "e", state: "made up" });
  await addResource(db, server, { kind: "container", key: "web", state: null });
  await addResource(db, server, { kind: "filesystem", key: "/", state: "rw" });
  const first = await exposed();
  expect(first.filter((each) => /kind="drive".* [1-9]/.test(each)).sort()).toEqual([
    line("drive", "healthy", 2),
    line("drive", "other", 2),
  ]);
  expect(first).toEqual(
    expect.arrayContaining([
      "# TYPE fairlead_resources gauge",
      line("drive", "failed", 0),
      line("container", "unknown", 1),
      line("database", "down", 0),
    ]),
  );
  expect(first.join("\n")).not.toMatch(/filesystem|gone|made/);
  await db.updateTable("resource").set({ state: "failed" }).where("key", "=", "b").execute();
  clock.now += 29_000;
  expect(await exposed()).toEqual(first);
  clock.now += 1_000;
  expect(await exposed()).toEqual(
    expect.arrayContaining([line("drive", "healthy", 1), line("drive", "failed", 1), line("drive", "other", 2)]),
  );
});
