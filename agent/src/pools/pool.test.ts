import { expect, test } from "vitest";
import { named } from "../../tests/rooted-host.ts";
import { slots } from "../collectors/values.ts";
import { leaves, type Pool, type PoolMember, poolKey } from "./pool.ts";
import { poolReadings } from "./pool-readings.ts";

const now = Date.parse("2026-11-23T12:00:00Z");
const slot = slots("pool");

const device = (name: string, more: Partial<PoolMember> = {}): PoolMember => ({
  name,
  type: "disk",
  role: "data",
  state: "online",
  disks: [name],
  children: [],
  ...more,
});

const pool = (members: PoolMember[], more: Partial<Pool> = {}): Pool => ({
  type: "zfs",
  name: "tank",
  level: "mirror",
  state: "online",
  health: "ONLINE",
  members,
  scrubActions: [],
  tool: "zpool",
  ...more,
});

test.for<[Partial<Pool>, string]>([
  [{}, "zfs:tank"],
  [{ type: "lvm-thin", name: "vg/pool" }, "lvm:vg/pool"],
  [{ type: "btrfs", key: "btrfs:UUID" }, "btrfs:UUID"],
])("key of %j", ([more, key]) => {
  expect(poolKey(pool([], more))).toBe(key);
});

test("a pool that shows no members tells no number of them", () => {
  expect(named(slot, poolReadings(pool([]), now)[0]?.values)).toEqual({});
});

test("errors: what a group counts beyond its devices counts, once", () => {
  const group = device("raidz1-0", {
    type: "raidz1",
    checksumErrors: 9,
    readErrors: 1,
    children: [device("sda", { checksumErrors: 2, readErrors: 3 }), device("sdb", { checksumErrors: 4 })],
  });
  const values = named(slot, poolReadings(pool([group, device("sdc", { checksumErrors: 1 })]), now)[0]?.values);
  expect(values).toMatchObject({ checksum_errors: 10, read_errors: 3, members: 3 });
  expect(values).not.toHaveProperty("write_errors");
});

test("only what runs has progress; the age counts from the last scrub, else from when one is due", () => {
  const scan = { function: "scrub", progressRatio: 0.5, bytesPerSecond: 7, remainingSeconds: 8 } as const;
  const values = (more: Partial<Pool>) => named(slot, poolReadings(pool([device("sda")], more), now)[0]?.values);
  expect(values({ scan: { ...scan, state: "running" } })).toMatchObject({
    scan_progress_ratio: 0.5,
    scan_remaining_seconds: 8,
  });
  expect(values({ scan: { ...scan, state: "finished" } })).not.toHaveProperty("scan_progress_ratio");
  const lastScrub = { endedAt: now - 5000, errors: 2 };
  expect(values({ lastScrub, scrubDueFrom: now - 9000 })).toMatchObject({ scrub_age_seconds: 5, scrub_errors: 2 });
  expect(values({ scrubDueFrom: now - 9000 })).toMatchObject({ scrub_age_seconds: 9 });
  expect(values({ lastScrub, scrubNeverDue: true })).not.toHaveProperty("scrub_age_seconds");
  expect(values({ scrubDueFrom: now + 9000 })).toMatchObject({ scrub_age_seconds: 0 });
});

test("a state that is not online has a reason; one that is may tell a problem", () => {
  const reason = (more: Partial<Pool>) => poolReadings(pool([], more), now)[0]?.reason;
  expect(reason({})).toBeUndefined();
  expect(reason({ problem: "half read\nonly" })).toBe("half read only");
  expect(reason({ state: "faulted", health: "FAULTED" })).toBe("FAULTED");
  expect(reason({ state: "faulted", status: "It broke." })).toBe("It broke.");
});

test("a device that stands among the spares and where it serves is told where it serves", () => {
  const serving = device("spare-0", { type: "spare", children: [device("sda", { state: "removed" }), device("sdx")] });
  const all = [serving, device("sdx", { role: "spare" })];
  expect(leaves(all).map(({ name, role }) => [name, role])).toEqual([
    ["sda", "data"],
    ["sdx", "data"],
  ]);
  expect(named(slot, poolReadings(pool(all), now)[0]?.values)).toMatchObject({
    members: 1,
    members_missing: 1,
    spares: 0,
  });
});

test.for([10, 300, 5_000])("attributes of a pool of %i devices fit in 64 KB", (count) => {
  const path = "/dev/disk/by-id/ata-ST18000NM000J-2TV103_ZR5";
  const devices = Array.from({ length: count }, (_, i) =>
    device(`ata-ST18000NM000J-2TV103_ZR5${i}`, { path: path + i, driveHint: { serial: `ZR5${i}` }, disks: [`sd${i}`] }),
  );
  const groups = Array.from({ length: Math.ceil(count / 10) }, (_, i) =>
    device(`raidz2-${i}`, { type: "raidz2", disks: [], children: devices.slice(i * 10, i * 10 + 10) }),
  );
  const [reading] = poolReadings(pool(groups, { status: "x".repeat(100_000) }), now);
  expect(Buffer.byteLength(JSON.stringify(reading?.attributes))).toBeLessThan(64 * 1024);
  expect(reading?.attributes).toMatchObject({
    members: expect.arrayContaining([expect.objectContaining({ type: "raidz2" })]),
  });
  expect(reading?.values[slot.members]).toBe(count);
});
