import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lacksLvm, lacksMapper, loopLvm } from "../../tests/loop-lvm.ts";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import type { Finished, Host } from "../host/host.ts";
import { runProgram } from "../host/subprocess.ts";
import { NotHere, Partly, type Reading } from "./collector.ts";
import { lvm } from "./lvm.ts";
import { slots } from "./values.ts";

const slot = slots("pool");

const files = {
  "/usr/sbin/lvm": "",
  "/sys/block/sda/stat": "1 0 8 0 1 0 8 0 0 0 0",
  "/sys/block/sdb/stat": "1 0 8 0 1 0 8 0 0 0 0",
  "/sys/class/block/sda3": "-> ../../devices/pci0/block/sda/sda3",
  "/sys/block/dm-0/dm/uuid": "LVM-aaaa",
  "/sys/block/dm-0/dm/name": "vg-root",
  "/sys/block/dm-0/slaves/sda3": "",
  "/sys/block/dm-1/dm/uuid": "LVM-bbbb-tpool",
  "/sys/block/dm-1/dm/name": "vg-thin-tpool",
  "/sys/block/dm-1/slaves/sdb": "",
  "/dev/mapper/vg-thin-tpool": "-> ../dm-1",
};

type Row = Record<string, string>;

/** The report of one group, as lvm prints it. */
function report(parts: { vg?: Row; pv?: Row[]; lv?: Row[] }): string {
  const vg = {
    vg_name: "vg",
    vg_uuid: "G",
    vg_attr: "wz--n-",
    vg_size: "1000",
    vg_free: "0",
    vg_missing_pv_count: "0",
  };
  const pv = [
    { pv_name: "/dev/sda3", pv_uuid: "A", pv_size: "500", pv_attr: "a--", pv_missing: "" },
    { pv_name: "/dev/sdb", pv_uuid: "B", pv_size: "500", pv_attr: "a--", pv_missing: "" },
  ];
  return JSON.stringify({ report: [{ vg: [{ ...vg, ...parts.vg }], pv: parts.pv ?? pv, lv: parts.lv ?? [] }] });
}

function hostThatPrints(stdout: string | ((args: readonly string[]) => Partial<Finished>), more = {}) {
  const calls: string[][] = [];
  const host = rootedHost({ ...files, ...more });
  return Object.assign(host, {
    calls,
    run: (_: string, args: readonly string[]) => {
      if (args[0] !== "version") calls.push([...args]);
      const done = typeof stdout === "string" ? { stdout } : stdout(args);
      const version = args[0] === "version" ? { stdout: "  LVM version:     2.03.16(2) (2022-05-18)" } : {};
      return Promise.resolve({ code: 0, signal: null, stderr: "", stdout: "", ...done, ...version });
    },
  });
}

async function collect(host: Host): Promise<Reading[]> {
  return await lvm.create(host).collect(0, noAbort);
}

test("a group and its thin pool (hand-made)", async () => {
  const thin = { lv_name: "thin", lv_layout: "thin,pool", lv_size: "800", lv_active: "active", lv_when_full: "queue" };
  const volume = { lv_name: "home", lv_layout: "thin,sparse", lv_size: "2000", pool_lv: "thin", data_percent: "30.00" };
  const use = { data_percent: "91.25", metadata_percent: "45.5" };
  const readings = await collect(hostThatPrints(report({ lv: [{ ...thin, ...use }, volume] })));
  expect(readings.map(({ key, state }) => `${key} ${state}`)).toEqual([
    "lvm:vg online",
    "lvm:vg/sda3 online",
    "lvm:vg/sdb online",
    "lvm:vg/thin online",
  ]);
  const [group, member, , pool] = readings;
  // A group whose space is all given to volumes is no full one.
  expect(named(slot, group?.values)).toEqual({
    size_bytes: 1000,
    free_bytes: 0,
    members: 2,
    members_missing: 0,
    spares: 0,
  });
  expect(group?.attributes).toMatchObject({ toolVersion: "2.03.16(2)", disks: ["sda", "sdb"], volumeCount: 2 });
  expect(member).toMatchObject({
    labels: { pool: "lvm:vg", device: "sda3" },
    attributes: { path: "/dev/sda3", disks: ["sda"] },
  });
  expect(named(slot, pool?.values)).toEqual({
    size_bytes: 800,
    used_bytes: 730,
    free_bytes: 70,
    used_ratio: 0.9125,
    metadata_used_ratio: 0.455,
  });
  expect(pool).toMatchObject({
    labels: { type: "lvm-thin", name: "vg/thin" },
    attributes: {
      disks: ["sdb"],
      pools: ["lvm:vg"],
      virtualBytes: 2000,
      whenFull: "queue",
      volumes: [{ name: "home", usedRatio: 0.3 }],
    },
  });
});

