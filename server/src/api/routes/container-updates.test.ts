import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestApi, testApi } from "../../../tests/api.ts";
import { addServer } from "../../../tests/page-fixture.ts";

let api: TestApi;
let token: string;
let server: string;
const ids: Record<string, number> = {};

beforeAll(async () => {
  api = await testApi();
  token = await api.token("viewer");
  server = (await addServer(api, "box", { containers: ["web", "db", "podman/web"] })).id;
  const { items } = (await api.call("GET", "/api/v1/containers", { token })).body;
  for (const { name, id } of items) ids[name] = id;
});
afterAll(() => api.close());

async function command(type: string, args: object, more: Record<string, unknown> = {}): Promise<string> {
  const at = new Date(api.clock.now++);
  const row = { server_id: server, type, args: JSON.stringify(args), created_by: "ops", deadline: at, created_at: at };
  const { id } = await api.context.db
    .insertInto("command")
    .values({ ...row, status: "succeeded", ...more } as never)
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

test("a container's updates: those that it was asked for and those that it took part in, newest first", async () => {
  const output = (containers: object[], more: object = {}) => ({ output: JSON.stringify({ containers, ...more }) });
  const member = (name: string, role: string) => ({ name, role, fromImage: `${name}:1`, toImage: `${name}:2` });
  const direct = await command(
    "container.update",
    { container: "web", image: "web:2" },
    output([member("web", "target")], { downtimeMs: 420, backups: { web: "b1" }, forceReason: "wanted" }),
  );
  const along = await command(
    "container.update",
    { container: "db", image: "db:2" },
    { ...output([member("db", "target"), member("web", "recreate")]), status: "rolled_back", reason: "unhealthy" },
  );
  await command("container.update", { container: "web", image: "web:3", dryRun: true });
  await command("container.update", { container: "db", image: "db:3" });
  await command("container.start", { container: "web" });
  const other = await command("container.rollback", { container: "podman/web" }, output([member("web", "target")]));

  const { status, body } = await api.call("GET", `/api/v1/containers/${ids.web}/updates`, { token });
  expect(status).toBe(200);
  expect(body.items.map(({ id }: { id: string }) => id)).toEqual([along, direct]);
  expect(body.items[0]).toMatchObject({ status: "rolled_back", reason: "unhealthy", target: "db", fromImage: "web:1" });
  expect(body.items[1]).toMatchObject({
    toImage: "web:2",
    downtimeMs: 420,
    backups: { web: "b1" },
    forceReason: "wanted",
    createdBy: "ops",
    containers: [{ name: "web", role: "target" }],
  });
  const podman = await api.call("GET", `/api/v1/containers/${ids["podman/web"]}/updates`, { token });
  expect(podman.body.items.map(({ id }: { id: string }) => id)).toEqual([other]);

  const all = await api.call("GET", `/api/v1/infrastructure/servers/${server}/updates?limit=3`, { token });
  expect(all.body.items.length).toBe(3);
  const rest = await api.call(
    "GET",
    `/api/v1/infrastructure/servers/${server}/updates?limit=3&cursor=${all.body.nextCursor}`,
    { token },
  );
  expect(rest.body).toMatchObject({ items: [{ id: direct }], nextCursor: null });
});

test("what is not there is said", async () => {
  expect((await api.call("GET", "/api/v1/containers/999999/updates", { token })).status).toBe(404);
  const nobody = "00000000-0000-7000-8000-000000000000";
  expect((await api.call("GET", `/api/v1/infrastructure/servers/${nobody}/updates`, { token })).status).toBe(404);
});
