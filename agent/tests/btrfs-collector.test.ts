import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { btrfs as factory } from "../src/collectors/btrfs.ts";
import type { Collector, Reading } from "../src/collectors/collector.ts";
import { slots } from "../src/collectors/values.ts";
import { createHost } from "../src/host/host.ts";
import { type Btrfs, makeBtrfs, noBtrfs } from "./btrfs.ts";
import { named, noAbort } from "./rooted-host.ts";

const poolSlot = slots("pool");
const memberSlot = slots("pool_member");

describe.skipIf(noBtrfs)(`real filesystems${noBtrfs ? ` (${noBtrfs})` : ""}`, () => {
  let fs: Btrfs;
  let collector: Collector;

  beforeAll(() => {
    fs = makeBtrfs("raid1", 2);
    collector = factory.create(createHost());
  });

  afterAll(() => fs.close());

  async function collect(): Promise<{ pool: Reading; members: Reading[] }> {
    const readings = (await collector.collect(Date.now(), noAbort)) as Reading[];
    const pool = readings.find(({ kind, key }) => kind === "pool" && key === `btrfs:${fs.uuid}`);
    if (pool === undefined) throw new Error("the filesystem was not found");
    return { pool, members: readings.filter(({ labels }) => labels?.pool === pool.key) };
  }

  test("a healthy mirror that was never scrubbed", async () => {
    const { pool, members } = await collect();
    const names = fs.devices.map(({ device }) => device.replace("/dev/", ""));
    expect(pool).toMatchObject({ state: "online", labels: { type: "btrfs", name: fs.mount, level: "raid1" } });
    expect(pool.attributes).toMatchObject({ guid: fs.uuid, scan: null, lastScrub: null, disks: [...names].sort() });
    expect(pool.attributes?.scrubActions).toEqual(["start", "pause", "stop"]);
    const values = named(poolSlot, pool.values);
    expect(values).toMatchObject({ size_bytes: 200 << 20, members: 2, members_missing: 0, checksum_errors: 0 });
    expect(values.free_bytes! + values.used_bytes!).toBeLessThanOrEqual(200 << 20);
    expect(values.metadata_used_ratio).toBeLessThan(0.1);
    expect(values.scrub_age_seconds).toBeLessThan(60);
    expect(members.map(({ key, state }) => [key, state])).toEqual(
      names.map((name) => [`btrfs:${fs.uuid}/${name}`, "online"]),
    );
    expect(members.map(({ values: own }) => own[memberSlot.size_bytes])).toEqual([200 << 20, 200 << 20]);
  });

  test("errors that a scrub finds are counted for the device and told of the scrub", async () => {
    execFileSync("dd", ["if=/dev/urandom", `of=${fs.mount}/data`, "bs=1M", "count=40"], { stdio: "ignore" });
    execFileSync("sync", ["-f", fs.mount]);
    const [, second] = fs.devices;
    execFileSync("umount", [fs.mount]);
    const damage = [`of=${second?.file}`, "bs=1M", "seek=100", "count=99", "conv=notrunc"];
    execFileSync("dd", ["if=/dev/urandom", ...damage], { stdio: "ignore" });
    execFileSync("mount", [fs.devices[0]?.device ?? "", fs.mount]);
    try {
      execFileSync("btrfs", ["scrub", "start", "-B", fs.mount], { stdio: "ignore" });
    } catch {
      // It found errors.
    }
    const { pool, members } = await collect();
    expect(pool.attributes?.scan).toMatchObject({ function: "scrub", state: "finished" });
    const values = named(poolSlot, pool.values);
    expect(values.scrub_errors).toBeGreaterThan(0);
    expect(values.checksum_errors).toBeGreaterThan(0);
    expect(values.scrub_age_seconds).toBeLessThan(60);
    expect(members[0]?.values[memberSlot.checksum_errors]).toBe(0);
    expect(members[1]?.values[memberSlot.checksum_errors]).toBe(values.checksum_errors);
  });

  test("a device that is missing keeps its name", async () => {
    const name = fs.devices[1]?.device.replace("/dev/", "");
    fs.lose(1);
    const { pool, members } = await collect();
    expect(pool).toMatchObject({ state: "degraded", reason: "1 of 2 devices missing" });
    expect(named(poolSlot, pool.values)).toMatchObject({ members: 2, members_missing: 1 });
    expect(pool.values[poolSlot.size_bytes]).toBeCloseTo(200 << 20, -6);
    expect(members.map(({ key, state }) => [key, state])).toContainEqual([`btrfs:${fs.uuid}/${name}`, "missing"]);
    const fresh = (await factory.create(createHost()).collect(Date.now(), noAbort)) as Reading[];
    expect(fresh.map(({ key }) => key)).toContain(`btrfs:${fs.uuid}/devid 2`);
  });
});
