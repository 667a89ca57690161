import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestApi, testApi } from "../../../tests/api.ts";
import { insertDefaultRules } from "../../services/rule/default-rules.ts";

let api: TestApi;
let admin: string;
let viewer: string;
const base = "/api/v1/infrastructure";
beforeAll(async () => {
  api = await testApi();
  [admin, viewer] = [await api.token("admin"), await api.token("viewer")];
  await insertDefaultRules(api.context);
});
afterAll(() => api.close());

const ask = (method: string, path: string, body?: unknown, token = admin) =>
  api.call(method, `${base}${path}`, { token, ...(body === undefined ? {} : { body }) });

test("rules: made, changed, deleted, brought back; what is wrong is named", async () => {
  const listed = await ask("GET", "/alert-rules?limit=500", undefined, viewer);
  expect(listed.status).toBe(200);
  expect(listed.body.items.map((rule: { builtinKey: string }) => rule.builtinKey)).toContain("host_down");

  const rule = {
    name: "CPU busy",
    severity: "warning",
    resourceKind: "host",
    condition: { type: "threshold", metric: "cpu_usage_ratio", op: ">", value: 0.9, clear: 0.8 },
    forSeconds: 60,
  };
  expect((await ask("POST", "/alert-rules", rule, viewer)).status).toBe(403);
  const made = await ask("POST", "/alert-rules", rule);
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    ...rule,
    version: 1,
    enabled: true,
    overrideLabel: "fairlead.alert.cpu_busy.threshold",
  });
  expect((await ask("POST", "/alert-rules", rule)).status).toBe(409);
  const bad = async (change: object) =>
    (await ask("POST", "/alert-rules", { ...rule, name: "x", ...change })).body.errors[0];
  expect(await bad({ condition: { ...rule.condition, metric: "cpu" } })).toMatchObject({
    field: "condition.metric",
    value: "cpu",
    message: expect.stringContaining("cpu_usage_ratio"),
  });
  expect(await bad({ condition: { ...rule.condition, clear: 0.95 } })).toMatchObject({ field: "condition.clear" });
  expect(await bad({ condition: { type: "magic" } })).toMatchObject({ field: "condition.type" });
  expect(await bad({ receiverIds: ["019a0000-0000-7000-8000-000000000000"] })).toMatchObject({ field: "receiverIds" });
  expect(await bad({ for: 3 })).toMatchObject({ field: "for" });

  const { id } = made.body;
  expect((await ask("PATCH", `/alert-rules/${id}`, { enabled: false })).body).toMatchObject({
    version: 1,
    enabled: false,
    forSeconds: 60,
  });
  expect((await ask("PATCH", `/alert-rules/${id}`, { forSeconds: 30 })).body).toMatchObject({ version: 2 });
  expect((await ask("PATCH", `/alert-rules/${id}`, { resourceKind: "disk" })).status).toBe(400);
  expect((await ask("DELETE", `/alert-rules/${id}`)).status).toBe(204);
  expect((await ask("GET", `/alert-rules/${id}`)).status).toBe(404);

  const down = listed.body.items.find((each: { builtinKey: string }) => each.builtinKey === "host_down");
  expect((await ask("DELETE", `/alert-rules/${down.id}`)).status).toBe(204);
  expect(await insertDefaultRules(api.context)).toBe(0);
  const back = await ask("POST", "/alert-rules/restore", { builtinKey: "host_down" });
  expect(back.body).toMatchObject({ builtinKey: "host_down", name: "Host down", enabled: true });
  expect((await ask("POST", "/alert-rules/restore", { builtinKey: "nonsense" })).status).toBe(400);
});

