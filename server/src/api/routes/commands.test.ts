import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestApi, testApi } from "../../../tests/api.ts";

let api: TestApi;
let token: string;
let serverId: string;
beforeAll(async () => {
  api = await testApi();
  token = await api.token("operator");
  const values = { name: "a", hostname: "a" };
  serverId = (await api.context.db.insertInto("server").values(values).returning("id").executeTakeFirstOrThrow()).id;
});
afterAll(() => api.close());

const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  api.call("POST", `/api/v1${path}`, { token, body, headers });

test("made, repeated with its key, listed, cancelled", async () => {
  const body = { serverId, type: "container.restart", args: { container: "web" } };
  const made = await post("/commands", body, { "idempotency-key": "k1" });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ serverName: "a", status: "queued", args: { container: "web" } });
  expect((await post("/commands", body, { "idempotency-key": "k1" })).body.id).toBe(made.body.id);
  const other = await post("/commands", { ...body, type: "container.stop" }, { "idempotency-key": "k1" });
  expect(other.status).toBe(409);
  const collect = await post(`/infrastructure/servers/${serverId}/collect`);
  expect(collect.body.type).toBe("host.refresh");
  const list = await api.call("GET", `/api/v1/commands?server=${serverId}&status=queued&sort=createdAt`, { token });
  expect(list.body.items.map((one: { id: string }) => one.id)).toEqual([made.body.id, collect.body.id]);
  expect((await post(`/commands/${made.body.id}/cancel`)).body.status).toBe("cancelled");
  expect((await post(`/commands/${made.body.id}/cancel`)).status).toBe(409);
  const one = await api.call("GET", `/api/v1/commands/${made.body.id}`, { token });
  expect(one.body.events.map((event: { status: string }) => event.status)).toEqual(["queued", "cancelled"]);
});

test.each([
  ["type", { type: "rm -rf" }, "type"],
  ["missing argument", { type: "container.start", args: {} }, "args.container"],
  ["unknown argument", { type: "agent.ping", args: { x: 1 } }, "args.x"],
  ["deadline", { type: "agent.ping", deadlineSeconds: 0 }, "deadlineSeconds"],
])("refused: %s", async (_name, body, field) => {
  const answer = await post("/commands", { serverId, ...body });
  expect(answer.status).toBe(400);
  expect(answer.body.errors[0].field).toBe(field);
});

test("the lines of a container that was given up are for operators", async () => {
  const made = await post("/commands", {
    serverId,
    type: "container.update",
    args: { container: "web", image: "a:2" },
  });
  const { id } = made.body;
  const output = { changed: false, logs: ["connect postgres://app:hunter2@db"] };
  await api.context.db
    .updateTable("command")
    .set({ status: "rolled_back", output: JSON.stringify(output) as never })
    .where("id", "=", id)
    .execute();
  const viewer = await api.token("viewer");
  for (const path of [`/commands/${id}`, `/commands?server=${serverId}&status=rolled_back`]) {
    const seen = async (by: string) => {
      const { body } = await api.call("GET", `/api/v1${path}`, { token: by });
      return (body.items?.[0] ?? body).output;
    };
    expect(await seen(viewer)).toEqual({ changed: false });
    expect(await seen(token)).toEqual(output);
  }
});