const lost = { pv_name: "[unknown]", pv_uuid: "B", pv_attr: "a-m", pv_missing: "missing" };
const kept = { pv_name: "/dev/sda3", pv_uuid: "A", pv_attr: "a--" };

test.each<[string, Parameters<typeof report>[0], string, string, string | undefined]>([
  ["healthy", {}, "lvm:vg", "online", undefined],
  [
    "a physical volume is missing",
    { vg: { vg_missing_pv_count: "1" }, pv: [kept, lost] },
    "lvm:vg",
    "degraded",
    "1 of 2 physical volumes missing",
  ],
  [
    "and a volume without another copy lay on it",
    {
      vg: { vg_missing_pv_count: "1" },
      pv: [kept, lost],
      lv: [{ lv_name: "a", lv_layout: "linear", lv_health_status: "partial" }],
    },
    "lvm:vg",
    "faulted",
    "1 of 2 physical volumes missing; a: partial",
  ],
  [
    "or one with another copy",
    {
      vg: { vg_missing_pv_count: "1" },
      pv: [kept, lost],
      lv: [{ lv_name: "a", lv_layout: "raid,raid1", lv_health_status: "partial" }],
    },
    "lvm:vg",
    "degraded",
    "1 of 2 physical volumes missing; a: partial",
  ],
  ["its missing member", { vg: { vg_missing_pv_count: "1" }, pv: [kept, lost] }, "lvm:vg/B", "missing", "not found"],
  [
    "a leg of a mirror failed",
    { lv: [{ lv_name: "m", lv_layout: "raid,raid1", lv_health_status: "refresh needed" }] },
    "lvm:vg",
    "degraded",
    "m: refresh needed",
  ],
  [
    "a mirror's mismatches are no fault",
    {
      lv: [{ lv_name: "m", lv_layout: "raid,raid1", lv_health_status: "mismatches exist", raid_mismatch_count: "128" }],
    },
    "lvm:vg",
    "online",
    undefined,
  ],
  [
    "those of parity are",
    { lv: [{ lv_name: "m", lv_layout: "raid,raid6,raid6_zr", lv_health_status: "mismatches exist" }] },
    "lvm:vg",
    "degraded",
    "m: parity does not match",
  ],
  [
    "a snapshot overflowed",
    { lv: [{ lv_name: "s", lv_attr: "swi-I-s---", lv_layout: "linear", origin: "a", lv_role: "public,snapshot" }] },
    "lvm:vg",
    "degraded",
    "s: the snapshot has overflowed and is lost",
  ],
  [
    "a physical volume is seen twice",
    { pv: [{ ...kept, pv_duplicate: "duplicate" }] },
    "lvm:vg/sda3",
    "degraded",
    "found on two devices: is multipath set up?",
  ],
  ...(
    [
      ["failed", {}, "faulted", /^failed/],
      ["out_of_data", {}, "suspended", /^out of data space/],
      ["metadata_read_only", {}, "faulted", /read-only/],
      ["", { lv_check_needed: "check needed" }, "degraded", /must be checked/],
      ["partial", {}, "faulted", /^partial/],
    ] as const
  ).map(([health, more, state, reason]): [string, Parameters<typeof report>[0], string, string, string] => [
    `thin pool ${health}`,
    { lv: [{ lv_name: "thin", lv_layout: "thin,pool", lv_health_status: health, ...more }] },
    "lvm:vg/thin",
    state,
    expect.stringMatching(reason),
  ]),
])("%s (hand-made)", async (_, parts, key, state, reason) => {
  const found = (await collect(hostThatPrints(report(parts)))).find((reading) => reading.key === key);
  expect([found?.state, found?.reason]).toEqual([state, reason]);
});

