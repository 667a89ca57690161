import { expect, test } from "vitest";
import { rootedHost } from "../../tests/rooted-host.ts";
import { blockStack, lvmPools, mountStack } from "./block-stack.ts";

const devices = "-> ../../devices/pci0/block";
const machine = {
  "/sys/block/sda/size": "1",
  "/sys/block/sdb/size": "1",
  "/sys/block/nvme0n1/size": "1",
  "/sys/block/mmcblk0/size": "1",
  "/sys/block/cciss!c0d0/size": "1",
  "/sys/block/loop3/size": "1",
  "/sys/block/zd16/size": "1",
  "/sys/class/block/sda1": `${devices}/sda/sda1`,
  "/sys/class/block/nvme0n1p2": "-> ../../devices/pci0/nvme/nvme0/nvme0n1/nvme0n1p2",
  "/sys/class/block/cciss!c0d0p1": `${devices}/cciss!c0d0/cciss!c0d0p1`,
  "/sys/dev/block/8:1": `${devices}/sda/sda1`,
  "/sys/dev/block/253:0": "-> ../../devices/virtual/block/dm-0",
  "/sys/dev/block/259:2": "-> ../../devices/pci0/nvme/nvme0/nvme0n1/nvme0n1p2",
  // md0 of partitions; its folder is the truth where the slaves are not shown.
  "/sys/block/md0/md/array_state": "clean",
  "/sys/block/md0/md/dev-sda2/state": "in_sync",
  "/sys/block/md0/slaves/sdb2": "",
  // A volume group on it, a plain volume, a thin volume on its pool, a dm-crypt over the thin one.
  "/sys/block/dm-0/dm/uuid": "LVM-aaaabbbb\n",
  "/sys/block/dm-0/dm/name": "vg--data-root\n",
  "/sys/block/dm-0/slaves/md0": "",
  "/sys/block/dm-1/dm/uuid": "LVM-aaaapppp-tpool\n",
  "/sys/block/dm-1/dm/name": "vg--data-thin_1-tpool\n",
  "/sys/block/dm-1/slaves/nvme0n1p2": "",
  "/sys/block/dm-2/dm/uuid": "LVM-aaaatttt\n",
  "/sys/block/dm-2/dm/name": "vg--data-home\n",
  "/sys/block/dm-2/slaves/dm-1": "",
  "/sys/block/dm-3/dm/uuid": "CRYPT-LUKS2-0000-secret\n",
  "/sys/block/dm-3/dm/name": "secret\n",
  "/sys/block/dm-3/slaves/dm-2": "",
  "/sys/block/dm-4/dm/uuid": "mpath-36001405\n",
  "/sys/block/dm-4/dm/name": "mpatha\n",
  "/sys/block/dm-4/slaves/sda": "",
  "/sys/block/dm-4/slaves/sdb": "",
  "/sys/block/bcache0/slaves/sdb": "",
  "/sys/block/bcache0/slaves/nvme0n1p2": "",
  // What can't be, but must not hold us.
  "/sys/block/dm-8/slaves/dm-9": "",
  "/sys/block/dm-9/slaves/dm-8": "",
  "/dev/mapper/secret": "-> ../dm-3",
  "/dev/vg-data/home": "-> ../dm-2",
  "/dev/disk/by-id/ata-X-part1": "-> ../../sda1",
  "/dev/disk/by-id/loop": "-> loop",
  "/dev/zvol/tank/vm/disk0": "-> ../../../zd16",
  "/sys/fs/btrfs/features/x": "",
  "/sys/fs/btrfs/0b-uu/devices/sdb1": "",
  "/sys/fs/btrfs/0b-uu/devices/dm-3": "",
};

