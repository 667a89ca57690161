import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { ataDrive, fakeSmartctl, scanOf, smartCorpus, smartctlSays } from "../../tests/fake-smartctl.ts";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import { noteDriveChange } from "../smart/smart-child.ts";
import { NotHere, Partly, type Reading } from "./collector.ts";
import { createSmartCollector } from "./smart.ts";
import { slots } from "./values.ts";

const slot = slots("drive");
const noCorpus = existsSync(smartCorpus) ? "" : "no ../shared/corpus/smart";

/** A host with those disks, a fake smartctl, and a collector that `again` makes anew, as a restart of the agent does. */
function bench(
  disks: readonly string[],
  more: { files?: Record<string, string>; readMs?: number; patienceMs?: number } = {},
) {
  const fake = fakeSmartctl();
  const stateDir = mkdtempSync(join(tmpdir(), "fairlead-smart-"));
  onTestFinished(() => {
    fake.dispose();
    rmSync(stateDir, { recursive: true, force: true });
  });
  const files = Object.fromEntries(disks.map((disk) => [`/sys/block/${disk}/size`, "1000"]));
  const root = rootedHost({ "/sys/block/loop0/size": "0", ...files, ...more.files });
  const make = () => createSmartCollector({ ...root, stateDir }, () => fake.program, more.readMs, more.patienceMs);
  let collector = make();
  const collect = async () => await collector.collect(Date.now(), noAbort);
  let dues = 0;
  const watch = () =>
    collector.watch?.(
      () => undefined,
      noAbort,
      () => dues++,
    );
  return {
    fake,
    root,
    watch,
    dues: () => dues,
    stateDir,
    collect,
    again: () => {
      collector = make();
    },
    /** A pass of which a part failed counts too. */
    collectPartly: async () => {
      const error = await collect().then(
        () => undefined,
        (cause: unknown) => cause,
      );
      if (!(error instanceof Partly)) throw error ?? new Error("nothing failed");
      return error;
    },
    one: async () => (await collect())[0] as Reading,
  };
}

const sat = (name: string) => ({ name: `/dev/${name}`, type: "sat", protocol: "ATA" });
const byDevice = (readings: readonly Reading[]) => new Map(readings.map((one) => [one.labels?.device, one]));
const valuesOf = (reading: Reading | undefined) => named(slot, reading?.values);
const attributesOf = (reading: Reading | undefined) => reading?.attributes as Record<string, never>;

test("a drive: state, labels, values, attributes; read once, carefully", async () => {
  const { fake, one } = bench(["sda"]);
  fake.scan([sat("sda")]);
  fake.drive("/dev/sda", { out: ataDrive({ attributes: { 197: 8 }, hours: 1000 }) });
  const reading = await one();
  expect(reading).toMatchObject({
    kind: "drive",
    key: "Fairlead%20Test%20HDD/S0001///",
    labels: { device: "sda", protocol: "ata", media: "hdd", model: "Fairlead Test HDD" },
    state: "failed",
    reason: expect.stringContaining("8 pending sectors"),
    attributes: {
      device: "/dev/sda",
      type: "sat",
      verdict: "failed",
      power: "active",
      stale: false,
      disks: ["sda"],
      capacityBytes: 4_000_787_030_016,
      rotationRpm: 5400,
      raw: expect.any(String),
      selfTest: { running: null, minutes: { extended: 480 } },
    },
  });
  expect(valuesOf(reading)).toEqual({
    temperature_celsius: 35,
    temperature_limit_celsius: 60,
    temperature_over_limit_celsius: -25,
    power_on_seconds: 3_600_000,
    power_cycles: 10,
    reallocated_sectors: 0,
    pending_sectors: 8,
    offline_uncorrectable: 0,
    reported_uncorrectable: 0,
    command_timeouts: 0,
    interface_crc_errors: 0,
    severity: 3,
    unreadable: 0,
  });
  expect(fake.calls()).toEqual(["--scan --json=c", "--json=c -x -n standby,3 -d sat /dev/sda"]);
});

