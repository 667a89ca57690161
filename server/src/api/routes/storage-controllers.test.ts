import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestApi, testApi } from "../../../tests/api.ts";
import { addResource, addServer, drive, type Made, valuesOf } from "../../../tests/storage-fixture.ts";

let api: TestApi;
let token: string;
let alpha: string;
const ids: Record<string, number> = {};
const base = "/api/v1/infrastructure/storage";

beforeAll(async () => {
  api = await testApi();
  token = await api.token("viewer");
  alpha = await addServer(api.context.db, "alpha");
  const beta = await addServer(api.context.db, "beta");
  await put("c0", alpha, controller("storcli/c0", "degraded", { state: "replace", ok: false, kind: "CVPM02" }), {
    temperature_celsius: 61,
    battery_ok: 0,
    battery_charge_ratio: 0.31,
    uncorrectable_memory_errors: 2,
  });
  // Its key begins alike: its volumes are not those of c0.
  await put("c01", alpha, controller("storcli/c01", "ok", "nonsense"), { temperature_celsius: 70 });
  await put("beta", beta, controller("storcli/c0", "unknown", null));
  await put("old", beta, { ...controller("storcli/c9", "failed", null), gone: true });
  await put("v0", alpha, volume("storcli/c0", ["sda"]), { members: 2, members_missing: 0 });
  await put("v1", alpha, volume("storcli/c01", ["sdb"]));
  await put("s0", alpha, member("252:0", "PHYG0001"), { temperature_celsius: 33 });
  await put("s2", alpha, member("252:2", "PHYG0002"));
  await put("drive", alpha, drive("sda", "PHYG0001", "warning"));
  await put("/", alpha, {
    kind: "filesystem",
    key: "/",
    state: "rw",
    labels: { type: "xfs", device: "/dev/sda1" },
    attributes: { disks: ["sda"] },
  });
  await put("db", alpha, {
    kind: "container",
    key: "db",
    state: "running",
    attributes: { mountSources: [{ source: "/srv/db" }] },
  });
});
afterAll(() => api.close());

async function put(name: string, server: string, made: Made, values?: Record<string, number>): Promise<void> {
  const id = await addResource(api.context.db, server, made);
  ids[name] = id;
  if (values !== undefined) api.newest.set(id, { at: api.clock.now, values: valuesOf(made.kind, values) });
}

function controller(key: string, state: string, battery: unknown): Made {
  const drives = [
    { slot: "252:10", stateText: "UGood", use: "free", model: "ST8000", serial: "FREE", temperatureCelsius: 29 },
    "nonsense",
  ];
  const attributes = {
    firmware: "52.26",
    driver: "megaraid_sas",
    status: "NdAtn",
    faults: ["cache off"],
    battery,
    drives,
  };
  return { kind: "controller", key, state, labels: { tool: "storcli", model: "PERC H755" }, attributes };
}

function volume(controllerKey: string, disks: string[]): Made {
  const leaf = (slot: string, serial: string, state: string) => ({
    name: slot,
    device: slot,
    type: "SSD",
    role: "data",
    state,
    readErrors: 4,
    sizeBytes: 960e9,
    driveHint: { slot, serial, model: "MZ7L3960" },
  });
  return {
    kind: "pool",
    key: `hwraid:${controllerKey}/v0`,
    state: "online",
    labels: { type: "hwraid", name: `${controllerKey}/v0`, level: "raid1" },
    attributes: { disks, members: [leaf("252:2", "PHYG0002", "rebuilding"), leaf("252:0", "PHYG0001", "online")] },
  };
}

function member(slot: string, serial: string): Made {
  const poolKey = "hwraid:storcli/c0/v0";
  return {
    kind: "pool_member",
    key: `${poolKey}/${slot}`,
    state: "online",
    labels: { pool: poolKey, device: slot },
    attributes: { device: slot, poolKey, serial, slot },
  };
}

async function get(path: string) {
  const { status, body } = await api.call("GET", `${base}${path}`, { token });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

test.each([
  ["", ["c0", "beta", "c01"]],
  ["?sort=-temperature", ["c01", "c0", "beta"]],
  ["?state=degraded&state=failed", ["c0"]],
  ["?gone=true", ["old"]],
  ["?q=beta", ["beta"]],
  ["?sort=server", ["c0", "c01", "beta"]],
])("a list of controllers %s", async (query, names) => {
  const { items } = await get(`/controllers${query}`);
  expect(items.map(({ id }: { id: number }) => id)).toEqual(names.map((name) => ids[name]));
});

test("one controller: battery, its volumes alone, every drive behind it, what stands on it", async () => {
  const found = await get(`/controllers/${ids.c0}`);
  expect(found).toMatchObject({
    key: "storcli/c0",
    model: "PERC H755",
    state: "degraded",
    faults: ["cache off"],
    temperatureCelsius: 61,
    battery: { kind: "CVPM02", state: "replace", ok: false, chargeRatio: 0.31 },
    memoryErrors: { correctable: null, uncorrectable: 2 },
    volumes: [{ id: ids.v0, membersTotal: 2 }],
    standsOn: { filesystems: [{ mountPoint: "/" }], containers: [{ name: "db" }] },
  });
  expect(found.drives).toMatchObject([
    {
      slot: "252:0",
      state: "online",
      use: "data",
      temperatureCelsius: 33,
      errors: 4,
      volume: { id: ids.v0 },
      drive: { id: ids.drive, verdict: "warning" },
    },
    { slot: "252:2", model: "MZ7L3960", state: "rebuilding", temperatureCelsius: null, drive: null },
    { slot: "252:10", use: "free", volume: null, serial: "FREE", temperatureCelsius: 29 },
  ]);
  expect(await get(`/controllers/${ids.c01}`)).toMatchObject({ battery: null, volumes: [{ id: ids.v1 }] });
});

test("what a container's data lies on", async () => {
  expect(await get(`/containers/${ids.db}`)).toMatchObject({
    filesystems: [{ id: ids["/"], mountPoint: "/" }],
    pools: [{ id: ids.v0 }],
    drives: [{ id: ids.drive }],
  });
});

test("the summary counts controllers, and names one that is not well", async () => {
  const summary = await get("/summary");
  expect(summary.controllers).toEqual({ total: 3, byState: { degraded: 1, ok: 1, unknown: 1 } });
  expect(summary.problems).toContainEqual(
    expect.objectContaining({ kind: "controller", id: ids.c0, text: "cache off; CVPM02: replace" }),
  );
});

test.each(["controllers", "containers"])(
  "%s: another kind's id is not found, nobody asks without a token",
  async (kind) => {
    expect((await api.call("GET", `${base}/${kind}/${ids.v0}`, { token })).status).toBe(404);
    expect((await api.call("GET", `${base}/${kind}/${ids.c0}`)).status).toBe(401);
  },
);
