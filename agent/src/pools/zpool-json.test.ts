import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseJson } from "./json.ts";
import { poolReadings } from "./pool-readings.ts";
import { parseZpoolJson } from "./zpool-json.ts";
import { poolStateOf, type ZpoolStatus } from "./zpool-words.ts";

const now = 1_714_002_000_000;

/** As OpenZFS 2.3 writes it, from outputs of it and cmd/zpool/zpool_main.c; `int` as with --json-int. */
function documentOf(int: boolean): unknown {
  const n = (value: number, text = String(value)) => (int ? value : text);
  const leaf = (name: string, more: object = {}) => ({
    name,
    vdev_type: "disk",
    guid: int ? 1234567 : "1234567",
    path: `/dev/${name}`,
    phys_path: "pci-0000:00:1f.2-ata-1",
    devid: `ata-${name}-part1`,
    class: "normal",
    state: "ONLINE",
    rep_dev_size: n(10_733_223_936, "10.0G"),
    phys_space: n(10_737_418_240, "10G"),
    read_errors: n(0),
    write_errors: n(0),
    checksum_errors: n(0),
    slow_ios: n(0),
    dio_verify_errors: n(0),
    init_state: "UNINITIALIZED",
    trim_state: "UNTRIMMED",
    trim_notsup: n(0),
    ...more,
  });
  const gone = {
    state: "UNAVAIL",
    not_present: n(1),
    was: "/dev/disk/by-id/ata-ST8000VN004_WSD4-part1",
    path: undefined,
  };
  return {
    output_version: { command: "zpool status", vers_major: 0, vers_minor: 1 },
    pools: {
      tank: {
        name: "tank",
        state: "DEGRADED",
        pool_guid: int ? 3920273 : "3920273586464696295",
        txg: n(16_597),
        spa_version: n(5000),
        zpl_version: n(5),
        status: "One or more devices could not be\n\tused.\n",
        action: "Replace the device.\n",
        msgid: "ZFS-8000-4J",
        moreinfo: "https://openzfs.github.io/openzfs-docs/msg/ZFS-8000-4J",
        scan_stats: {
          function: "SCRUB",
          state: "SCANNING",
          start_time: int
            ? 1_714_000_000
            : new Date(1_714_000_000_000).toString().replace(/^(\w+ \w+ \d+) (\d+) ([\d:]+).*$/, "$1 $3 $2"),
          end_time: n(0, "-"),
          to_examine: n(4 * 2 ** 30, "4G"),
          examined: n(4 * 2 ** 30, "4G"),
          skipped: n(2 ** 30, "1G"),
          processed: n(0, "0B"),
          errors: n(2),
          bytes_per_scan: n(0, "0B"),
          pass_start: n(1_714_001_000),
          scrub_pause: n(0, "-"),
          scrub_spent_paused: n(500),
          issued_bytes_per_scan: n(2 ** 29, "512M"),
          issued: n(2 ** 30, "1G"),
        },
        vdevs: {
          tank: {
            name: "tank",
            vdev_type: "root",
            state: "DEGRADED",
            vdevs: {
              "raidz2-0": {
                name: "raidz2-0",
                vdev_type: "raidz",
                state: "DEGRADED",
                checksum_errors: n(7),
                vdevs: {
                  sda: leaf("sda", { checksum_errors: n(3), slow_ios: n(9) }),
                  "9876543210987654321": leaf("9876543210987654321", gone),
                  sdc: leaf("sdc", { state: "FAULTED", aux: "ERR_EXCEEDED", read_errors: n(1536, "1.5K") }),
                },
              },
              "indirect-1": { name: "indirect-1", vdev_type: "indirect", state: "ONLINE" },
            },
          },
        },
        special: {
          "mirror-2": { vdev_type: "mirror", class: "special", state: "ONLINE", vdevs: { sdk: leaf("sdk") } },
        },
        logs: { nvme0n1p1: leaf("nvme0n1p1", { class: "log" }) },
        l2cache: { nvme0n1p2: leaf("nvme0n1p2", { class: "l2cache" }) },
        spares: {
          sdx: { vdev_type: "disk", path: "/dev/sdx", class: "spare", state: "AVAIL" },
          "draid2-0-0": { vdev_type: "dspare", class: "spare", state: "INUSE" },
        },
        error_count: n(4),
      },
    },
  };
}

