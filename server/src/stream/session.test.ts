import { type AddressInfo, createConnection, createServer } from "node:net";
import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type AgentsPort, startAgentsPort } from "../../tests/agents-port.ts";
import { eventually } from "../../tests/eventually.ts";
import { systemActor } from "../context.ts";
import { startStateMonitor } from "./state-monitor.ts";

let server: AgentsPort;
beforeAll(async () => {
  server = await startAgentsPort();
});
afterEach(() => {
  server.clock.offset = 0;
});
afterAll(() => server.close());

test("a newer session replaces the old one", async () => {
  const identity = await server.identity();
  const old = server.open(identity, { instanceId: "one" });
  await old.next("welcome");
  const fresh = server.open(identity, { instanceId: "two" });
  await fresh.next("welcome");
  expect(await old.ended).toEqual({ code: status.ABORTED, details: "replaced by a newer session" });
  expect((await server.row(identity)).clone_detected_at).toBeNull();
  expect(server.sessions.isConnected(identity.serverId)).toBe(true);
});

test("two agents that take turns with one certificate are a clone", async () => {
  const identity = await server.identity();
  for (const [instanceId, bootId] of [
    ["one", "boot-1"],
    ["two", "boot-2"],
    ["one", "boot-1"],
  ] as const) {
    await server.open(identity, { instanceId, bootId }).next("welcome");
  }
  await eventually(async () => {
    const row = await server.row(identity);
    expect(row.clone_detected_at).not.toBeNull();
    expect([row.state, row.state_reason]).toEqual(["degraded", expect.stringContaining("two agents")]);
  });
});

test("a copy on another machine beside a live agent is a clone at once", async () => {
  const identity = await server.identity();
  await server.open(identity, { instanceId: "one", machineId: "m1" }).next("welcome");
  await server.open(identity, { instanceId: "two", machineId: "m2" }).next("welcome");
  expect((await server.row(identity)).clone_detected_at).not.toBeNull();
});

test("a reboot is counted and told, a restart of the agent is not", async () => {
  const identity = await server.identity();
  const booted = Date.now() - 3_600_000;
  await server.open(identity, { instanceId: "one", bootId: "a", bootedUnixMs: booted }).next("welcome");
  await server.open(identity, { instanceId: "two", bootId: "a", bootedUnixMs: booted }).next("welcome");
  expect((await server.row(identity)).reboot_count).toBe(0);
  await server.open(identity, { instanceId: "three", bootId: "b", bootedUnixMs: booted + 600_000 }).next("welcome");
  const row = await server.row(identity);
  expect([row.reboot_count, row.booted_at?.getTime()]).toEqual([1, booted + 600_000]);
  const changes = await server.db
    .selectFrom("state_change")
    .select("reason")
    .where("server_id", "=", identity.serverId)
    .execute();
  expect(changes.filter((c) => c.reason === "rebooted")).toHaveLength(1);
});

test("resumes where the records are committed; another spool starts anew", async () => {
  const identity = await server.identity();
  const spool = { spoolId: "s", firstSeq: 1, nextSeq: 4 };
  const first = server.open(identity, { spool });
  await first.next("welcome");
  const host = first.declare("host", "host");
  for (const seq of [1, 2, 3]) first.report(seq, Date.now() + seq, { [host]: [seq] });
  await eventually(() => expect(first.acked().size).toBe(3));
  first.stop();
  await server.flush();
  expect((await server.row(identity)).acked_seq).toBe(3);
  const resumed = await server.open(identity, { spool: { ...spool, nextSeq: 6 } }).next("welcome");
  expect(resumed.resumeSeq).toBe(3);
  const rewound = await server.open(identity, { spool: { ...spool, nextSeq: 2 } }).next("welcome");
  expect(rewound.resumeSeq).toBe(1);
  const other = await server.open(identity, { spool: { spoolId: "t", firstSeq: 1, nextSeq: 9 } }).next("welcome");
  expect(other.resumeSeq).toBe(0);
});

