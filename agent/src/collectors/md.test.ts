import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import type { Host } from "../host/host.ts";
import { NotHere, type Reading } from "./collector.ts";
import { md } from "./md.ts";
import { slots } from "./values.ts";

const slot = slots("pool");
const memberSlot = slots("pool_member");
const corpus = join(import.meta.dirname, "../../../../shared/corpus/md-sysfs");

async function collect(host: Host, now = 0): Promise<Reading[]> {
  return await md.create(host).collect(now, noAbort);
}

type Files = Record<string, string>;

/** Files of an array as the kernel shows them. */
function array(name: string, files: Files, members: Record<string, Files> = {}): Files {
  const folder = `/sys/block/${name}/md`;
  const all = Object.entries(files).map(([file, text]) => [`${folder}/${file}`, `${text}\n`]);
  for (const [member, own] of Object.entries(members)) {
    for (const [file, text] of Object.entries(own)) all.push([`${folder}/dev-${member}/${file}`, `${text}\n`]);
  }
  return Object.fromEntries(all);
}

const inSync = (slotNumber: number) => ({ state: "in_sync", slot: String(slotNumber), errors: "0" });
const raid1 = {
  array_state: "clean",
  level: "raid1",
  raid_disks: "2",
  degraded: "0",
  metadata_version: "1.2",
  sync_action: "idle",
};

async function pool(files: Files, now = 0): Promise<Reading> {
  const readings = await collect(rootedHost(files), now);
  return readings.find(({ kind }) => kind === "pool") as Reading;
}

describe.skipIf(!existsSync(corpus))("the corpus's tree (needs ../shared/corpus)", () => {
  test("each array of sysfs", async () => {
    const host = rootedHost({});
    cpSync(join(corpus, "sys"), join(host.root, "sys"), { recursive: true });
    const readings = await collect(host);
    const pools = readings.filter(({ kind }) => kind === "pool");
    expect(pools.map(({ key, state, labels }) => [key, state, labels?.level])).toEqual([
      ["md:md0", "online", "raid0"],
      ["md:md1", "online", "raid1"],
      ["md:md10", "online", "raid10"],
      ["md:md4", "online", "raid4"],
      ["md:md5", "degraded", "raid5"],
      ["md:md6", "degraded", "raid6"],
      ["md:md7", "online", "container"],
      ["md:md8", "online", "raid5"],
    ]);
    const reading = (key: string) => readings.find((one) => one.key === key);
    expect(reading("md:md5")?.reason).toBe("1 of 3 members missing (sdp faulty)");
    expect(named(slot, reading("md:md5")?.values)).toEqual({ members: 3, members_missing: 1, spares: 1 });
    expect(reading("md:md5/sdp")).toMatchObject({ state: "faulted", labels: { pool: "md:md5", role: "data" } });
    expect(reading("md:md5/sdaa")).toMatchObject({ state: "spare", labels: { role: "spare" } });
    expect(reading("md:md6")).toMatchObject({ reason: "rebuilding: sdt" });
    expect(named(slot, reading("md:md6")?.values).scan_progress_ratio).toBeCloseTo(0.75, 3);
    expect(reading("md:md6/sdt")?.state).toBe("rebuilding");
    expect(reading("md:md8")?.attributes).toMatchObject({
      raidDisks: 11,
      scan: { function: "reshape", state: "running" },
    });
    expect(reading("md:md0")?.attributes?.status).toMatch(/no redundancy/);
  });

  test("mdstat alone, where sysfs lacks the arrays", async () => {
    const host = rootedHost({});
    cpSync(join(corpus, "proc"), join(host.root, "proc"), { recursive: true });
    const readings = await collect(host);
    const states = readings.filter(({ kind }) => kind === "pool").map(({ key, state }) => `${key} ${state}`);
    expect(states.filter((text) => !text.endsWith(" online"))).toEqual([
      "md:md4 unavailable",
      "md:md42 degraded",
      "md:md6 degraded",
      "md:md7 degraded",
    ]);
    const reading = (key: string) => readings.find((one) => one.key === key);
    expect(reading("md:md6")?.reason).toBe("1 of 2 members missing (sdb2 faulty)");
    expect(reading("md:md9/sde")).toMatchObject({ state: "faulted", labels: { role: "spare" } });
    expect(named(slot, reading("md:md9")?.values)).toMatchObject({ members: 4, members_missing: 0, spares: 1 });
    expect(reading("md:md9")?.attributes).toMatchObject({ scan: { function: "resync", state: "paused" } });
    expect(named(slot, reading("md:md201")?.values)).toMatchObject({
      scan_bytes_per_second: 114_176 * 1024,
      size_bytes: 1_993_728 * 1024,
    });
  });
});