describe.each([true, false])("a pool in JSON, numbers as such: %s", (int) => {
  const [pool] = parseZpoolJson(parseJson(JSON.stringify(documentOf(int))), now) as [ZpoolStatus];

  test("what it says of itself", () => {
    expect(pool).toMatchObject({
      name: "tank",
      health: "DEGRADED",
      level: "raidz2",
      status: "One or more devices could not be used.",
      action: "Replace the device.",
      dataErrors: 4,
    });
    expect(pool.problem).toBeUndefined();
  });

  test("the scrub that runs: progress without what is skipped, speed without the pause", () => {
    expect(pool.scan).toMatchObject({ function: "scrub", state: "running", startedAt: 1_714_000_000_000 });
    expect(pool.scan?.progressRatio).toBeCloseTo(1 / 3);
    expect(pool.scan?.bytesPerSecond).toBe(2 ** 29 / 500);
    expect(pool.scan?.remainingSeconds).toBe(2000);
  });

  test("its members", () => {
    const [raidz, special, log, cache, ...spares] = pool.members;
    expect(raidz).toMatchObject({ type: "raidz2", state: "degraded", checksumErrors: 7 });
    expect(raidz?.children).toMatchObject([
      { name: "sda", state: "online", checksumErrors: 3, slowIos: 9, path: "/dev/sda", sizeBytes: 10_737_418_240 },
      {
        state: "missing",
        path: "/dev/disk/by-id/ata-ST8000VN004_WSD4-part1",
        note: "was /dev/disk/by-id/ata-ST8000VN004_WSD4-part1",
      },
      { name: "sdc", state: "faulted", note: "too many errors", readErrors: 1536 },
    ]);
    expect(special).toMatchObject({ type: "mirror", role: "special", children: [{ name: "sdk", role: "special" }] });
    expect([log?.role, cache?.role]).toEqual(["log", "cache"]);
    expect(spares).toMatchObject([
      { name: "sdx", role: "spare", state: "spare" },
      { name: "draid2-0-0", type: "draid-spare", role: "spare", state: "online" },
    ]);
  });
});

test.for([
  [
    { function: "SCRUB", state: "FINISHED", start_time: 100, end_time: 200, errors: 0 },
    { state: "finished", startedAt: 100_000, endedAt: 200_000, errors: 0, progressRatio: 1, function: "scrub" },
  ],
  [
    { function: "RESILVER", state: "CANCELED", start_time: 100, end_time: 200 },
    { state: "cancelled", startedAt: 100_000, endedAt: 200_000, function: "resilver" },
  ],
  [
    { function: "SCRUB", state: "SCANNING", scrub_pause: 150, to_examine: 10, issued: 20, pass_start: 1 },
    { state: "paused", progressRatio: 1, function: "scrub" },
  ],
  [
    { function: "ERRORSCRUB", state: "FINISHED", end_time: 5 },
    { state: "finished", endedAt: 5000, progressRatio: 1, function: "errorscrub" },
  ],
  [{ function: "NONE", state: "NONE" }, undefined],
  [{ function: 7, state: [] }, undefined],
  ["gone", undefined],
] as const)("%j", ([scan_stats, scan]) => {
  expect(parseZpoolJson({ pools: { tank: { scan_stats } } }, now)[0]?.scan).toEqual(scan);
});

test("a device that is resilvered", () => {
  const vdevs = {
    sda: { vdev_type: "disk", state: "ONLINE", scan_processed: 5 },
    sdb: { vdev_type: "disk", state: "ONLINE" },
  };
  const scan_stats = { function: "RESILVER", state: "SCANNING" };
  const [pool] = parseZpoolJson({ pools: { tank: { scan_stats, vdevs } } }, now);
  expect(pool?.members.map(({ state }) => state)).toEqual(["rebuilding", "online"]);
});

test("a device that failed while it was resilvered is resilvered no more", () => {
  const vdevs = { sda: { vdev_type: "disk", state: "FAULTED", scan_processed: 5 } };
  const scan_stats = { function: "RESILVER", state: "SCANNING" };
  const [pool] = parseZpoolJson({ pools: { tank: { scan_stats, vdevs } } }, now);
  expect(pool?.members[0]).toMatchObject({ state: "faulted" });
  expect(pool?.members[0]).not.toHaveProperty("resilvering");
});

test.for([
  ["ONLINE", "ONLINE", "online"],
  ["ONLINE", "UNAVAIL", "degraded"],
])("a draid that tells neither type nor state, of devices %s and %s, is %s", ([one, other, state]) => {
  const devices = { sda: { vdev_type: "disk", state: one }, sdb: { vdev_type: "disk", state: other } };
  const vdevs = { tank: { vdev_type: "root", vdevs: { "draid2:4d:10c:1s-0": { vdevs: devices } } } };
  const [pool] = parseZpoolJson({ pools: { tank: { state: "ONLINE", vdevs } } }, now);
  expect(pool).toMatchObject({ level: "draid2", members: [{ type: "draid2", state }] });
});

test.for([
  ["HEALTHY", "online"],
  ["CANT_OPEN", "unavailable"],
  ["CLOSED", "unavailable"],
  ["REMOVED", "removed"],
])("a device whose state is %s is %s", ([word, state]) => {
  const vdevs = { sda: { vdev_type: "disk", state: word } };
  expect(parseZpoolJson({ pools: { tank: { vdevs } } }, now)[0]?.members[0]?.state).toBe(state);
});

