import type { pb } from "@fairlead/proto";
import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { TestAgent } from "../../tests/agent.ts";
import { type AgentsPort, startAgentsPort } from "../../tests/agents-port.ts";
import { eventually } from "../../tests/eventually.ts";

let server: AgentsPort;
let bystander: TestAgent;
let bystanderSeq = 0;
beforeAll(async () => {
  server = await startAgentsPort();
  bystander = server.open(await server.identity());
  await bystander.next("welcome");
  bystander.declare("host", "host");
});
afterAll(() => server.close());

/** Whatever the others do, this one is served. */
afterEach(async () => {
  bystanderSeq++;
  bystander.report(bystanderSeq, Date.now(), { 0: [bystanderSeq] });
  await eventually(() => expect(bystander.acked().has(bystanderSeq)).toBe(true));
});

async function fresh(): Promise<{ agent: TestAgent; serverId: string }> {
  const identity = await server.identity();
  const agent = server.open(identity);
  await agent.next("welcome");
  return { agent, serverId: identity.serverId };
}

async function refused(serverId: string): Promise<Record<string, number>> {
  await server.flush();
  const row = await server.db.selectFrom("server").select("refused").where("id", "=", serverId).executeTakeFirst();
  return row?.refused ?? {};
}

describe("a broken Hello", () => {
  test.each<[string, pb.Hello.$Properties, number, RegExp]>([
    ["of a later version", { protocolVersion: 2 }, status.FAILED_PRECONDITION, /version 2 is not supported.* speaks 1/],
    ["without a version", { protocolVersion: 0 }, status.FAILED_PRECONDITION, /version 0/],
    ["without an instance id", { instanceId: "" }, status.INVALID_ARGUMENT, /Hello.instance_id/],
    ["without an agent version", { agentVersion: "" }, status.INVALID_ARGUMENT, /Hello.agent_version/],
    ["with a spool without an id", { spool: { firstSeq: 1 } }, status.INVALID_ARGUMENT, /Hello.spool.spool_id/],
    [
      "with a spool that ends before it starts",
      { spool: { spoolId: "s", firstSeq: 9, nextSeq: 2 } },
      status.INVALID_ARGUMENT,
      /first_seq is past next_seq/,
    ],
    ["with 300 capabilities", { capabilities: new Array(300).fill("x") }, status.INVALID_ARGUMENT, /capabilities/],
  ])("%s", async (_, hello, code, details) => {
    const ended = await server.open(await server.identity(), hello).ended;
    expect(ended.code).toBe(code);
    expect(ended.details).toMatch(details);
  });

  test("not first", async () => {
    const agent = server.open(await server.identity(), null);
    agent.send({ heartbeat: { timeUnixMs: 1 } });
    expect(await agent.ended).toEqual({ code: status.INVALID_ARGUMENT, details: "the first frame must be Hello" });
  });
});

describe("a malformed frame ends the session and is named", () => {
  const values = new Uint8Array(5);
  test.each<[string, pb.ConnectRequest.$Properties | Buffer, RegExp]>([
    ["bytes that are no frame", Buffer.from("not protobuf at all"), /frame 3 is no ConnectRequest/],
    ["a second Hello", { hello: { protocolVersion: 1 } }, /a second Hello/],
    ["a report of an unknown resource", { report: { seq: 1, resources: [7] } }, /Report 1 names resource 7/],
    ["a report of a resource twice", { report: { seq: 2, resources: [0, 0], values } }, /Report 2 .* twice/],
    ["a report that ends early", { report: { seq: 3, resources: [0], values: values.subarray(0, 1) } }, /end early/],
    ["a report with more", { report: { seq: 4, resources: [0], values: new Uint8Array(50) } }, /bytes too many/],
    ["an index with a gap", { resourceUpsert: { index: 5, kind: "host", key: "a" } }, /indexes are dense/],
    ["5,000 values", { resourceUpsert: { index: 1, kind: "host", key: "a", valueCount: 5000 } }, /value_count 5000/],
    ["another key", { resourceUpsert: { index: 0, kind: "host", key: "b", valueCount: 38 } }, /kind or key/],
    ["another length", { resourceUpsert: { index: 0, kind: "host", key: "host", valueCount: 3 } }, /its value_count/],
    ["a change without a number", { stateChange: { resource: 0, toState: "x" } }, /no sequence number/],
    ["a collector without a name", { collectorStatus: {} }, /names no collector/],
  ])("%s", async (_, frame, details) => {
    const { agent } = await fresh();
    agent.declare("host", "host");
    agent.send(frame);
    const ended = await agent.ended;
    expect([ended.code, ended.details]).toEqual([status.INVALID_ARGUMENT, expect.stringMatching(details)]);
  });
});

