import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPools } from "../src/cli/pools.ts";
import { poolList, poolTree } from "../src/cli/pools-text.ts";
import type { Reading } from "../src/collectors/collector.ts";
import { slots } from "../src/collectors/values.ts";
import { zfs as factory } from "../src/collectors/zfs.ts";
import { named, noAbort } from "./rooted-host.ts";
import { noZfs, startZfs, type Zfs } from "./zfs.ts";

const poolSlot = slots("pool");
const memberSlot = slots("pool_member");

describe.skipIf(noZfs)(`real pools${noZfs ? ` (${noZfs})` : ""}`, () => {
  let zfs: Zfs;

  beforeAll(async () => {
    zfs = await startZfs();
  });

  afterAll(() => zfs.close());

  const collect = () => factory.create(zfs.host).collect(Date.now(), noAbort) as Promise<Reading[]>;

  async function pool(name: string): Promise<{ pool: Reading; members: Reading[] }> {
    const readings = await collect();
    const found = readings.find(({ kind, key }) => kind === "pool" && key === `zfs:${name}`);
    if (found === undefined) throw new Error(`no pool ${name}`);
    return { pool: found, members: readings.filter((one) => one.labels?.pool === `zfs:${name}`) };
  }

  test("no pool yet", async () => {
    expect(await collect()).toEqual([]);
  });

  test("a healthy mirror with log and spare on loop devices", async () => {
    const [one, two] = [zfs.loop(), zfs.loop()];
    const [log, spare] = [zfs.file(), zfs.file()];
    zfs.zpool("create", "-m", "none", "tank", "mirror", one.device, two.device, "log", log, "spare", spare);
    const { pool: tank, members } = await pool("tank");
    expect(tank).toMatchObject({
      key: "zfs:tank",
      state: "online",
      labels: { type: "zfs", name: "tank", level: "mirror" },
    });
    const disks = [one, two].map(({ device }) => device.replace("/dev/", ""));
    expect(tank.attributes).toMatchObject({ scan: null, lastScrub: null, disks: [...disks].sort(), spares: [spare] });
    expect(tank.attributes).toMatchObject({ guid: expect.stringMatching(/^\d+$/), scrubActions: ["start", "stop"] });
    expect(named(poolSlot, tank.values)).toMatchObject({
      members: 3,
      members_missing: 0,
      spares: 1,
      read_errors: 0,
      checksum_errors: 0,
      data_errors: 0,
      deduplication_factor: 1,
    });
    // Never scrubbed: it counts from when it was made.
    expect(named(poolSlot, tank.values).scrub_age_seconds).toBeLessThan(60);
    expect(members.map(({ key, state, labels }) => [key, state, labels?.role])).toEqual([
      [`zfs:tank/${disks[0]}`, "online", "data"],
      [`zfs:tank/${disks[1]}`, "online", "data"],
      [`zfs:tank/${log}`, "online", "log"],
      [`zfs:tank/${spare}`, "spare", "spare"],
    ]);
    expect(members[0]?.values[memberSlot.size_bytes]).toBe(72 << 20);
  });

  test("a member offline", async () => {
    const [one, two, three] = [zfs.file(), zfs.file(), zfs.file()];
    zfs.zpool("create", "-m", "none", "rz", "raidz1", one, two, three);
    zfs.zpool("offline", "rz", two);
    const { pool: rz, members } = await pool("rz");
    expect(rz).toMatchObject({ state: "degraded", labels: { level: "raidz1" } });
    expect(rz.reason).toMatch(/^One or more devices has been taken offline/);
    expect(rz.attributes?.action).toMatch(/zpool online/);
    expect(named(poolSlot, rz.values)).toMatchObject({ members: 3, members_missing: 1 });
    expect(members.map(({ state }) => state)).toEqual(["online", "offline", "online"]);
    // One sick pool hides no other.
    expect((await pool("tank")).pool.state).toBe("online");
  });

  test("garbage on a member: a scrub finds it, counts it there and repairs it", async () => {
    const [good, bad] = [zfs.file(), zfs.file()];
    zfs.zpool("create", "-m", `${zfs.folder}/mnt`, "lake", "mirror", good, bad);
    zfs.shell(`dd if=/dev/urandom of=${zfs.folder}/mnt/data bs=1M count=6 2>&1 && sync`);
    // The labels at both ends stay whole.
    zfs.shell(`dd if=/dev/urandom of=${bad} bs=1M seek=4 count=60 conv=notrunc 2>&1`);
    zfs.zpool("scrub", "lake");
    await expect
      .poll(async () => (await pool("lake")).pool.attributes?.lastScrub, { timeout: 20_000 })
      .toMatchObject({ errors: 0 });
    const { pool: lake, members } = await pool("lake");
    expect(lake.state).toBe("online");
    expect(lake.attributes?.status).toMatch(/^One or more devices has experienced an unrecoverable error/);
    expect(members[0]?.values[memberSlot.checksum_errors]).toBe(0);
    const errors = members[1]?.values[memberSlot.checksum_errors] ?? 0;
    expect(errors).toBeGreaterThan(10);
    expect(named(poolSlot, lake.values)).toMatchObject({ checksum_errors: errors, scrub_errors: 0, data_errors: 0 });
    expect(named(poolSlot, lake.values).scrub_age_seconds).toBeLessThan(60);
  });

  test("a spare that takes over", async () => {
    const { members } = await pool("tank");
    const [failed, , , spare] = members.map(({ attributes }) => String(attributes?.device));
    zfs.zpool("offline", "tank", `/dev/${failed}`);
    zfs.zpool("replace", "tank", `/dev/${failed}`, spare ?? "");
    await expect
      .poll(async () => (await pool("tank")).pool.attributes?.scan, { timeout: 20_000 })
      .toMatchObject({ function: "resilver", state: "finished" });
    const after = await pool("tank");
    expect(named(poolSlot, after.pool.values)).toMatchObject({ members: 3, members_missing: 1, spares: 0 });
    const states = after.members.map(({ labels, state }) => [labels?.device, labels?.role, state]);
    expect(states).toContainEqual([failed, "data", "offline"]);
    // It stands among the spares too, but is told where it serves.
    expect(states.filter(([device]) => device === spare)).toEqual([[spare, "data", "online"]]);
  });

  test("the command line lists them and shows one as a tree", async () => {
    const view = await readPools(zfs.host, noAbort);
    const mine = { ...view, pools: view.pools.filter(({ type }) => type === "zfs") };
    const list = poolList(mine, Date.now());
    expect(list).toMatch(/^rz +zfs +raidz1 +degraded +\d+ MiB +\d+ % +2 ok, 1 missing /m);
    expect(list).toMatch(/^rz: +One or more devices has been taken offline/m);
    expect(view.ok).toBe(false);
    const tree = poolTree(mine.pools.find(({ name }) => name === "rz")!, Date.now());
    expect(tree).toMatch(/^action +Online the device using/m);
    expect(tree).toMatch(/^raidz1-0 +degraded +0 +0 +0/m);
    expect(tree).toMatch(/^ {2}\S+ +offline +0 +0 +0/m);
  });
});
