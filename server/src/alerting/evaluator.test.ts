import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestFleet, testFleet, until } from "../../tests/alerting.ts";
import { systemActor } from "../context.ts";
import { ackAlert } from "../services/alert/ack-alert.ts";
import { endAlerts } from "../services/alert/end-alerts.ts";
import { insertDefaultRules, restoreRule } from "../services/rule/default-rules.ts";
import { deleteRule } from "../services/rule/delete-rule.ts";
import { updateRule } from "../services/rule/update-rule.ts";
import { type Evaluator, startEvaluator } from "./evaluator.ts";

let fleet: TestFleet;
let running: Evaluator[] = [];
beforeEach(async () => {
  fleet = await testFleet();
  await insertDefaultRules(fleet.context);
  await fleet.receiver("webhook", { url: "http://127.0.0.1:1/" });
  return async () => {
    for (const each of running) await each.stop();
    running = [];
    await fleet.close();
  };
});
afterEach(() => {
  const errors = fleet.logs.filter((line) => JSON.parse(line).level >= 50);
  expect(errors).toEqual([]);
});

async function start(): Promise<Evaluator> {
  const evaluator = startEvaluator(fleet.context);
  running.push(evaluator);
  await until(() => expect(evaluator.isActive()).toBe(true));
  return evaluator;
}

async function stop(evaluator: Evaluator): Promise<void> {
  running = running.filter((each) => each !== evaluator);
  await evaluator.stop();
}

/** Reports a filesystem's use at the clock's time, then waits until it is judged and stored. */
async function use(evaluator: Evaluator, server: string, disk: number, ratio: number): Promise<void> {
  fleet.report(server, disk, "filesystem", { used_ratio: ratio });
  await evaluator.settled();
}

const outbox = async () =>
  (await fleet.db.selectFrom("outbox").select(["event", "alert_id"]).orderBy("id").execute()).map((row) => row.event);

test("pending, firing and resolved, each told once, across restarts in between", async () => {
  const server = await fleet.addServer("db-1");
  const disk = await fleet.addResource(server, "filesystem", "/data");
  let evaluator = await start();
  await use(evaluator, server, disk, 0.5);
  await use(evaluator, server, disk, 0.5);
  await use(evaluator, server, disk, 0.93);
  expect(await fleet.alerts()).toEqual([]);

  fleet.clock.now += 10_000;
  await use(evaluator, server, disk, 0.93);
  expect(await fleet.alerts()).toEqual(["filesystem_full pending"]);
  expect(await outbox()).toEqual([]);
  await stop(evaluator);

  evaluator = await start();
  fleet.clock.now += 40_000;
  fleet.report(server, disk, "filesystem", { used_ratio: 0.94 });
  await evaluator.settled();
  expect(await fleet.alerts()).toEqual(["filesystem_full pending"]);
  fleet.clock.now += 20_000;
  await use(evaluator, server, disk, 0.95);
  expect(await fleet.alerts()).toEqual(["filesystem_full firing"]);
  expect(await outbox()).toEqual(["firing"]);
  await stop(evaluator);

  evaluator = await start();
  fleet.clock.now += 10_000;
  await use(evaluator, server, disk, 0.95);
  fleet.clock.now += 10_000;
  await use(evaluator, server, disk, 0.87);
  expect(await outbox()).toEqual(["firing"]);
  const [alert] = await fleet.db.selectFrom("alert").selectAll().execute();
  expect(alert).toMatchObject({ state: "firing", threshold: 0.9, generation: 1 });
  expect(alert?.summary).toContain("filesystem /data on db-1: used 95 %");
  expect((await ackAlert(fleet.context, systemActor, alert!.id, "on it")).ackNote).toBe("on it");
  await stop(evaluator);

  evaluator = await start();
  fleet.clock.now += 10_000;
  await use(evaluator, server, disk, 0.8);
  expect(await fleet.alerts()).toEqual(["filesystem_full resolved"]);
  expect(await outbox()).toEqual(["firing", "resolved"]);
  await expect(ackAlert(fleet.context, systemActor, alert!.id, "")).rejects.toThrow("it is resolved");

  // The next time is another generation.
  fleet.clock.now += 10_000;
  await use(evaluator, server, disk, 0.99);
  const query = fleet.db
    .selectFrom("alert")
    .select(["severity", "generation", "state"])
    .where("state", "<>", "resolved");
  expect(await query.orderBy("severity").execute()).toEqual([
    { severity: "critical", generation: 1, state: "firing" },
    { severity: "warning", generation: 2, state: "pending" },
  ]);
});