describe("what is not there", () => {
  test("no drives, or no smartctl: absent, and nothing is started", async () => {
    const { fake, collect, root } = bench([]);
    await expect(collect()).rejects.toThrow(NotHere);
    expect(fake.calls()).toEqual([]);
    root.write("/sys/block/sda/size", "1");
    const collector = createSmartCollector(root, () => undefined);
    await expect(async () => collector.collect(0, noAbort)).rejects.toThrow("smartctl is not installed");
    fake.scan([sat("sda")]);
    fake.drive("/dev/sda", { out: ataDrive() });
    let program: string | undefined = fake.program;
    const other = createSmartCollector(root, () => program);
    await other.collect(0, noAbort);
    program = undefined;
    const failure = await Promise.resolve(other.collect(0, noAbort)).catch((error: unknown) => error);
    expect(failure).not.toBeInstanceOf(NotHere);
  });

  test("a drive that the settings name is read where no other may be", async () => {
    const { fake, root } = bench([]);
    fake.drive("/dev/twa0", { out: ataDrive({ device: "/dev/twa0" }) }, "3ware,0");
    const drives = { ignore: [], devices: [{ device: "/dev/twa0", type: "3ware,0" }] };
    const collector = createSmartCollector({ ...root, drives }, () => fake.program);
    expect(await collector.collect(Date.now(), noAbort)).toMatchObject([{ kind: "drive", state: "healthy" }]);
  });

  test("a scan without drives is absent, and one that loses its last drive tells so once", async () => {
    const { fake, collect, root } = bench(["sda"]);
    fake.scan([sat("sda")]);
    fake.drive("/dev/sda", { out: ataDrive() });
    expect(await collect()).toHaveLength(1);
    fake.scan([]);
    rmSync(join(root.root, "sys/block/sda"), { recursive: true });
    expect(await collect()).toEqual([]);
    await expect(collect()).rejects.toThrow(NotHere);
  });

  test.each([
    [
      { out: "smartctl 6.6 2016-05-31 r4324\nsmartctl: unrecognized option '--json=c'\n", status: 1 },
      "smartctl 6.6 is too old, it gives no JSON: update smartmontools to 7.0 or newer",
    ],
    [
      { out: "Zugriff verweigert", status: 1 },
      'smartctl\'s output holds no JSON: "Zugriff verweigert" (exit status 1)',
    ],
    [{ out: "", signal: "KILL" }, "smartctl's output is empty (ended by SIGKILL)"],
    [{ out: '{"smartctl":{}, "devices":[{"na', status: 0 }, "smartctl's output holds JSON that is damaged or cut off"],
  ])("a scan that fails is told in one line: %j", async (answering, reason) => {
    const { fake, collect } = bench(["sda"]);
    fake.scanAnswer(answering);
    await expect(collect()).rejects.toThrow(reason);
  });

  test("a scan that fails later leaves the drives that are known, and says so", async () => {
    const { fake, collect, collectPartly, root } = bench(["sda"]);
    fake.scan([sat("sda")]);
    fake.drive("/dev/sda", { out: ataDrive() });
    await collect();
    root.write("/sys/block/sdb/size", "1");
    fake.scanAnswer({ out: "", status: 1 });
    const { readings, message } = await collectPartly();
    expect(readings).toHaveLength(1);
    expect(message).toBe("new drives can't be looked for: smartctl's output is empty (exit status 1)");
  });

  test("without permission every drive is listed, and the collector says what to do", async () => {
    const { fake, collectPartly } = bench(["sda"]);
    fake.scan([sat("sda")]);
    fake.drive("/dev/sda", {
      out: smartctlSays(["Smartctl open device: /dev/sda [SAT] failed: Permission denied"], 2),
      status: 2,
    });
    const { readings, message } = await collectPartly();
    expect(message).toBe("smartctl may not open the drives: run fairlead-agent as root");
    expect(readings[0]).toMatchObject({ state: "unknown", reason: expect.stringContaining("Permission denied") });
  });
});

