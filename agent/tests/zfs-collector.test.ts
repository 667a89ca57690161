import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
});