test("RAID volumes: progress of the one that needs longest, mismatches of parity, caches, snapshots (hand-made)", async () => {
  const lv = [
    { lv_name: "a", lv_layout: "raid,raid1", sync_percent: "80.00", raid_sync_action: "recover" },
    {
      lv_name: "b",
      lv_layout: "raid,raid5,raid5_ls",
      sync_percent: "25.00",
      raid_sync_action: "check",
      raid_mismatch_count: "16",
    },
    { lv_name: "c", lv_layout: "cache", cache_total_blocks: "100", cache_used_blocks: "50", cache_dirty_blocks: "10" },
    { lv_name: "s", lv_layout: "linear", lv_role: "public,snapshot,thicksnapshot", origin: "a", data_percent: "93.1" },
  ];
  const [group] = await collect(hostThatPrints(report({ lv })));
  expect(named(slot, group?.values)).toMatchObject({ scan_progress_ratio: 0.25, mismatches: 16 });
  expect(group?.attributes).toMatchObject({
    scan: { function: "check", state: "running" },
    snapshots: [{ name: "s", origin: "a", usedRatio: expect.closeTo(0.931), invalid: false }],
    volumes: [{}, { mismatches: 16 }, { cache: { usedRatio: 0.5, dirtyRatio: 0.1 } }, {}],
  });
});

test("an lvm that does not know a field is asked for all it knows, from then on (hand-made)", async () => {
  const host = hostThatPrints((args) =>
    args.includes("segtype") ? { code: 5, stderr: "  Unrecognised field: lv_check_needed\n" } : { stdout: report({}) },
  );
  const collector = lvm.create(host);
  expect(await collector.collect(0, noAbort)).toHaveLength(3);
  host.write("/sys/block/sda/stat", "2 0 16 0 1 0 8 0 0 0 0");
  await collector.collect(0, noAbort);
  expect(host.calls.map((args) => args.includes("segtype"))).toEqual([true, false, false]);
});

test("without IO since the last report the drives are left to sleep (hand-made)", async () => {
  const host = hostThatPrints(report({}));
  const collector = lvm.create(host);
  const first = await collector.collect(0, noAbort);
  expect(await collector.collect(1000, noAbort)).toBe(first);
  expect(host.calls).toHaveLength(1);
  host.write("/sys/block/sdb/stat", "1 0 8 0 2 0 16 0 0 0 0");
  await collector.collect(2000, noAbort);
  expect(host.calls).toHaveLength(2);
  // A physical volume that was missing comes back as a new device.
  host.write("/sys/block/sdc/stat", "0 0 0 0 0 0 0 0 0 0 0");
  await collector.collect(3000, noAbort);
  expect(host.calls).toHaveLength(3);
});

test("what is left of groups that are gone costs one report, not one each time (hand-made)", async () => {
  const calls: unknown[] = [];
  const host = Object.assign(rootedHost({ "/usr/sbin/lvm": "", "/etc/lvm/backup/old": "" }), {
    run: (_: string, args: readonly string[]) => {
      if (args[0] !== "version") calls.push(args);
      return Promise.resolve({ code: 0, signal: null, stdout: '{"report": []}', stderr: "" });
    },
  });
  const collector = lvm.create(host);
  for (let i = 0; i < 3; i++) await expect(collector.collect(i, noAbort)).rejects.toThrow(NotHere);
  expect(calls).toHaveLength(1);
});

test("what was known is not gone while the tool hangs; groups that were removed are (hand-made)", async () => {
  let answer = (): Partial<Finished> => ({ stdout: report({}) });
  const host = hostThatPrints(() => answer());
  const collector = lvm.create(host);
  const before = await collector.collect(0, noAbort);
  host.write("/sys/block/sda/stat", "2 0 16 0 1 0 8 0 0 0 0");
  answer = () => {
    throw new Error("lvm: no end within 25000 ms");
  };
  const error = await Promise.resolve(collector.collect(1, noAbort)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Partly);
  const { readings } = error as Partly;
  expect(readings.map(({ key }) => key)).toEqual(before.map(({ key }) => key));
  expect(readings.map(({ state }) => state)).toEqual(["stuck", "unknown", "unknown"]);
  answer = () => ({ stdout: '{"report": []}' });
  expect(await collector.collect(2, noAbort)).toEqual([]);
});

