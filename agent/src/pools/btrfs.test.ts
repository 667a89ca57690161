import { expect, test } from "vitest";
import { noAbort, rootedHost } from "../../tests/rooted-host.ts";
import type { Finished, Host } from "../host/host.ts";
import { createBtrfsReader } from "./btrfs.ts";
import { poolReadings } from "./pool-readings.ts";

const id = "490d983f-f620-47f2-bf22-fcc8e92fa0ab";
const fs = `/sys/fs/btrfs/${id}`;
const now = Date.parse("2026-11-23T12:00:00Z");
const gib = 2 ** 30;

const mounts = (options = "rw") => `44 27 0:39 /@ / ${options},relatime - btrfs /dev/sda2 ${options},subvol=/@\n`;

/** One device of 100 GiB, 20 GiB of them data in duplicate metadata's company, as Linux 6 shows it. */
const single: Record<string, string> = {
  "/sys/block/sda/size": String(200 * 2 ** 21),
  "/sys/block/sda/sda2/size": String(100 * 2 ** 21),
  "/sys/class/block/sda2": "-> ../../block/sda/sda2",
  [`${fs}/label`]: "\n",
  [`${fs}/exclusive_operation`]: "none\n",
  [`${fs}/devices/sda2`]: "-> ../../../../block/sda/sda2",
  [`${fs}/devinfo/1/missing`]: "0\n",
  [`${fs}/devinfo/1/error_stats`]: "write_errs 0\nread_errs 1\nflush_errs 0\ncorruption_errs 2\ngeneration_errs 0\n",
  [`${fs}/allocation/data/single/total_bytes`]: String(20 * gib),
  [`${fs}/allocation/data/total_bytes`]: String(20 * gib),
  [`${fs}/allocation/data/disk_total`]: String(20 * gib),
  [`${fs}/allocation/data/bytes_used`]: String(15 * gib),
  [`${fs}/allocation/metadata/dup/total_bytes`]: String(2 * gib),
  [`${fs}/allocation/metadata/total_bytes`]: String(2 * gib),
  [`${fs}/allocation/metadata/disk_total`]: String(4 * gib),
  [`${fs}/allocation/metadata/bytes_used`]: String(gib),
  [`${fs}/allocation/system/disk_total`]: "0\n",
};

const finished = (stdout: string, code = 0): Finished => ({
  code,
  signal: null,
  stdout,
  stderr: code === 0 ? "" : stdout,
});

/** A host with these files on which btrfs answers by its arguments. */
function hostWith(
  files: Record<string, string>,
  answers: Record<string, string | Error> = {},
  mount = mounts(),
): Host & { runs: string[]; write(path: string, text: string): void } {
  const runs: string[] = [];
  const host = rootedHost({ "/proc/1/mountinfo": mount, ...files });
  return {
    ...host,
    runs,
    async run(_, args) {
      const line = args.join(" ");
      runs.push(line);
      const answer = Object.entries(answers).find(([start]) => line.startsWith(start))?.[1];
      if (answer === undefined) return finished("ERROR: not expected", 1);
      if (answer instanceof Error) throw answer;
      return finished(answer);
    },
  };
}

test("no btrfs costs nothing", async () => {
  const host = hostWith({ "/sys/fs/btrfs/features/raid1c34": "0" });
  await expect(createBtrfsReader(host).read(now, noAbort)).rejects.toThrow("no btrfs is mounted");
  expect(host.runs).toEqual([]);
});

test("a laptop's root: one device, never scrubbed: no process, nothing due", async () => {
  const host = hostWith(single);
  const reader = createBtrfsReader(host);
  const { pools, failures } = await reader.read(now, noAbort);
  expect(failures).toEqual([]);
  expect(pools).toMatchObject([
    { name: "/", key: `btrfs:${id}`, state: "online", level: "single", sizeBytes: 100 * gib, usedBytes: 16 * gib },
  ]);
  expect(pools[0]?.freeBytes).toBe(81 * gib);
  expect(pools[0]?.metadataUsedRatio).toBeCloseTo(1 / (2 + 76 / 2));
  const [pool, member] = poolReadings(pools[0]!, now);
  expect(pool?.attributes).toMatchObject({ disks: ["sda"], scan: null, metadataLevel: "dup", mountPoint: "/" });
  expect(pool?.values[16]).toBeNaN();
  expect(member).toMatchObject({ key: `btrfs:${id}/sda2`, state: "online", attributes: { disks: ["sda"] } });
  expect(Array.from(member?.values ?? []).slice(1, 4)).toEqual([1, 0, 2]);
  await reader.read(now + 60_000, noAbort);
  expect(host.runs).toEqual([]);
});