test("a spike leaves no row and no message; late and missing values change nothing", async () => {
  const server = await fleet.addServer("db-1");
  const disk = await fleet.addResource(server, "filesystem", "/");
  const evaluator = await start();
  await use(evaluator, server, disk, 0.1);
  fleet.clock.now += 10_000;
  await use(evaluator, server, disk, 0.93);
  fleet.clock.now += 10_000;
  await use(evaluator, server, disk, Number.NaN);
  expect(await fleet.alerts()).toEqual(["filesystem_full pending"]);
  fleet.clock.now -= 15_000;
  await use(evaluator, server, disk, 0.1);
  expect(await fleet.alerts()).toEqual(["filesystem_full pending"]);
  fleet.clock.now += 25_000;
  await use(evaluator, server, disk, 0.1);
  expect(await fleet.alerts()).toEqual([]);
  expect(await outbox()).toEqual([]);
});

test("a dead host is one alert: its disks and containers are silent, and nothing resolves falsely", async () => {
  const server = await fleet.addServer("db-1");
  const disk = await fleet.addResource(server, "filesystem", "/");
  const full = await fleet.addResource(server, "filesystem", "/full");
  const web = await fleet.addResource(server, "container", "web", { state: "running" });
  await fleet.db
    .insertInto("alert_rule")
    .values({
      name: "silent disk",
      severity: "warning",
      condition: JSON.stringify({ type: "absence", seconds: 30 }),
      resource_kind: "filesystem",
    })
    .execute();
  const evaluator = await start();
  for (const each of [disk, full]) await use(evaluator, server, each, 0.5);
  fleet.clock.now += 10_000;
  await use(evaluator, server, full, 0.99);
  await use(evaluator, server, disk, 0.93);
  await fleet.setState(web, "exited", { exitCode: 1 });
  await evaluator.settled();
  expect(await fleet.alerts()).toEqual([
    "container_exited pending",
    "filesystem_full_critical firing",
    "filesystem_full pending",
    "filesystem_full pending",
  ]);

  await fleet.setServer(server, "offline", "nothing heard for 30 s");
  await evaluator.settled();
  fleet.clock.now += 600_000;
  evaluator.runDue();
  await evaluator.settled();
  expect(await fleet.alerts()).toEqual(["filesystem_full_critical firing", "host_down firing"]);
  expect(await outbox()).toEqual(["firing", "firing"]);

  await fleet.setServer(server, "online");
  await evaluator.settled();
  expect(await fleet.alerts()).toEqual([
    "filesystem_full_critical firing",
    "host_down resolved",
    "container_exited pending",
  ]);
  fleet.clock.now += 20_000;
  evaluator.runDue();
  await use(evaluator, server, full, 0.5);
  expect((await fleet.alerts()).sort()).toEqual([
    "container_exited firing",
    "filesystem_full_critical resolved",
    "host_down resolved",
  ]);
  // The disk that stays silent though its host is back is told now.
  fleet.clock.now += 20_000;
  evaluator.runDue();
  await evaluator.settled();
  expect(await fleet.alerts()).toContain("silent disk firing");
  await use(evaluator, server, disk, 0.5);
  expect(await fleet.alerts()).toContain("silent disk resolved");
});

