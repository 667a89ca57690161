import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { named } from "../../tests/rooted-host.ts";
import { slots } from "../collectors/values.ts";
import { leaves, type PoolMember, type PoolScan } from "./pool.ts";
import { poolReadings } from "./pool-readings.ts";
import { parseZpoolText } from "./zpool-text.ts";
import { poolStateOf, type ZpoolStatus } from "./zpool-words.ts";

const corpus = join(import.meta.dirname, "../../../../shared/corpus/zpool-status");
const now = Date.parse("2026-11-23T12:00:00Z");

/** A status text from its config lines; `head` are the sections before, `tail` those behind. */
function status(config: string, head = " state: ONLINE", tail = "errors: No known data errors"): string {
  return `  pool: tank\n${head}\nconfig:\n\n${config}\n\n${tail}\n`;
}

function only(text: string): ZpoolStatus {
  const [pool, ...others] = parseZpoolText(text, now);
  expect(others).toEqual([]);
  if (pool === undefined) throw new Error("no pool");
  return pool;
}

/** "mirror[sda online, sdb faulted]" and so on. */
function shape(members: readonly PoolMember[]): string {
  return members
    .map(({ name, type, role, state, children }) => {
      const own = `${role === "data" ? "" : `${role}:`}${children.length > 0 ? type : `${name} ${state}`}`;
      return children.length > 0 ? `${own}[${shape(children)}]` : own;
    })
    .join(", ");
}

