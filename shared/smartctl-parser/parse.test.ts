import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acknowledge, type Drive, decodeExitStatus, judge, parseScan, parseSmartctl } from "./index.ts";

const small = { smartctl: { exit_status: 0 }, device: { name: "/dev/sda", type: "sat", protocol: "ATA" } };
const text = JSON.stringify(small);

describe("text around the JSON", () => {
  test.for<[what: string, input: unknown]>([
    ["alone", text],
    ["parsed", small],
    ["a line before", `/dev/sda: Unknown USB bridge [0x152d:0x0578]\n${text}`],
    ["a brace in a line before", `{odd} line\n${text}`],
    ["a warning on the same line", `warning: ${text}`],
    ["a byte order mark and CRLF", `\uFEFF${JSON.stringify(small, null, 2).replaceAll("\n", "\r\n")}`],
    ["lines after", `${text}\nbye\n`],
  ])("%s", ([, input]) => {
    expect(parseSmartctl(input)).toMatchObject({ ok: true, drive: { protocol: "ata", device: { name: "/dev/sda" } } });
  });

  test("a line before is kept as a message", () => {
    expect(driveOf(`first\nsecond\n${text}`).messages.map((message) => message.text)).toEqual(["first", "second"]);
  });

  test.for<[what: string, input: unknown, error: RegExp]>([
    ["nothing", "", /is empty/],
    ["blanks", " \n\t", /is empty/],
    ["cut off", text.slice(0, -1), /damaged or cut off/],
    ["cut off early", text.slice(0, 5), /damaged or cut off/],
    ["a shell's complaint", "sh: smartctl: not found", /no JSON: "sh: smartctl: not found"/],
    ["a list", "[1]", /no JSON/],
    ["words without end", `Device is in ${"a".repeat(1e6)}`, /no JSON/],
    ["braces without end", "\n{".repeat(1e6), /damaged or cut off/],
    ["a number", "1", /no JSON/],
    ["null", null, /neither text nor an object/],
    ["undefined", undefined, /neither text nor an object/],
    ["another tool's JSON", '{"blockdevices": []}', /not smartctl's/],
    ["too much", " ".repeat(33 * 1024 * 1024), /is longer than/],
    ["a prototype's names", '{"__proto__": {"smartctl": {}}}', /not smartctl's/],
  ])("%s is refused", ([, input, error]) => {
    const parsed = parseSmartctl(input);
    expect(!parsed.ok && parsed.error).toMatch(error);
    expect(parseScan(input).ok).toBe(false);
  });

  test("any text and any value is read or refused", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (input) => parseSmartctl(input).ok !== undefined),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.anything()), (input) => parseScan(input).ok !== undefined),
    );
  });
});

test("any value in any place that is looked at is read and judged", () => {
  const rows = "{n}.id {n}.value {n}.name {n}.raw.value {n}.raw.string {n}.worst {n}.thresh {n}.when_failed";
  const places = [
    "device.protocol device.type smart_status.passed smartctl.exit_status smartctl.argv smartctl.messages smartctl.version",
    "wwn.naa wwn.oui wwn.id logical_unit_id temperature.current temperature.op_limit_max rotation_rate power_on_time.hours",
    rows.replaceAll("{n}", "ata_smart_attributes.table.0"),
    "ata_smart_self_test_log.standard.table.0.status.value ata_smart_data.self_test.status.value ata_smart_error_log",
    "ata_device_statistics.pages.0.table.0.value ata_device_statistics.pages.0.number endurance_used.current_percent",
    "nvme_smart_health_information_log.critical_warning nvme_smart_health_information_log.temperature_sensors",
    "nvme_smart_health_information_log.media_errors nvme_namespaces.0.eui64.oui nvme_self_test_log.table.0",
    "scsi_grown_defect_list scsi_error_counter_log.read.total_uncorrected_errors scsi_self_test_0.result.value",
  ].join(" ");
  const value = fc.oneof(fc.integer({ min: -1, max: 300 }), fc.double(), fc.string(), fc.jsonValue());
  const edits = fc.array(fc.tuple(fc.constantFrom(...places.split(" ")), value), { maxLength: 12 });
  fc.assert(
    fc.property(fc.constantFrom("ATA", "NVMe", "SCSI", "x"), edits, (protocol, all) => {
      const json: Record<string, unknown> = { device: { protocol } };
      for (const [place, put] of all) set(json, place.split("."), put);
      const drive = driveOf(json);
      for (const { text, severity } of judge(drive, { baseline: acknowledge(drive) }).reasons) {
        expect(text).not.toMatch(/NaN|undefined/);
        expect(["info", "warning", "critical", "failed"]).toContain(severity);
      }
    }),
    { numRuns: 1000 },
  );
});

