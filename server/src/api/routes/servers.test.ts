import { metricIndex } from "@fairlead/shared/catalogue";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestApi, testApi } from "../../../tests/api.ts";

let api: TestApi;
let admin: string;
beforeAll(async () => {
  api = await testApi();
  admin = await api.token("admin");
});
afterAll(() => api.close());

const path = "/api/v1/infrastructure/servers";

async function addServer(name: string, more: { group_name?: string; labels?: string; state?: "online" } = {}) {
  const row = await api.context.db
    .insertInto("server")
    .values({ name, hostname: `${name}.example`, ...more })
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

async function addResource(server_id: string, kind: string, key: string, more: Record<string, unknown> = {}) {
  const row = await api.context.db
    .insertInto("resource")
    .values({ server_id, kind, key, ...more } as never)
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

function newest(id: number, kind: string, values: Record<string, number>) {
  const array = new Float32Array(64).fill(Number.NaN);
  for (const [name, value] of Object.entries(values)) array[metricIndex(kind, name)] = value;
  api.newest.set(id, { at: 1_800_000_000_000, values: array });
}

/** Reads a whole list page by page. */
async function all(url: string, limit: number): Promise<{ id: string; name: string }[]> {
  const items: { id: string; name: string }[] = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? "" : `&cursor=${cursor}`;
    const { status, body } = await api.call("GET", `${url}limit=${limit}${next}`, { token: admin });
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return items;
}

test("one server with its newest figures, containers and alerts", async () => {
  const id = await addServer("figures", { state: "online" });
  api.connected.add(id);
  const host = await addResource(id, "host", "host");
  newest(host, "host", { cpu_usage_ratio: 0.1, memory_used_ratio: 0.5, uptime_seconds: 100 });
  newest(await addResource(id, "filesystem", "/", { state: "rw" }), "filesystem", { used_ratio: 0.25 });
  newest(await addResource(id, "filesystem", "/data", { state: "rw" }), "filesystem", { used_ratio: 0.75 });
  newest(await addResource(id, "filesystem", "/snap", { state: "ro" }), "filesystem", { used_ratio: 1 });
  const share = { state: "rw", labels: JSON.stringify({ network: "true" }) };
  newest(await addResource(id, "filesystem", "/nfs", share), "filesystem", { used_ratio: 0.99 });
  const physical = { labels: JSON.stringify({ type: "physical" }) };
  newest(await addResource(id, "nic", "eth0", physical), "nic", { receive_bytes_per_second: 100 });
  newest(await addResource(id, "nic", "eth1", physical), "nic", { receive_bytes_per_second: 20 });
  newest(await addResource(id, "nic", "br0", { labels: '{"type":"bridge"}' }), "nic", { receive_bytes_per_second: 7 });
  await addResource(id, "container", "web", { state: "running", attributes: '{"health":"unhealthy"}' });
  await addResource(id, "container", "old", { state: "exited" });
  await addResource(id, "container", "gone", { state: "running", gone_at: new Date() });

  const { status, body } = await api.call("GET", `${path}/${id}`, { token: admin });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    name: "figures",
    connected: true,
    containers: { total: 2, running: 1, unhealthy: 1 },
    firingAlerts: 0,
    latest: {
      at: "2027-01-15T08:00:00.000Z",
      hostResourceId: host,
      cpuUsageRatio: 0.1,
      memoryUsedRatio: 0.5,
      memoryTotalBytes: null,
      diskUsedRatio: 0.75,
      receiveBytesPerSecond: 120,
      transmitBytesPerSecond: null,
      uptimeSeconds: 100,
    },
  });
  const containers = await api.call("GET", `/api/v1/containers?server=${id}&sort=-name`, { token: admin });
  expect(containers.body.items).toMatchObject([
    { name: "web", health: "unhealthy", serverName: "figures", status: "running (unhealthy)" },
    { name: "old", state: "exited" },
  ]);
  const resources = await api.call("GET", `/api/v1/resources?server=${id}&kind=host&kind=nic&sort=key`, {
    token: admin,
  });
  expect(resources.body.items.map((one: { key: string }) => one.key)).toEqual(["br0", "eth0", "eth1", "host"]);
  expect(resources.body.items[3].latest.values).toMatchObject({ cpu_usage_ratio: 0.1, load1: null });
});

