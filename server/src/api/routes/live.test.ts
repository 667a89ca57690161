import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestApi, testApi } from "../../../tests/api.ts";
import { eventually } from "../../../tests/eventually.ts";
import { type HttpListener, startHttp } from "../http.ts";

let api: TestApi;
let http: HttpListener;
let token: string;
let serverId: string;
beforeAll(async () => {
  api = await testApi();
  http = await startHttp({ context: api.context, app: api.app, host: "127.0.0.1", port: 0 });
  token = await api.token("viewer");
  const values = { name: "a", hostname: "a" };
  serverId = (await api.context.db.insertInto("server").values(values).returning("id").executeTakeFirstOrThrow()).id;
});
afterAll(async () => {
  await http.stop();
  await api.close();
});

/** Connects; `next` resolves with the next event of that name. */
async function listen(query: string) {
  const ending = new AbortController();
  const response = await fetch(`http://127.0.0.1:${http.port}/api/v1/live${query}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: ending.signal,
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  async function next(name: string) {
    for (;;) {
      const match = new RegExp(`event: ${name}\\ndata: (.*)\\n\\n`).exec(text);
      if (match !== null) {
        text = text.slice(match.index + match[0].length);
        return JSON.parse(match[1]!);
      }
      const { value, done } = await reader.read();
      if (done) throw new Error(`the stream ended; unread: ${text}`);
      text += value;
    }
  }
  return { response, reader, next, end: () => ending.abort() };
}

const points = [
  { resourceId: 1, kind: "host", key: "host", values: Float32Array.of(0.1, Number.NaN) },
  { resourceId: 2, kind: "cpu", key: "0", values: Float32Array.of(0.5) },
];

test("one server: its row first, all its values, live while open", async () => {
  const one = await listen(`?server=${serverId}`);
  expect(one.response.headers.get("content-type")).toBe("text/event-stream");
  expect(await one.next("server")).toMatchObject({ id: serverId, name: "a" });
  expect(api.watched.get(serverId)).toBe(1);
  api.bus.emit("live", { serverId: "another", at: 1, points });
  api.bus.emit("live", { serverId, at: 2, points });
  expect(await one.next("values")).toEqual({
    serverId,
    at: 2,
    resources: [
      { id: 1, kind: "host", key: "host", values: [0.1, null] },
      { id: 2, kind: "cpu", key: "0", values: [0.5] },
    ],
  });
  await api.context.db.updateTable("server").set({ state: "offline" }).where("id", "=", serverId).execute();
  api.bus.emit("server", { serverId, state: "offline", reason: "" });
  api.bus.emit("server", { serverId, state: "offline", reason: "" });
  expect(await one.next("server")).toMatchObject({ id: serverId, state: "offline" });
  const command = await api.context.db
    .insertInto("command")
    .values({ server_id: serverId, type: "agent.ping", args: "{}", created_by: "me", deadline: new Date() })
    .returning("id")
    .executeTakeFirstOrThrow();
  const change = { status: "queued", phase: "", message: "", percent: null };
  api.bus.emit("command", { serverId, commandId: command.id, ...change });
  expect(await one.next("command")).toMatchObject({ id: command.id, serverName: "a", status: "queued", events: [] });
  one.end();
  await eventually(() => expect(api.watched.get(serverId)).toBe(0));
});

test("the fleet: host values only, no live reports asked for", async () => {
  const fleet = await listen("");
  await eventually(() => {
    api.bus.emit("live", { serverId, at: 3, points });
  });
  expect((await fleet.next("values")).resources).toEqual([{ id: 1, kind: "host", key: "host", values: [0.1, null] }]);
  expect(api.watched.get(serverId)).toBe(0);
  const resource = { serverId, resourceId: 9, key: "zfs:tank", state: "degraded", reason: "a member is gone" };
  api.bus.emit("resource", { ...resource, kind: "pool", state: "online", reason: "declared" });
  api.bus.emit("resource", { ...resource, kind: "sensor" });
  api.bus.emit("resource", { ...resource, kind: "pool" });
  expect(await fleet.next("resource")).toEqual({ ...resource, kind: "pool" });
  fleet.end();
});

test("a client that does not read is dropped, others are not disturbed", async () => {
  const slow = await listen(`?server=${serverId}`);
  const quick = await listen(`?server=${serverId}`);
  await quick.next("server");
  const many = Array.from({ length: 2000 }, (_, i) => ({ ...points[0]!, resourceId: i, values: new Float32Array(40) }));
  const slowText = () => api.context.metrics.expose().includes("fairlead_live_dropped_total 1");
  for (let at = 0; !slowText() && at < 500; at++) {
    api.bus.emit("live", { serverId, at, points: many });
    expect((await quick.next("values")).at).toBe(at);
  }
  expect(slowText()).toBe(true);
  await expect(
    (async () => {
      for (;;) if ((await slow.reader.read()).done) throw new Error("ended without being cut");
    })(),
  ).rejects.toThrow("terminated");
  quick.end();
  await eventually(() => expect(api.watched.get(serverId)).toBe(0));
});

test("unknown server, wrong parameter, stop of the listener", async () => {
  const none = await api.call("GET", "/api/v1/live?server=00000000-0000-7000-8000-000000000000", { token });
  expect(none.status).toBe(404);
  const open = await listen("");
  const stopped = http.stop();
  for (;;) if ((await open.reader.read()).done) break;
  await stopped;
  await expect(fetch(`http://127.0.0.1:${http.port}/healthz`)).rejects.toThrow();
});