test.for<[value: number | null, bits: string[], noData: boolean]>([
  [0, [], false],
  [1, ["command_line"], true],
  [2, ["open_failed"], true],
  [3, ["command_line", "open_failed"], true],
  [4, ["command_failed"], false],
  [64, ["error_log"], false],
  [216, ["disk_failing", "prefail_now", "error_log", "self_test_log"], false],
  [
    255,
    [
      "command_line",
      "open_failed",
      "command_failed",
      "disk_failing",
      "prefail_now",
      "failed_past",
      "error_log",
      "self_test_log",
    ],
    true,
  ],
  [256, [], false],
  [-1, [], false],
  [1.5, [], false],
  [null, [], false],
])("exit status %s", ([value, bits, noData]) => {
  expect(decodeExitStatus(value)).toMatchObject({ bits, noData });
});

describe("a drive that sleeps", () => {
  const message = (line: string, status: number) => ({
    smartctl: { exit_status: status, messages: [{ string: line, severity: "information" }] },
    device: { name: "/dev/sdb", type: "sat", protocol: "ATA" },
  });
  const argv = (...rest: string[]) => ({ smartctl: { argv: ["smartctl", "-j", ...rest], exit_status: 3 } });
  test.for<[what: string, input: unknown, verdict: string]>([
    ["by message", message("Device is in STANDBY mode, exit(3)", 3), "standby"],
    ["by message, the usual status", message("Device is in STANDBY (OS) mode, exit(2)", 2), "standby"],
    ["asleep", message("Device is in SLEEP mode, exit(3)", 3), "standby"],
    ["by power mode", { ...small, power_mode: { ata_value: 0, name: "STANDBY" } }, "standby"],
    ["by its own status", argv("-n", "standby,3", "-a", "/dev/sdb"), "standby"],
    ["by its own status, joined", argv("--nocheck=standby,3", "/dev/sdb"), "standby"],
    ["by text alone", "smartctl 7.2\n\nDevice is in STANDBY mode, exit(3)\n", "standby"],
    ["another status", argv("-n", "standby,5", "/dev/sdb"), "unknown"],
    ["not asked", argv("-a", "/dev/sdb"), "unknown"],
    ["open failed", message("Smartctl open device: /dev/sdb failed: No such device", 2), "unknown"],
    [
      "awake after all",
      { ...message("Device is in STANDBY mode, exit(3)", 3), smart_status: { passed: true } },
      "healthy",
    ],
  ])("%s", ([, input, verdict]) => {
    expect(judge(driveOf(input)).verdict).toBe(verdict);
  });
});

describe("a running self-test", () => {
  test.for<[what: string, input: object, running: object | null]>([
    [
      "ATA",
      { ata_smart_data: { self_test: { status: { value: 249, remaining_percent: 90 } } } },
      { type: null, progressRatio: 0.1 },
    ],
    [
      "ATA, named in its log",
      {
        ata_smart_data: { self_test: { status: { value: 249 } } },
        ata_smart_self_test_log: {
          standard: { table: [{ type: { string: "Short offline" }, status: { value: 249 } }] },
        },
      },
      { type: "Short offline", progressRatio: null },
    ],
    ["ATA, done", { ata_smart_data: { self_test: { status: { value: 0 } } } }, null],
    [
      "NVMe",
      {
        device: { protocol: "NVMe" },
        nvme_self_test_log: {
          current_self_test_operation: { value: 1, string: "Short self-test in progress" },
          current_self_test_completion_percent: 30,
        },
      },
      { type: "Short self-test in progress", progressRatio: 0.3 },
    ],
    [
      "SCSI",
      {
        device: { protocol: "SCSI" },
        scsi_self_test_0: {
          code: { string: "Background short" },
          result: { value: 15, string: "Self test in progress ..." },
        },
      },
      { type: "Background short", progressRatio: null },
    ],
  ])("%s", ([, input, running]) => {
    expect(driveOf({ ...small, ...input }).selfTest.running).toEqual(running);
  });
});