test.each([
  ["no volume mapped", {}],
  ["mapped ones of others", { "/sys/block/dm-0/dm/uuid": "CRYPT-LUKS2-x", "/usr/sbin/lvm": "" }],
  ["no program", { "/sys/block/dm-0/dm/uuid": "LVM-x" }],
])("not here: %s", async (_, given) => {
  await expect(collect(rootedHost(given))).rejects.toThrow(NotHere);
});

test("a VDO pool is a pool of its own: it stops when it is full (hand-made)", async () => {
  const pool = { lv_name: "vpool0", lv_layout: "vdo,pool", lv_size: "800", lv_active: "active", data_percent: "75.00" };
  const volume = { lv_name: "data", lv_layout: "vdo", lv_size: "8000", pool_lv: "vpool0", data_percent: "75.00" };
  const parts = { lv_name: "[vpool0_vdata]", lv_layout: "linear", lv_size: "800" };
  const readings = await collect(hostThatPrints(report({ lv: [pool, volume, parts] })));
  const found = readings.find(({ key }) => key === "lvm:vg/vpool0");
  expect(found).toMatchObject({
    state: "online",
    labels: { type: "lvm-thin", level: "vdo" },
    attributes: { virtualBytes: 8000 },
  });
  expect(named(slot, found?.values)).toMatchObject({ size_bytes: 800, used_bytes: 600, used_ratio: 0.75 });
});

test.each([
  ["swi-a-s---", "94.90", "online", undefined],
  ["swi-a-s---", "95.50", "degraded", "snap: the snapshot is 95 % full: it is lost when it overflows"],
  ["swi-I-s---", "100.00", "degraded", "snap: the snapshot has overflowed and is lost"],
  ["Vwi-a-tz--", "99.00", "online", undefined],
])("a snapshot %s that is %s %% full (hand-made)", async (lv_attr, data_percent, state, reason) => {
  const snap = {
    lv_name: "snap",
    lv_layout: "linear",
    lv_role: "public,snapshot",
    origin: "root",
    lv_attr,
    data_percent,
  };
  const [group] = await collect(hostThatPrints(report({ lv: [snap] })));
  expect([group?.state, group?.reason]).toEqual([state, reason]);
});

test("a group of which nothing is active is asked for all the same (hand-made)", async () => {
  const host = Object.assign(rootedHost({ "/usr/sbin/lvm": "", "/etc/lvm/backup/vg": "" }), {
    run: () => Promise.resolve({ code: 0, signal: null, stdout: report({}), stderr: "" }),
  });
  expect(await collect(host)).toHaveLength(3);
});

test.each([
  ["says nothing", "exit 5", /^lvm fullreport: exit code 5, no report$/],
  ["complains", "echo '  Locking type 1 initialisation failed.' >&2; exit 5", /exit code 5: Locking type 1/],
  ["is killed", "kill -SEGV $$", /ended by SIGSEGV/],
  ["lies", 'echo \'{"report": "all is well"}\'', /no report/],
  ["prints without end", "yes", /more than \d+ bytes of output/],
])("a tool that %s", async (_, script, message) => {
  const host = {
    ...rootedHost(files),
    run: (_file: string, args: readonly string[], options: Parameters<Host["run"]>[2]) =>
      runProgram("/bin/sh", ["-c", args[0] === "version" ? "exit 1" : script], options),
  };
  await expect(collect(host)).rejects.toThrow(message);
});