test.skipIf(noCorpus)("of 24 drives five are in a bad way; the others are told as ever", async () => {
  const files = readdirSync(smartCorpus).filter((name) => /^smart-ata|^beszel-sd|^beszel-nvme|usb/.test(name));
  const disks = Array.from({ length: 24 }, (_, i) => `sd${String.fromCharCode(97 + i)}`);
  const { fake, collect } = bench(disks, { readMs: 3_000 });
  fake.scan(disks.map(sat));
  for (const [i, disk] of disks.entries()) {
    const json = JSON.parse(readFileSync(join(smartCorpus, files[i % files.length] as string), "utf8"));
    fake.drive(`/dev/${disk}`, { out: { ...json, serial_number: `SN${i}` }, status: i % 2 === 0 ? 64 : 0 });
  }
  fake.drive("/dev/sdc", { hang: true });
  fake.drive("/dev/sdf", { out: ataDrive(), signal: "SEGV" });
  fake.drive("/dev/sdi", { out: "#!/bin/sh\necho all is well" });
  fake.drive("/dev/sdl", { out: JSON.stringify(ataDrive()).slice(0, 900) });
  fake.drive("/dev/sdo", { out: `{"smartctl":{"version":[7,3]},"x":"${"y".repeat(5 << 20)}"}` });
  const found = byDevice(await collect());
  expect(found.size).toBe(24);
  const reason = (name: string) => [found.get(name)?.state, found.get(name)?.reason];
  expect(reason("sdc")).toEqual(["unknown", "smartctl: no end within 3000 ms"]);
  expect(reason("sdf")).toEqual(["unknown", "smartctl was ended by SIGSEGV"]);
  expect(reason("sdi")).toEqual(["unknown", expect.stringContaining("smartctl's output holds no JSON: ")]);
  expect(reason("sdl")).toEqual(["unknown", "smartctl's output holds JSON that is damaged or cut off"]);
  expect(reason("sdo")).toEqual(["unknown", "smartctl: more than 4194304 bytes of output"]);
  const bad = ["sdc", "sdf", "sdi", "sdl", "sdo"];
  for (const disk of disks.filter((name) => !bad.includes(name))) {
    expect(found.get(disk)?.state, disk).not.toBe("unknown");
    expect(valuesOf(found.get(disk)).severity, disk).toBeGreaterThanOrEqual(0);
  }
  for (const { attributes } of found.values()) expect(JSON.stringify(attributes).length).toBeLessThan(64 * 1024);
});

test("a smartctl that hangs and can't be ended is not started again", async () => {
  const { fake, collect, root } = bench(["sda", "sdb"], { readMs: 300 });
  fake.scan([sat("sda"), sat("sdb")]);
  fake.drive("/dev/sda", { hang: true });
  fake.drive("/dev/sdb", { out: ataDrive({ serial: "B" }) });
  await collect();
  root.write("/proc/4711/cmdline", `${fake.program}\0--json=c\0-x\0-d\0sat\0/dev/sda\0`);
  const found = byDevice(await collect());
  expect(found.get("sda")?.reason).toBe("smartctl hangs on this drive and can't be ended");
  expect(found.get("sdb")?.state).toBe("healthy");
  expect(fake.calls().filter((call) => call.includes("/dev/sda"))).toHaveLength(1);
  rmSync(join(root.root, "proc"), { recursive: true });
  fake.drive("/dev/sda", { out: ataDrive({ serial: "A" }) });
  expect((await collect()).map(({ state }) => state)).toEqual(["healthy", "healthy"]);
});

test("others do not wait for drives that hang; what came of these, the next run tells", async () => {
  const disks = ["sda", "sdb", "sdc", "sdd", "sde", "sdf"];
  const { fake, collect, watch, dues } = bench(disks, { readMs: 2_500, patienceMs: 200 });
  watch();
  fake.scan(disks.map(sat));
  for (const disk of disks) fake.drive(`/dev/${disk}`, { out: ataDrive({ serial: disk }) });
  await collect();
  for (const disk of ["sda", "sdd"]) fake.drive(`/dev/${disk}`, { hang: true });
  fake.drive("/dev/sdf", { out: ataDrive({ serial: "sdf", attributes: { 197: 8 } }) });
  // What comes of those that hang is not known yet when the others are told, and makes a run due when it is.
  const before = dues();
  const first = byDevice(await collect());
  expect(disks.map((disk) => first.get(disk)?.state)).toEqual([...Array(5).fill("healthy"), "failed"]);
  await expect.poll(dues).toBeGreaterThan(before);
  expect(byDevice(await collect()).get("sda")?.reason).toBe("smartctl: no end within 2500 ms");
  for (const disk of ["sda", "sdd"]) fake.drive(`/dev/${disk}`, { out: ataDrive({ serial: disk }) });
  const states = async () => [...byDevice(await collect()).values()].map(({ state }) => state);
  await expect.poll(states).toEqual([...Array(5).fill("healthy"), "failed"]);
});

