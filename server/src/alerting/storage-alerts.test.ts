import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestFleet, testFleet, until } from "../../tests/alerting.ts";
import { valuesOf } from "../../tests/storage-fixture.ts";
import { systemActor } from "../context.ts";
import { ensurePartitions } from "../db/partitions.ts";
import { defaultRules } from "../domain/alerts/default-rules.ts";
import { storageRules } from "../domain/alerts/storage-rules.ts";
import { getAlert } from "../services/alert/list-alerts.ts";
import { insertDefaultRules } from "../services/rule/default-rules.ts";
import { deleteRule } from "../services/rule/delete-rule.ts";
import { type Evaluator, startEvaluator } from "./evaluator.ts";

const hour = 3_600_000;
let fleet: TestFleet;
let server: string;
let running: Evaluator[] = [];
beforeEach(async () => {
  fleet = await testFleet();
  await insertDefaultRules(fleet.context);
  await fleet.receiver("webhook", { url: "http://127.0.0.1:1/" });
  server = await fleet.addServer("alpha");
});
afterEach(async () => {
  for (const each of running) await each.stop();
  running = [];
  await fleet.close();
  expect(fleet.logs.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
});

async function start(): Promise<Evaluator> {
  const evaluator = startEvaluator(fleet.context);
  running.push(evaluator);
  await until(() => expect(evaluator.isActive()).toBe(true));
  await evaluator.settled();
  return evaluator;
}

async function restart(evaluator: Evaluator): Promise<Evaluator> {
  running = running.filter((each) => each !== evaluator);
  await evaluator.stop();
  return start();
}

async function changeState(evaluator: Evaluator, id: number, from: string | null, to: string): Promise<void> {
  fleet.clock.now += 10_000;
  await fleet.db
    .insertInto("state_change")
    .values({ server_id: server, resource_id: id, at: new Date(fleet.clock.now), from_state: from, to_state: to })
    .execute();
  await fleet.setState(id, to);
  await evaluator.settled();
}

test("read-only tells of a remount alone, also over restarts", async () => {
  const data = await fleet.addResource(server, "filesystem", "/data", { state: "rw" });
  const cd = await fleet.addResource(server, "filesystem", "/cdrom", { state: "ro" });
  let evaluator = await start();
  expect(await fleet.alerts()).toEqual([]);
  await changeState(evaluator, data, "rw", "ro");
  expect(await fleet.alerts()).toEqual(["filesystem_read_only firing"]);
  evaluator = await restart(evaluator);
  await changeState(evaluator, cd, null, "ro");
  expect(await fleet.alerts()).toEqual(["filesystem_read_only firing"]);
  await changeState(evaluator, data, "ro", "rw");
  expect(await fleet.alerts()).toEqual(["filesystem_read_only resolved"]);
  // While nobody evaluated.
  await evaluator.stop();
  running = [];
  await changeState(evaluator, data, "rw", "ro");
  await start();
  expect((await fleet.alerts()).toSorted()).toEqual(["filesystem_read_only firing", "filesystem_read_only resolved"]);
});

async function forecast(id: number, metric: string, hours: number | null, confidence: number): Promise<void> {
  const row = {
    computed_at: new Date(fleet.clock.now),
    full_at: hours === null ? null : new Date(fleet.clock.now + hours * hour),
    confidence,
    rate: 1,
    basis: "7 d",
    reason: "",
  };
  await fleet.db
    .insertInto("storage_forecast")
    .values({ resource_id: id, metric, ...row })
    .onConflict((c) => c.columns(["resource_id", "metric"]).doUpdateSet(row))
    .execute();
}

test("a forecast fires, stays over a restart, and clears after an hour without", async () => {
  const data = await fleet.addResource(server, "filesystem", "/data", { state: "rw" });
  const nfs = await fleet.addResource(server, "filesystem", "/nfs", { state: "rw", labels: { network: "true" } });
  let evaluator = await start();
  const made = async (hours: number | null, confidence = 0.9) => {
    fleet.clock.now += 600_000;
    await forecast(data, "used_ratio", hours, confidence);
    await forecast(nfs, "used_ratio", 1, 1);
    fleet.bus.emit("forecasts", {});
    await evaluator.settled();
  };
  await made(100);
  await made(60, 0.4);
  expect(await fleet.alerts()).toEqual([]);
  await made(60);
  expect(await fleet.alerts()).toEqual(["filesystem_full_soon firing"]);
  const [row] = await fleet.db.selectFrom("alert").selectAll().execute();
  expect(row).toMatchObject({ value: 60 * 3600, threshold: 259_200 });
  expect(row?.summary).toBe("filesystem /data on alpha: full in about 60 h if it goes on like this (within 72 h)");
  evaluator = await restart(evaluator);
  expect(await fleet.alerts()).toEqual(["filesystem_full_soon firing"]);
  await made(80);
  await made(null);
  expect(await fleet.alerts()).toEqual(["filesystem_full_soon firing"]);
  await made(70);
  for (let i = 0; i < 6; i++) await made(200);
  expect(await fleet.alerts()).toEqual(["filesystem_full_soon firing"]);
  await made(200);
  expect(await fleet.alerts()).toEqual(["filesystem_full_soon resolved"]);
  // The same forecast, with less and less time left: no new one was made when it is found at a start.
  await forecast(data, "used_ratio", 73, 0.9);
  fleet.clock.now += 2 * hour;
  await restart(evaluator);
  expect((await fleet.alerts()).toSorted()).toEqual(["filesystem_full_soon firing", "filesystem_full_soon resolved"]);
});

test("a drive that can't be read for 15 minutes is told of, one failed read is not", async () => {
  const drive = await fleet.addResource(server, "drive", "ST4/Z1//", { state: "unknown", labels: { device: "sda" } });
  const evaluator = await start();
  async function read(unreadable: number): Promise<string[]> {
    fleet.clock.now += 300_000;
    fleet.report(server, drive, "drive", { unreadable });
    await evaluator.settled();
    return fleet.alerts();
  }
  const early = [await read(1), await read(0), await read(1), await read(1), await read(1)];
  expect(early.flat()).not.toContain("drive_unreadable firing");
  expect(await read(1)).toEqual(["drive_unreadable firing"]);
  expect(await read(0)).toEqual(["drive_unreadable resolved"]);
});

test("pending sectors that rose while the server was away are seen against the history", async () => {
  const drive = await fleet.addResource(server, "drive", "ST4/Z1//", { state: "healthy", labels: { device: "sda" } });
  const calm = await fleet.addResource(server, "drive", "ST4/Z2//", { state: "healthy", labels: { device: "sdb" } });
  await ensurePartitions(fleet.context.pool, "rollup_15m", fleet.clock.now - 30 * hour, fleet.clock.now);
  const earlier = async (id: number, hoursAgo: number, pending: number) => {
    const values = `{${[...valuesOf("drive", { pending_sectors: pending })].join(",")}}`;
    await fleet.context.pool.query(
      "INSERT INTO rollup_15m (at, resource_id, count, min, avg, max) VALUES ($1, $2, 1, $3, $3, $3)",
      [new Date(fleet.clock.now - hoursAgo * hour), id, values],
    );
  };
  await earlier(drive, 20, 2);
  await earlier(drive, 10, Number.NaN);
  await earlier(calm, 30, 0);
  await earlier(calm, 20, 4);
  const evaluator = await start();
  for (let i = 0; i < 2; i++) {
    fleet.clock.now += 300_000;
    fleet.report(server, drive, "drive", { pending_sectors: 10 });
    fleet.report(server, calm, "drive", { pending_sectors: 4 });
    await evaluator.settled();
  }
  expect(await fleet.alerts()).toEqual(["drive_pending_sectors firing"]);
  const [row] = await fleet.db.selectFrom("alert").selectAll().execute();
  expect(row).toMatchObject({ resource_id: drive, value: 8 });
  expect(row?.summary).toBe("drive sda on alpha: pending sectors rose by 8 in 24 h (> 0)");
  fleet.clock.now += 25 * hour;
  fleet.report(server, drive, "drive", { pending_sectors: 10 });
  await evaluator.settled();
  expect(await fleet.alerts()).toEqual(["drive_pending_sectors resolved"]);
});

test("a degraded pool names its filesystems and containers, in the row, the API and the message", async () => {
  const pool = await fleet.addResource(server, "pool", "zfs:tank", {
    state: "online",
    labels: { type: "zfs", name: "tank" },
    attributes: { raw: "x".repeat(10_000), disks: ["sda"] },
  });
  const drive = await fleet.addResource(server, "drive", "ST4/Z1//", {
    state: "healthy",
    labels: { device: "sda", model: "ST4" },
    attributes: { disks: ["sda"], raw: "x".repeat(10_000) },
  });
  await fleet.addResource(server, "filesystem", "/tank", { state: "rw", attributes: { pools: ["zfs:tank"] } });
  for (let i = 0; i < 7; i++)
    await fleet.addResource(server, "container", `app-${i}`, {
      state: "running",
      attributes: { mountSources: [{ source: `/tank/${i}` }] },
    });
  const evaluator = await start();
  const row = await fleet.db
    .updateTable("resource")
    .set({ state: "degraded" })
    .where("id", "=", pool)
    .returning(["server_id"])
    .executeTakeFirstOrThrow();
  const reason = "1 of 4 members missing (sdc)";
  fleet.bus.emit("resource", {
    serverId: row.server_id,
    resourceId: pool,
    kind: "pool",
    key: "zfs:tank",
    state: "degraded",
    reason,
  });
  await fleet.setState(drive, "critical", { disks: ["sda"] });
  await evaluator.settled();
  expect((await fleet.alerts()).toSorted()).toEqual(["drive_failing firing", "pool_not_online firing"]);
  const alerts = await fleet.db.selectFrom("alert").selectAll().orderBy("summary").execute();
  const apps = "containers app-0, app-1, app-2, app-3, app-4 and 2 more";
  expect(alerts.map(({ summary, affected }) => [summary, affected])).toEqual([
    ["drive sda (ST4) on alpha is critical", `pool tank; filesystem /tank; ${apps}`],
    [`pool tank on alpha is degraded: ${reason}`, `filesystem /tank; ${apps}`],
  ]);
  const shown = await getAlert(fleet.context, alerts[0]!.id);
  expect(shown.standsOn?.pools).toMatchObject([{ id: pool, name: "tank", state: "degraded" }]);
  const sent = await fleet.db.selectFrom("outbox").select("payload").where("alert_id", "=", alerts[0]!.id).execute();
  expect(sent).toMatchObject([{ payload: { affected: alerts[0]!.affected } }]);
});

test("what was bad before anyone looked is explained by its history or its attributes", async () => {
  const attributes = {
    members: [
      {
        name: "raidz1-0",
        children: [
          { name: "sda", state: "ONLINE" },
          { name: "sdb", state: "faulted" },
          { name: "sdc", state: "online" },
        ],
      },
    ],
  };
  await fleet.addResource(server, "pool", "zfs:a", { state: "degraded", labels: { name: "a" }, attributes });
  await fleet.addResource(server, "drive", "d", {
    state: "failed",
    labels: { device: "sdb" },
    attributes: {
      reasons: [
        { severity: "info", text: "old" },
        { severity: "failed", text: "SMART says it fails" },
      ],
    },
  });
  const told = await fleet.addResource(server, "pool", "md:b", { state: "online", labels: { name: "b" } });
  const evaluator = await start();
  await fleet.db
    .insertInto("state_change")
    .values({
      server_id: server,
      resource_id: told,
      at: new Date(fleet.clock.now),
      from_state: "online",
      to_state: "degraded",
      reason: "1 of 2 members missing (sdx1)",
    })
    .execute();
  await fleet.db.updateTable("resource").set({ state: "degraded" }).where("id", "=", told).execute();
  fleet.bus.emit("resource", {
    serverId: server,
    resourceId: told,
    kind: "pool",
    key: "md:b",
    state: "degraded",
    reason: "declared",
  });
  await evaluator.settled();
  const rows = await fleet.db.selectFrom("alert").select("summary").orderBy("summary").execute();
  expect(rows.map(({ summary }) => summary)).toEqual([
    "drive sdb on alpha is failed: SMART says it fails",
    "pool a on alpha is degraded: 1 of 3 members missing (sdb)",
    "pool b on alpha is degraded: 1 of 2 members missing (sdx1)",
  ]);
});

test("a server that was there before gets new default rules once, and none that was deleted", async () => {
  const has = async () =>
    (await fleet.db.selectFrom("alert_rule").select("builtin_key").execute()).map((row) => row.builtin_key);
  const old = defaultRules
    .map((rule) => rule.builtinKey)
    .filter((key) => !storageRules.some((r) => r.builtinKey === key));
  // As an older version left it: one of its rules deleted, the new ones unknown.
  const gone = await fleet.db.selectFrom("alert_rule").select("id").where("builtin_key", "=", "swapping").execute();
  await deleteRule(fleet.context, systemActor, gone[0]!.id);
  await fleet.db
    .deleteFrom("alert_rule")
    .where(
      "builtin_key",
      "in",
      storageRules.map((rule) => rule.builtinKey),
    )
    .execute();
  await fleet.db
    .updateTable("setting")
    .set({ value: JSON.stringify(old) })
    .where("key", "=", "default_alert_rules")
    .execute();
  expect(await insertDefaultRules(fleet.context)).toBe(storageRules.length);
  expect((await has()).toSorted()).toEqual(
    defaultRules
      .map((rule) => rule.builtinKey)
      .filter((key) => key !== "swapping")
      .toSorted(),
  );
  expect(await insertDefaultRules(fleet.context)).toBe(0);
});
