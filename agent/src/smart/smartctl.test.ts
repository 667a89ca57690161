import { describe, expect, test } from "vitest";
import { ataDrive, smartctlSays } from "../../tests/fake-smartctl.ts";
import { rootedHost } from "../../tests/rooted-host.ts";
import { kernelDrive } from "./kernel-drive.ts";
import { findSmartctl } from "./smart-child.ts";
import { answerOf } from "./smartctl.ts";

const done = (stdout: string, code: number | null = 0, more: { stderr?: string; signal?: string } = {}) =>
  answerOf({ code, signal: more.signal ?? null, stdout, stderr: more.stderr ?? "" });

describe("what smartctl's outcome tells", () => {
  test("every exit status comes with the data that was printed", () => {
    for (let status = 0; status < 256; status++) {
      const json = ataDrive();
      const printed = { ...json, smartctl: { ...json.smartctl, exit_status: status } };
      expect(done(JSON.stringify(printed), status).kind, `status ${status}`).toBe("read");
    }
  });

  test("of those without data only the low-power one is sleep", () => {
    for (const status of [1, 2, 3, 66, 255]) {
      const answer = done(JSON.stringify(smartctlSays([`failed with ${status}`], status)), status);
      expect(answer, `status ${status}`).toMatchObject({ kind: "failed", reason: `failed with ${status}` });
    }
    const words = "Device is in STANDBY mode, exit(3)";
    expect(done(JSON.stringify(smartctlSays([words])), 3).kind).toBe("asleep");
    expect(done(words, 3).kind).toBe("asleep");
  });

  test.each([
    ["", 1, {}, "smartctl's output is empty (exit status 1)"],
    [
      "",
      127,
      { stderr: "smartctl: error while\nloading libraries" },
      "smartctl's output is empty (exit status 127): smartctl: error while loading libraries",
    ],
    [
      "smartctl 6.5 2016-01-24\n",
      1,
      {},
      "smartctl 6.5 is too old, it gives no JSON: update smartmontools to 7.0 or newer",
    ],
    [JSON.stringify(ataDrive()), null, { signal: "SIGKILL" }, "smartctl was ended by SIGKILL"],
    ['{"smartctl":{"exit_status":2}}', 2, {}, "smartctl gave no data (exit status 2)"],
  ])("%j, %j", (stdout, code, more, reason) => {
    expect(done(stdout, code, more)).toMatchObject({ kind: "failed", hung: false, reason });
  });

  test("lines before the JSON are no harm, and what is kept is the JSON", () => {
    const json = JSON.stringify(ataDrive());
    expect(done(`Warning: drive database is old\n${json}`)).toMatchObject({ kind: "read", text: json });
  });
});

describe("what the kernel knows of a device", () => {
  const scsi = (vendor: string, model: string, more: Record<string, string> = {}) =>
    kernelDrive(
      rootedHost({
        "/sys/block/sda/device/vendor": `${vendor.padEnd(8)}\n`,
        "/sys/block/sda/device/model": `${model.padEnd(16)}\n`,
        ...more,
      }),
      "/dev/sda",
    );

  test.each([
    ["QEMU", "QEMU HARDDISK", "virtual"],
    ["ATA", "QEMU HARDDISK", "virtual"],
    ["ATA", "VBOX HARDDISK", "virtual"],
    ["VMware", "Virtual disk", "virtual"],
    ["Msft", "Virtual Disk", "virtual"],
    ["Google", "PersistentDisk", "virtual"],
    ["LIO-ORG", "disk0", "virtual"],
    ["DELL", "PERC H730 Mini", "volume"],
    ["LSI", "MR9361-8i", "volume"],
    ["AVAGO", "SMC3108", "volume"],
    ["HP", "LOGICAL VOLUME", "volume"],
    ["IBM", "ServeRAID M5210", "volume"],
    ["Areca", "ARC-1280-VOL#00", "volume"],
    ["ATA", "WDC WD40EFRX-68N", null],
    ["SEAGATE", "ST600MM0006", null],
    ["TOSHIBA", "MG08SCA16TE", null],
    ["WD", "My Passport 25E2", null],
    ["ASMT", "2115", null],
  ])("%s %s is %s", (vendor, model, disguise) => {
    expect(scsi(vendor, model).disguise).toBe(disguise);
  });

  test("a volume's channel tells on a MegaRAID controller", () => {
    const at = (channel: number) => {
      const folder = `/sys/devices/pci/host0/target0:${channel}:0/0:${channel}:0:0/block/sda`;
      const files = {
        "/sys/block/sda": `-> ..${folder.slice("/sys".length)}`,
        [`${folder}/device/vendor`]: "Lenovo",
        [`${folder}/device/model`]: "530-8i",
        "/sys/class/scsi_host/host0/proc_name": "megaraid_sas\n",
      };
      return kernelDrive(rootedHost(files), "/dev/sda").disguise;
    };
    expect([at(0), at(2)]).toEqual([null, "volume"]);
  });

  test("an NVMe controller's namespaces, name and number", () => {
    const files = {
      "/sys/class/nvme/nvme1/model": "Samsung SSD 990 PRO 2TB                 \n",
      "/sys/class/nvme/nvme1/serial": "S7DN\n",
      "/sys/block/nvme1n1/wwid": "eui.0025385b31b0d1a2\n",
      "/sys/block/nvme1n1/size": "3907029168\n",
      "/sys/block/nvme1n2/size": "0\n",
      "/sys/block/nvme10n1/size": "1\n",
    };
    expect(kernelDrive(rootedHost(files), "/dev/nvme1")).toMatchObject({
      disks: ["nvme1n1", "nvme1n2"],
      model: "Samsung SSD 990 PRO 2TB",
      serial: "S7DN",
      wwn: "eui.0025385b31b0d1a2",
      capacityBytes: 2_000_398_934_016,
      disguise: null,
    });
  });

  test.each(["/dev/bus/0", "/dev/../../etc/passwd", "", "IOService:/x"])("%j is unknown", (name) => {
    expect(kernelDrive(rootedHost({}), name)).toMatchObject({ disks: [], fingerprint: null, disguise: null });
  });
});

test("smartctl is looked for where PATH says, and where distributions put it", () => {
  const host = rootedHost({ "/usr/sbin/smartctl": "", "/opt/bin/smartctl": "" });
  expect(findSmartctl(host, "/nowhere:relative:/opt/bin/")).toBe("/opt/bin/smartctl");
  expect(findSmartctl(host, "/nowhere")).toBe("/usr/sbin/smartctl");
  expect(findSmartctl(rootedHost({}), "/opt/bin")).toBeUndefined();
});
