import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestApi, testApi } from "../../../tests/api.ts";
import { addResource, addServer, drive, type Made, valuesOf } from "../../../tests/storage-fixture.ts";
import { ensurePartitions } from "../../db/partitions.ts";
import { storageRisksOf } from "../../services/storage/load-links.ts";

let api: TestApi;
let token: string;
let alpha: string;
let beta: string;
const ids: Record<string, number> = {};
const base = "/api/v1/infrastructure/storage";

beforeAll(async () => {
  api = await testApi();
  token = await api.token("viewer");
  alpha = await addServer(api.context.db, "alpha");
  beta = await addServer(api.context.db, "beta");
  await put("sda", alpha, drive("sda", "WD-1", "critical"), {
    temperature_celsius: 35.5,
    temperature_limit_celsius: 60,
    power_on_seconds: 3 * 365.25 * 86_400 + 1000,
    pending_sectors: 8,
    reported_uncorrectable: 3,
    offline_uncorrectable: 1,
  });
  await put("sdb", alpha, drive("sdb", "WD-2", "healthy"), { temperature_celsius: 31, power_on_seconds: 1000 });
  await put(
    "nvme",
    beta,
    drive("nvme0n1", "S5G-3", "warning", {
      model: "Samsung 980 100%",
      labels: { protocol: "nvme", media: "nvme" },
      attributes: { capacityBytes: 1_000_204_886_016, protocol: "nvme", raw: "not gzip" },
    }),
    { temperature_celsius: 52, wear_ratio: 0.83, spare_ratio: 1 },
  );
  await put("gone", beta, { ...drive("sdz", "OLD-9", "failed"), gone: true });
  await put("tank", alpha, pool(), {
    size_bytes: 8e12,
    used_bytes: 4e12,
    free_bytes: 4e12,
    used_ratio: 0.5,
    members: 2,
    members_missing: 1,
    scan_progress_ratio: 0.25,
    scrub_age_seconds: 40 * 86_400,
    checksum_errors: 3,
  });
  await put("tank/sda1", alpha, member("zfs:tank", "sda1", "faulted", ["sda"]));
  await put("tank/sdb1", alpha, member("zfs:tank", "sdb1", "online", ["sdb"]));
  await put("md0", beta, {
    kind: "pool",
    key: "md:md0",
    state: "online",
    labels: { type: "md", name: "md0", level: "raid1" },
  });
  await put("/tank", alpha, filesystem("/tank", "tank", "zfs", { disks: ["sda", "sdb"], pools: ["zfs:tank"] }), {
    size_bytes: 1000,
    used_bytes: 600,
    available_bytes: 400,
    used_ratio: 0.6,
  });
  await put("/", beta, filesystem("/", "/dev/nvme0n1p2", "ext4", { disks: ["nvme0n1"] }), {
    size_bytes: 500,
    used_bytes: 450,
    available_bytes: 25,
    used_ratio: 0.947,
    read_only: 0,
  });
  await put("/mnt/nfs", beta, filesystem("/mnt/nfs", "nas:/x", "nfs4", {}, "true", "stuck"));
  await put("db", alpha, {
    kind: "container",
    key: "db",
    state: "running",
    attributes: { mountSources: [{ source: "/tank/db/data", destination: "/data" }, null] },
  });
  await api.context.db
    .insertInto("storage_forecast")
    .values({
      resource_id: ids["/"]!,
      metric: "used_ratio",
      computed_at: new Date(api.clock.now),
      full_at: new Date(api.clock.now + 36 * 3_600_000),
      confidence: 0.9,
      rate: 1e6,
      basis: "7 d",
      reason: "",
    })
    .execute();
});
afterAll(() => api.close());

async function put(name: string, server: string, made: Made, values?: Record<string, number>): Promise<void> {
  const id = await addResource(api.context.db, server, made);
  ids[name] = id;
  if (values !== undefined) api.newest.set(id, { at: api.clock.now, values: valuesOf(made.kind, values) });
}

function pool(): Made {
  return {
    kind: "pool",
    key: "zfs:tank",
    state: "degraded",
    labels: { type: "zfs", name: "tank", level: "mirror" },
    attributes: {
      guid: "1",
      health: "DEGRADED",
      status: "One or more devices could not be used.",
      action: "Replace the device.",
      tool: "zpool",
      toolVersion: "2.3.1",
      scan: { function: "scrub", state: "running", startedAt: "2026-11-23T01:00:00Z", progressRatio: 0.25 },
      lastScrub: { endedAt: "2026-10-14T01:00:00Z", errors: 0, durationSeconds: 3600 },
      scrubbable: true,
      scrubActions: ["start", "pause", "stop", "explode"],
      disks: ["sda", "sdb"],
      members: [
        {
          name: "mirror-0",
          type: "mirror",
          state: "DEGRADED",
          children: [
            { name: "sda1", device: "sda1", type: "disk", role: "data", state: "FAULTED", readErrors: 3 },
            { name: "sdb1", device: "sdb1", type: "disk", role: "data", state: "ONLINE" },
          ],
        },
        "nonsense",
      ],
    },
  };
}

