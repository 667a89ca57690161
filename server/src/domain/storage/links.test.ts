import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linkStorage, nameOfDrive, type StorageNode, storageRisks } from "./links.ts";

let next = 1;
function node(kind: StorageNode["kind"], key: string, more: Partial<StorageNode> = {}): StorageNode {
  const none = {
    state: null,
    labels: {},
    disks: [],
    pools: [],
    poolKey: null,
    serial: null,
    slot: null,
    mountSources: [],
  };
  return { id: next++, kind, key, ...none, ...more };
}
const drive = (device: string, more: Partial<StorageNode> = {}) =>
  node("drive", `drive-${device}`, { labels: { device }, disks: [device], ...more });
const pool = (key: string, type: string, more: Partial<StorageNode> = {}) =>
  node("pool", key, { labels: { type, name: key.slice(key.indexOf(":") + 1) }, ...more });
const member = (poolKey: string, device: string, more: Partial<StorageNode> = {}) =>
  node("pool_member", `${poolKey}/${device}`, { poolKey, labels: { pool: poolKey, device }, ...more });
const filesystem = (mount: string, more: Partial<StorageNode> = {}) => node("filesystem", mount, more);
const container = (name: string, ...mountSources: string[]) => node("container", name, { mountSources });
const keys = (nodes: readonly StorageNode[]) => nodes.map(({ key }) => key);

describe("what stands on what", () => {
  test("ZFS: drives, their pool, its filesystems and the containers on them", () => {
    const [a, b, other] = [drive("sda"), drive("sdb"), drive("sdc")];
    const tank = pool("zfs:tank", "zfs", { disks: ["sda", "sdb"] });
    const links = linkStorage([
      a,
      b,
      other,
      tank,
      member("zfs:tank", "sda1", { disks: ["sda"] }),
      member("zfs:tank", "sdb1", { disks: ["sdb"] }),
      filesystem("/tank", { pools: ["zfs:tank"], disks: ["sda", "sdb"] }),
      filesystem("/tank/vm", { pools: ["zfs:tank"], disks: ["sda", "sdb"] }),
      filesystem("/", { disks: ["sdc"] }),
      container("db", "/tank/vm/db"),
      container("web", "/srv/web", "/tank2/x"),
      container("both", "/tank/a", "/etc/x"),
    ]);
    const on = links.standsOn(a.id);
    expect(keys(on.pools)).toEqual(["zfs:tank"]);
    expect(keys(on.filesystems)).toEqual(["/tank", "/tank/vm"]);
    expect(keys(on.containers)).toEqual(["both", "db"]);
    expect(keys(links.standsOn(other.id).containers)).toEqual(["both", "web"]);
    expect(keys(links.drivesOf(tank.id))).toEqual(["drive-sda", "drive-sdb"]);
  });

  test("LVM on md: only the filesystem that is on the disk, though the group spans both", () => {
    const [a, b, c] = [drive("sda"), drive("sdb"), drive("sdc")];
    const md = pool("md:md0", "md", { disks: ["sda", "sdb"] });
    const group = pool("lvm:vg", "lvm", { disks: ["sda", "sdb", "sdc"], pools: ["md:md0"] });
    const home = filesystem("/home", { pools: ["lvm:vg", "md:md0"], disks: ["sda", "sdb"] });
    const links = linkStorage([
      a,
      b,
      c,
      md,
      group,
      home,
      member("md:md0", "sda2", { disks: ["sda"] }),
      member("md:md0", "sdb2", { disks: ["sdb"] }),
      member("lvm:vg", "md0", { disks: ["sda", "sdb"], labels: {} }),
      member("lvm:vg", "sdc1", { disks: ["sdc"] }),
      filesystem("/scratch", { pools: ["lvm:vg"], disks: ["sdc"] }),
    ]);
    expect(keys(links.standsOn(a.id).pools)).toEqual(["md:md0", "lvm:vg"]);
    expect(keys(links.standsOn(a.id).filesystems)).toEqual(["/home"]);
    expect(keys(links.standsOn(c.id).filesystems)).toEqual(["/scratch"]);
    expect(keys(links.standsOn(md.id).pools)).toEqual(["lvm:vg"]);
    expect(keys(links.poolsOf(home.id)).toSorted()).toEqual(["lvm:vg", "md:md0"]);
  });

  test("behind a RAID controller: drives by serial number or slot, filesystems by the disk that the kernel sees", () => {
    const [first, second, third] = [
      drive("sda megaraid,8", { serial: "WD-WCC4E0123456", slot: "megaraid,8", disks: [] }),
      drive("sda megaraid,9", { serial: "Z1Z2-9999", slot: "megaraid,9", disks: [] }),
      drive("nvme0", { disks: ["nvme0n1"] }),
    ];
    const volume = pool("hwraid:storcli/c0/v0", "hwraid", { disks: ["sda"] });
    const links = linkStorage([
      first,
      second,
      third,
      volume,
      member(volume.key, "252:0", { serial: "WDWCC4E0123456" }),
      member(volume.key, "252:1", { serial: "different", slot: "megaraid,9" }),
      filesystem("/", { disks: ["sda"] }),
      filesystem("/fast", { disks: ["nvme0n1"] }),
      container("web", "/srv"),
    ]);
    for (const each of [first, second]) {
      const on = links.standsOn(each.id);
      expect([keys(on.pools), keys(on.filesystems), keys(on.containers)]).toEqual([[volume.key], ["/"], ["web"]]);
    }
    expect(keys(links.standsOn(third.id).filesystems)).toEqual(["/fast"]);
    expect(keys(links.standsOn(volume.id).filesystems)).toEqual(["/"]);
  });

  test.each<[string, string | null, string | null, boolean]>([
    ["the same", "S3Z1NB0K", "S3Z1NB0K", true],
    ["other letters and dashes", "wd-wcc4e0123456", "WDWCC4E0123456", true],
    ["cut short", "WD-WCC4E012", "WD-WCC4E0123456", true],
    ["with more behind it", "S3Z1NB0K123HGST", "S3Z1NB0K123", true],
    ["another", "S3Z1NB0K", "S3Z1NB0L", false],
    ["too short to cut", "S3Z1", "S3Z1NB0K", false],
    ["none", null, "S3Z1NB0K", false],
  ])("a member's serial number: %s", (_name, of, known, fits) => {
    const it = drive("x", { serial: known, disks: [] });
    const part = member("hwraid:storcli/c0/v0", "252:0", { serial: of });
    expect(linkStorage([it, part]).driveOfMember(part.id)).toBe(fits ? it : null);
  });

  test("a member and a filesystem: what is on its pool, who uses it", () => {
    const part = member("md:md0", "sda1", { disks: ["sda"] });
    const root = filesystem("/", { pools: ["md:md0"] });
    const links = linkStorage([pool("md:md0", "md"), part, root, drive("sda"), container("web", "/srv")]);
    expect(keys(links.standsOn(part.id).pools)).toEqual(["md:md0"]);
    expect(keys(links.standsOn(part.id).filesystems)).toEqual(["/"]);
    expect(keys(links.standsOn(root.id).containers)).toEqual(["web"]);
    expect(keys(links.drivesOf(root.id))).toEqual(["drive-sda"]);
    expect(links.standsOn(99_999)).toEqual({ pools: [], filesystems: [], containers: [] });
  });

  test.each([
    ["/var/lib/docker/volumes/x/_data", "/var/lib/docker"],
    ["/var/lib/docker", "/var/lib/docker"],
    ["/var/lib/dockerish", "/var"],
    ["/var/", "/var"],
    ["/etc", "/"],
    ["relative", undefined],
  ])("the filesystem of %s", (path, mount) => {
    const it = container("c", path);
    const links = linkStorage([it, filesystem("/"), filesystem("/var"), filesystem("/var/lib/docker")]);
    expect(keys(links.filesystemsOf(it.id))).toEqual(mount === undefined ? [] : [mount]);
  });
});