describe("sleep", () => {
  test("healthy, asleep, awake: values go missing, attributes stay as measured, nobody is woken", async () => {
    const { fake, one } = bench(["sda"]);
    fake.scan([sat("sda")]);
    fake.drive("/dev/sda", { out: ataDrive() });
    const awake = await one();
    fake.sleep("/dev/sda");
    const asleep = await one();
    expect(asleep).toMatchObject({ key: awake.key, labels: awake.labels, state: "standby" });
    expect(asleep.attributes).toMatchObject({ stale: true, power: "standby", verdict: "standby", readError: null });
    expect(attributesOf(asleep).measuredAt).toBe(attributesOf(awake).measuredAt);
    expect(attributesOf(asleep).attributes).toEqual(attributesOf(awake).attributes);
    expect(valuesOf(asleep)).toEqual({ severity: 0 });
    fake.wake("/dev/sda");
    expect(await one()).toMatchObject({ state: "healthy", attributes: { stale: false, power: "active" } });
    expect(fake.woken()).toEqual([]);
  });

  test("a failed drive that falls asleep stays failed, over a restart of the agent too", async () => {
    const { fake, one, again } = bench(["sda"]);
    fake.scan([sat("sda")]);
    fake.drive("/dev/sda", { out: ataDrive({ attributes: { 197: 8 } }) });
    const awake = await one();
    fake.sleep("/dev/sda");
    again();
    const asleep = await one();
    expect(asleep).toMatchObject({ key: awake.key, state: "failed", reason: awake.reason });
    expect(attributesOf(asleep).verdict).toBe("failed");
    expect(asleep.attributes?.reasons).toMatchObject([{ code: "failure_rate" }, { code: "standby" }]);
    expect(valuesOf(asleep)).toEqual({ severity: 3 });
    expect(attributesOf(asleep).raw).toBe(attributesOf(awake).raw);
  });

  test("a drive that was never awake has the key that it will have", async () => {
    const udev = [
      "E:ID_BUS=ata",
      "E:ID_MODEL=Fairlead_Test_HDD",
      "E:ID_MODEL_ENC=Fairlead\\x20Test\\x20HDD\\x20\\x20",
      "E:ID_SERIAL_SHORT=S0001",
      "E:ID_WWN=0x5000c50000000001",
    ];
    const files = { "/sys/block/sda/dev": "8:0\n", "/run/udev/data/b8:0": udev.join("\n") };
    const { fake, one } = bench(["sda"], { files });
    fake.scan([{ name: "/dev/sda", type: "scsi" }]);
    fake.drive("/dev/sda", { out: ataDrive({ wwn: 1 }) });
    fake.sleep("/dev/sda");
    const asleep = await one();
    expect(asleep).toMatchObject({ state: "standby", labels: { model: "Fairlead Test HDD" } });
    fake.wake("/dev/sda");
    expect((await one()).key).toBe(asleep.key);
    expect(fake.calls().at(-1)).toBe("--json=c -x -n standby,3 -d sat /dev/sda");
  });

  test("one that can't be asked whether it sleeps is left alone until somebody uses it", async () => {
    const io = (reads: number) => `${reads} 0 0 0 5 0 0 0 0 0 0 0 0 0 0 0 0`;
    const files = { "/sys/block/sda/queue/rotational": "1", "/sys/block/sda/stat": io(10) };
    const { fake, one, root } = bench(["sda"], { files });
    fake.scan([sat("sda")]);
    const drive = ataDrive();
    const messages = [{ string: "CHECK POWER MODE not implemented, ignoring -n option", severity: "information" }];
    fake.drive("/dev/sda", { out: { ...drive, smartctl: { ...drive.smartctl, messages } } });
    expect((await one()).state).toBe("healthy");
    expect(await one()).toMatchObject({ state: "standby", reason: expect.stringContaining("does not tell whether") });
    expect(fake.calls()).toHaveLength(2);
    root.write("/sys/block/sda/stat", io(11));
    expect((await one()).state).toBe("healthy");
    expect(fake.calls()).toHaveLength(3);
  });

  test("a drive that the kernel has powered down is not even opened", async () => {
    const files = { "/sys/block/sda/device/power/runtime_status": "suspended\n" };
    const { fake, one } = bench(["sda"], { files });
    fake.scan([sat("sda")]);
    expect((await one()).state).toBe("standby");
    expect(fake.calls()).toEqual(["--scan --json=c"]);
  });
});