function member(poolKey: string, device: string, state: string, disks: string[]): Made {
  return {
    kind: "pool_member",
    key: `${poolKey}/${device}`,
    state,
    labels: { pool: poolKey, device, role: "data" },
    attributes: { device, poolKey, disks },
  };
}

function filesystem(
  mount: string,
  device: string,
  type: string,
  attributes: Record<string, unknown>,
  network = "false",
  state = "rw",
): Made {
  return { kind: "filesystem", key: mount, state, labels: { device, type, network }, attributes };
}

async function get(path: string) {
  const answer = await api.call("GET", `${base}${path}`, { token });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

/** Names of the items, by the ids that they were put under. */
async function names(path: string): Promise<string[]> {
  const { items } = await get(path);
  return items.map(({ id }: { id: number }) => Object.entries(ids).find(([, known]) => known === id)?.[0]);
}

describe("drives", () => {
  test("a line of the list", async () => {
    const { items } = await get("/devices?q=WD-1");
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      serverName: "alpha",
      device: "sda",
      model: "WDC WD40EFRX",
      serial: "WD-1",
      capacityBytes: 4_000_787_030_016,
      verdict: "critical",
      stateSince: "2026-11-01T00:00:00.000Z",
      reasons: [{ code: "attribute_failure_rate", text: "8 pending sectors", acknowledge: "ata:197" }],
      temperatureCelsius: 35.5,
      temperatureLimitCelsius: 60,
      pendingSectors: 8,
      uncorrectable: 3,
      wearRatio: null,
      selfTest: { running: { type: "Short offline", progressRatio: 0.4 } },
      stale: false,
      measuredAt: "2026-11-23T08:00:00.000Z",
      pools: [{ id: ids.tank, key: "zfs:tank", state: "degraded" }],
    });
    expect(JSON.stringify(items)).not.toMatch(/"raw"|rawText/);
  });

  test.each([
    ["", ["sda", "nvme", "sdb"]],
    ["?sort=severity", ["sdb", "nvme", "sda"]],
    ["?sort=-temperature", ["nvme", "sda", "sdb"]],
    ["?sort=temperature", ["sdb", "sda", "nvme"]],
    ["?sort=-wear", ["nvme", "sda", "sdb"]],
    ["?sort=capacity", ["nvme", "sda", "sdb"]],
    ["?sort=device", ["nvme", "sda", "sdb"]],
    ["?verdict=healthy&verdict=warning", ["nvme", "sdb"]],
    ["?media=nvme", ["nvme"]],
    ["?protocol=ata&sort=device", ["sda", "sdb"]],
    ["?q=980%20100%25", ["nvme"]],
    ["?q=beta", ["nvme"]],
    ["?gone=true", ["gone"]],
  ])("list %s", async (query, expected) => {
    expect(await names(`/devices${query}`)).toEqual(expected);
  });

  test.each(["-severity", "-temperature", "wear", "capacity", "-server"])(
    "pages by %s neither skip nor double",
    async (sort) => {
      const whole = (await get(`/devices?sort=${sort}`)).items;
      const found: unknown[] = [];
      let cursor = "";
      do {
        const page = await get(`/devices?sort=${sort}&limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`);
        found.push(...page.items);
        cursor = page.nextCursor ?? "";
      } while (cursor !== "");
      expect(found).toEqual(whole);
    },
  );

  test.each([
    ["/devices?colour=red", "colour"],
    ["/devices?verdict=dead", "verdict"],
    ["/devices?sort=raw", "sort"],
    ["/pools?verdict=healthy", "verdict"],
    ["/pools?type=raid", "type"],
    ["/filesystems?media=hdd", "media"],
    ["/summary?x=1", "x"],
  ])("%s is refused", async (path, field) => {
    const answer = await api.call("GET", `${base}${path}`, { token });
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].field).toBe(field);
  });

  test("a cursor of another sort is refused", async () => {
    const { nextCursor } = await get("/devices?sort=-temperature&limit=1");
    for (const sort of ["-wear", "-severity"]) {
      const answer = await api.call("GET", `${base}/devices?sort=${sort}&limit=1&cursor=${nextCursor}`, { token });
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].field).toBe("cursor");
    }
  });

  test("one drive names all that stands on it", async () => {
    const found = await get(`/devices/${ids.sda}`);
    expect(found).toMatchObject({
      path: "/dev/sda",
      family: "Western Digital Red",
      rotationRpm: 5400,
      attributes: [{ key: "ata:197", decoded: 8, critical: true, accepted: 2 }],
      errorLog: { count: 1 },
      selfTest: { minutes: { short: 2 }, last: { result: "passed" } },
      baseline: { at: "2026-11-01T10:00:00.000Z", counts: { "ata:197": 2 } },
      raw: { smartctl: { version: [7, 4] } },
      rawProblem: "",
      forecast: { wear: null, temperature: null },
      standsOn: {
        pools: [{ id: ids.tank, name: "tank", state: "degraded" }],
        filesystems: [{ id: ids["/tank"], mountPoint: "/tank" }],
        containers: [{ id: ids.db, name: "db" }],
      },
    });
    expect(found.latest.values.pending_sectors).toBe(8);
  });

  test("lists of resources leave out what tools printed, one resource has it", async () => {
    const list = await api.call("GET", "/api/v1/resources?kind=drive&q=WD-1", { token });
    expect(list.body.items).toMatchObject([{ attributes: { serial: "WD-1" } }]);
    expect(list.body.items[0].attributes.raw).toBeUndefined();
    const one = await api.call("GET", `/api/v1/resources/${ids.sda}`, { token });
    expect(one.body.attributes.raw).toEqual(expect.any(String));
  });

  test("what speaks against a change of the server", async () => {
    const risks = await storageRisksOf(api.context, alpha);
    expect(risks.map(({ severity, text }) => `${severity}: ${text}`)).toEqual([
      "warning: drive sda (WDC WD40EFRX) is critical",
      "warning: pool tank is degraded",
    ]);
  });

  test("raw output that is damaged or a bomb is told of, not thrown on", async () => {
    expect(await get(`/devices/${ids.nvme}`)).toMatchObject({
      raw: null,
      rawProblem: expect.stringContaining("damaged"),
    });
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, 32)).toString("base64");
    const id = await addResource(api.context.db, beta, {
      ...drive("sdq", "BOMB", "unknown", { attributes: { raw: bomb, reasons: "x", attributes: 7, temperature: [] } }),
      gone: true,
    });
    expect(await get(`/devices/${id}`)).toMatchObject({ raw: null, rawProblem: "is larger than 1 MiB", reasons: [] });
  });

  test("values of a drive that memory does not know come from its last sample", async () => {
    const id = await addResource(api.context.db, beta, { ...drive("sdy", "QUIET", "standby"), gone: true });
    const at = new Date(api.clock.now - 5 * 86_400_000);
    await ensurePartitions(api.context.pool, "sample", at.getTime(), at.getTime());
    await api.context.pool.query("INSERT INTO sample (at, resource_id, values) VALUES ($1, $2, $3)", [
      at,
      id,
      `{${[...valuesOf("drive", { wear_ratio: 0.5 })].join(",")}}`,
    ]);
    const found = await get(`/devices/${id}`);
    expect(found).toMatchObject({ wearRatio: 0.5, latest: { at: at.toISOString() } });
  });

  test.each(["devices", "pools", "filesystems"])("%s: another kind's id is not found", async (kind) => {
    const answer = await api.call("GET", `${base}/${kind}/${ids.db}`, { token });
    expect(answer.status).toBe(404);
  });
});

