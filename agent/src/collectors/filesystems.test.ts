import { describe, expect, test } from "vitest";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import type { StatFs } from "../host/host.ts";
import { NotHere } from "./collector.ts";
import { filesystemReading, filesystems } from "./filesystems.ts";
import { parseMounts } from "./mount-table.ts";
import { slots } from "./values.ts";

const slot = slots("filesystem");

describe("mounts", () => {
  test.each([
    ["a disk", ["27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw"], ["/"]],
    ["pseudo filesystems", ["22 27 0:21 / /proc rw - proc proc rw", "25 24 0:23 / /dev/shm rw - tmpfs tmpfs rw"], []],
    [
      "memory that services fill",
      ["9 1 0:9 / /run rw - tmpfs tmpfs rw", "9 1 0:10 / /tmp rw - tmpfs tmpfs rw"],
      ["/run", "/tmp"],
    ],
    [
      "bind mounts of one device, the whole first",
      [
        "30 1 8:1 /sub /a rw - ext4 /dev/sda1 rw",
        "31 1 8:1 / /longer/path rw - ext4 /dev/sda1 rw",
        "32 1 8:1 /x /b rw - ext4 /dev/sda1 rw",
      ],
      ["/longer/path"],
    ],
    [
      "subvolumes, the shortest",
      ["3 1 0:30 /@home /home rw - btrfs /dev/sda2 rw", "4 1 0:30 /@ / rw - btrfs /dev/sda2 rw"],
      ["/"],
    ],
    ["layers of containers", ["5 1 0:50 / /var/lib/docker/overlay2/ab/merged rw - overlay overlay rw"], []],
    [
      "a container's own root",
      ["5 1 0:50 / / rw - overlay overlay rw", "6 1 8:1 /f /etc/hosts rw - ext4 /dev/sda1 rw"],
      ["/"],
    ],
    ["a mount over another", ["5 1 8:1 / /mnt rw - ext4 /dev/sda1 rw", "6 5 0:7 / /mnt rw - tmpfs tmpfs rw"], []],
    [
      "snaps and images",
      ["5 1 7:1 / /snap/core/1 ro - squashfs /dev/loop1 ro", "6 1 11:0 / /media/cd ro - iso9660 /dev/sr0 ro"],
      [],
    ],
    ["escapes", ["7 1 8:2 / /mnt/my\\040disk\\134x rw - xfs /dev/sdb rw"], ["/mnt/my disk\\x"]],
    [
      "network ones",
      ["8 1 0:44 / /n rw - nfs4 host:/export rw,vers=4.2", "9 1 0:45 / /s rw - fuse.sshfs u@h:/ rw"],
      ["/n", "/s"],
    ],
    ["helpers in user space", ["8 1 0:44 / /run/user/0/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw"], []],
  ])("%s", (_, lines, expected) => {
    expect(parseMounts(`${lines.join("\n")}\n`).map((mount) => mount.mountPoint)).toEqual(expected);
  });

  test.each([
    ["rw", "rw,errors=remount-ro", false],
    ["ro,relatime", "rw", true],
    ["rw", "ro,errors=remount-ro", true],
  ])("options %s and %s of the device", (options, superOptions, readOnly) => {
    expect(parseMounts(`1 0 8:1 / / ${options} - ext4 /dev/sda ${superOptions}`)[0]?.readOnly).toBe(readOnly);
  });

  test.each([["nonsense"], ["1 2 3"], ["1 0 8:1 / / rw - ext4"]])("refuses %j", (text) => {
    expect(() => parseMounts(text)).toThrow(/^mountinfo: /);
  });
});

const mount = { mountPoint: "/data", device: "8:1", source: "/dev/sda1", type: "xfs", readOnly: false, network: false };
const stat: StatFs = { blockSize: 4096, blocks: 1000, free: 400, available: 300, files: 100, freeFiles: 75 };

test("space as df tells it", () => {
  expect(named(slot, filesystemReading(mount, stat)?.values)).toEqual({
    size_bytes: 4_096_000,
    used_bytes: 2_457_600,
    available_bytes: 1_228_800,
    used_ratio: 2 / 3,
    inodes: 100,
    inodes_used: 25,
    inodes_used_ratio: 0.25,
    read_only: 0,
  });
});

test("no inodes where there is no fixed number, no reading of what has no size", () => {
  expect(named(slot, filesystemReading(mount, { ...stat, files: 0 })?.values).inodes).toBeUndefined();
  expect(filesystemReading(mount, { ...stat, blocks: 0 })).toBeUndefined();
});

test("a stuck mount is told as such and delays no other", async () => {
  let asked = 0;
  let answer: ((stat: StatFs) => void) | undefined;
  const text =
    "1 0 8:1 / / rw - ext4 /dev/sda rw\n2 1 0:9 / /nfs rw - nfs4 h:/e rw\n3 1 0:8 / /gone rw - nfs4 h:/g rw\n";
  const host = rootedHost(
    { "/proc/self/mountinfo": text },
    {
      statfs: (path) => {
        if (path.endsWith("/gone")) return Promise.reject(Object.assign(new Error("ENOENT"), { code: "ENOENT" }));
        if (!path.endsWith("/nfs")) return Promise.resolve(stat);
        asked++;
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    },
  );
  const collector = filesystems.create(host);
  const states = async () => (await collector.collect(0, noAbort)).map((reading) => [reading.key, reading.state]);
  expect(await states()).toEqual([
    ["/", "rw"],
    ["/nfs", "stuck"],
  ]);
  // It is not asked again, so nothing is waited for.
  expect(await states()).toEqual([
    ["/", "rw"],
    ["/nfs", "stuck"],
  ]);
  expect(asked).toBe(1);
  answer?.(stat);
  const again = expect.poll(async () => {
    const pending = states();
    answer?.(stat);
    return pending;
  });
  await again.toEqual([
    ["/", "rw"],
    ["/nfs", "rw"],
  ]);
});

test("tells what each stands on, anew when the mount table differs", async () => {
  const table = "1 0 9:0 / / rw - ext4 /dev/md0 rw\n2 1 0:9 / /nfs rw - nfs4 h:/e rw\n";
  const host = rootedHost(
    { "/proc/self/mountinfo": table, "/sys/dev/block/9:0": "-> ../../devices/virtual/block/md0" },
    { statfs: () => Promise.resolve(stat) },
  );
  host.write("/sys/block/md0/md/dev-sda1/state", "in_sync");
  host.write("/sys/block/sda/size", "1");
  const collector = filesystems.create(host);
  const attributes = async () => (await collector.collect(0, noAbort)).map((reading) => reading.attributes);
  const before = await attributes();
  expect(before).toEqual([
    { blockDevice: "md0", disks: ["sda"], pools: ["md:md0"] },
    { disks: [], pools: [] },
  ]);
  expect((await attributes())[0]).toBe(before[0]);
  host.write("/proc/self/mountinfo", `${table}3 1 0:30 / /tank rw - zfs tank/data rw\n`);
  expect(await attributes()).toEqual([...before, { disks: [], pools: ["zfs:tank"] }]);
});

test("not here without a mount table", async () => {
  await expect(filesystems.create(rootedHost({})).collect(0, noAbort)).rejects.toThrow(NotHere);
});