test("new settings reach a connected agent; a paused one's reports are acknowledged and not stored", async () => {
  const identity = await server.identity();
  const agent = server.open(identity);
  await agent.next("welcome");
  const host = agent.declare("host", "host");
  await server.db
    .updateTable("server")
    .set({ interval_seconds: 5, paused_at: new Date() })
    .where("id", "=", identity.serverId)
    .execute();
  server.bus.emit("configured", { serverId: identity.serverId, deleted: false });
  expect(await agent.next("config")).toMatchObject({ intervalSeconds: 5, paused: true });
  agent.report(1, Date.now(), { [host]: [1] });
  await eventually(() => expect(agent.acked()).toEqual(new Set([1])));
  const { rows } = await server.database.pool.query(
    "SELECT count(*) FROM sample JOIN resource r ON r.id = resource_id WHERE server_id = $1",
    [identity.serverId],
  );
  expect(rows[0].count).toBe(0);
  await eventually(async () => expect((await server.row(identity)).state).toBe("paused"));
});

test("a deleted server's stream ends", async () => {
  const identity = await server.identity();
  const agent = server.open(identity);
  await agent.next("welcome");
  await server.db.deleteFrom("server").where("id", "=", identity.serverId).execute();
  server.bus.emit("configured", { serverId: identity.serverId, deleted: true });
  expect((await agent.ended).details).toMatch(/deleted/);
});

test("live reports are asked for while someone looks, and are not stored", async () => {
  const identity = await server.identity();
  const stop = server.sessions.watchLive(identity.serverId);
  const second = server.sessions.watchLive(identity.serverId);
  const agent = server.open(identity);
  expect((await agent.next("live")).intervalMs).toBe(1000);
  const host = agent.declare("host", "host");
  const live = server.event("live", (e) => e.serverId === identity.serverId);
  agent.report(0, Date.now(), { [host]: [0.5] });
  expect((await live).points[0]?.values[0]).toBe(0.5);
  server.sessions.renewLive();
  expect((await agent.next("live")).intervalMs).toBe(1000);
  stop();
  stop();
  second();
  expect((await agent.next("live")).intervalMs).toBeFalsy();
  const stored = await server.db
    .selectFrom("sample")
    .innerJoin("resource", "resource.id", "sample.resource_id")
    .select("at")
    .where("server_id", "=", identity.serverId)
    .execute();
  expect(stored).toEqual([]);
});

test("collectors that fail degrade the server until they work", async () => {
  const identity = await server.identity();
  const agent = server.open(identity);
  await agent.next("welcome");
  agent.send({ collectorStatus: { collector: "docker", state: 3, error: "socket refused", errorCount: 2 } });
  agent.send({ collectorStatus: { collector: "cpu", state: 1, durationSeconds: 0.001 } });
  await eventually(async () => {
    const row = await server.row(identity);
    expect([row.state, row.state_reason]).toEqual(["degraded", "collector docker failing"]);
  });
  agent.send({ collectorStatus: { collector: "docker", state: 1 } });
  await eventually(async () => expect((await server.row(identity)).state).toBe("online"));
  await eventually(async () => {
    const rows = await server.db
      .selectFrom("collector_status")
      .select(["collector", "state"])
      .where("server_id", "=", identity.serverId)
      .orderBy("collector")
      .execute();
    expect(rows.map((r) => r.state)).toEqual(["ok", "ok"]);
  });
});

test("a clock that is off degrades the server and its time is told", async () => {
  const identity = await server.identity();
  const agent = server.open(identity, { timeUnixMs: Date.now() + 400 * 86_400_000 });
  await agent.next("welcome");
  await eventually(async () => expect((await server.row(identity)).state_reason).toMatch(/(400|399) days ahead/));
});