test.each<[string, Files, Record<string, Files>, string, string | undefined, number, number]>([
  ["healthy", raid1, { sda1: inSync(0), sdb1: inSync(1) }, "online", undefined, 2, 0],
  [
    "a member was removed: the kernel tells of it by number alone",
    { ...raid1, degraded: "1" },
    { sda1: inSync(0) },
    "degraded",
    "1 of 2 members missing",
    2,
    1,
  ],
  [
    "a faulty one whose place was taken is no longer one of the members",
    { ...raid1, degraded: "1", sync_action: "recover", sync_completed: "100 / 1000", sync_speed: "1000" },
    { sda1: inSync(0), sdb1: { state: "faulty", slot: "none" }, sdc1: { state: "spare", slot: "1" } },
    "degraded",
    "rebuilding: sdc1",
    2,
    0,
  ],
  [
    "a spare in its place while nothing is rebuilt",
    { ...raid1, array_state: "read-auto", degraded: "1" },
    { sda1: inSync(0), sdc1: { state: "spare", slot: "1" } },
    "degraded",
    "to be rebuilt: sdc1",
    2,
    0,
  ],
  [
    "no member in sync",
    { ...raid1, degraded: "2" },
    { sda1: { state: "faulty", slot: "0" } },
    "faulted",
    "2 of 2 members missing (sda1 faulty)",
    2,
    2,
  ],
  [
    "raid5 without two",
    { ...raid1, level: "raid5", raid_disks: "4", degraded: "2" },
    { sda1: inSync(0), sdb1: inSync(1) },
    "faulted",
    "2 of 4 members missing",
    4,
    2,
  ],
  [
    "raid6 without two",
    { ...raid1, level: "raid6", raid_disks: "4", degraded: "2" },
    { sda1: inSync(0), sdb1: inSync(1) },
    "degraded",
    "2 of 4 members missing",
    4,
    2,
  ],
  [
    "raid10 without a pair",
    { ...raid1, level: "raid10", raid_disks: "4", degraded: "2", layout: "258" },
    { sda1: inSync(0), sdb1: inSync(1) },
    "faulted",
    "2 of 4 members missing",
    4,
    2,
  ],
  [
    "raid10 without one of each pair",
    { ...raid1, level: "raid10", raid_disks: "4", degraded: "2", layout: "258" },
    { sda1: inSync(0), sdb1: inSync(3) },
    "degraded",
    "2 of 4 members missing",
    4,
    2,
  ],
  [
    "broken stripe",
    { array_state: "broken", level: "raid0", raid_disks: "2" },
    { sda1: { state: "in_sync" }, sdb1: { state: "faulty" } },
    "faulted",
    "broken: too many members are lost (sdb1 faulty)",
    2,
    1,
  ],
  [
    "not started",
    { array_state: "inactive", level: "raid5", raid_disks: "3" },
    { sda1: { state: "spare" }, sdb1: { state: "spare" } },
    "unavailable",
    "inactive: not started, 2 of 3 members found",
    3,
    1,
  ],
  [
    "suspended",
    { ...raid1, array_state: "suspended" },
    { sda1: inSync(0), sdb1: inSync(1) },
    "suspended",
    "suspended: all IO is held",
    2,
    0,
  ],
  [
    "a journal is no data",
    { ...raid1, level: "raid5", raid_disks: "2", consistency_policy: "journal" },
    { sda1: inSync(0), sdb1: inSync(1), nvme0n1p1: { state: "journal", slot: "none" } },
    "online",
    undefined,
    3,
    0,
  ],
])("%s", async (_, files, members, state, reason, wanted, missing) => {
  const reading = await pool(array("md0", files, members));
  expect([reading.state, reading.reason]).toEqual([state, reason]);
  expect(named(slot, reading.values)).toMatchObject({ members: wanted, members_missing: missing });
});