describe.skipIf(lacksLvm)(`real LVM on loop devices${lacksLvm && ` (${lacksLvm})`}`, () => {
  const seen = { "/sys/block/dm-0/dm/uuid": "LVM-x" };

  test("a group with a thin pool in its metadata, then without one of its physical volumes", async () => {
    const loop = loopLvm(2);
    loop.lvm("vgcreate", "fairlead", ...loop.devices);
    loop.lvm("lvcreate", "-an", "-Zn", "-Wn", "-L", "8M", "-n", "plain", "fairlead");
    const backup = join(loop.folder, "backup");
    loop.lvm("vgcfgbackup", "-f", backup, "fairlead");
    writeFileSync(backup, readFileSync(backup, "utf8").replace("\t\tplain {", `${thinPool}\n\t\tplain {`));
    loop.lvm("vgcfgrestore", "--force", "-f", backup, "fairlead");
    const host = loop.host(seen);
    const whole = await collect(host);
    expect(whole.map(({ key, state }) => `${key} ${state}`)).toEqual([
      "lvm:fairlead online",
      ...loop.devices.map((device) => `lvm:fairlead/${device.slice(5)} online`),
      "lvm:fairlead/thin online",
    ]);
    expect(named(slot, whole[0]?.values)).toMatchObject({ size_bytes: 30 * (4 << 20), members: 2, members_missing: 0 });
    expect(named(slot, whole[3]?.values)).toMatchObject({ size_bytes: 16 << 20 });
    expect(whole[3]?.attributes).toMatchObject({ metadataBytes: 4 << 20, virtualBytes: 32 << 20, whenFull: "queue" });
    loop.detach(loop.devices[1] as string);
    const partial = await collect(host);
    expect(partial[0]).toMatchObject({
      state: "faulted",
      reason: expect.stringMatching(/^1 of 2 physical volumes missing/),
    });
    expect(partial.filter(({ state }) => state === "missing")).toHaveLength(1);
    expect(partial.at(-1)).toMatchObject({ key: "lvm:fairlead/thin", state: "faulted" });
  });

  test("without a place for locks, as in a service whose /run is read-only", async () => {
    const loop = loopLvm(1);
    loop.lvm("vgcreate", "fairlead", ...loop.devices);
    const conf = join(loop.folder, "system/lvm.conf");
    writeFileSync(conf, readFileSync(conf, "utf8").replace(/locking_dir="[^"]*"/, 'locking_dir="/proc/fairlead"'));
    expect(() => loop.lvm("lvs")).toThrow(/locking/i);
    expect(await collect(loop.host(seen))).toMatchObject([{ key: "lvm:fairlead", state: "online" }, {}]);
  });

  test.skipIf(lacksMapper)(`a thin pool that fills${lacksMapper && ` (${lacksMapper})`}`, async () => {
    const loop = loopLvm(1);
    loop.lvm("vgcreate", "fairlead", ...loop.devices);
    loop.lvm("lvcreate", "-T", "-L", "16M", "-V", "32M", "-n", "vol", "fairlead/thin");
    writeFileSync("/dev/fairlead/vol", Buffer.alloc(8 << 20, 1));
    const readings = await collect(loop.host(seen));
    const pool = readings.find(({ key }) => key === "lvm:fairlead/thin");
    expect(named(slot, pool?.values).used_ratio).toBeGreaterThan(0.4);
    expect(named(slot, pool?.values).metadata_used_ratio).toBeGreaterThan(0);
  });
});

/** What lvcreate writes for a thin pool of 4 extents with a volume of 8; without a device mapper it refuses to. */
const thinPool = `
  thin { id = "aBEQtL-XwV4-lYw0-VhAP-uwls-jXkG-tp0FRA" status = ["READ","WRITE","VISIBLE"] segment_count = 1
    segment1 { start_extent = 0 extent_count = 4 type = "thin-pool" metadata = "thin_tmeta" pool = "thin_tdata"
      transaction_id = 1 chunk_size = 128 discards = "passdown" zero_new_blocks = 1 } }
  thin_tdata { id = "bBEQtL-XwV4-lYw0-VhAP-uwls-jXkG-tp0FRB" status = ["READ","WRITE"] segment_count = 1
    segment1 { start_extent = 0 extent_count = 4 type = "striped" stripe_count = 1 stripes = [ "pv0", 3 ] } }
  thin_tmeta { id = "cBEQtL-XwV4-lYw0-VhAP-uwls-jXkG-tp0FRC" status = ["READ","WRITE"] segment_count = 1
    segment1 { start_extent = 0 extent_count = 1 type = "striped" stripe_count = 1 stripes = [ "pv1", 3 ] } }
  vol { id = "dBEQtL-XwV4-lYw0-VhAP-uwls-jXkG-tp0FRD" status = ["READ","WRITE","VISIBLE"] segment_count = 1
    segment1 { start_extent = 0 extent_count = 8 type = "thin" thin_pool = "thin" transaction_id = 0 device_id = 1 } }`;
