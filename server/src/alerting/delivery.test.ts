import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestFleet, testFleet, until } from "../../tests/alerting.ts";
import { httpSink, smtpSink } from "../../tests/sinks.ts";
import { systemActor } from "../context.ts";
import { createReceiver } from "../services/receiver/create-receiver.ts";
import { testReceiver } from "../services/receiver/test-receiver.ts";
import { updateReceiver } from "../services/receiver/update-receiver.ts";
import { insertDefaultRules } from "../services/rule/default-rules.ts";
import { type Delivery, startDelivery } from "./delivery.ts";
import { type Evaluator, startEvaluator } from "./evaluator.ts";

let fleet: TestFleet;
let evaluator: Evaluator;
let deliveries: Delivery[];
let server: string;
let disk: number;
const ends: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  fleet = await testFleet();
  await insertDefaultRules(fleet.context);
  server = await fleet.addServer("db-1");
  disk = await fleet.addResource(server, "filesystem", "/data");
  evaluator = startEvaluator(fleet.context);
  deliveries = [];
  await until(() => expect(evaluator.isActive()).toBe(true));
  await report(0.5);
});
afterEach(async () => {
  for (const each of deliveries) await each.stop();
  await evaluator.stop();
  for (const end of ends.splice(0)) await end();
  await fleet.close();
});

function deliver(): Delivery {
  const delivery = startDelivery(fleet.context, { spacingSeconds: 0.2 });
  deliveries.push(delivery);
  return delivery;
}

async function report(ratio: number): Promise<void> {
  fleet.clock.now += 10_000;
  fleet.report(server, disk, "filesystem", { used_ratio: ratio });
  await evaluator.settled();
}

/** What waits is due now: the time to gather others, or until the next attempt, is over. */
async function hurry(): Promise<void> {
  await fleet.db
    .updateTable("outbox")
    .set({ next_attempt_at: new Date(0) })
    .where("state", "=", "waiting")
    .execute();
  for (const each of deliveries) each.wake();
}

async function http() {
  const sink = await httpSink();
  ends.push(sink.close);
  return sink;
}

const rows = () => fleet.db.selectFrom("outbox").selectAll().orderBy("id").execute();
const states = async () => (await rows()).map((row) => `${row.event} ${row.state}`);

test("fires and resolves once each, although the sender is killed in between and two of them run", async () => {
  const sink = await http();
  const input = { name: "ops", kind: "webhook", config: { url: sink.url }, enabled: true, sendResolved: true };
  const receiver = await createReceiver(fleet.context, systemActor, { ...input, secrets: { signingKey: "sesame" } });
  expect(receiver.secrets).toEqual({ signingKey: true, authorization: false });
  expect(JSON.stringify(receiver)).not.toContain("sesame");
  const first = deliver();
  deliver();
  await report(0.99);
  await hurry();
  await until(() => expect(sink.hits).toHaveLength(1));
  await first.stop();
  await report(0.5);
  await until(async () => expect(await states()).toContain("resolved waiting"));
  deliver();
  await hurry();
  await until(async () => expect(await states()).toEqual(["firing delivered", "resolved delivered"]));
  const bodies = sink.hits.map((hit) => JSON.parse(hit.body));
  expect(bodies.map((body) => body.alerts.map((each: { event: string }) => each.event))).toEqual([
    ["firing"],
    ["resolved"],
  ]);
  expect(sink.hits[0]?.headers["x-fairlead-signature"]).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  expect(sink.hits[0]?.headers["idempotency-key"]).not.toBe(sink.hits[1]?.headers["idempotency-key"]);
  expect(fleet.logs.join("")).not.toContain("sesame");
});

test("a storm is one message", async () => {
  const sink = await http();
  await fleet.receiver("webhook", { url: sink.url });
  const disks = await Promise.all(
    Array.from({ length: 85 }, (_, i) => fleet.addResource(server, "filesystem", `/mnt/${i}`)),
  );
  for (const each of disks) fleet.report(server, each, "filesystem", { used_ratio: 0.5 });
  await evaluator.settled();
  fleet.clock.now += 10_000;
  for (const each of disks) fleet.report(server, each, "filesystem", { used_ratio: 0.99 });
  await evaluator.settled();
  deliver();
  await until(async () => expect(new Set(await states())).toEqual(new Set(["firing delivered"])));
  expect(await rows()).toHaveLength(85);
  expect(sink.hits).toHaveLength(1);
  const body = JSON.parse(sink.hits[0]!.body);
  expect(body.title).toBe("85 firing on db-1");
  expect(body.alerts).toHaveLength(85);
});

