import { expect, test } from "vitest";
import { noAbort, rootedHost } from "../../tests/rooted-host.ts";
import { type CollectorFactory, NotHere } from "../collectors/collector.ts";
import type { Pool } from "../pools/pool.ts";
import { poolReadings } from "../pools/pool-readings.ts";
import { choosePools, readPools } from "./pools.ts";
import { poolList, poolTree } from "./pools-text.ts";

const now = Date.parse("2026-11-23T12:00:00Z");

const tank: Pool = {
  type: "zfs",
  name: "tank",
  level: "mirror",
  state: "degraded",
  reason: "One device is gone.",
  health: "DEGRADED",
  status: "One device is gone.",
  action: "Replace it.",
  sizeBytes: 2 ** 40,
  usedBytes: 2 ** 39,
  members: [
    {
      name: "mirror-0",
      type: "mirror",
      role: "data",
      state: "degraded",
      disks: [],
      children: [
        {
          name: "sda1",
          type: "disk",
          role: "data",
          state: "online",
          readErrors: 0,
          checksumErrors: 3,
          disks: ["sda"],
          children: [],
        },
        {
          name: "sdb1",
          type: "disk",
          role: "data",
          state: "missing",
          note: "was /dev/sdb1",
          disks: [],
          children: [],
          driveHint: { serial: "WD-1" },
        },
      ],
    },
    { name: "sdx", type: "disk", role: "spare", state: "spare", disks: ["sdx"], children: [] },
  ],
  scan: { function: "resilver", state: "running", progressRatio: 0.5, bytesPerSecond: 2 ** 20, remainingSeconds: 7200 },
  lastScrub: { endedAt: now - 10 * 86_400_000, errors: 0 },
  scrubActions: ["start"],
  tool: "zpool",
};

const factory = (name: string, collect: () => never | ReturnType<typeof poolReadings>): CollectorFactory => ({
  name,
  help: "Test",
  kinds: ["pool", "pool_member"],
  deadlineMs: 1000,
  create: () => ({ collect }),
});

test("all collectors of pools are asked; one that fails is told, one that is absent is not", async () => {
  const factories = [
    factory("one", () => poolReadings(tank, now)),
    factory("two", () =>
      poolReadings({ ...tank, type: "md", name: "md0", state: "online", scan: undefined } as never, now),
    ),
    factory("failing", () => {
      throw new Error("no answer");
    }),
    factory("absent", () => {
      throw new NotHere("nothing");
    }),
    { ...factory("other", () => []), kinds: ["host"] as const },
  ];
  const view = await readPools(rootedHost({}), noAbort, factories);
  expect(view).toMatchObject({ ok: false, failures: ["failing: no answer"], hints: [] });
  expect(view.pools.map(({ key, state, values }) => [key, state, values.members_missing, values.size_bytes])).toEqual([
    ["zfs:tank", "degraded", 1, 2 ** 40],
    ["md:md0", "online", 1, 2 ** 40],
  ]);
  expect(poolList(view, now).split("\n")).toEqual([
    "POOL  TYPE  LEVEL   STATE     SIZE      USED  MEMBERS                   SCAN                                         LAST SCRUB",
    "tank  zfs   mirror  degraded  1.00 TiB  50 %  1 ok, 1 missing, 1 spare  resilver 50.0 %, 1.00 MiB/s, 2 h 0 min left  10 d 0 h ago, 0 errors",
    "md0   md    mirror  online    1.00 TiB  50 %  1 ok, 1 missing, 1 spare  -                                            10 d 0 h ago, 0 errors",
    "",
    "tank:           One device is gone.",
    "md0:            One device is gone.",
    "could not read  failing: no answer",
  ]);
});

test("a pool that is not found may be one that could not be read", () => {
  const view = { ok: false, pools: [], failures: ["hardware-raid: storcli: no output"], hints: [] };
  expect(() => choosePools(view, "hwraid:storcli/c0/v0")).toThrow(
    'no pool "hwraid:storcli/c0/v0": this host has none; could not read: hardware-raid: storcli: no output',
  );
});

test("one pool as a tree", async () => {
  const { pools } = await readPools(rootedHost({}), noAbort, [factory("one", () => poolReadings(tank, now))]);
  expect(poolTree(pools[0]!, now).split("\n")).toEqual([
    "pool        zfs:tank",
    "state       degraded: One device is gone.",
    "level       mirror",
    "action      Replace it.",
    "size        1.00 TiB, 512 GiB used",
    "members     1 ok, 1 missing, 1 spare",
    "scan        resilver 50.0 %, 1.00 MiB/s, 2 h 0 min left",
    "last scrub  10 d 0 h ago, 0 errors",
    "",
    "MEMBER    STATE     READ  WRITE  CKSUM  SLOW  SIZE  DISKS",
    "mirror-0  degraded  -     -      -      -",
    "  sda1    online    0     -      3      -           sda",
    "  sdb1    missing   -     -      -      -                  was /dev/sdb1, WD-1",
    "sdx       spare     -     -      -      -           sdx    spare",
  ]);
});