describe("pools", () => {
  test("lists, the worst first", async () => {
    const { items } = await get("/pools");
    expect(items.map(({ key }: { key: string }) => key)).toEqual(["zfs:tank", "md:md0"]);
    expect(items[0]).toMatchObject({
      type: "zfs",
      name: "tank",
      level: "mirror",
      usedRatio: 0.5,
      membersTotal: 2,
      membersMissing: 1,
      errors: { read: null, checksum: 3 },
      scan: { function: "scrub", state: "running", progressRatio: 0.25 },
      lastScrub: { errors: 0 },
      scrubActions: ["start", "pause", "stop"],
    });
    expect(await names("/pools?type=md")).toEqual(["md0"]);
    expect(await names("/pools?state=degraded")).toEqual(["tank"]);
    expect(await names("/pools?sort=-usedRatio")).toEqual(["tank", "md0"]);
  });

  test("one pool is a tree of members with their drives", async () => {
    const found = await get(`/pools/${ids.tank}`);
    expect(found.members).toHaveLength(1);
    expect(found.members[0]).toMatchObject({ name: "mirror-0", id: null, drive: null });
    expect(found.members[0].children).toMatchObject([
      {
        name: "sda1",
        id: ids["tank/sda1"],
        readErrors: 3,
        drive: { id: ids.sda, verdict: "critical", serial: "WD-1" },
      },
      { name: "sdb1", id: ids["tank/sdb1"], drive: { id: ids.sdb, device: "sdb" } },
    ]);
    expect(found).toMatchObject({
      health: "DEGRADED",
      action: "Replace the device.",
      drives: [{ device: "sda" }, { device: "sdb" }],
      filesystems: [{ mountPoint: "/tank" }],
      containers: [{ name: "db" }],
      below: [],
    });
  });
});