describe("a drive that can't be read", () => {
  const broken = { out: smartctlSays(["Smartctl open device: /dev/sda failed: Input/output error"], 2), status: 2 };

  test.each([
    [{}, "unknown"],
    [{ celsius: 65 }, "unknown"],
    [{ attributes: { 197: 8 } }, "failed"],
  ])("after %j it is %s", async (options, state) => {
    const { fake, one } = bench(["sda"]);
    fake.scan([sat("sda")]);
    fake.drive("/dev/sda", { out: ataDrive(options) });
    const before = await one();
    fake.drive("/dev/sda", broken);
    const after = await one();
    expect(after).toMatchObject({ key: before.key, state, reason: expect.stringContaining("Input/output error") });
    expect([valuesOf(before).unreadable, valuesOf(after).unreadable]).toEqual([0, 1]);
    expect(after.attributes).toMatchObject({ stale: true, readError: expect.stringContaining("Input/output error") });
  });
});

describe("who is who", () => {
  test("one drive on two paths is read once; when its first path fails the other serves", async () => {
    const { fake, collect } = bench(["sda", "sdb"]);
    fake.scan([sat("sda"), sat("sdb")]);
    for (const name of ["sda", "sdb"])
      fake.drive(`/dev/${name}`, { out: ataDrive({ wwn: 7, device: `/dev/${name}` }) });
    const [drive, ...rest] = await collect();
    expect(rest).toEqual([]);
    expect(drive).toMatchObject({ labels: { device: "sda" }, attributes: { disks: ["sda", "sdb"] } });
    await collect();
    expect(fake.calls().filter((call) => call.endsWith("/dev/sdb"))).toHaveLength(1);
    fake.drive("/dev/sda", { out: "", status: 2 });
    const [other, ...none] = await collect();
    expect(none).toEqual([]);
    expect(other).toMatchObject({ key: drive?.key, state: "healthy", labels: { device: "sdb" } });
  });

  test("a drive that its controller shows by itself and in a slot is one", async () => {
    const { fake, collect } = bench(["sdc"]);
    fake.scan([sat("sdc"), { name: "/dev/bus/6", type: "megaraid,8" }, { name: "/dev/bus/6", type: "megaraid,9" }]);
    fake.drive("/dev/sdc", { out: ataDrive({ wwn: 7 }) });
    const behind = (n: number, serial: string, wwn: number) =>
      ataDrive({ serial, wwn, device: "/dev/bus/6", type: `sat+megaraid,${n}` });
    fake.drive("/dev/bus/6", { out: behind(8, "S0001", 7) }, "megaraid,8");
    fake.drive("/dev/bus/6", { out: behind(9, "S0009", 9) }, "megaraid,9");
    const found = byDevice(await collect());
    expect([...found.keys()].sort()).toEqual(["bus/6 megaraid,9", "sdc"]);
    expect(attributesOf(found.get("sdc")).paths).toHaveLength(2);
    expect(attributesOf(found.get("bus/6 megaraid,9"))).toMatchObject({ slot: "megaraid,9", via: "raid", disks: [] });
    expect(await collect()).toHaveLength(2);
  });

  test("two drives that claim the same name, as cheap bridges do, stay two", async () => {
    const { fake, collect } = bench(["sda", "sdb"]);
    fake.scan([sat("sda"), sat("sdb")]);
    for (const name of ["sda", "sdb"]) fake.drive(`/dev/${name}`, { out: ataDrive({ serial: "0123456789" }) });
    const first = await collect();
    expect(first.map(({ key }) => key)).toEqual([
      "Fairlead%20Test%20HDD/0123456789///",
      "Fairlead%20Test%20HDD/0123456789///@%2Fdev%2Fsdb",
    ]);
    expect((await collect()).map(({ key }) => key)).toEqual(first.map(({ key }) => key));
  });

  test("names that changed over a boot move no history", async () => {
    const udev = (serial: string) => `E:ID_BUS=ata\nE:ID_SERIAL_SHORT=${serial}\n`;
    const boot = "/proc/sys/kernel/random/boot_id";
    const files = {
      [boot]: "one",
      "/sys/block/sda/dev": "8:0",
      "/sys/block/sdb/dev": "8:16",
      "/run/udev/data/b8:0": udev("A"),
      "/run/udev/data/b8:16": udev("B"),
    };
    const { fake, collect, root } = bench(["sda", "sdb"], { files });
    fake.scan([sat("sda"), sat("sdb")]);
    fake.drive("/dev/sda", { out: ataDrive({ serial: "A", attributes: { 197: 8 } }) });
    fake.drive("/dev/sdb", { out: ataDrive({ serial: "B" }) });
    await collect();
    root.write(boot, "two");
    root.write("/run/udev/data/b8:0", udev("B"));
    root.write("/run/udev/data/b8:16", udev("A"));
    fake.sleep("/dev/sda");
    fake.sleep("/dev/sdb");
    const found = new Map((await collect()).map((one) => [one.attributes?.serial, one]));
    expect(found.get("A")).toMatchObject({ state: "failed", attributes: { disks: ["sdb"] } });
    expect(found.get("B")).toMatchObject({ state: "standby", attributes: { disks: ["sda"] } });
  });

  test("keys are never longer than the agent takes, texts hold nothing that a database refuses", async () => {
    const { fake, one } = bench(["sda"]);
    fake.scan([sat("sda")]);
    fake.drive("/dev/sda", { out: ataDrive({ model: "\u00e9".repeat(900), serial: "a\u0000b\ud800c\n" }) });
    const reading = await one();
    expect(Buffer.byteLength(reading.key)).toBeLessThanOrEqual(512);
    expect(attributesOf(reading).serial).toBe("a b\ufffdc");
    expect(await one()).toMatchObject({ key: reading.key });
  });
});