test("our own update raises no alarm about the container's state; a roll-back is told and clears", async () => {
  const server = await fleet.addServer("web-1");
  const web = await fleet.addResource(server, "container", "web", { state: "running" });
  const evaluator = await start();
  const sample = async (values: Record<string, number>) => {
    fleet.clock.now += 5000;
    fleet.report(server, web, "container", values);
    await evaluator.settled();
  };
  await sample({ running: 1, healthy: 1, restarts: 0 });
  const id = await fleet.command(server, "container.update", "web", "running");
  await evaluator.settled();
  await fleet.setState(web, "exited", { exitCode: 137 });
  fleet.clock.now += 60_000;
  evaluator.runDue();
  await evaluator.settled();
  expect(await fleet.alerts()).toEqual([]);
  await fleet.setState(web, "running");
  await sample({ running: 1, healthy: 0, restarts: 0 });
  expect(await fleet.alerts()).toEqual(["container_unhealthy firing"]);

  await fleet.command(server, "container.update", "web", "rolled_back", id);
  await evaluator.settled();
  await sample({ running: 1, healthy: 0, restarts: 0 });
  expect(await fleet.alerts()).toEqual(["container_unhealthy firing", "container_update_failed firing"]);
  const told = await fleet.db
    .selectFrom("alert")
    .select("summary")
    .where("summary", "like", "%update%")
    .executeTakeFirst();
  expect(told?.summary).toBe("container web on web-1: update to app:2 rolled back: not healthy");
  for (let i = 0; i < 10; i++) await sample({ running: 1, healthy: 1, restarts: 0 });
  expect(await fleet.alerts()).toEqual(["container_unhealthy resolved", "container_update_failed resolved"]);
  expect(await outbox()).toEqual(["firing", "firing", "resolved", "resolved"]);

  // Ended by an error of its own it is told again; stopped by us it is not.
  await fleet.setState(web, "exited", { exitCode: 1 });
  await evaluator.settled();
  expect(await fleet.alerts()).toContain("container_exited pending");
  await fleet.setState(web, "running");
  await evaluator.settled();
  await fleet.command(server, "container.stop", "web", "succeeded");
  await fleet.setState(web, "exited", { exitCode: 137 });
  await evaluator.settled();
  fleet.clock.now += 600_000;
  evaluator.runDue();
  await evaluator.settled();
  expect((await fleet.alerts()).filter((each) => each.startsWith("container_exited"))).toEqual([]);
  await stop(evaluator);
  await start().then((again) => again.settled());
  expect((await fleet.alerts()).filter((each) => each.startsWith("container_exited"))).toEqual([]);
});

test("a roll-back while nobody evaluated is told after the start, once", async () => {
  const server = await fleet.addServer("web-1");
  await fleet.addResource(server, "container", "web", { state: "running" });
  await fleet.command(server, "container.update", "web", "rolled_back");
  for (let i = 0; i < 2; i++) {
    const evaluator = await start();
    await evaluator.settled();
    expect(await fleet.alerts()).toEqual(["container_update_failed firing"]);
    await stop(evaluator);
  }
  expect(await outbox()).toEqual(["firing"]);
});

test("a container that keeps restarting fires, and clears once the window has passed", async () => {
  const server = await fleet.addServer("web-1");
  const web = await fleet.addResource(server, "container", "web", { state: "running" });
  const evaluator = await start();
  for (const restarts of [4, 5, 6, 7]) {
    fleet.clock.now += 20_000;
    fleet.report(server, web, "container", { running: 1, restarts });
  }
  await evaluator.settled();
  expect(await fleet.alerts()).toEqual(["container_restart_loop firing"]);
  for (let i = 0; i < 62; i++) {
    fleet.clock.now += 10_000;
    fleet.report(server, web, "container", { running: 1, restarts: 7 });
  }
  await evaluator.settled();
  expect(await fleet.alerts()).toEqual(["container_restart_loop resolved"]);
});

