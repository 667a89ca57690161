import { chmodSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { noAbort, rootedHost } from "../../tests/rooted-host.ts";
import type { Host } from "../host/host.ts";
import { runProgram } from "../host/subprocess.ts";
import { toolFindings } from "./doctor-tools.ts";

function hostWith(files: Record<string, string>): Host {
  const host = rootedHost(files);
  for (const path of Object.keys(files)) if (/\/s?bin\//.test(path)) chmodSync(join(host.root, path), 0o755);
  return { ...host, run: (file, args, options) => runProgram(join(host.root, file), args, options) };
}

const drive = { "/sys/block/sda/size": "9" };
const release = (id: string, like = "") => ({ "/etc/os-release": `NAME=x\nID=${id}\nID_LIKE="${like}"\n` });
const smartctl = (version: string) =>
  `#!/bin/sh\necho 'smartctl ${version} 2023-08-01 r5530 [x86_64-linux-6.1] (local build)'\n`;

test.each<[string, Record<string, string>, string, RegExp, string]>([
  ["nothing is needed", { "/sys/block/vda/size": "9", "/sys/block/loop0/size": "9" }, "ok", /^none is needed$/, ""],
  ["a good smartctl", { ...drive, "/usr/sbin/smartctl": smartctl("7.4") }, "ok", /nothing is missing \(smartctl\)/, ""],
  [
    "an old one",
    { ...drive, ...release("centos", "rhel fedora"), "/usr/sbin/smartctl": smartctl("6.6") },
    "fault",
    /^smartctl 6\.6: it has no JSON/,
    "dnf install smartmontools (7.0 or later)",
  ],
  [
    "one that tells no version",
    { ...drive, "/usr/sbin/smartctl": "#!/bin/sh\necho hello\n" },
    "fault",
    /no version/,
    "install the package smartmontools (7.0 or later)",
  ],
  [
    "drives without it",
    { ...drive, ...release("debian") },
    "note",
    /^drives sda, but no smartctl/,
    "apt-get install smartmontools",
  ],
  [
    "NVMe drives",
    { "/sys/block/nvme0n1/size": "9", ...release("arch") },
    "note",
    /^drives nvme0n1/,
    "pacman -S smartmontools",
  ],
  [
    "many drives",
    { ...Object.fromEntries([..."abcdef"].map((x) => [`/sys/block/sd${x}/size`, "9"])), ...release("alpine") },
    "note",
    /sda, sdb, sdc, sdd and 2 more/,
    "apk add smartmontools",
  ],
  [
    "the kernel's ZFS",
    { "/proc/filesystems": "nodev\tsysfs\nnodev\tzfs\n\text4\n", ...release("ubuntu", "debian") },
    "note",
    /^the kernel's ZFS, but no zpool/,
    "apt-get install zfsutils-linux",
  ],
  [
    "pools",
    {
      "/proc/spl/kstat/zfs/tank/state": "ONLINE",
      "/proc/spl/kstat/zfs/arcstats": "",
      ...release("rocky", "rhel centos fedora"),
    },
    "note",
    /^ZFS pools tank, but/,
    "install zfs of the OpenZFS repository (openzfs.github.io/openzfs-docs)",
  ],
  [
    "a partition of ZFS that nobody imported",
    { "/run/udev/data/b8:2": "E:ID_FS_TYPE=zfs_member\n", "/sys/dev/block/8:2": "-> ../../block/sda/sda2" },
    "note",
    /^ZFS on sda2, but no zpool/,
    "install zfs of the OpenZFS repository (openzfs.github.io/openzfs-docs)",
  ],
  [
    "LVM",
    { "/sys/block/dm-0/dm/uuid": "LVM-x", ...release("fedora") },
    "note",
    /^LVM volumes, but no lvm/,
    "dnf install lvm2",
  ],
  ["crypt is no LVM", { "/sys/block/dm-0/dm/uuid": "CRYPT-x" }, "ok", /none/, ""],
  [
    "btrfs",
    { "/sys/fs/btrfs/0123abcd-11/devices": "", ...release("opensuse-leap", "suse opensuse") },
    "note",
    /^btrfs filesystems/,
    "zypper install btrfsprogs",
  ],
  [
    "md arrays, which are seen without a tool",
    { "/sys/block/md0/md/level": "raid1", ...release("debian") },
    "note",
    /^md arrays md0, but no mdadm: it hides nothing/,
    "apt-get install mdadm",
  ],
  [
    "a MegaRAID",
    { "/sys/bus/pci/drivers/megaraid_sas/0000:3b:00.0/x": "", "/sys/bus/pci/drivers/megaraid_sas/bind": "" },
    "note",
    /^a RAID controller at 0000:3b:00\.0 \(driver megaraid_sas\), but no storcli/,
    "install storcli from Broadcom (support.broadcom.com: StorCLI)",
  ],
  [
    "Dell's",
    {
      "/sys/bus/pci/drivers/megaraid_sas/0000:3b:00.0/x": "",
      "/sys/bus/pci/devices/0000:3b:00.0/subsystem_vendor": "0x1028\n",
    },
    "note",
    /no perccli/,
    "install perccli from Dell (dell.com/support: PERCCLI)",
  ],
  [
    "smartpqi of Adaptec",
    {
      "/sys/bus/pci/drivers/smartpqi/0000:01:00.0/x": "",
      "/sys/bus/pci/devices/0000:01:00.0/subsystem_vendor": "0x9005\n",
    },
    "note",
    /no arcconf/,
    expect.stringContaining("Microchip"),
  ],
  [
    "smartpqi of HPE",
    { "/sys/bus/pci/drivers/smartpqi/0000:01:00.0/x": "" },
    "note",
    /no ssacli/,
    expect.stringContaining("HPE"),
  ],
  [
    "an adapter without RAID",
    { "/sys/bus/pci/drivers/mpt3sas/0000:01:00.0/x": "" },
    "note",
    /^a SAS adapter .* temperature/,
    expect.stringContaining("storcli"),
  ],
  ["a driver without a controller", { "/sys/bus/pci/drivers/hpsa/bind": "" }, "ok", /none/, ""],
  [
    "a MegaRAID with MegaCli",
    { "/sys/bus/pci/drivers/megaraid_sas/0000:3b:00.0/x": "", "/opt/MegaRAID/MegaCli/MegaCli64": "" },
    "ok",
    /\(megacli\)/,
    "",
  ],
])("%s", async (_, files, verdict, found, remedy) => {
  const findings = await toolFindings(hostWith(files), noAbort);
  expect(findings).toEqual([{ check: "tools", verdict, found: expect.stringMatching(found), remedy }]);
});

test("each lack is told on its own", async () => {
  const files = {
    ...drive,
    "/sys/block/md0/md/level": "raid1",
    "/sys/block/dm-0/dm/uuid": "LVM-x",
    ...release("debian"),
  };
  const findings = await toolFindings(hostWith(files), noAbort);
  expect(findings.map(({ remedy }) => remedy)).toEqual(
    ["smartmontools", "lvm2", "mdadm"].map((name) => `apt-get install ${name}`),
  );
});