test("numbers of containers change with the event of a change; a resource was seen when its newest sample says", async () => {
  const id = await addServer("counted");
  const first = await addResource(id, "container", "a", { state: "running", last_seen_at: new Date(0) });
  const total = async () => (await api.call("GET", `${path}/${id}`, { token: admin })).body.containers.total;
  expect(await total()).toBe(1);
  await addResource(id, "container", "b", { state: "running" });
  const change = { kind: "container", key: "b", state: "running", reason: "declared" };
  api.bus.emit("resource", { serverId: id, resourceId: first, ...change });
  expect(await total()).toBe(2);

  const seen = async () => (await api.call("GET", `/api/v1/resources/${first}`, { token: admin })).body.lastSeenAt;
  expect(await seen()).toBe("1970-01-01T00:00:00.000Z");
  newest(first, "container", { cpu_usage_ratio: 0.5 });
  expect(await seen()).toBe("2027-01-15T08:00:00.000Z");
});

test("all pages together are the whole list, whatever sort, with rows that come and go", async () => {
  for (let i = 0; i < 23; i++)
    await addServer(`page-${i % 3}`, { group_name: "paging", labels: JSON.stringify({ n: `${i % 2}` }) });
  for (const sort of ["name", "-name", "state", "-lastSeenAt", "createdAt", "group"]) {
    const items = await all(`${path}?group=paging&sort=${sort}&`, 5);
    expect(new Set(items.map((one) => one.id)).size).toBe(23);
    expect(items.length).toBe(23);
  }
  const names = (await all(`${path}?group=paging&sort=-name&`, 7)).map((one) => one.name);
  expect(names).toEqual([...names].sort().reverse());
  expect((await all(`${path}?group=paging&label=n%3D1&`, 500)).length).toBe(11);
  expect((await all(`${path}?q=AGE-2&state=never_seen&`, 500)).length).toBe(7);
  expect((await all(`${path}?q=%25&`, 500)).length).toBe(0);

  const first = await api.call("GET", `${path}?group=paging&limit=10`, { token: admin });
  const { items, nextCursor } = first.body;
  await api.context.db.deleteFrom("server").where("id", "=", items[9].id).execute();
  await addServer("page-0", { group_name: "paging" });
  const rest = await all(`${path}?group=paging&cursor=${nextCursor}&`, 500);
  expect(rest.length).toBe(13);
  expect(rest.some((one) => items.some((seen: { id: string }) => seen.id === one.id))).toBe(false);
  const wrong = await api.call("GET", `${path}?sort=state&cursor=${nextCursor}`, { token: admin });
  expect(wrong.status).toBe(400);
});