test.for<[type: string, slot: string | null, via: string]>([
  ["sat", null, "direct"],
  ["megaraid,8", "megaraid,8", "raid"],
  ["sat+megaraid,14", "megaraid,14", "raid"],
  ["3ware,2", "3ware,2", "raid"],
  ["areca,3/1", "areca,3/1", "raid"],
  ["sat+cciss,0", "cciss,0", "raid"],
  ["aacraid,0,0,1", "aacraid,0,0,1", "raid"],
  ["usbjmicron", null, "usb"],
  ["sntasmedia", null, "usb"],
])("device type %s", ([type, slot, via]) => {
  const drive = driveOf({ ...small, device: { name: "/dev/sg2", type, protocol: "ATA" }, serial_number: "S" });
  expect({ slot: drive.identity.slot, via: drive.device.via }).toEqual({ slot, via });
});

test("one WWN in two slots is two drives, a new device file is not", () => {
  const key = (name: string, type: string) =>
    driveOf({ device: { name, type }, model_name: "M", serial_number: "S", wwn: { naa: 5, oui: 1, id: 2 } }).identity
      .key;
  expect(key("/dev/bus/0", "megaraid,1")).not.toBe(key("/dev/bus/0", "megaraid,2"));
  expect(key("/dev/sda", "sat")).toBe(key("/dev/sdb", "sat"));
});

test("two drives that tell neither serial nor WWN are told apart by their place", () => {
  const key = (name: string) => driveOf({ device: { name, type: "sat" }, model_name: "M" }).identity.key;
  expect(key("/dev/sda")).not.toBe(key("/dev/sdb"));
});

test.for<[what: string, input: object, celsius: number | null]>([
  ["a disk at 0 °C", { device: { protocol: "ATA" }, temperature: { current: 0 } }, 0],
  ["a SCSI volume without sensor", { device: { protocol: "SCSI" }, temperature: { current: 0 } }, null],
  ["frost", { temperature: { current: -12 } }, -12],
  ["absurd", { temperature: { current: 255 } }, null],
])("temperature: %s", ([, input, celsius]) => {
  expect(driveOf({ ...small, ...input }).temperature.currentCelsius).toBe(celsius);
});

test("data is data, whatever is said of sleep", () => {
  const messages = [{ string: "Device is in STANDBY mode, exit(3)" }];
  const table = [{ id: 9, name: "Power_On_Hours", value: 1, raw: { value: 5 } }];
  const drive = driveOf({ ...small, smartctl: { exit_status: 3, messages }, ata_smart_attributes: { table } });
  expect({ power: drive.power, verdict: judge(drive).verdict }).toEqual({ power: "active", verdict: "healthy" });
});

test("a scan keeps what smartctl can be given, once", () => {
  const device = (name: string, type: string) => ({ name, type, protocol: "SCSI" });
  const scan = parseScan({
    smartctl: {},
    devices: [
      device("/dev/sda", "sat"),
      device("/dev/sda", "sat"),
      device("-x", "sat"),
      device("/dev/sd b", "sat"),
      {},
      1,
      null,
    ],
  });
  expect(scan).toEqual({
    ok: true,
    devices: [{ name: "/dev/sda", type: "sat", protocol: "scsi", slot: null, openError: null }],
  });
  expect(parseScan({ smartctl: { exit_status: 0 } })).toEqual({ ok: true, devices: [] });
});

function driveOf(input: unknown): Drive {
  const parsed = parseSmartctl(input);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.drive;
}

/** Puts a value at a path; a step named by a number makes a list. */
function set(json: Record<string, unknown>, [key = "", ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    json[key] = value;
    return;
  }
  if (typeof json[key] !== "object" || json[key] === null) json[key] = rest[0] === "0" ? [] : {};
  set(json[key] as Record<string, unknown>, rest, value);
}