test("whatever agents send, links end: loops, strangers, doubles", () => {
  const key = fc.constantFrom("md:md0", "md:md1", "lvm:vg", "zfs:t", "");
  const disk = fc.constantFrom("sda", "sdb", "nvme0n1", "");
  const any = fc.record({
    kind: fc.constantFrom("drive", "pool", "pool_member", "filesystem", "container"),
    key: fc.oneof(key, disk, fc.constantFrom("/", "/a", "/a/b")),
    labels: fc.record({ type: fc.constantFrom("md", "lvm", "hwraid", "zfs") }),
    disks: fc.array(disk, { maxLength: 3 }),
    pools: fc.array(key, { maxLength: 3 }),
    poolKey: fc.option(key),
    serial: fc.option(fc.constantFrom("ABCDEFGH1", "ABCDEFGH", "-")),
    slot: fc.option(fc.constantFrom("megaraid,1", "x")),
    mountSources: fc.array(fc.constantFrom("/", "/a/b/c", "", "//"), { maxLength: 2 }),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 14 }), (made) => {
      const links = linkStorage(made.map((each) => node(each.kind as "drive", each.key, each as Partial<StorageNode>)));
      for (const { id } of links.nodes.values()) {
        links.standsOn(id);
        links.poolsOf(id);
        links.drivesOf(id);
      }
    }),
    { numRuns: 500 },
  );
});

test("risks: what speaks against a change", () => {
  const well = [
    drive("sda", { state: "healthy" }),
    pool("zfs:t", "zfs", { state: "online" }),
    drive("sdz", { state: "standby" }),
  ];
  expect(storageRisks(linkStorage(well))).toEqual([]);
  const ill = [
    ...well,
    drive("sdb", { state: "critical", labels: { device: "sdb", model: "ST4000" } }),
    drive("sdc", { state: "failed" }),
    drive("sdd", { state: "warning" }),
    pool("md:md0", "md", { state: "degraded" }),
    pool("zfs:u", "zfs", { state: "suspended" }),
    member("md:md0", "sdb1", { state: "rebuilding" }),
    filesystem("/mnt", { state: "stuck" }),
  ];
  expect(storageRisks(linkStorage(ill)).map(({ severity, text }) => `${severity}: ${text}`)).toEqual([
    "critical: drive sdc is failed",
    "critical: pool u is suspended",
    "critical: filesystem /mnt does not answer",
    "warning: drive sdb (ST4000) is critical",
    "warning: pool md0 is degraded",
    "warning: sdb1 of pool md:md0 is being rebuilt",
  ]);
});

test.each([
  [{ device: "sda", model: "ST4000" }, "sda (ST4000)"],
  [{ device: "sda" }, "sda"],
  [{ model: "ST4000" }, "ST4000"],
  [{}, "the-key"],
])("a drive's name of %j", (labels, name) => {
  expect(nameOfDrive({ key: "the-key", labels })).toBe(name);
});