describe("several scans beside each other: the one that runs is shown, the last scrub is kept", () => {
  const scrubbed = {
    function: "SCRUB",
    state: "FINISHED",
    start_time: 1_713_000_000,
    end_time: 1_713_900_000,
    errors: 3,
  };
  const scrub = { function: "scrub", state: "finished", endedAt: 1_713_900_000_000, errors: 3 };
  const read = (pool: object) => parseZpoolJson({ pools: { tank: pool } }, now)[0];

  test("a sequential rebuild", () => {
    const stats = { vdev_type: "mirror", state: "ACTIVE", start_time: 1_714_001_000, issued: 1000, to_scan: 5000 };
    const pool = read({ scan_stats: { ...scrubbed, rebuild_stats: { "mirror-0": { ...stats, pass_skipped: 1000 } } } });
    expect(pool?.scan).toEqual({
      function: "resilver",
      state: "running",
      startedAt: 1_714_001_000_000,
      progressRatio: 0.25,
      bytesPerSecond: 1,
      remainingSeconds: 3000,
    });
    expect(pool?.scrub).toMatchObject(scrub);
  });

  test("a sequential rebuild that has ended takes no scrub's place", () => {
    const done = { state: "COMPLETE", start_time: 1_714_001_000, end_time: 1_714_001_500, issued: 5, to_scan: 5 };
    const pool = read({ scan_stats: { ...scrubbed, rebuild_stats: { "mirror-0": done } } });
    expect(pool?.scan).toMatchObject(scrub);
    expect(pool).not.toHaveProperty("scrub");
  });

  test.for(["ERRORSCRUBBING", "ERRORSCRUBING"])("an error scrub (%s)", (err_scrub_state) => {
    const errors = { err_scrub_func: "ERRORSCRUB", err_scrub_state, err_scrub_start_time: 1_714_001_000 };
    const counts = { err_scrub_examined: 1, err_scrub_to_examine: 3, err_scrub_pause: 0 };
    const pool = read({ scan_stats: { ...scrubbed, ...errors, ...counts } });
    expect(pool?.scan).toMatchObject({ function: "errorscrub", state: "running", progressRatio: 0.25 });
    expect(pool?.scrub).toMatchObject(scrub);
  });

  test("a raidz that is widened", () => {
    const raidz_expand_stats = { state: "SCANNING", start_time: 1_714_001_000, to_reflow: 4000, reflowed: 1000 };
    const pool = read({ scan_stats: scrubbed, raidz_expand_stats });
    expect(pool?.scan).toMatchObject({ function: "reshape", state: "running", progressRatio: 0.25 });
    expect(pool?.scrub).toMatchObject(scrub);
  });
});

test("a raidz that is widened", () => {
  const raidz_expand_stats = { state: "SCANNING", start_time: 1_714_001_000, to_reflow: 4000, reflowed: 1000 };
  const [pool] = parseZpoolJson({ pools: { tank: { raidz_expand_stats } } }, now);
  expect(pool?.scan).toEqual({
    function: "reshape",
    state: "running",
    startedAt: 1_714_001_000_000,
    progressRatio: 0.25,
    bytesPerSecond: 1,
    remainingSeconds: 3000,
  });
});

test("GUIDs keep all their digits; what is printed before the JSON is skipped", () => {
  const text = 'warning: old\n{"pools": {"tank": {"pool_guid": 17676661951724158632}}}';
  expect(parseZpoolJson(parseJson(text), now)[0]?.guid).toBe("17676661951724158632");
});

test.for(["", "{", "null", "[]", "42", '{"pools": 7}', "no pools available"])("%j: no pools", (text) => {
  expect(parseZpoolJson(parseJson(text), now)).toEqual([]);
});

test("mutated documents are read, never thrown at, and always give a state", () => {
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>("-", "1e999", -1, 1e300, "SCANNING", { a: {} }));
  fc.assert(
    fc.property(fc.boolean(), fc.array(fc.tuple(fc.nat(), value), { minLength: 1, maxLength: 8 }), (int, edits) => {
      const json: unknown = documentOf(int);
      for (const [where, put] of edits) replaceOne(json, where, put);
      for (const { scan, ...pool } of parseZpoolJson(parseJson(JSON.stringify(json)), now)) {
        const readings = poolReadings(
          {
            ...pool,
            ...(scan === undefined ? {} : { scan }),
            type: "zfs",
            state: poolStateOf(pool.health),
            scrubActions: [],
            tool: "zpool",
          },
          now,
        );
        for (const reading of readings) expect(reading.state).toMatch(/^[a-z]+$/);
        for (const one of Array.from(readings[0]?.values ?? [])) expect(one).not.toBe(Number.POSITIVE_INFINITY);
      }
    }),
    { numRuns: 500 },
  );
});

/** Walks down by the digits of `where` and puts the value in the place it comes to. */
function replaceOne(json: unknown, where: number, value: unknown): void {
  let here = json as Record<string, unknown>;
  let rest = where;
  for (;;) {
    const keys = Object.keys(here);
    if (keys.length === 0) return;
    const key = keys[rest % keys.length] as string;
    rest = Math.floor(rest / keys.length);
    const next = here[key];
    if (typeof next !== "object" || next === null || rest % 5 === 4) {
      here[key] = value;
      return;
    }
    here = next as Record<string, unknown>;
  }
}