test.each([
  ["sda", "sda", ["sda"], []],
  ["sda1", "sda1", ["sda"], []],
  ["/dev/sda1", "sda1", ["sda"], []],
  ["8:1", "sda1", ["sda"], []],
  ["259:2", "nvme0n1p2", ["nvme0n1"], []],
  ["mmcblk0p1", "mmcblk0p1", ["mmcblk0"], []],
  ["cciss!c0d0p1", "cciss/c0d0p1", ["cciss/c0d0"], []],
  ["/dev/cciss/c0d0", "cciss/c0d0", ["cciss/c0d0"], []],
  ["loop3", "loop3", ["loop3"], []],
  ["md0", "md0", ["sda", "sdb"], ["md:md0"]],
  ["md0p1", "md0p1", ["sda", "sdb"], ["md:md0"]],
  ["253:0", "dm-0", ["sda", "sdb"], ["lvm:vg-data", "md:md0"]],
  ["/dev/vg-data/home", "dm-2", ["nvme0n1"], ["lvm:vg-data", "lvm:vg-data/thin_1"]],
  ["/dev/mapper/secret", "dm-3", ["nvme0n1"], ["lvm:vg-data", "lvm:vg-data/thin_1"]],
  ["secret", "dm-3", ["nvme0n1"], ["lvm:vg-data", "lvm:vg-data/thin_1"]],
  ["/dev/mapper/vg--data-root", "dm-0", ["sda", "sdb"], ["lvm:vg-data", "md:md0"]],
  ["mpatha", "dm-4", ["sda", "sdb"], []],
  ["bcache0", "bcache0", ["nvme0n1", "sdb"], []],
  ["ata-X-part1", "sda1", ["sda"], []],
  ["zd16", "zd16", ["zd16"], ["zfs:tank"]],
  ["/dev/zvol/tank/vm/disk0", "zd16", ["zd16"], ["zfs:tank"]],
  ["dm-8", "dm-8", [], []],
  ["/dev/disk/by-id/loop", "disk/by-id/loop", [], []],
  ["sdz1", "sdz1", [], []],
  ["9:99", "", [], []],
  ["", "", [], []],
  ["/", "/", [], []],
  ["../../etc", "../../etc", [], []],
])("%s stands on %s", (given, device, disks, pools) => {
  expect(blockStack(rootedHost(machine), given)).toEqual({ device, disks, pools });
});

test.each([
  ["LVM-x", "vg-root", ["lvm:vg"]],
  ["LVM-x-tpool", "vg-pool-tpool", ["lvm:vg/pool", "lvm:vg"]],
  ["LVM-x-vpool", "vg-vpool0-vpool", ["lvm:vg/vpool0", "lvm:vg"]],
  ["LVM-x-pool", "vg-a--b", ["lvm:vg/a-b", "lvm:vg"]],
  ["LVM-x-tdata", "vg-pool_tdata", ["lvm:vg"]],
  ["LVM-x", "odd", []],
  ["LVM-x", "", []],
])("volume %s %s", (uuid, name, pools) => {
  expect(lvmPools(uuid, name)).toEqual(pools);
});

test.each([
  ["0:30", "tank/data@a", "zfs", "", [], ["zfs:tank"]],
  ["0:31", "/dev/sdb1", "btrfs", "sdb1", ["nvme0n1", "sdb"], ["btrfs:0b-uu", "lvm:vg-data", "lvm:vg-data/thin_1"]],
  ["0:32", "/dev/sda:/dev/sdb1", "bcachefs", "sda", ["sda", "sdb"], []],
  ["8:1", "/dev/root", "ext4", "sda1", ["sda"], []],
  ["99:9", "/dev/sda1", "ext4", "sda1", ["sda"], []],
  ["0:33", "/dev/sda1", "fuse.ntfs-3g", "sda1", ["sda"], []],
  ["0:44", "nas:/export", "nfs4", "", [], []],
  ["0:45", "tmpfs", "tmpfs", "", [], []],
])("mount of %s from %s as %s", (device, source, type, kernel, disks, pools) => {
  expect(mountStack(rootedHost(machine), { device, source, type })).toEqual({ device: kernel, disks, pools });
});
