import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { release as osRelease, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Btrfs, makeBtrfs, noBtrfs } from "../../tests/btrfs.ts";
import { rootedHost } from "../../tests/rooted-host.ts";
import { noZfs, startZfs } from "../../tests/zfs.ts";
import { createHost, type Host } from "../host/host.ts";
import { runProgram } from "../host/subprocess.ts";
import { createBtrfsReader } from "../pools/btrfs.ts";
import type { ScrubAction } from "../pools/pool.ts";
import type { Outcome } from "./journal.ts";
import { scrubPool } from "./pool-scrub.ts";
import type { RunContext } from "./run-context.ts";

type Run = (
  pool: string,
  action: ScrubAction,
  plan?: unknown,
) => Promise<Outcome & { phases: string[]; soon: string[] }>;

// The speed of a scrub can be limited since Linux 5.14.
const noSlowBtrfs = noBtrfs ?? (release() >= 5.14 ? undefined : "needs Linux 5.14");
const never = new AbortController().signal;

/** Runs the command on that host as the executor would; `plan`: what it had kept before a restart. */
function runner(host: Host, patienceMs = 10_000): Run {
  return async (pool, action, plan) => {
    const phases: string[] = [];
    const soon: string[] = [];
    const entry = { plan } as RunContext["entry"];
    const context: Partial<RunContext> = {
      entry,
      host,
      phase: (name) => phases.push(name),
      keep: (kept) => {
        entry.plan = kept;
      },
      soon: (name) => soon.push(name),
      cancelled: never,
      leaving: never,
      halted: never,
      now: Date.now,
    };
    const outcome = await scrubPool({ pool, action }, context as RunContext, patienceMs).catch((error: Error) => {
      return { status: "FAILED" as const, reason: error.message };
    });
    return { ...outcome, phases, soon };
  };
}

