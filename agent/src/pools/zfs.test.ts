import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { noAbort, rootedHost } from "../../tests/rooted-host.ts";
import type { Host } from "../host/host.ts";
import { runProgram } from "../host/subprocess.ts";
import { leaves } from "./pool.ts";
import { createZfsReader } from "./zfs.ts";

const now = Date.parse("2026-11-23T12:00:00Z");
const hour = 3600_000;

const mirror = (
  name: string,
  more = "",
  rows = "\t  mirror-0  ONLINE  0  0  0\n\t    sda  ONLINE  0  0  0\n\t    sdb  ONLINE  0  0  0",
) =>
  `  pool: ${name}\n state: ONLINE\n${more}config:\n\n\tNAME  STATE  READ WRITE CKSUM\n\t${name}  ONLINE  0  0  0\n${rows}\n\nerrors: No known data errors\n`;
const row = (name: string, health = "ONLINE") => `${name}\t1000\t250\t750\t12\t1.50\t${health}\t77`;

/** A host whose kernel has these pools in these states and whose zpool (2.1) is this shell script, given up at once. */
function hostWith(
  states: Record<string, string>,
  script: string,
): Host & { runs: string[]; set(script: string): void } {
  const files = Object.entries(states).map(([name, state]) => [`/proc/spl/kstat/zfs/${name}/state`, `${state}\n`]);
  const host = rootedHost({ "/proc/spl/kstat/zfs/arcstats": "", ...Object.fromEntries(files) });
  const folder = mkdtempSync(join(tmpdir(), "fairlead-zpool-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const runs: string[] = [];
  const set = (body: string) => {
    writeFileSync(join(folder, "zpool"), `#!/bin/sh\n[ "$*" = version ] && echo zfs-2.1.11-1 && exit\n${body}\n`);
    chmodSync(join(folder, "zpool"), 0o755);
  };
  set(script);
  const flight = Math.random();
  return {
    ...host,
    stateDir: folder,
    runs,
    set,
    run(file, args, options) {
      runs.push([file, ...args].join(" "));
      const mine = {
        ...options,
        deadlineMs: 400,
        ...(options.flight ? { flight: `${options.flight} ${flight}` } : {}),
      };
      return runProgram(join(folder, file), args, mine);
    },
  };
}

/** A script that answers status and list of those pools, all at once or each. */
function answers(pools: Record<string, string>): string {
  const cases = Object.entries(pools).map(([name, text]) => `*" ${name}") cat <<'END'\n${text}END\n;;`);
  const lists = Object.keys(pools).map((name) => `*" ${name}") printf '%s\\n' '${row(name)}' ;;`);
  return `case "$1" in
status) case "$*" in ${cases.join("\n")}
*) cat <<'END'\n${Object.values(pools).join("\n")}END\n;; esac ;;
list) case "$*" in ${lists.join("\n")}
*) printf '%s\\n' ${Object.keys(pools)
    .map((name) => `'${row(name)}'`)
    .join(" ")} ;; esac ;;
esac`;
}

test("no ZFS, and ZFS without a pool, cost no process", async () => {
  const none = { ...rootedHost({}), run: () => Promise.reject(new Error("a process")) };
  await expect(createZfsReader(none).read(now, noAbort)).rejects.toThrow("no ZFS: neither its kernel module nor");
  const host = hostWith({}, "exit 1");
  expect(await createZfsReader(host).read(now, noAbort)).toEqual({ pools: [], failures: [] });
  expect(host.runs).toEqual([]);
});

test("a scrub that ended counts while something else runs", async () => {
  const scans =
    "  scan: scrub repaired 0B in 00:10:00 with 0 errors on Sun Nov 22 12:00:00 2026\n" +
    "  scan: resilver (mirror-0) in progress since Mon Nov 23 11:00:00 2026\n\t1G issued, 5.00% done, 00:22:10 to go\n";
  const host = hostWith({ a: "ONLINE" }, answers({ a: mirror("a", scans) }));
  const { pools } = await createZfsReader(host).read(now, noAbort);
  expect(pools[0]?.scan).toMatchObject({ function: "resilver", state: "running" });
  expect(pools[0]?.lastScrub).toMatchObject({ endedAt: new Date("2026-11-22T12:00:00").getTime(), errors: 0 });
});

test("two well pools are read by one status and one list", async () => {
  const host = hostWith({ a: "ONLINE", b: "ONLINE" }, answers({ a: mirror("a"), b: mirror("b") }));
  const reader = createZfsReader(host);
  const { pools, failures } = await reader.read(now, noAbort);
  expect(failures).toEqual([]);
  expect(pools.map(({ name, state, level }) => [name, state, level])).toEqual([
    ["a", "online", "mirror"],
    ["b", "online", "mirror"],
  ]);
  expect(pools[0]).toMatchObject({
    guid: "77",
    sizeBytes: 1000,
    usedBytes: 250,
    freeBytes: 750,
    fragmentationRatio: 0.12,
    deduplicationFactor: 1.5,
    toolVersion: "2.1.11-1",
  });
  host.runs.length = 0;
  await reader.read(now + 60_000, noAbort);
  expect(host.runs.sort()).toEqual([
    "zpool list -Hp -o name,size,alloc,free,frag,dedup,health,guid",
    "zpool status -p -s -v",
  ]);
});

test("two that ask at the same time wait for each other", async () => {
  const host = hostWith({ a: "ONLINE" }, `sleep 0.1\n${answers({ a: mirror("a") })}`);
  const both = await Promise.all([1, 2].map(() => createZfsReader(host).read(now, noAbort)));
  expect(both.map(({ pools, failures }) => [pools[0]?.state, failures])).toEqual([
    ["online", []],
    ["online", []],
  ]);
});

test("a pool whose zpool hangs is stuck, keeps what was known of it and hides no other", async () => {
  const host = hostWith({ a: "ONLINE", b: "DEGRADED" }, answers({ a: mirror("a"), b: mirror("b") }));
  const reader = createZfsReader(host);
  await reader.read(now, noAbort);
  const well = answers({ a: mirror("a") });
  host.set(`case "$*" in status*" a"|list*" a") ;; *) sleep 60 ;; esac\n${well}`);
  const { pools, failures } = await reader.read(now + 60_000, noAbort);
  expect(pools.map(({ name, state }) => [name, state])).toEqual([
    ["a", "online"],
    ["b", "stuck"],
  ]);
  expect(pools[1]).toMatchObject({ reason: "zpool status: no end within 400 ms", level: "mirror", sizeBytes: 1000 });
  expect(leaves(pools[1]?.members ?? []).map(({ name }) => name)).toEqual(["sda", "sdb"]);
  expect(failures).toEqual(["b (stuck): zpool status: no end within 400 ms"]);
  // For a while each is asked by itself, so that nobody waits for what hangs.
  host.runs.length = 0;
  await reader.read(now + 120_000, noAbort);
  expect(host.runs.filter((run) => run.startsWith("zpool status")).sort()).toEqual([
    "zpool status -p -s -v a",
    "zpool status -p -s -v b",
  ]);
});

test.for<[what: string, kernel: string, script: string, state: string, says: RegExp]>([
  ["hangs while IO is suspended", "SUSPENDED", "sleep 60", "suspended", /IO is suspended/],
  ["hangs", "ONLINE", "sleep 60", "stuck", /no end within 400 ms/],
  ["prints nothing", "ONLINE", "exit 0", "online", /does not tell of it/],
  ["prints without end", "ONLINE", "yes", "online", /more than \d+ bytes of output/],
  ["prints something else", "DEGRADED", "echo hello; echo world", "degraded", /hello world/],
  ["is ended by a signal", "FAULTED", "kill -9 $$", "faulted", /ended by SIGKILL/],
  ["is not permitted", "ONLINE", "echo 'cannot open: Permission denied' >&2; exit 1", "online", /Permission denied/],
  [
    "speaks another language",
    "ONLINE",
    "printf '  Pool: t\\n Zustand: GUT\\n'",
    "online",
    /printed nothing that is understood/,
  ],
  ["is a directory listing", "", "ls -la /", "unknown", /total/],
])("a zpool that %s", async ([, kernel, script, state, says]) => {
  const host = hostWith({ tank: kernel }, script);
  const { pools, failures } = await createZfsReader(host).read(now, noAbort);
  expect(pools).toMatchObject([{ name: "tank", state }]);
  const [tank] = pools;
  expect(`${tank?.reason} ${tank?.problem}`).toMatch(says);
  if (state !== "online") expect(tank?.reason).toBeDefined();
  expect(failures).toHaveLength(1);
});

test("without zpool the kernel's word is told, and what is missing", async () => {
  const host = hostWith({ tank: "DEGRADED" }, "");
  const without = { ...host, run: () => runProgram("/nowhere/zpool", [], { deadlineMs: 100 }) };
  const { pools, failures } = await createZfsReader(without).read(now, noAbort);
  expect(pools).toMatchObject([
    { state: "degraded", problem: expect.stringMatching(/install zfs of the OpenZFS repository/) },
  ]);
  expect(failures).toEqual([]);
});

test("the last scrub is remembered over a resilver and a restart; before one it counts from when the pool came", async () => {
  const scrubbed = " scan: scrub repaired 0B in 01:00:00 with 2 errors on Sun Nov  1 04:00:00 2026\n";
  const resilvered = " scan: resilvered 1K in 00:00:01 with 0 errors on Sun Nov 15 04:00:00 2026\n";
  const host = hostWith(
    { tank: "ONLINE", lake: "ONLINE" },
    answers({ tank: mirror("tank", scrubbed), lake: mirror("lake", resilvered) }),
  );
  await createZfsReader(host).read(now, noAbort);
  host.set(answers({ tank: mirror("tank", resilvered), lake: mirror("lake", resilvered) }));
  const { pools } = await createZfsReader(host).read(now + hour, noAbort);
  const [tank, lake] = pools;
  expect(tank).toMatchObject({ scan: { function: "resilver" }, lastScrub: { errors: 2, durationSeconds: 3600 } });
  expect(tank?.lastScrub?.endedAt).toBe(new Date("2026-11-01T04:00:00").getTime());
  expect(lake).toMatchObject({ scrubDueFrom: now });
  expect(lake?.lastScrub).toBeUndefined();
});

test("a device that vanishes keeps its name, and loses the disk that may be another's now", async () => {
  const rows = (second: string) => `\t  mirror-0  ONLINE  0  0  0\n\t    sda  ONLINE  0  0  0\n\t    ${second}`;
  const link = "ata-WDC_WD80EFAX_VAG1234";
  const host = hostWith({ tank: "ONLINE" }, answers({ tank: mirror("tank", "", rows(`${link}  ONLINE  0  0  0`)) }));
  const reader = createZfsReader(host);
  await reader.read(now, noAbort);
  host.set(
    answers({ tank: mirror("tank", "", rows(`123456789  UNAVAIL  0  0  0  was /dev/disk/by-id/${link}-part1`)) }),
  );
  const { pools } = await reader.read(now + hour, noAbort);
  expect(leaves(pools[0]?.members ?? [])[1]).toMatchObject({
    device: link,
    state: "missing",
    disks: [],
    driveHint: { serial: "VAG1234", model: "WDC WD80EFAX" },
  });
});

test("a zpool that knows less than its version says is asked in an older way from then on", async () => {
  const refuse = `case "$*" in *" -p"*|*-Hp*) echo "invalid option 'p'" >&2; exit 2 ;; esac`;
  const plain = `case "$1" in
status) cat <<'END'
${mirror("tank")}END
;;
list) printf 'tank\t1000\t250\t750\t1.00x\tONLINE\t77\n' ;;
esac`;
  const host = hostWith({ tank: "ONLINE" }, `${refuse}\n${plain}`);
  const reader = createZfsReader(host);
  const first = await reader.read(now, noAbort);
  expect(first.pools).toMatchObject([{ state: "online", problem: expect.stringMatching(/invalid option/) }]);
  await reader.read(now + 60_000, noAbort);
  const { pools, failures } = await reader.read(now + 120_000, noAbort);
  expect(failures).toEqual([]);
  expect(pools).toMatchObject([{ state: "online", level: "mirror", sizeBytes: 1000 }]);
});