describe("the scan", () => {
  test("is made each 15 min, and at once when a disk comes or goes", async () => {
    const { fake, collect, root } = bench(["sda"]);
    const scans = () => fake.calls().filter((call) => call.startsWith("--scan")).length;
    fake.scan([sat("sda")]);
    fake.drive("/dev/sda", { out: ataDrive({ serial: "A" }) });
    await collect();
    await collect();
    expect(scans()).toBe(1);
    fake.scan([sat("sda"), sat("sdb")]);
    fake.drive("/dev/sdb", { out: ataDrive({ serial: "B" }) });
    root.write("/sys/block/sdb/size", "1");
    expect((await collect()).map(({ labels }) => labels?.device)).toEqual(["sda", "sdb"]);
    fake.scan([sat("sdb")]);
    rmSync(join(root.root, "sys/block/sda"), { recursive: true });
    expect((await collect()).map(({ labels }) => labels?.device)).toEqual(["sdb"]);
    expect(scans()).toBe(3);
  });

  test("a virtual disk and a RAID volume are listed, quietly, and not read", async () => {
    const files = {
      "/sys/block/sda/device/vendor": "QEMU    ",
      "/sys/block/sda/device/model": "QEMU HARDDISK   ",
      "/sys/block/sdb/device/vendor": "DELL    ",
      "/sys/block/sdb/device/model": "PERC H730 Mini  ",
    };
    const { fake, collect } = bench(["sda", "sdb"], { files });
    const scsi = (name: string) => ({ name: `/dev/${name}`, type: "scsi" });
    fake.scan([scsi("sda"), scsi("sdb")]);
    const found = byDevice(await collect());
    expect(found.get("sda")).toMatchObject({ state: "unknown", reason: expect.stringContaining("A virtual disk") });
    expect(found.get("sdb")).toMatchObject({ state: "unknown", reason: expect.stringContaining("RAID controller") });
    expect(found.get("sda")?.attributes).toMatchObject({ readError: null, model: "QEMU QEMU HARDDISK" });
    expect(valuesOf(found.get("sda"))).toEqual({});
    expect(fake.calls()).toEqual(["--scan --json=c"]);
  });

  test("a RAID volume gives way to the drives behind it", async () => {
    const files = { "/sys/block/sda/device/vendor": "DELL", "/sys/block/sda/device/model": "PERC H730 Mini" };
    const { fake, collect } = bench(["sda"], { files });
    fake.scan([
      { name: "/dev/sda", type: "scsi" },
      { name: "/dev/bus/0", type: "megaraid,0" },
    ]);
    fake.drive("/dev/bus/0", { out: ataDrive({ type: "sat+megaraid,0", device: "/dev/bus/0" }) }, "megaraid,0");
    expect((await collect()).map(({ labels }) => labels?.device)).toEqual(["bus/0 megaraid,0"]);
  });

  test("drives behind a controller that no scan looks behind are searched for", async () => {
    const files = {
      "/sys/class/scsi_generic/sg2/device": "-> ../../devices/pci/host4/target4:3:0/4:3:0:0",
      "/sys/class/devices/pci/host4/target4:3:0/4:3:0:0/type": "12\n",
      "/sys/class/scsi_host/host4/proc_name": "hpsa\n",
    };
    const { fake, collect } = bench([], { files });
    for (const slotNumber of [0, 2]) {
      const type = `sat+cciss,${slotNumber}`;
      fake.drive("/dev/sg2", { out: ataDrive({ serial: `C${slotNumber}`, type }) }, `cciss,${slotNumber}`);
    }
    expect((await collect()).map(({ labels }) => labels?.device)).toEqual(["sg2 cciss,0", "sg2 cciss,2"]);
    const searched = fake.calls().filter((call) => call.includes(" -i "));
    expect(searched).toHaveLength(11);
    expect(searched.every((call) => call.includes("-n standby,3"))).toBe(true);
    await collect();
    expect(fake.calls().filter((call) => call.includes(" -i "))).toHaveLength(11);
  });

  test("drives that the scan leaves out are found all the same; card readers without a card are none", async () => {
    const files = {
      "/sys/block/sdct/device/vendor": "ATA",
      "/sys/block/sdx/removable": "1",
      "/sys/block/sdx/size": "0",
      "/sys/class/nvme/nvme7/model": "Remote",
      "/sys/class/nvme/nvme7/transport": "tcp",
    };
    const { fake, collect } = bench(["sda", "sdct"], { files });
    fake.scan([sat("sda"), sat("sdx")]);
    fake.drive("/dev/sda", { out: ataDrive({ serial: "A" }) });
    fake.drive("/dev/sdct", { out: ataDrive({ serial: "B", device: "/dev/sdct" }) }, "sat");
    expect((await collect()).map(({ labels, state }) => [labels?.device, state])).toEqual([
      ["sda", "healthy"],
      ["sdct", "healthy"],
    ]);
  });

  test("an ATA drive that its adapter calls SCSI is found out, once", async () => {
    const { fake, one } = bench(["sda"], { files: { "/sys/block/sda/device/vendor": "WDC" } });
    fake.scan([{ name: "/dev/sda", type: "scsi" }]);
    const poor = {
      ...smartctlSays([]),
      device: { name: "/dev/sda", type: "scsi", protocol: "SCSI" },
      model_name: "WDC",
    };
    fake.drive("/dev/sda", { out: poor }, "scsi");
    fake.drive("/dev/sda", { out: ataDrive() });
    fake.drive("/dev/sda", { out: ataDrive() }, "sat");
    expect((await one()).state).toBe("healthy");
    expect((await one()).state).toBe("healthy");
    expect(
      fake
        .calls()
        .slice(1)
        .map((call) => /-d (\S+)/.exec(call)?.[1] ?? "auto"),
    ).toEqual(["scsi", "auto", "sat"]);
  });

  test("an unknown USB bridge is tried as SAT; what was found out is used from then on", async () => {
    const files = {
      "/sys/block/sda": "-> ../devices/pci/usb1/1-1/host6/target6:0:0/6:0:0:0/block/sda",
      "/sys/devices/pci/usb1/1-1/host6/target6:0:0/6:0:0:0/block/sda/device/vendor": "ASMT",
    };
    const { fake, one } = bench([], { files });
    fake.scan([{ name: "/dev/sda", type: "scsi" }]);
    const unknown = "/dev/sda: Unknown USB bridge [0x1234:0x5678 (0x100)]";
    fake.drive("/dev/sda", {
      out: smartctlSays([unknown, "Please specify device type with the -d option."], 1),
      status: 1,
    });
    fake.drive("/dev/sda", { out: ataDrive() }, "sat");
    expect(await one()).toMatchObject({ state: "healthy" });
    await one();
    expect(fake.calls().slice(1)).toEqual([
      "--json=c -x -n standby,3 /dev/sda",
      "--json=c -x -n standby,3 -d sat /dev/sda",
      "--json=c -x -n standby,3 -d sat /dev/sda",
    ]);
  });
});