test("an oversized message is refused", async () => {
  const { agent } = await fresh();
  agent.send(Buffer.alloc((1 << 20) + 1));
  expect((await agent.ended).code).toBe(status.RESOURCE_EXHAUSTED);
});

test("a frame of a later protocol is left alone and counted", async () => {
  const { agent, serverId } = await fresh();
  agent.send(Buffer.from([0xfa, 0x01, 0x00])); // field 31, empty
  agent.send({ heartbeat: { timeUnixMs: Date.now() } });
  await eventually(async () => expect(await refused(serverId)).toEqual({ unknown_frame: 1 }));
});

test("infinite values are missing ones, and impossible times are refused by name", async () => {
  const { agent, serverId } = await fresh();
  const host = agent.declare("host", "host");
  const at = Date.now();
  const day = 86_400_000;
  agent.report(1, at, { [host]: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 4] });
  agent.report(2, at + 11 * 60_000, { [host]: [1] });
  agent.report(3, at - 8 * day, { [host]: [1] });
  agent.report(4, at + 400 * 365 * day, { [host]: [1] });
  agent.report(5, -1, { [host]: [1] });
  agent.send({ stateChange: { seq: 6, timeUnixMs: at + 20 * 60_000, resource: host, toState: "x" } });
  agent.send({ stateChange: { seq: 7, timeUnixMs: at, resource: 99, toState: "x" } });
  agent.report(8, at + 1_000, { [host]: [8] });
  await eventually(() => expect(agent.acked()).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8])));
  const refusals = agent.received.flatMap(({ ack }) => ack?.refusals ?? []);
  expect(refusals.map((r) => `${r.seq} ${r.reason}`)).toEqual([
    "2 clock_out_of_range",
    "3 clock_out_of_range",
    "4 clock_out_of_range",
    "5 clock_out_of_range",
    "6 clock_out_of_range",
    "7 unknown_resource",
  ]);
  const rows = await server.db
    .selectFrom("sample")
    .innerJoin("resource", "resource.id", "sample.resource_id")
    .select("values")
    .where("server_id", "=", serverId)
    .orderBy("at")
    .execute();
  expect(rows.map((row) => row.values.slice(0, 4).map((v) => v ?? Number.NaN))).toEqual([
    [Number.NaN, Number.NaN, Number.NaN, 4],
    [8, Number.NaN, Number.NaN, Number.NaN],
  ]);
});

