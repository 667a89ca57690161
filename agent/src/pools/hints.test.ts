import { expect, test } from "vitest";
import { rootedHost } from "../../tests/rooted-host.ts";
import { poolHints } from "./hints.ts";

const host = () =>
  rootedHost({
    "/etc/os-release": "ID=debian\n",
    "/run/udev/data/b8:17": "S:disk/by-id/x\nE:ID_FS_TYPE=zfs_member\nE:ID_PART_ENTRY_TYPE=0fc63daf\n",
    "/run/udev/data/b8:33": "E:ID_PART_ENTRY_TYPE=6A898CC3-1DD2-11B2-99A6-080020736631\n",
    "/run/udev/data/b8:49": "E:ID_FS_TYPE=linux_raid_member\n",
    "/run/udev/data/b8:65": "E:ID_FS_TYPE=ext4\n",
    "/run/udev/data/b8:81": "E:ID_FS_TYPE=btrfs\n",
    "/run/udev/data/c1:3": "E:ID_FS_TYPE=LVM2_member\n",
    "/sys/dev/block/8:17": "-> ../../devices/pci0/block/sdb/sdb1",
    "/sys/dev/block/8:33": "-> ../../devices/pci0/block/sdc/sdc1",
    "/sys/dev/block/8:49": "-> ../../devices/pci0/block/sdd/sdd1",
  });

test("tools that are missing for what is there", () => {
  expect(poolHints(host(), new Set(["md"]), () => false)).toEqual([
    "sdb1, sdc1: zfs data, but zpool is not installed: apt-get install zfsutils-linux",
    "8:81: btrfs data, but btrfs is not installed: apt-get install btrfs-progs",
  ]);
});

test("a package is named as the distribution names it", () => {
  const suse = rootedHost({
    "/etc/os-release": 'ID="opensuse-leap"\n',
    "/run/udev/data/b8:81": "E:ID_FS_TYPE=btrfs\n",
  });
  expect(poolHints(suse, new Set(), () => false)).toEqual([
    "8:81: btrfs data, but btrfs is not installed: zypper install btrfsprogs",
  ]);
});

test("pools that are not imported", () => {
  expect(poolHints(host(), new Set(), () => true)).toEqual([
    "sdb1, sdc1: zfs data, but no ZFS pool is imported: zpool import",
    "sdd1: md data, but no array is assembled: mdadm --assemble --scan",
  ]);
});

test("nothing to say where all is seen, or without udev", () => {
  expect(poolHints(host(), new Set(["zfs", "md", "btrfs"]), () => true)).toEqual([]);
  expect(poolHints(rootedHost({}), new Set(), () => false)).toEqual([]);
});