describe("filesystems", () => {
  test("lists, the fullest first, with forecasts", async () => {
    expect(await names("/filesystems")).toEqual(["/", "/tank", "/mnt/nfs"]);
    expect(await names("/filesystems?sort=fullAt&limit=1")).toEqual(["/"]);
    expect(await names("/filesystems?network=true")).toEqual(["/mnt/nfs"]);
    expect(await names("/filesystems?type=zfs")).toEqual(["/tank"]);
    const { items } = await get("/filesystems?q=nvme0n1");
    expect(items).toMatchObject([
      {
        mountPoint: "/",
        readOnly: false,
        usedRatio: 0.947,
        disks: ["nvme0n1"],
        forecast: { hoursLeft: 36, bytesPerDay: 86_400_000_000, confidence: 0.9, basis: "7 d", reason: "" },
      },
    ]);
  });

  test("one filesystem names its drives, pools and containers", async () => {
    expect(await get(`/filesystems/${ids["/tank"]}`)).toMatchObject({
      drives: [{ device: "sda" }, { device: "sdb" }],
      standsOnPools: [
        {
          name: "tank",
          usedRatio: expect.any(Number),
          metadataUsedRatio: null,
          errors: expect.objectContaining({ data: null }),
        },
      ],
      containers: [{ name: "db" }],
      forecast: null,
    });
  });
});

test("a thin pool without room is a problem though LVM calls it online", async () => {
  const gamma = await addServer(api.context.db, "gamma");
  const thin = (name: string) => ({
    kind: "pool",
    key: `lvm:vg/${name}`,
    state: "online",
    labels: { type: "lvm-thin", name: `vg/${name}`, level: "thin" },
    gone: false,
  });
  await put("thin", gamma, thin("thin"), { used_ratio: 0.4, metadata_used_ratio: 0.93 });
  await put("well", gamma, thin("well"), { used_ratio: 0.9, metadata_used_ratio: 0.5 });
  const other = { kind: "pool", key: "btrfs:1", state: "online", labels: { type: "btrfs", name: "/srv" } };
  await put("btrfs", gamma, other, { metadata_used_ratio: 0.95 });
  const text = "93 % of its metadata used: extend them (lvextend --poolmetadatasize)";
  expect((await get(`/summary?server=${gamma}`)).problems).toMatchObject([
    { kind: "pool", id: ids.thin, name: "vg/thin", state: "online", severity: "critical", text, since: null },
  ]);
  await api.context.db.deleteFrom("server").where("id", "=", gamma).execute();
});

test("the summary", async () => {
  const found = await get("/summary");
  expect(found.devices).toMatchObject({
    total: 3,
    byVerdict: { critical: 1, healthy: 1, warning: 1 },
    byMedia: { hdd: 2, nvme: 1 },
    capacityBytes: 2 * 4_000_787_030_016 + 1_000_204_886_016,
  });
  expect(found.devices.byAge.map(({ count }: { count: number }) => count)).toEqual([1, 0, 0, 1, 0, 0, 0]);
  expect(found.devices.byWear).toContainEqual({ from: 0.8, to: 0.9, count: 1 });
  expect(found.devices.hottest.map(({ name }: { name: string }) => name)).toEqual(["nvme0n1", "sda", "sdb"]);
  expect(found.pools).toMatchObject({
    total: 2,
    byState: { degraded: 1, online: 1 },
    byType: { zfs: 1, md: 1 },
    sizeBytes: Math.fround(8e12),
    membersMissing: 1,
    scans: [{ name: "tank", scan: { progressRatio: 0.25 } }],
    scrubsOverdue: 1,
    overdueScrubs: [{ name: "tank" }],
  });
  expect(found.filesystems).toMatchObject({
    total: 3,
    byState: { rw: 2, stuck: 1 },
    sizeBytes: 1500,
    usedBytes: 1050,
    fillFirst: [{ name: "/", forecast: { hoursLeft: 36 } }],
  });
  expect(found.problems).toMatchObject([
    { kind: "pool", id: ids.tank, severity: "critical", text: "degraded: 1 of 2 members missing" },
    { kind: "drive", id: ids.sda, text: "8 pending sectors" },
    { kind: "filesystem", id: ids["/mnt/nfs"], text: "does not answer" },
    { kind: "drive", id: ids.nvme, severity: "warning" },
    { kind: "filesystem", id: ids["/"], severity: "warning", text: "full in about 36 h" },
  ]);
  expect((await get(`/summary?server=${beta}`)).pools.total).toBe(1);
});