describe.skipIf(noZfs)(`a real ZFS${noZfs ? ` (${noZfs})` : ""}`, () => {
  test("a scrub is started, seen and told as the last one; what can't be done is refused", async () => {
    const zfs = await startZfs();
    onTestFinished(() => zfs.close());
    zfs.zpool("create", "-m", "none", "tank", "mirror", zfs.file(), zfs.file());
    const run = runner(zfs.host);
    expect(await run("zfs:tank", "stop")).toMatchObject({
      status: "FAILED",
      reason: "tank: no scrub runs: there is nothing to stop",
    });
    expect(await run("zfs:tank", "start")).toMatchObject({
      status: "SUCCEEDED",
      output: { pool: "zfs:tank", scan: { function: "scrub", errors: 0 } },
      phases: ["look", "start", "confirm"],
    });
    expect(zfs.zpool("status", "tank")).toMatch(/scrub completed/);
    expect((await run("zfs:tank", "pause")).reason).toMatch(/can't pause a scrub: stop it/);
    expect((await run("zfs:pond", "start")).reason).toBe("pool: zfs:pond is not on this host: there are zfs:tank");
  });
});

describe.skipIf(noBtrfs)(`a real btrfs${noBtrfs ? ` (${noBtrfs})` : ""}`, () => {
  test("started in the background; its end is told", async () => {
    const fs: Btrfs = makeBtrfs("raid1", 2);
    const stateDir = mkdtempSync(join(tmpdir(), "fairlead-scrub-"));
    onTestFinished(() => {
      fs.close();
      rmSync(stateDir, { recursive: true });
    });
    const run = runner({ ...createHost(), stateDir });
    const key = `btrfs:${fs.uuid}`;
    expect((await run(key, "pause")).reason).toMatch(/no scrub runs: there is nothing to pause$/);
    expect(await run(key, "start")).toMatchObject({
      status: "SUCCEEDED",
      output: { scan: { function: "scrub", state: "finished", errors: 0 } },
      soon: ["btrfs", "btrfs"],
    });
    expect((await run(`btrfs:${fs.uuid.replace(/^./, "_")}`, "start")).reason).toMatch(/is not mounted on this host/);
  });
});

describe.skipIf(noSlowBtrfs)(`a real btrfs that is scrubbed slowly${noSlowBtrfs ? ` (${noSlowBtrfs})` : ""}`, () => {
  test("it runs, is seen running, is paused, goes on, is stopped", async () => {
    const fs = makeBtrfs("raid1", 2);
    const stateDir = mkdtempSync(join(tmpdir(), "fairlead-scrub-"));
    onTestFinished(() => {
      fs.close();
      rmSync(stateDir, { recursive: true });
    });
    writeFileSync(join(fs.mount, "data"), randomBytes(112 << 20));
    execFileSync("sync", ["-f", fs.mount]);
    for (const id of ["1", "2"]) writeFileSync(`/sys/fs/btrfs/${fs.uuid}/devinfo/${id}/scrub_speed_max`, "1m");
    const host = { ...createHost(), stateDir };
    const run = runner(host);
    const key = `btrfs:${fs.uuid}`;
    const scan = async () => {
      const { pools } = await createBtrfsReader(host).read(Date.now(), never);
      return pools.find((pool) => pool.key === key)?.scan;
    };
    expect(await run(key, "start")).toMatchObject({ status: "SUCCEEDED", output: { scan: { state: "running" } } });
    expect(await scan()).toMatchObject({ function: "scrub", state: "running" });
    expect((await run(key, "start")).reason).toMatch(/: a scrub runs already/);
    expect(await run(key, "pause")).toMatchObject({ status: "SUCCEEDED", output: { scan: { state: "paused" } } });
    expect(await scan()).toMatchObject({ state: "paused" });
    expect((await run(key, "pause")).reason).toMatch(/its scrub is paused already$/);
    expect(await run(key, "start")).toMatchObject({ status: "SUCCEEDED", output: { scan: { state: "running" } } });
    const status = () => execFileSync("btrfs", ["scrub", "status", fs.mount], { encoding: "utf8" });
    await expect.poll(status).toMatch(/^Scrub resumed/m);
    expect(await run(key, "stop")).toMatchObject({ status: "SUCCEEDED", output: { scan: { state: "cancelled" } } });
    expect((await run(key, "stop")).reason).toMatch(/no scrub runs: there is nothing to stop$/);
    execFileSync("mount", ["-o", "remount,ro", fs.mount]);
    expect((await run(key, "start")).reason).toMatch(/is mounted read-only: mount it read-write to scrub it$/);
  });
});

describe("an md array, as its files", () => {
  const files = {
    "/sys/block/md0/md/level": "raid1\n",
    "/sys/block/md0/md/array_state": "clean\n",
    "/sys/block/md0/md/sync_action": "idle\n",
    "/sys/block/md0/md/sync_completed": "none\n",
    "/sys/block/md1/md/level": "raid0\n",
    "/sys/block/md1/md/array_state": "clean\n",
    "/sys/block/md2/md/level": "raid1\n",
    "/sys/block/md2/md/array_state": "readonly\n",
    "/sys/block/md3/md/level": "raid5\n",
    "/sys/block/md3/md/array_state": "clean\n",
    "/sys/block/md3/md/sync_action": "recover\n",
    "/sys/block/md3/md/sync_completed": "1569888 / 2093056\n",
  };

  test("a check is started and stopped", async () => {
    const host = rootedHost(files);
    const run = runner(host);
    const action = () => readFileSync(join(host.root, "/sys/block/md0/md/sync_action"), "utf8").trim();
    expect(await run("md:md0", "start")).toMatchObject({
      status: "SUCCEEDED",
      output: { scan: { function: "check", state: "running" } },
      soon: ["md", "md"],
    });
    expect(action()).toBe("check");
    expect((await run("md:md0", "start")).reason).toBe("md0: a check runs already");
    expect(await run("md:md0", "stop")).toMatchObject({ status: "SUCCEEDED", output: { scan: null } });
    expect(action()).toBe("idle");
  });

  test.for<[string, ScrubAction, string]>([
    ["md:md0", "pause", "md0: md can't pause a check: stop it, a later start begins anew"],
    ["md:md0", "stop", "md0: no scrub runs: there is nothing to stop"],
    ["md:md1", "start", "pool: md:md1 can't be scrubbed: raid0 has no redundancy to check"],
    ["md:md2", "start", "pool: md:md2 is read-only: mdadm --readwrite /dev/md2 makes it writable"],
    ["md:md3", "start", "md3: a recovery runs (75.0 %): a scrub can start when it has ended"],
    ["md:md3", "stop", "md3: a recovery runs (75.0 %): it is no scrub and must not be stopped"],
    ["md:md9", "start", "pool: md:md9 is not on this host: there are md:md0, md:md1, md:md2, md:md3"],
    ["md:../../etc", "start", "pool: md:../../etc is not on this host: there are md:md0, md:md1, md:md2, md:md3"],
    ["lvm:vg0", "start", "pool: lvm:vg0 can't be scrubbed: volumes of LVM are, each with lvchange --syncaction check"],
    ["hwraid:storcli/c0/v0", "stop", expect.stringMatching(/patrol read/)],
    ["zfs:tank", "start", "pool: zfs:tank is not on this host: no ZFS: neither its kernel module nor zfs-fuse runs"],
    ["tank", "start", 'pool: "tank" is no pool: give a key like zfs:tank, md:md0, btrfs:UUID'],
  ])("%s %s is refused", async ([key, action, reason]) => {
    expect(await runner(rootedHost(files))(key, action)).toMatchObject({ status: "FAILED", reason });
  });
});

describe("a zpool that speaks JSON, played by a script", () => {
  const scan = (state: string, more: object = {}) => ({ function: "SCRUB", state, start_time: 1_700_000_000, ...more });
  const states = {
    running: scan("SCANNING", { to_examine: 1000, issued: 420, scrub_pause: 0 }),
    paused: scan("SCANNING", { to_examine: 1000, issued: 420, scrub_pause: 1_700_000_100 }),
    finished: scan("FINISHED", { end_time: 1_700_000_200, errors: 0 }),
    canceled: scan("CANCELED", { end_time: 1_700_000_200 }),
    resilver: { ...scan("SCANNING", { to_examine: 1000, issued: 999 }), function: "RESILVER" },
    none: undefined,
  };

  /** The pool in that state; each `zpool scrub` puts it in the next, or leaves it where it lies. */
  function played(state: keyof typeof states, lies = false) {
    const host = rootedHost({ "/proc/spl/kstat/zfs/tank/state": "ONLINE\n" });
    const folder = mkdtempSync(join(tmpdir(), "fairlead-zpool-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const vdevs = { tank: { vdev_type: "root", vdevs: { sda: { vdev_type: "disk", state: "ONLINE" } } } };
    for (const [name, scan_stats] of Object.entries(states)) {
      const tank = { name: "tank", state: "ONLINE", pool_guid: 1, scan_stats, vdevs, error_count: 0 };
      writeFileSync(join(folder, `${name}.json`), JSON.stringify({ pools: { tank } }));
    }
    writeFileSync(join(folder, "now"), state);
    const script = `#!/bin/sh
cd ${folder} && echo "$*" >> log
case "$*" in
version) echo zfs-2.3.1-1 ;;
status*) cat "$(cat now).json" ;;
scrub*) ${lies ? "" : 'case "$*" in *-p*) echo paused ;; *-s*) echo canceled ;; *) echo running ;; esac > now'} ;;
esac`;
    writeFileSync(join(folder, "zpool"), script);
    chmodSync(join(folder, "zpool"), 0o755);
    const run = runner({ ...host, run: (file, args, options) => runProgram(join(folder, file), args, options) }, 1_000);
    const asked = () =>
      existsSync(join(folder, "log"))
        ? readFileSync(join(folder, "log"), "utf8")
            .split("\n")
            .filter((line) => line.startsWith("scrub"))
        : [];
    return { run, asked };
  }

  test.for<[keyof typeof states, ScrubAction, string, string[]]>([
    ["none", "start", "SUCCEEDED running", ["scrub tank"]],
    ["finished", "start", "SUCCEEDED running", ["scrub tank"]],
    ["paused", "start", "SUCCEEDED running", ["scrub tank"]],
    ["running", "pause", "SUCCEEDED paused", ["scrub -p tank"]],
    ["running", "stop", "SUCCEEDED cancelled", ["scrub -s tank"]],
    ["paused", "stop", "SUCCEEDED cancelled", ["scrub -s tank"]],
    ["running", "start", "tank: a scrub runs already (42.0 %)", []],
    ["paused", "pause", "tank: its scrub is paused already", []],
    ["finished", "pause", "tank: no scrub runs: there is nothing to pause", []],
    ["resilver", "start", "tank: a resilver runs (99.9 %): a scrub can start when it has ended", []],
    ["resilver", "stop", "tank: a resilver runs (99.9 %): it is no scrub and must not be stopped", []],
  ])("%s, %s: %s", async ([state, action, told, commands]) => {
    const { run, asked } = played(state);
    const { status, reason, output } = await run("zfs:tank", action);
    const scan = output?.scan as { state: string } | undefined;
    expect(reason ?? `${status} ${scan?.state}`).toBe(told);
    expect(asked()).toEqual(commands);
  });

  test("after a restart what the pool says decides", async () => {
    const plan = { before: null, at: 1_700_000_000_000 };
    const begun = played("running");
    expect(await begun.run("zfs:tank", "start", plan)).toMatchObject({ status: "SUCCEEDED" });
    expect(begun.asked()).toEqual([]);
    const through = played("finished");
    expect(await through.run("zfs:tank", "start", plan)).toMatchObject({ status: "SUCCEEDED" });
    expect(through.asked()).toEqual([]);
    const notBegun = played("none");
    expect(await notBegun.run("zfs:tank", "start", plan)).toMatchObject({ status: "SUCCEEDED" });
    expect(notBegun.asked()).toEqual(["scrub tank"]);
  });

  test("a zpool that takes the command and does nothing", async () => {
    const { run } = played("finished", true);
    expect(await run("zfs:tank", "start")).toMatchObject({
      status: "FAILED",
      reason: "tank took the command, but after 1 s it tells of a scrub that is finished",
    });
  });
});

/** The kernel's release as a number: 5.14 of 5.14.0-rc1. Two digits are enough here. */
function release(): number {
  const [major = 0, minor = 0] = osRelease().split(".").map(Number);
  return major + Math.min(99, minor) / 100;
}