test("change, pause, resume, revoke, delete: told on the bus and audited in the same transaction", async () => {
  const id = await addServer("changing");
  const heard: unknown[] = [];
  const ends = [
    api.bus.on("configured", (event) => heard.push(["configured", event])),
    api.bus.on("revoked", (event) => heard.push(["revoked", event])),
  ];
  await api.context.db
    .insertInto("agent_certificate")
    .values({ serial: "01", server_id: id, sha256: "x", not_before: new Date(), not_after: new Date() })
    .execute();
  const change = { name: "Changed", labels: { env: "prod" }, intervalSeconds: 5, disabledCollectors: ["docker"] };
  const patched = await api.call("PATCH", `${path}/${id}`, { token: admin, body: change });
  expect(patched.body).toMatchObject(change);
  const operator = await api.token("operator");
  expect((await api.call("POST", `${path}/${id}/pause`, { token: operator })).body.paused).toBe(true);
  expect((await api.call("POST", `${path}/${id}/resume`, { token: operator })).body.paused).toBe(false);
  api.connected.add(id);
  expect((await api.call("POST", `${path}/${id}/revoke`, { token: admin })).status).toBe(200);
  expect(api.connected.has(id)).toBe(false);
  expect((await api.call("DELETE", `${path}/${id}`, { token: admin })).status).toBe(204);
  expect((await api.call("DELETE", `${path}/${id}`, { token: admin })).status).toBe(404);
  for (const end of ends) end();
  expect(heard).toEqual([
    ["configured", { serverId: id, deleted: false }],
    ["configured", { serverId: id, deleted: false }],
    ["configured", { serverId: id, deleted: false }],
    ["revoked", { serverId: id }],
    ["revoked", { serverId: id }],
    ["configured", { serverId: id, deleted: true }],
  ]);
  const audit = await api.call("GET", `/api/v1/audit?targetId=${id}&action=server&sort=at`, { token: admin });
  expect(audit.body.items.map((row: { action: string }) => row.action)).toEqual([
    "server.update",
    "server.pause",
    "server.resume",
    "server.revoke",
    "server.delete",
  ]);
  expect(audit.body.items[0].detail).toEqual(change);
});

test("bulk: all or nothing, roles by action, bad actions named", async () => {
  const ids = [await addServer("bulk-a"), await addServer("bulk-b", { labels: '{"a":"1"}' })];
  const unknown = "00000000-0000-7000-8000-000000000000";
  const operator = await api.token("operator");
  const post = (body: object, token = operator) => api.call("POST", `${path}/bulk`, { token, body });
  expect((await post({ ids: [...ids, unknown], action: "pause" })).body).toEqual({
    changed: ids,
    unchanged: [unknown],
  });
  expect((await post({ ids, action: "pause" })).body.unchanged).toEqual(ids);
  expect((await post({ ids, action: "delete" })).status).toBe(403);
  expect((await post({ ids, action: "explode" })).body.errors[0]).toMatchObject({
    field: "action",
    value: "explode",
    message: expect.stringContaining("must be one of pause, resume"),
  });
  expect((await post({ ids, action: "setInterval", intervalSeconds: 0 })).body.errors[0].field).toBe("intervalSeconds");
  await post({ ids, action: "addLabels", labels: { env: "test" } }, admin);
  await post({ ids, action: "removeLabels", names: ["a"] }, admin);
  for (const id of ids)
    expect((await api.call("GET", `${path}/${id}`, { token: admin })).body.labels).toEqual({ env: "test" });
  expect((await post({ ids, action: "delete" }, admin)).body.changed).toEqual(ids);
});

test("enrolment tokens: made once, listed without secret, revoked", async () => {
  const tokens = "/api/v1/infrastructure/enrolment-tokens";
  const none = await api.call("POST", tokens, { token: admin, body: { name: "x" } });
  expect(none.status).toBe(503);
  await api.context.db
    .insertInto("certificate_authority")
    .values({ certificate_der: Buffer.from("x"), sha256: "ab".repeat(32), not_after: new Date() })
    .execute();
  const made = await api.call("POST", tokens, { token: admin, body: { name: "rack 1", maxUses: null } });
  expect(made.status).toBe(201);
  expect(made.body.installCommand).toContain(`FAIRLEAD_TOKEN=${made.body.token} sh -s -- --server`);
  const list = await api.call("GET", tokens, { token: admin });
  expect(list.body.items).toMatchObject([{ name: "rack 1", state: "usable", maxUses: null }]);
  expect(JSON.stringify(list.body)).not.toContain(made.body.token);
  expect((await api.call("DELETE", `${tokens}/${made.body.id}`, { token: admin })).status).toBe(204);
  expect((await api.call("GET", tokens, { token: admin })).body.items[0].state).toBe("revoked");
});