test("what the configuration ignores, adds and calls by another type", async () => {
  const drives = {
    ignore: ["/dev/disk/by-id/usb-old"],
    devices: [
      { device: "/dev/sdb", type: "usbjmicron,x" },
      { device: "/dev/sg9", type: "sat+cciss,3" },
    ],
  };
  const files = { "/dev/disk/by-id/usb-old": "-> ../../sda" };
  const { fake, root, stateDir } = bench(["sda", "sdb"], { files });
  fake.scan([sat("sda"), sat("sdb")]);
  fake.drive("/dev/sdb", { out: ataDrive({ serial: "B", type: "usbjmicron,x" }) }, "usbjmicron,x");
  fake.drive("/dev/sg9", { out: ataDrive({ serial: "C", type: "sat+cciss,3" }) }, "sat+cciss,3");
  const collector = createSmartCollector({ ...root, stateDir, drives }, () => fake.program);
  const readings = await collector.collect(0, noAbort);
  expect(readings.map(({ labels, state }) => [labels?.device, state])).toEqual([
    ["sdb", "healthy"],
    ["sg9 sat+cciss,3", "healthy"],
  ]);
  expect(readings[1]?.key).toBe("Fairlead%20Test%20HDD/C//cciss%2C3/");
});

describe("what is kept", () => {
  test("raw stays while the drive says the same of its health, and follows at once when it does not", async () => {
    const { fake, one } = bench(["sda"]);
    fake.scan([sat("sda")]);
    fake.drive("/dev/sda", { out: ataDrive({ celsius: 30 }) });
    const first = attributesOf(await one());
    fake.drive("/dev/sda", { out: ataDrive({ celsius: 31 }) });
    const second = attributesOf(await one());
    expect([second.raw, second.rawAt]).toEqual([first.raw, first.rawAt]);
    fake.drive("/dev/sda", { out: ataDrive({ celsius: 31, attributes: { 199: 1 } }) });
    expect(attributesOf(await one()).raw).not.toBe(first.raw);
  });

  test("a change without a read is told without a read", async () => {
    const { fake, collect } = bench(["sda"]);
    fake.scan([sat("sda")]);
    fake.drive("/dev/sda", { out: ataDrive() });
    const before = await collect();
    const calls = fake.calls().length;
    noteDriveChange();
    expect(await collect()).toEqual(before);
    expect(fake.calls()).toHaveLength(calls);
  });

  test.each(["", "{", "[]", '{"version":1}', '{"version":1,"paths":[],"searched":[],"hung":[],"drives":{"a":null}}'])(
    "a damaged file is as none: %s",
    async (text) => {
      const { fake, one, stateDir } = bench(["sda"]);
      fake.scan([sat("sda")]);
      fake.drive("/dev/sda", { out: ataDrive() });
      writeFileSync(join(stateDir, "drives.json"), text);
      expect((await one()).state).toBe("healthy");
    },
  );
});