test("receivers: secrets go in and never come out; viewers see no path of a webhook", async () => {
  const url = "https://hooks.example.com/services/T0KEN";
  const made = await ask("POST", "/receivers", {
    name: "chat",
    kind: "webhook",
    config: { url },
    secrets: { signingKey: "sesame" },
  });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ config: { url, timeoutSeconds: 10 }, sendResolved: true });
  const { id } = made.body;
  expect((await ask("GET", `/receivers/${id}`, undefined, viewer)).body.config.url).toBe("https://hooks.example.com/…");
  const wrong = await ask("POST", "/receivers", { name: "y", kind: "webhook", config: { url: "ftp://x" } });
  expect(wrong.body.errors[0]).toMatchObject({ field: "config.url", message: expect.stringContaining("http") });
  const unknown = await ask("POST", "/receivers", {
    name: "y",
    kind: "webhook",
    config: { url },
    secrets: { pin: "1234" },
  });
  expect(unknown.body.errors[0]).toMatchObject({ field: "secrets.pin" });
  const twoLines = await ask("PATCH", `/receivers/${id}`, { secrets: { authorization: "x\r\nEvil: 1" } });
  expect(twoLines.body.errors).toEqual([
    { field: "secrets.authorization", message: "may hold no line break or other control character: take it out" },
  ]);
  expect((await ask("POST", "/receivers", { name: "chat", kind: "webhook", config: { url } })).status).toBe(409);
  expect(
    (await ask("PATCH", `/receivers/${id}`, { enabled: false, secrets: { signingKey: null } })).body,
  ).toMatchObject({ enabled: false });

  const dead = await ask("POST", "/receivers", {
    name: "dead",
    kind: "webhook",
    config: { url: "http://127.0.0.1:9/s3cret-path" },
  });
  const tested = await ask("POST", `/receivers/${dead.body.id}/test`);
  expect(tested.status).toBe(503);
  expect(tested.body.detail).toContain("ECONNREFUSED");
  const sent = await ask("GET", `/deliveries?receiver=${dead.body.id}`);
  expect(sent.body.items).toMatchObject([{ event: "test", state: "failed", receiverName: "dead" }]);
  expect(JSON.stringify([made.body, tested.body, sent.body]) + api.logs.join()).not.toMatch(/sesame|1234/);
  expect((await ask("DELETE", `/receivers/${id}`)).status).toBe(204);
});

test("alerts: filtered, one with its deliveries, acknowledged by an operator", async () => {
  const { db } = api.context;
  const server = await db
    .insertInto("server")
    .values({ name: "db-1", hostname: "db-1" })
    .returning("id")
    .executeTakeFirstOrThrow();
  const rule = await db
    .selectFrom("alert_rule")
    .select("id")
    .where("builtin_key", "=", "load_high")
    .executeTakeFirstOrThrow();
  const at = new Date(api.clock.now);
  const row = {
    rule_id: rule.id,
    server_id: server.id,
    severity: "warning" as const,
    pending_at: at,
    fired_at: at,
    last_evaluated_at: at,
  };
  const firing = await db
    .insertInto("alert")
    .values({ ...row, state: "firing", summary: "load" })
    .returning("id")
    .executeTakeFirstOrThrow();
  await db
    .insertInto("alert")
    .values({ ...row, state: "resolved", summary: "old", resolved_at: at })
    .execute();
  const list = async (query: string) => (await ask("GET", `/alerts?${query}`, undefined, viewer)).body.items.length;
  expect(await list("")).toBe(2);
  expect(await list("state=firing&state=pending")).toBe(1);
  expect(await list("severity=critical")).toBe(0);
  expect(await list(`server=${server.id}&acked=false&sort=-severity`)).toBe(2);
  expect((await ask("POST", `/alerts/${firing.id}/ack`, { note: "mine" }, viewer)).status).toBe(403);
  const acked = await ask("POST", `/alerts/${firing.id}/ack`, { note: "mine" }, await api.token("operator"));
  expect(acked.body).toMatchObject({ ackNote: "mine", state: "firing", serverName: "db-1", resourceKind: null });
  expect((await ask("GET", `/alerts/${firing.id}`)).body).toMatchObject({
    ackedBy: expect.any(String),
    deliveries: [],
  });
  expect(await list("acked=true")).toBe(1);
});