test.each<[string, Files, string, string | undefined]>([
  ["write-mostly", { state: "in_sync,writemostly" }, "online", undefined],
  ["to be replaced", { state: "in_sync,want_replacement" }, "degraded", "is to be replaced"],
  ["its replacement", { state: "spare,replacement", slot: "0" }, "rebuilding", "waits to be rebuilt"],
  ["write errors", { state: "in_sync,write_error" }, "degraded", "had write errors"],
  ["bad blocks", { state: "in_sync", bad_blocks: "100 8\n2000 16" }, "degraded", "24 sectors in its bad block list"],
  ["an unknown word", { state: "in_sync,levitating" }, "online", undefined],
])("member: %s", async (_, files, state, reason) => {
  const readings = await collect(rootedHost(array("md0", raid1, { sda1: files, sdb1: inSync(1) })));
  const member = readings.find(({ key }) => key === "md:md0/sda1");
  expect([member?.state, member?.reason]).toEqual([state, reason]);
});

test("errors, size, disks and pools of members", async () => {
  const members = { sda1: { ...inSync(0), errors: "7", size: "1024" }, "dm-0": inSync(1) };
  const readings = await collect(
    rootedHost({
      ...array("md0", { ...raid1, uuid: "aa-bb" }, members),
      "/sys/block/md0/size": "2048\n",
      "/sys/block/sda/size": "9",
      "/sys/block/nvme0n1/size": "9",
      "/sys/block/dm-0/dm/uuid": "LVM-x",
      "/sys/block/dm-0/dm/name": "vg-lv",
      "/sys/block/dm-0/slaves/nvme0n1": "",
    }),
  );
  const [reading, volume, partition] = readings;
  expect(reading?.attributes).toMatchObject({
    guid: "aa-bb",
    disks: ["nvme0n1", "sda"],
    pools: ["lvm:vg"],
    scrubbable: true,
    scrubActions: ["start", "stop"],
    lastScrub: null,
  });
  expect(named(slot, reading?.values)).toMatchObject({ size_bytes: 1 << 20, read_errors: 7 });
  expect(volume).toMatchObject({ key: "md:md0/dm-0", attributes: { disks: ["nvme0n1"], pools: ["lvm:vg"] } });
  expect(partition?.attributes).toMatchObject({ type: "partition", path: "/dev/sda1" });
  expect(named(memberSlot, partition?.values)).toEqual({ read_errors: 7, size_bytes: 1 << 20 });
});

test.each([
  ["raid5", "check", 128],
  ["raid6", undefined, 128],
  ["raid5", "repair", 0],
  ["raid1", "check", undefined],
  ["raid10", "check", undefined],
])("mismatches of %s after %s", async (level, last, expected) => {
  const files = { ...raid1, level, mismatch_cnt: "128", ...(last === undefined ? {} : { last_sync_action: last }) };
  const reading = await pool(array("md0", files, { sda1: inSync(0), sdb1: inSync(1) }));
  expect(named(slot, reading.values).mismatches).toBe(expected);
  expect(reading.attributes?.mismatchCount).toBe(128);
});

test("volumes of Intel metadata have the container's spares, the container is no pool", async () => {
  const volume = { ...raid1, metadata_version: "external:/md127/0" };
  const container = { array_state: "inactive", level: "container", metadata_version: "external:imsm", raid_disks: "" };
  const free = { state: "spare", slot: "none" };
  const readings = await collect(
    rootedHost({
      ...array("md126", volume, { sda: inSync(0), sdb: inSync(1) }),
      ...array("md127", container, { sda: free, sdb: free, sdc: free }),
    }),
  );
  expect(readings.map(({ key, state }) => [key, state])).toEqual([
    ["md:md126", "online"],
    ["md:md126/sda", "online"],
    ["md:md126/sdb", "online"],
    ["md:md126/sdc", "spare"],
  ]);
  expect(readings[0]?.attributes?.container).toBe("md127");
});