test("silence is offline after the window, a message brings it back", async () => {
  const identity = await server.identity();
  const agent = server.open(identity);
  await agent.next("welcome");
  await eventually(async () => expect((await server.row(identity)).state).toBe("online"));
  agent.stop();
  await server.event("stream", (e) => e.serverId === identity.serverId && !e.connected);
  const told = server.event("server", (e) => e.serverId === identity.serverId && /agent closed/.test(e.reason));
  // The clock jumps in steps, as a monitor that stood still would not count the silence.
  for (let i = 0; i < 31; i++) {
    server.clock.offset += 1_000;
    await server.context.db.selectFrom("server").select("id").limit(1).execute();
  }
  expect(await told).toMatchObject({ state: "offline", reason: expect.stringContaining("not heard for 30 s") });
  const row = await server.row(identity);
  expect([row.state, row.connected_at]).toEqual(["offline", null]);
  await server.open(identity, { timeUnixMs: server.context.now().getTime() }).next("welcome");
  await eventually(async () => expect((await server.row(identity)).state).toBe("online"));
  const changes = await server.db
    .selectFrom("state_change")
    .select(["from_state", "to_state"])
    .where("server_id", "=", identity.serverId)
    .where("resource_id", "is", null)
    .orderBy("id")
    .execute();
  expect(changes.map((c) => `${c.from_state}-${c.to_state}`)).toEqual([
    "never_seen-online",
    "online-offline",
    "offline-online",
  ]);
});

test("another process of ours takes a server over and cuts what is revoked elsewhere", async () => {
  const identity = await server.identity();
  const other = await server.more();
  const first = server.open(identity, { instanceId: "same" });
  await first.next("welcome");
  const second = server.open(identity, { instanceId: "same" }, other.port);
  await second.next("welcome");
  expect(await first.ended).toMatchObject({ code: status.ABORTED });
  const { changeServer } = await import("../services/server/bulk-change.ts");
  await changeServer(server.context as never, systemActor, identity.serverId, { action: "revoke" });
  expect(await second.ended).toMatchObject({ code: status.UNAUTHENTICATED });
  await other.stop();
});

test("a process that knew a server before it was ever seen leaves its state alone", async () => {
  const [seen, paused] = [await server.identity(), await server.identity()];
  const { bus, db, log, now } = server.context;
  const elsewhere = await startStateMonitor({ db, bus, log, now });
  const agent = server.open(seen);
  await agent.next("welcome");
  await eventually(async () => expect((await server.row(seen)).state).toBe("online"));
  await db.updateTable("server").set({ paused_at: now() }).where("id", "=", paused.serverId).execute();
  await elsewhere.reload([seen.serverId, paused.serverId]);
  await eventually(async () => expect((await server.row(paused)).state).toBe("paused"));
  expect((await server.row(seen)).state).toBe("online");
  await elsewhere.stop();
});

test("a connection that the agent's kernel closes is told from silence", async () => {
  const identity = await server.identity();
  const proxy = createServer((from) => {
    const to = createConnection({ host: "127.0.0.1", port: server.port });
    from.pipe(to).pipe(from);
    from.on("error", () => to.destroy());
    to.on("error", () => from.destroy());
    proxy.once("cut", () => to.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const agent = server.open(identity, {}, (proxy.address() as AddressInfo).port);
  await agent.next("welcome");
  await eventually(async () => expect((await server.row(identity)).state).toBe("online"));
  const gone = server.event("stream", (e) => e.serverId === identity.serverId && !e.connected);
  proxy.emit("cut");
  await gone;
  // Who closed it may be known a little later than that it closed: then the reason is put right.
  const told = server.event("server", (e) => e.serverId === identity.serverId && /agent closed/.test(e.reason));
  for (let i = 0; i < 31; i++) {
    server.clock.offset += 1_000;
    await server.context.db.selectFrom("server").select("id").limit(1).execute();
  }
  expect((await told).state).toBe("offline");
  proxy.close();
});