test("what ends from outside resolves with its reason: edited rule, pause, gone, off by label", async () => {
  const { db, bus } = fleet;
  const server = await fleet.addServer("db-1");
  const disk = await fleet.addResource(server, "filesystem", "/");
  const evaluator = await start();
  const fire = async () => {
    for (const ratio of [0.5, 0.99, 0.99]) {
      fleet.clock.now += 10_000;
      await use(evaluator, server, disk, ratio);
    }
  };
  const reasons = async () =>
    (
      await db
        .selectFrom("alert")
        .select(["resolve_reason"])
        .where("state", "=", "resolved")
        .orderBy("resolved_at")
        .execute()
    ).map((row) => row.resolve_reason);
  const rule = await db
    .selectFrom("alert_rule")
    .selectAll()
    .where("builtin_key", "=", "filesystem_full_critical")
    .executeTakeFirstOrThrow();

  await fire();
  await updateRule(fleet.context, systemActor, rule.id, { description: "other words" });
  await evaluator.settled();
  expect(await reasons()).toEqual([]);
  await updateRule(fleet.context, systemActor, rule.id, {
    condition: { type: "threshold", metric: "used_ratio", op: ">=", value: 0.97 },
  });
  await evaluator.settled();
  expect(await reasons()).toEqual(["rule changed or no longer applies"]);

  await fire();
  await fleet.setServer(server, "paused");
  await evaluator.settled();
  await fire();
  expect((await reasons()).slice(1)).toEqual(["server paused"]);
  await fleet.setServer(server, "online");
  await evaluator.settled();

  await fire();
  await fleet.setState(disk, "gone");
  await evaluator.settled();
  expect((await reasons()).slice(2)).toEqual(["gone"]);
  await fleet.setState(disk, "rw");

  await fire();
  await db
    .updateTable("server")
    .set({ labels: JSON.stringify({ "fairlead.alert.filesystem_full_critical.threshold": "off" }) })
    .execute();
  bus.emit("configured", { serverId: server, deleted: false });
  await evaluator.settled();
  expect((await reasons()).slice(3)).toEqual(["rule changed or no longer applies"]);

  await db.updateTable("server").set({ labels: "{}" }).execute();
  bus.emit("configured", { serverId: server, deleted: false });
  await evaluator.settled();
  await fire();
  await db.updateTable("outbox").set({ state: "delivered" }).execute();
  await deleteRule(fleet.context, systemActor, rule.id);
  await evaluator.settled();
  const left = await db.selectFrom("outbox").select(["event", "payload"]).where("alert_id", "is", null).execute();
  expect(left).toMatchObject([{ event: "resolved", payload: { resolveReason: "rule deleted", serverName: "db-1" } }]);
  const back = await restoreRule(fleet.context, systemActor, "filesystem_full_critical");
  expect(back).toMatchObject({ condition: { value: 0.98 }, enabled: true });
  await evaluator.settled();
  await fire();
  expect(await fleet.alerts()).toContain("filesystem_full_critical firing");
  await db.updateTable("outbox").set({ state: "delivered" }).execute();
  await db.transaction().execute(async (trx) => {
    await endAlerts(trx, { serverIds: [server] }, "server deleted", new Date());
    await trx.deleteFrom("server").where("id", "=", server).execute();
  });
  bus.emit("configured", { serverId: server, deleted: true });
  fleet.report(server, disk, "filesystem", { used_ratio: 0.99 });
  await evaluator.settled();
  expect(await fleet.alerts()).toEqual([]);
});

test("two evaluators: one evaluates, the other takes over at once when it stops", async () => {
  const server = await fleet.addServer("db-1");
  const disk = await fleet.addResource(server, "filesystem", "/");
  const first = await start();
  const second = startEvaluator(fleet.context);
  running.push(second);
  for (const ratio of [0.5, 0.99]) {
    fleet.clock.now += 10_000;
    fleet.report(server, disk, "filesystem", { used_ratio: ratio });
    await first.settled();
    await second.settled();
  }
  expect(second.isActive()).toBe(false);
  expect(await outbox()).toEqual(["firing"]);
  await stop(first);
  await until(() => expect(second.isActive()).toBe(true));
  fleet.clock.now += 10_000;
  await use(second, server, disk, 0.99);
  fleet.clock.now += 10_000;
  await use(second, server, disk, 0.1);
  expect(await outbox()).toEqual(["firing", "resolved"]);
});

test("one whose lease was taken stores nothing any more", async () => {
  const server = await fleet.addServer("db-1");
  const disk = await fleet.addResource(server, "filesystem", "/");
  const evaluator = await start();
  await use(evaluator, server, disk, 0.5);
  await fleet.db
    .updateTable("lease")
    .set({ holder: "elsewhere/1/x", expires_at: new Date(Date.now() + 60_000) })
    .execute();
  fleet.clock.now += 10_000;
  await use(evaluator, server, disk, 0.99);
  expect(evaluator.isActive()).toBe(false);
  expect(await fleet.alerts()).toEqual([]);
});