describe.skipIf(!existsSync(corpus))("the corpus of real outputs (../shared/corpus/zpool-status)", () => {
  const files: Record<string, [string, string, string, Partial<PoolScan> | undefined, number | undefined]> = {
    "input-01-corrupted.txt": [
      "DEGRADED",
      "mirror",
      "mirror[loop0 online, loop1 online], mirror[loop2 online, loop3 unavailable]",
      { function: "scrub", state: "finished", errors: 0 },
      undefined,
    ],
    "input-02-online-data-corruption.txt": [
      "ONLINE",
      "mirror",
      "mirror[ata-ST8000DM004-2CX188_ZCT0ZR05-part1 online, ata-ST8000VN004-2M2101_WKD02XPR-part1 online]",
      { function: "scrub", state: "finished", errors: 1 },
      1,
    ],
    "input-03-resilvered.txt": [
      "ONLINE",
      "mirror",
      "mirror[loop0 online, loop1 online], mirror[loop2 online, loop3 online]",
      { function: "resilver", state: "finished", errors: 0 },
      0,
    ],
    "input-04-scrub-progress.txt": [
      "ONLINE",
      "mirror",
      "mirror[wwn-0x5000c500af8ec287-part2 online, ata-TOSHIBA_HDWQ140_50SRK3F3FBJG-part1 online]",
      { function: "scrub", state: "running", progressRatio: 0 },
      0,
    ],
    "input-06-removed.txt": [
      "DEGRADED",
      "mirror",
      "mirror[drive0-part1 removed, drive1-part1 online]",
      { function: "scrub", state: "finished", errors: 0 },
      0,
    ],
    "input-07-unavail.txt": [
      "DEGRADED",
      "mirror",
      "mirror[12345678901234567890 missing, ata-ST8000VN004-xxxxxx_redacted-part1 online, ata-ST8000VN004-xxxxxx_redacted online]",
      { function: "scrub", state: "finished", errors: 0 },
      0,
    ],
    "input-08-features-alt.txt": [
      "ONLINE",
      "mirror",
      "mirror[ata-ST8000VN004-xxxxxx_redacted-part1 online, ata-ST8000VN004-xxxxxx_redacted online]",
      { function: "scrub", state: "finished", errors: 0 },
      0,
    ],
    "input-09-scrub-cancel.txt": [
      "ONLINE",
      "mirror",
      "mirror[wwn-0x5000c500af8ec287-part2 online, ata-TOSHIBA_HDWQ140_50SRK3F3FBJG-part1 online]",
      { function: "scrub", state: "cancelled" },
      0,
    ],
    "input-10-new-pool.txt": [
      "ONLINE",
      "mirror",
      "mirror[ata-ST8000VN004-2M2101_WSD4EYEW online, ata-ST8000VN004-2M2101_WSD49ZDC online]",
      undefined,
      0,
    ],
    "input-11-degraded-no-scan.txt": ["DEGRADED", "mirror", "mirror[loop0 online, loop1 unavailable]", undefined, 0],
  };

  test("every file has its line in a table", () => {
    const more = ["input-05-features.txt"];
    expect(readdirSync(corpus).sort()).toEqual([...Object.keys(files), ...more].sort());
  });

  test.for(Object.entries(files))("%s", ([file, [health, level, members, scan, dataErrors]]) => {
    const pool = only(readFileSync(join(corpus, file), "utf8"));
    expect(pool).toMatchObject({ health, level });
    expect(pool.problem).toBeUndefined();
    expect(shape(pool.members)).toBe(members);
    expect(pool.dataErrors).toBe(dataErrors);
    if (scan === undefined) expect(pool.scan).toBeUndefined();
    else expect(pool.scan).toMatchObject(scan);
  });

  test("two pools, sentences over several lines", () => {
    const pools = parseZpoolText(readFileSync(join(corpus, "input-05-features.txt"), "utf8"), now);
    expect(pools.map(({ name, scan }) => [name, scan?.state])).toEqual([
      ["rpool", "finished"],
      ["wilbur", "finished"],
    ]);
    expect(pools[0]?.action).toMatch(
      /^Enable all features using 'zpool upgrade'\. Once .* See zpool-features\(7\) for details\.$/,
    );
  });

  test("what is said of a missing device", () => {
    const [gone] = leaves(only(readFileSync(join(corpus, "input-07-unavail.txt"), "utf8")).members);
    expect(gone).toMatchObject({
      state: "missing",
      path: "/dev/disk/by-id/ata-ST8000DM004-xxxxxx_redacted-part1",
      checksumErrors: 100_980,
    });
  });

  test("mutated and cut text is read, never thrown at, and always gives a state", () => {
    const texts = readdirSync(corpus).map((file) => readFileSync(join(corpus, file), "utf8"));
    const piece = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom("\t", "\n", "  ", "-", "%", "99999999999999999999", "state:", "pool: "),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(fc.tuple(fc.nat(), piece), { maxLength: 6 }),
        fc.nat(),
        (text, edits, cut) => {
          let changed = text;
          for (const [at, part] of edits) {
            const place = at % changed.length;
            changed = changed.slice(0, place) + part + changed.slice(place + part.length);
          }
          for (const pool of parseZpoolText(cut % 3 === 0 ? changed.slice(0, cut % changed.length) : changed, now)) {
            mustBeSound(pool);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Whatever was read makes readings with a state, and a reason where that is not online. */
function mustBeSound(status: ZpoolStatus): void {
  const { scan, ...rest } = status;
  const pool = {
    ...rest,
    ...(scan === undefined ? {} : { scan }),
    type: "zfs" as const,
    state: poolStateOf(status.health),
    scrubActions: [],
    tool: "zpool",
  };
  const [reading, ...members] = poolReadings(pool, now);
  expect(reading?.state).toMatch(/^[a-z]+$/);
  expect(JSON.stringify(reading)).not.toMatch(/"(NaN|undefined)"/);
  for (const member of members) expect(member.state).toMatch(/^[a-z]+$/);
  const progress = reading?.attributes?.scan as PoolScan | null;
  if (progress?.progressRatio !== undefined)
    expect(progress.progressRatio >= 0 && progress.progressRatio <= 1).toBe(true);
}

const head = "\tNAME        STATE     READ WRITE CKSUM\n\ttank        ONLINE       0     0     0\n";

test.for<[what: string, config: string, members: string]>([
  [
    "a stripe",
    `${head}\t  sda       ONLINE       0     0     0\n\t  sdb       ONLINE       0     0     0`,
    "sda online, sdb online",
  ],
  [
    "slow IOs stand behind the errors, notes behind both",
    "\tNAME        STATE     READ WRITE CKSUM  SLOW\n\ttank        DEGRADED     0     0     0     -\n\t  mirror-0  DEGRADED     0     0     0     -\n\t    sda     ONLINE       0     0     0     3  (resilvering)\n\t    sdb     FAULTED     12     1 1.2K    44  too many errors",
    "mirror[sda rebuilding, sdb faulted]",
  ],
  [
    "replacing, a spare that serves, logs, cache, special, dedup",
    `${head}\t  raidz2-0  ONLINE       0     0     0
\t    replacing-0  DEGRADED     0     0     0
\t      old   UNAVAIL      0     0     0  was /dev/sdb1/old
\t      new   ONLINE       0     0     0  (resilvering)
\t    spare-1  DEGRADED     0     0     0
\t      sdc   REMOVED      0     0     0
\t      sdx   ONLINE       0     0     0
\t    sdd     ONLINE       0     0     0  block size: 512B configured, 4096B native
\tdedup\t
\t  mirror-3  ONLINE       0     0     0
\t    sde     ONLINE       0     0     0
\tspecial
\t  sdf       ONLINE       0     0     0
\tlogs
\t  mirror-1  ONLINE       0     0     0
\t    sdg     ONLINE       0     0     0
\t    sdh     OFFLINE      0     0     0
\tcache
\t  nvme0n1p2  ONLINE       0     0     0
\tspares
\t  sdx       INUSE     currently in use
\t  sdy       AVAIL   `,
    "raidz2[replacing[old missing, new rebuilding], spare[sdc removed, sdx online], sdd online], dedup:mirror[dedup:sde online], special:sdf online, log:mirror[log:sdg online, log:sdh offline], cache:nvme0n1p2 online, spare:sdx online, spare:sdy spare",
  ],
  [
    "draid with its distributed spare, what is left of a removed device",
    `${head}\t  draid2:4d:10c:1s-0  ONLINE       0     0     0\n\t    sda     ONLINE       0     0     0\n\t    sdb     ONLINE       0     0     0\n\t  indirect-1  ONLINE       0     0     0\n\tspares\n\t  draid2-0-0  AVAIL   `,
    "draid2[sda online, sdb online], spare:draid2-0-0 spare",
  ],
  [
    "names with blanks and aliases like groups",
    `${head}\t  /mnt/my disk  ONLINE       0     0     0\n\t  mirror-left  ONLINE       0     0     0`,
    "/mnt/my disk online, mirror-left online",
  ],
])("%s", ([, config, members]) => {
  expect(shape(only(status(config)).members)).toBe(members);
});

test("a rebuild beside the last scrub: the one that runs is shown, the scrub is kept", () => {
  const scrub = "  scan: scrub repaired 0B in 00:15:42 with 2 errors on Sun Feb 11 04:00:01 2024";
  const rebuild = [
    "  scan: resilver (mirror-0) in progress since Mon Feb 12 11:54:20 2024",
    "\t704G / 1.66T scanned at 5.67G/s, 83G / 1.66T issued at 1.2G/s",
    "\t83G resilvered, 5.00% done, 00:22:10 to go",
  ].join("\n");
  const pool = only(
    status("\ttank  ONLINE  0  0  0\n\t  sda  ONLINE  0  0  0", ` state: ONLINE\n${scrub}\n${rebuild}`),
  );
  expect(pool.scan).toMatchObject({ function: "resilver", state: "running", progressRatio: 0.05 });
  expect(pool.scrub).toMatchObject({ function: "scrub", state: "finished", errors: 2 });
});

test("counts and notes of a member", () => {
  const config =
    "\tNAME   STATE  READ WRITE CKSUM  SLOW\n\ttank  ONLINE  0  0  0  -\n\t  sdb  FAULTED     12     1 1.2K    44  too many errors";
  expect(only(status(config)).members[0]).toMatchObject({
    readErrors: 12,
    writeErrors: 1,
    checksumErrors: 1229,
    slowIos: 44,
    note: "too many errors",
  });
});

test("places: one that is replaced shares its place, a spare in use is no member of its own", () => {
  const config = `${head}\t  raidz2-0  DEGRADED     0     0     0
\t    replacing-0  DEGRADED     0     0     0
\t      old   UNAVAIL      0     0     0  was /dev/sdb1
\t      new   ONLINE       0     0     0  (resilvering)
\t    sdd     ONLINE       0     0     0
\tspares
\t  sdx       AVAIL   `;
  const { members, name, health, level } = only(status(config));
  const pool = {
    type: "zfs" as const,
    name,
    health,
    level,
    members,
    scrubActions: [],
    tool: "zpool",
    state: "degraded" as const,
  };
  const [reading] = poolReadings(pool, now);
  expect(named(slots("pool"), reading?.values)).toMatchObject({ members: 2, members_missing: 1, spares: 1 });
});

test("damaged files", () => {
  const tail =
    "errors: Permanent errors have been detected in the following files:\n\n        /tank/a file: with words\n        tank/data:<0x1>\n        <metadata>:<0x2>";
  expect(only(status(`${head}\t  sda  ONLINE  0  0  0`, " state: ONLINE", tail))).toMatchObject({
    dataErrors: 3,
    damaged: ["/tank/a file: with words", "tank/data:<0x1>", "<metadata>:<0x2>"],
  });
});

test.for([
  ["", 0],
  ["no pools available\n", 0],
  ["Speicherpool: tank\n Status: ONLINE\n", 0],
  ["\0".repeat(10_000), 0],
  ["  pool: tank\n", 1],
] as const)("%j gives %i pools, none without a problem", ([text, count]) => {
  const pools = parseZpoolText(text, now);
  expect(pools).toHaveLength(count);
  for (const { problem } of pools) expect(problem).toBe("zpool status: no state and no config that is understood");
});