test("resources over the bounds are refused by name, their values skipped", async () => {
  const { agent, serverId } = await fresh();
  const host = agent.declare("host", "host");
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, "x"]));
  const bad = [
    agent.declare("filesystem", "k".repeat(513)),
    agent.declare("filesystem", ""),
    agent.declare("filesystem", "/a", { labels: many }),
    agent.declare("filesystem", "/b", { labels: { a: "x".repeat(257) } }),
    agent.declare("filesystem", "/c", { attributesJson: `{"a":"${"x".repeat(70_000)}"}` }),
    agent.declare("filesystem", "/d", { attributesJson: "{" }),
    agent.declare("filesystem", "/e", { attributesJson: `{"a":${"[".repeat(9_000)}${"]".repeat(9_000)}}` }),
    agent.declare("starship", "enterprise", { valueCount: 3 }),
  ];
  const last = agent.declare("filesystem", "/z", { labels: { "nul\0": "\0" }, attributesJson: '{"a":"\\u0000"}' });
  agent.report(1, Date.now(), Object.fromEntries([host, ...bad, last].map((index) => [index, [index, 2, 3]])));
  await eventually(() => expect(agent.acked()).toEqual(new Set([1])));
  const rows = await server.db
    .selectFrom("sample")
    .innerJoin("resource", "resource.id", "sample.resource_id")
    .select(["key", "values"])
    .where("server_id", "=", serverId)
    .orderBy("key")
    .execute();
  expect(rows.map((row) => [row.key, row.values[0]])).toEqual([
    ["/z", last],
    ["host", host],
  ]);
  await eventually(
    async () =>
      expect(await refused(serverId)).toEqual({
        key_too_long: 1,
        key_missing: 1,
        too_many_labels: 1,
        label_too_long: 1,
        attributes_too_long: 1,
        attributes_malformed: 2,
        unknown_kind: 1,
      }),
    8_000,
  );
});

test("100,000 resources: 10,000 are taken, the rest refused, in this session and the next", {
  timeout: 60_000,
}, async () => {
  const identity = await server.identity();
  const agent = server.open(identity);
  await agent.next("welcome");
  for (let i = 0; i < 100_000; i++) agent.declare("unit", `unit-${i}`);
  const host = agent.declare("host", "host");
  agent.report(1, Date.now(), { [host]: [1] });
  await eventually(() => expect(agent.acked()).toEqual(new Set([1])), 50_000);
  const count = async () =>
    server.db
      .selectFrom("resource")
      .select((eb) => eb.fn.countAll<number>().as("n"))
      .where("server_id", "=", identity.serverId)
      .executeTakeFirstOrThrow();
  expect((await count()).n).toBe(10_000);
  agent.stop();
  const again = server.open(identity);
  await again.next("welcome");
  again.declare("unit", "unit-5");
  const fresh = again.declare("host", "host");
  again.report(2, Date.now(), { [fresh]: [1] });
  await eventually(() => expect(again.acked()).toEqual(new Set([2])));
  expect((await count()).n).toBe(10_000);
  await eventually(async () => expect((await refused(identity.serverId)).too_many_resources).toBe(90_002));
});

test("a flood from one agent is read slowly", async () => {
  const { agent, serverId } = await fresh();
  const host = agent.declare("host", "host");
  const at = Date.now();
  const started = performance.now();
  for (let seq = 1; seq <= 1_800; seq++) agent.report(seq, at - 5_000_000 + seq * 1000, { [host]: [seq] });
  await eventually(() => expect(agent.acked().size).toBeGreaterThan(700));
  bystander.report(++bystanderSeq, Date.now(), { 0: [1] });
  await eventually(() => expect(bystander.acked().has(bystanderSeq)).toBe(true));
  // The one beside does not wait behind what the flood still has to send.
  expect(agent.acked().size).toBeLessThan(1_800);
  await eventually(() => expect(agent.acked().size).toBe(1_800));
  // The bound from below: 600 at once, then 300 a second.
  expect(performance.now() - started).toBeGreaterThan(3_900);
  const row = await server.db.selectFrom("server").select("state").where("id", "=", serverId).executeTakeFirst();
  expect(row?.state).toBe("online");
});

test("sequence numbers full of gaps end the session", async () => {
  const { agent } = await fresh();
  agent.send({ stateChange: { seq: 1, timeUnixMs: 1, resource: 3, toState: "x" } });
  const gaps = 4_200;
  for (let i = 1; i <= gaps; i++) {
    agent.send({ stateChange: { seq: 2 * i + 1, timeUnixMs: 1, resource: 3, toState: "x" } });
  }
  expect(await agent.ended).toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: /gaps/ });
});