test("a scrub is asked for when its note changes and while it runs, not after", async () => {
  const note = `/var/lib/btrfs/scrub.status.${id}`;
  const status = (word: string) =>
    `UUID: ${id}\nScrub started:    Mon Nov 23 08:30:31 2026\nStatus:           ${word}\nDuration:         0:10:00\nError summary:    no errors found\n`;
  const answers = { "scrub status": status("running") };
  const host = hostWith({ ...single, [note]: "scrub status:1\n1" }, answers);
  const reader = createBtrfsReader(host);
  const scan = async () => (await reader.read(now, noAbort)).pools[0]?.scan?.state;
  expect(await scan()).toBe("running");
  answers["scrub status"] = status("finished");
  expect(await scan()).toBe("finished");
  const asked = host.runs.length;
  expect(await scan()).toBe("finished");
  expect(host.runs.length).toBe(asked);
  host.write(note, "scrub status:1\n2");
  answers["scrub status"] = status("aborted");
  expect(await scan()).toBe("cancelled");
  // The last whole one is remembered.
  expect((await reader.read(now, noAbort)).pools[0]?.lastScrub).toMatchObject({ errors: 0, durationSeconds: 600 });
});

const two: Record<string, string> = {
  ...single,
  "/sys/block/sdb/size": String(100 * 2 ** 21),
  "/sys/class/block/sdb": "-> ../../block/sdb",
  [`${fs}/devices/sdb`]: "-> ../../../../block/sdb",
  [`${fs}/devinfo/2/missing`]: "0\n",
};
const show = `Label: none  uuid: ${id}
\tTotal devices 2 FS bytes used 1
\tdevid    1 size 107374182400 used 1 path /dev/sda2
\tdevid    2 size 107374182400 used 1 path /dev/sdb
`;

test("two devices: their names are asked for once; before 5.14 errors come from the tool", async () => {
  const files = Object.fromEntries(Object.entries(two).filter(([path]) => !path.endsWith("error_stats")));
  const stats = "[/dev/sdb].write_io_errs 3\n[/dev/sdb].read_io_errs 1\n[/dev/sdb].corruption_errs 7\n";
  const host = hostWith(files, { "filesystem show": show, "device stats": stats });
  const reader = createBtrfsReader(host);
  const [pool] = (await reader.read(now, noAbort)).pools;
  expect(pool?.members[0]?.children).toMatchObject([
    { name: "sda2", disks: ["sda"] },
    { name: "sdb", disks: ["sdb"], writeErrors: 3, readErrors: 1, checksumErrors: 7 },
  ]);
  expect(pool).toMatchObject({ scrubDueFrom: now, scrubActions: ["start", "pause", "stop"] });
  await reader.read(now + 60_000, noAbort);
  expect(host.runs.filter((run) => run.startsWith("filesystem show"))).toHaveLength(1);
});

test("a drive that was pulled while it is mounted", async () => {
  const { "/sys/block/sdb/size": _, "/sys/class/block/sdb": __, ...files } = two;
  const [pool] = (await createBtrfsReader(hostWith(files, { "filesystem show": show })).read(now, noAbort)).pools;
  expect(pool).toMatchObject({ state: "degraded", reason: "1 of 2 devices missing" });
  expect(pool?.members[0]?.children[1]).toMatchObject({
    name: "sdb",
    state: "missing",
    note: "the device has vanished",
  });
});

test.for<[what: string, answer: Error | string, problem: RegExp, failed: number]>([
  ["hangs", new Error("btrfs: no end within 8000 ms"), /^btrfs filesystem show: no end within 8000 ms$/, 1],
  ["says nothing", "", /names no device/, 1],
  [
    "is not installed",
    new Error("btrfs: can't be started", { cause: Object.assign(new Error("x"), { code: "ENOENT" }) }),
    /install the package btrfs-progs/,
    0,
  ],
])("a btrfs that %s: devices are told without their errors", async ([, answer, problem, failed]) => {
  const host = hostWith(two, { "filesystem show": answer });
  const { pools, failures } = await createBtrfsReader(host).read(now, noAbort);
  expect(pools).toMatchObject([{ state: "online", problem: expect.stringMatching(problem) }]);
  expect(pools[0]?.members[0]?.children.map(({ name }) => name)).toEqual(["sda2", "sdb"]);
  expect(failures).toHaveLength(failed);
});

test("read-only, balancing, data and metadata mixed", async () => {
  const mixed = Object.fromEntries(
    Object.entries({ ...single, [`${fs}/exclusive_operation`]: "balance\n" })
      .filter(([path]) => !path.includes("/metadata/"))
      .map(([path, text]) => [path.replace("/allocation/data/", "/allocation/mixed/"), text]),
  );
  const answers = {
    "balance status": "Balance on '/' is running\n3 out of about 10 chunks balanced (4 considered),  70% left\n",
  };
  const [pool] = (await createBtrfsReader(hostWith(mixed, answers, mounts("ro"))).read(now, noAbort)).pools;
  expect(pool).toMatchObject({
    level: "single",
    usedBytes: 15 * gib,
    status: "It is mounted read-only.",
    scrubActions: [],
    scan: { function: "balance", state: "running" },
  });
});