test("errors are tried again, with the same key; the recovery waits for its alert", async () => {
  const sink = await http();
  await fleet.receiver("webhook", { url: sink.url });
  sink.answerWith(() => ({ status: 500 }));
  deliver();
  await report(0.99);
  await hurry();
  await until(async () =>
    expect((await rows())[0]).toMatchObject({ state: "waiting", attempts: 1, last_error: "answered 500" }),
  );
  const [waiting] = await rows();
  expect(waiting!.next_attempt_at.getTime()).toBeGreaterThan(Date.now() + 1000);
  await report(0.5);
  await hurry();
  await until(async () => expect((await rows())[0]?.attempts).toBe(2));
  expect((await rows())[1]).toMatchObject({ event: "resolved", state: "waiting", attempts: 0 });
  sink.answerWith(() => ({ status: 200 }));
  await until(async () => {
    await hurry();
    expect(await states()).toEqual(["firing delivered", "resolved delivered"]);
  });
  const keys = sink.hits.map((hit) => hit.headers["idempotency-key"]);
  expect(keys.length).toBeGreaterThanOrEqual(3);
  expect(new Set(keys.slice(0, -1)).size).toBe(1);
  expect(keys.at(-1)).not.toBe(keys[0]);
});

test("refused for good, too old, or switched off: failed, seen, and the recovery still goes", async () => {
  const sink = await http();
  const id = await fleet.receiver("webhook", { url: sink.url });
  sink.answerWith(() => ({ status: 404 }));
  deliver();
  await report(0.99);
  await hurry();
  await until(async () => expect((await rows())[0]).toMatchObject({ state: "failed", last_error: "answered 404" }));
  sink.answerWith(() => ({ status: 503 }));
  await report(0.5);
  await fleet.db
    .updateTable("outbox")
    .set({ created_at: new Date(Date.now() - 86_500_000) })
    .where("event", "=", "resolved")
    .execute();
  await hurry();
  await until(async () => expect(await states()).toEqual(["firing failed", "resolved failed"]));
  sink.answerWith(() => ({ status: 200 }));
  await report(0.99);
  await updateReceiver(fleet.context, systemActor, id, { enabled: false });
  await hurry();
  await until(async () =>
    expect((await rows())[2]).toMatchObject({ state: "failed", last_error: "receiver is switched off" }),
  );
});

test("a receiver that hangs does not hold up the others", async () => {
  const [slow, quick] = [await http(), await http()];
  const { createServer } = await import("node:net");
  const hole = createServer(() => {});
  await new Promise<void>((done) => hole.listen(0, "127.0.0.1", done));
  ends.push(async () => hole.close());
  await slow.close();
  const { port } = hole.address() as { port: number };
  await fleet.receiver("webhook", { url: `http://127.0.0.1:${port}`, timeoutSeconds: 60 }, "slow");
  await fleet.receiver("webhook", { url: quick.url }, "quick");
  deliver();
  await report(0.99);
  await hurry();
  await until(() => expect(quick.hits).toHaveLength(1));
});

test("mail: the server is down, then up; a test says why it fails", async () => {
  const probe = await smtpSink();
  const { port } = probe;
  await probe.close();
  const config = {
    host: "127.0.0.1",
    port,
    encryption: "none",
    username: "u",
    from: "f@x.example",
    to: ["ops@x.example"],
  };
  const { id } = await createReceiver(fleet.context, systemActor, {
    name: "mail",
    kind: "email",
    config,
    secrets: { password: "hunter2hunter2" },
    enabled: true,
    sendResolved: true,
  });
  const signal = new AbortController().signal;
  await expect(testReceiver(fleet.context, systemActor, id, signal)).rejects.toThrow("ECONNREFUSED");
  deliver();
  await report(0.99);
  await hurry();
  await until(async () => expect((await rows())[1]).toMatchObject({ event: "firing", state: "waiting", attempts: 1 }));
  const sink = await smtpSink({ port });
  ends.push(sink.close);
  await hurry();
  await until(() => expect(sink.mails).toHaveLength(1));
  expect(sink.mails[0]).toMatchObject({ to: ["ops@x.example"], auth: "\0u\0hunter2hunter2" });
  await testReceiver(fleet.context, systemActor, id, signal);
  expect(sink.mails).toHaveLength(2);
  await until(async () => expect(await states()).toEqual(["test failed", "firing delivered", "test delivered"]));
  expect(fleet.logs.join("") + JSON.stringify(await rows())).not.toContain("hunter2");
});