test.skipIf(noCorpus)(
  "whatever smartctl prints, a pass tells of every drive and never throws",
  async () => {
    const { fake, collect } = bench(["sda", "sdb"]);
    const texts = readdirSync(smartCorpus).map((name) => readFileSync(join(smartCorpus, name), "utf8"));
    fake.drive("/dev/sdb", { out: ataDrive({ serial: "B" }) });
    fake.scan([sat("sda"), sat("sdb")]);
    const mutated = fc
      .record({
        text: fc.constantFrom(...texts),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat(300),
        insert: fc.oneof(fc.string(), fc.constantFrom("null", "{}", "[[", '"', "-1", "1e999", "\u0000", "\ud800")),
        status: fc.nat(255),
        before: fc.string(),
      })
      .map(({ text, at, length, insert, ...rest }) => {
        const start = Math.floor(at * text.length);
        return { out: text.slice(0, start) + insert + text.slice(start + length), ...rest };
      });
    await fc.assert(
      fc.asyncProperty(mutated, async (answering) => {
        fake.drive("/dev/sda", answering);
        const readings = await collect();
        expect(byDevice(readings).get("sdb")?.state).toBe("healthy");
        expect(readings).toHaveLength(2);
        for (const { attributes, values, key } of readings) {
          expect(Buffer.byteLength(key)).toBeLessThanOrEqual(512);
          expect(Buffer.byteLength(JSON.stringify(attributes))).toBeLessThanOrEqual(64 * 1024);
          expect(Array.from(values).every((value) => Number.isNaN(value) || Number.isFinite(value))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  },
  60_000,
);

test("a scan whose types name options is refused entry by entry", async () => {
  const { fake, collect } = bench(["sda"]);
  fake.scanAnswer({
    out: scanOf([{ name: "--version", type: "sat" }, { name: "/dev/sda", type: "-X" }, sat("sda")]),
  });
  fake.drive("/dev/sda", { out: ataDrive() });
  expect(await collect()).toHaveLength(1);
  expect(fake.calls()).toHaveLength(2);
});