test("the age of a check that was seen to end; a check's progress makes no new attributes", async () => {
  const host = rootedHost(array("md0", raid1, { sda1: inSync(0), sdb1: inSync(1) }));
  const collector = md.create(host);
  const read = async (now: number) => ((await collector.collect(now, noAbort)) as Reading[])[0] as Reading;
  const write = (file: string, text: string) => host.write(`/sys/block/md0/md/${file}`, text);
  expect(named(slot, (await read(0)).values).scrub_age_seconds).toBeUndefined();
  write("sync_action", "check");
  write("sync_completed", "100 / 1000");
  write("sync_speed", "10");
  const first = await read(10_000);
  write("sync_completed", "950 / 1000");
  const second = await read(20_000);
  expect(second.attributes).toBe(first.attributes);
  expect(named(slot, second.values)).toMatchObject({ scan_progress_ratio: 0.95, scan_remaining_seconds: 2.5 });
  write("sync_action", "idle");
  write("sync_completed", "none");
  const after = await read(30_000);
  expect(after.attributes).toMatchObject({
    scan: { function: "check", state: "finished" },
    lastScrub: { endedAt: "1970-01-01T00:00:22.500Z" },
  });
  expect(named(slot, (await read(60_000)).values).scrub_age_seconds).toBe(37.5);
});

test("not here without arrays: none, a stopped one's node, mdstat without any", async () => {
  const empty = "Personalities : [raid1]\nunused devices: <none>\n";
  for (const files of [{}, { "/proc/mdstat": empty }, array("md0", { array_state: "clear" })]) {
    await expect(async () => collect(rootedHost(files))).rejects.toThrow(NotHere);
  }
});

test("an array that was stopped is gone, not overlooked", async () => {
  const host = rootedHost(array("md0", raid1, { sda1: inSync(0), sdb1: inSync(1) }));
  const collector = md.create(host);
  expect(await collector.collect(0, noAbort)).toHaveLength(3);
  host.write("/sys/block/md0/md/array_state", "clear");
  expect(await collector.collect(1, noAbort)).toEqual([]);
});

test("files full of nonsense give a reading, not an error", async () => {
  const files = {
    array_state: "??",
    level: "",
    raid_disks: "many",
    degraded: "-1",
    sync_completed: "a / b",
    sync_action: "dance",
  };
  const reading = await pool(
    array("md0", files, { "": { state: "" }, sda: { state: ",,,", slot: "x", errors: "1e9" } }),
  );
  expect(reading.key).toBe("md:md0");
});

test("whatever the files say, each array has a state, and a reason where it is not online", async () => {
  const host = rootedHost(array("md0", raid1, { sda1: inSync(0), sdb1: inSync(1) }));
  const words = fc.constantFrom(
    "",
    "0",
    "1",
    "2",
    "4 (3)",
    "none",
    "check",
    "recover",
    "raid5",
    "raid10",
    "container",
    "inactive",
    "broken",
    "read-auto",
    "faulty",
    "spare",
    "in_sync,want_replacement",
    "delayed",
    "5 / 10",
    "external:/md0/0",
    "external:imsm",
  );
  const file = fc.constantFrom(
    "array_state",
    "level",
    "raid_disks",
    "degraded",
    "metadata_version",
    "sync_action",
    "sync_completed",
    "sync_speed",
    "mismatch_cnt",
    "layout",
    "dev-sda1/state",
    "dev-sda1/slot",
    "dev-sdb1/state",
    "dev-sdb1/bad_blocks",
  );
  const collector = md.create(host);
  const change = fc.array(fc.tuple(file, fc.oneof(words, fc.string())), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(change, async (changes) => {
      for (const [name, text] of changes) host.write(`/sys/block/md0/md/${name}`, text);
      const readings = (await Promise.resolve(collector.collect(0, noAbort)).catch((error: unknown) => {
        if (!(error instanceof NotHere)) throw error;
        return [];
      })) as Reading[];
      for (const { state, reason } of readings) {
        expect(state).toBeTruthy();
        if (state !== "online" && state !== "spare") expect(reason).toBeTruthy();
      }
    }),
    { numRuns: 150 },
  );
});
