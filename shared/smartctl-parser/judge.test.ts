import { describe, expect, test } from "vitest";
import {
  acknowledge,
  type Baseline,
  type Drive,
  type JudgeOptions,
  judge,
  lowerBaseline,
  parseSmartctl,
} from "./index.ts";

type Case = [what: string, input: object, verdict: string, options?: JudgeOptions];

const passed = { smart_status: { passed: true } };

describe("ATA", () => {
  test.for<Case>([
    ["no trouble", ata({ 5: 0, 197: 0 }), "healthy"],
    ["SMART failed", { ...ata({}), smart_status: { passed: false } }, "failed"],
    ["SMART failed by exit status alone", { ...ata({}), smartctl: { exit_status: 8 } }, "failed"],
    ["an error log hides nothing", { ...ata({}), smartctl: { exit_status: 64 } }, "healthy"],
    ["a failed command hides nothing", { ...ata({}), smartctl: { exit_status: 4 } }, "healthy"],
    ["one pending sector", ata({ 197: 1 }), "failed"],
    ["two pending sectors", ata({ 197: 2 }), "failed"],
    ["one offline uncorrectable", ata({ 198: 1 }), "failed"],
    ["one reported uncorrectable", ata({ 187: 1 }), "failed"],
    ["16 reallocated", ata({ 5: 16 }), "healthy"],
    ["17 reallocated", ata({ 5: 17 }), "failed"],
    ["one CRC error", ata({ 199: 1 }), "healthy"],
    ["a few CRC errors", ata({ 199: 16 }), "warning"],
    ["many CRC errors", ata({ 199: 17 }), "failed"],
    ["command timeouts", ata({ 188: 40 }), "healthy"],
    ["at its threshold", { ata_smart_attributes: { table: [{ id: 3, value: 10, thresh: 10 }] } }, "failed"],
    [
      "over its threshold",
      { ata_smart_attributes: { table: [{ id: 3, value: 11, worst: 11, thresh: 10 }] } },
      "healthy",
    ],
    ["failing now", ata({ 3: 1 }, "now"), "failed"],
    ["failed in the past", ata({ 3: 1 }, "past"), "warning"],
    [
      "failing now, by its own numbers",
      { ata_smart_attributes: { table: [{ id: 3, value: 5, thresh: 10 }] } },
      "failed",
    ],
    [
      "failed once, by its own numbers",
      { ata_smart_attributes: { table: [{ id: 3, value: 50, worst: 9, thresh: 10 }] } },
      "warning",
    ],
    [
      "a threshold of 0 is none",
      { ata_smart_attributes: { table: [{ id: 3, value: 0, worst: 0, thresh: 0 }] } },
      "healthy",
    ],
    [
      "prefail by exit status, no attributes",
      { device: { protocol: "ATA" }, ...passed, smartctl: { exit_status: 16 } },
      "failed",
    ],
    [
      "past by exit status, no attributes",
      { device: { protocol: "ATA" }, ...passed, smartctl: { exit_status: 32 } },
      "warning",
    ],
    ["worn to 90 %", { ...ata({}), endurance_used: { current_percent: 90 } }, "warning"],
    ["worn to 100 %", { ...ata({}), endurance_used: { current_percent: 100 } }, "warning"],
    ["worn to 101 %", { ...ata({}), endurance_used: { current_percent: 101 } }, "critical"],
    ["a self-test failed, says the exit status alone", { ...ata({}), smartctl: { exit_status: 128 } }, "warning"],
    ["the last self-test failed", { ...ata({}), ...selfTests(0x79, 0) }, "critical"],
    ["a self-test failed before", { ...ata({}), ...selfTests(0, 0x79) }, "healthy"],
    ["an aborted self-test is no result", { ...ata({}), ...selfTests(0x19, 0) }, "healthy"],
    ["hot for a hard disk", { ...ata({}), rotation_rate: 7200, temperature: { current: 61 } }, "warning"],
    ["not hot for a solid one", { ...ata({}), rotation_rate: 0, temperature: { current: 61 } }, "healthy"],
    [
      "under its own limit",
      { ...ata({}), rotation_rate: 7200, temperature: { current: 64, op_limit_max: 65 } },
      "healthy",
    ],
    ["at its last limit", { ...ata({}), temperature: { current: 70, op_limit_max: 60, limit_max: 70 } }, "critical"],
    [
      "over a limit of ours",
      { ...ata({}), temperature: { current: 51 } },
      "warning",
      { limits: { temperatureWarningCelsius: 50 } },
    ],
  ])("%s", check);
});

describe("NVMe", () => {
  test.for<Case>([
    ["no trouble", nvme({}), "healthy"],
    ["spare warning", nvme({ critical_warning: 1 }), "failed"],
    [
      "temperature warning, which is no failure",
      { ...nvme({ critical_warning: 2 }), smart_status: { passed: false } },
      "critical",
    ],
    ["unreliable", nvme({ critical_warning: 4 }), "failed"],
    ["read-only", nvme({ critical_warning: 8 }), "failed"],
    ["backup failed", nvme({ critical_warning: 16 }), "critical"],
    ["a bit without meaning", nvme({ critical_warning: 128 }), "warning"],
    ["several bits", nvme({ critical_warning: 10 }), "failed"],
    ["failed without a bit", { ...nvme({}), smart_status: { passed: false } }, "failed"],
    ["spare at its threshold", nvme({ available_spare: 10, available_spare_threshold: 10 }), "healthy"],
    ["spare under it", nvme({ available_spare: 9, available_spare_threshold: 10 }), "failed"],
    ["spare 100 over 99", nvme({ available_spare: 100, available_spare_threshold: 99 }), "healthy"],
    ["used 89 %", nvme({ percentage_used: 89 }), "healthy"],
    ["used 100 %", nvme({ percentage_used: 100 }), "warning"],
    ["used 101 %", nvme({ percentage_used: 101 }), "critical"],
    ["used 255 %", nvme({ percentage_used: 255 }), "critical"],
    ["one media error", nvme({ media_errors: 1 }), "failed"],
    ["thousands of records", nvme({ num_err_log_entries: 8382 }), "healthy"],
    [
      "media errors past 2^53",
      nvme({ media_errors: 1, media_errors_s: "340282366920938463463374607431768211455" }),
      "failed",
    ],
  ])("%s", check);
});

describe("SCSI", () => {
  test.for<Case>([
    ["no trouble", scsi({}), "healthy"],
    [
      "SMART failed",
      { ...scsi({}), smart_status: { passed: false, scsi: { asc: 0x5d, ie_string: "FAILURE PREDICTION" } } },
      "failed",
    ],
    [
      "a warning",
      { ...scsi({}), smart_status: { passed: false, scsi: { asc: 0x0b, ie_string: "WARNING" } } },
      "warning",
    ],
    ["one grown defect", scsi({ scsi_grown_defect_list: 1 }), "warning"],
    ["17 grown defects", scsi({ scsi_grown_defect_list: 17 }), "failed"],
    ["an uncorrected read", scsi({}, { read: 1 }), "failed"],
    ["an uncorrected write", scsi({}, { write: 1 }), "failed"],
    ["an uncorrected verify", scsi({}, { verify: 2 }), "failed"],
    ["hot", { ...scsi({}), temperature: { current: 61, drive_trip: 60 } }, "critical"],
    ["a volume without sensor", { ...scsi({}), temperature: { current: 0, drive_trip: 0 } }, "healthy"],
    ["worn", scsi({ scsi_percentage_used_endurance_indicator: 120 }), "critical"],
    // NVMe's rules would find nothing in it.
    ["no NVMe rules", scsi({ scsi_grown_defect_list: 500 }), "failed"],
  ])("%s", check);
});

describe("accepted counts", () => {
  test.for<[what: string, input: object, baseline: Baseline, verdict: string]>([
    ["the same count", ata({ 199: 131 }), { "ata:199": 131 }, "healthy"],
    ["one more of a bad count", ata({ 199: 132 }), { "ata:199": 131 }, "warning"],
    ["a bad rise", ata({ 199: 148 }), { "ata:199": 131 }, "failed"],
    ["less", ata({ 197: 3 }), { "ata:197": 8 }, "healthy"],
    ["one more pending sector", ata({ 197: 9 }), { "ata:197": 8 }, "failed"],
    ["one more reallocated", ata({ 5: 388 }), { "ata:5": 387 }, "warning"],
    ["another attribute", ata({ 199: 131 }), { "ata:5": 131 }, "failed"],
    ["a failure in the past", ata({ 3: 1 }, "past"), { "ata:3:past": 1 }, "healthy"],
    ["a failure now", ata({ 3: 1 }, "now"), { "ata:3": 1, "ata:3:past": 1 }, "failed"],
    ["media errors", nvme({ media_errors: 7 }), { "nvme:media_errors": 7 }, "healthy"],
    ["one more media error", nvme({ media_errors: 8 }), { "nvme:media_errors": 7 }, "failed"],
    ["grown defects", scsi({ scsi_grown_defect_list: 56 }), { "scsi:grown_defects": 56 }, "healthy"],
    ["nonsense", ata({ 199: 131 }), { "ata:199": Number.NaN }, "failed"],
  ])("%s", ([what, input, baseline, verdict]) => check([what, input, verdict, { baseline }]));

  test("can be taken for some alone, and follow a count down", () => {
    const drive = driveOf(ata({ 197: 8, 199: 131 }));
    expect(acknowledge(drive)).toEqual({ "ata:197": 8, "ata:199": 131 });
    expect(acknowledge(drive, ["ata:199"])).toEqual({ "ata:199": 131 });
    expect(lowerBaseline(acknowledge(drive), driveOf(ata({ 197: 2, 199: 140 })))).toEqual({
      "ata:197": 2,
      "ata:199": 131,
    });
  });

  test("a reason is data, and says under which key it can be accepted", () => {
    expect(judge(driveOf(ata({ 197: 8 }))).reasons).toEqual([
      {
        code: "failure_rate",
        severity: "failed",
        attribute: "ata:197",
        value: 8,
        threshold: 3,
        acknowledge: "ata:197",
        text: "8 pending sectors: of drives with this many, 68 % fail within a year",
      },
    ]);
  });
});

test.for<[what: string, input: object, code: string, text: RegExp]>([
  ["switched off", { smart_support: { available: true, enabled: false } }, "no_data", /smartctl -s on/],
  ["silent", { smart_support: { available: true, enabled: true } }, "no_data", /no health data/],
  ["not to be opened", { smartctl: { exit_status: 2 } }, "open_failed", /could not open/],
  [
    "not to be opened, and why",
    {
      smartctl: { exit_status: 2, messages: [{ string: "hello" }, { string: "Permission denied", severity: "error" }] },
    },
    "open_failed",
    /^Permission denied$/,
  ],
])("a drive that is %s is unknown", ([, input, code, text]) => {
  const { verdict, reasons } = judge(driveOf(input));
  expect({ verdict, code: reasons[0]?.code }).toEqual({ verdict: "unknown", code });
  expect(reasons[0]?.text).toMatch(text);
});

test.for<[what: string, rpm: number, id: number, name: string, value: number, ratio: number | null]>([
  ["life left", 0, 231, "SSD_Life_Left", 93, 0.07],
  ["lifetime left", 0, 202, "Percent_Lifetime_Remain", 40, 0.6],
  ["wear levelling", 0, 177, "Wear_Leveling_Count", 98, 0.02],
  ["a hard disk's temperature", 7200, 231, "Temperature_Celsius", 40, null],
  ["address marks", 7200, 202, "Data_Address_Mark_Errs", 100, null],
  ["a hard disk does not wear", 7200, 177, "Wear_Leveling_Count", 50, null],
  ["no percentage", 0, 177, "Wear_Leveling_Count", 200, null],
])("wear from attributes: %s", ([, rpm, id, name, value, ratio]) => {
  const drive = driveOf({ rotation_rate: rpm, ata_smart_attributes: { table: [{ id, name, value }] } });
  expect(drive.wear.ratio).toBe(ratio);
});

test("a failed command is told of", () => {
  const { verdict, reasons } = judge(driveOf({ ...ata({}), smartctl: { exit_status: 4 } }));
  expect({ verdict, codes: reasons.map(({ code }) => code) }).toEqual({
    verdict: "healthy",
    codes: ["command_failed"],
  });
});

test("NVMe's self-tests: an unused row is none, the newest that ended counts", () => {
  const row = (result: number, hours: number) => ({
    self_test_code: { value: 1, string: "Short" },
    self_test_result: { value: result, string: `result ${result}` },
    power_on_hours: hours,
  });
  const drive = driveOf({
    ...nvme({}),
    nvme_self_test_log: { table: [row(15, 0), row(1, 30), row(7, 20), row(0, 10)] },
  });
  expect(drive.selfTest.entries.map(({ result }) => result)).toEqual(["aborted", "failed", "passed"]);
  expect(judge(drive)).toMatchObject({ verdict: "critical", reasons: [{ code: "self_test_failed" }] });
});

test("device statistics stand in for attributes", () => {
  const entry = (offset: number, value: number, valid = true) => ({ offset, value, flags: { valid } });
  const pages = [
    { number: 1, table: [entry(24, 100), entry(40, 10, false)] },
    { number: 4, table: [entry(8, 3)] },
    { number: 7, table: [entry(8, 12)] },
  ];
  const drive = driveOf({ ...ata({ 12: 5 }), logical_block_size: 4096, ata_device_statistics: { pages } });
  expect(drive).toMatchObject({ bytesWritten: 409_600, bytesRead: null, wear: { ratio: 0.12 } });
  expect(judge(drive).reasons[0]).toMatchObject({ severity: "failed", attribute: "ata:187", value: 3 });
});

function check([, input, verdict, options]: Case): void {
  const judgement = judge(driveOf(input), options);
  expect(judgement.verdict, JSON.stringify(judgement.reasons)).toBe(verdict);
}

function driveOf(input: object): Drive {
  const parsed = parseSmartctl({ device: { name: "/dev/sda" }, ...input });
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.drive;
}

function ata(counts: Record<number, number>, whenFailed = ""): object {
  const table = Object.entries({ 9: 100, ...counts }).map(([id, value]) => ({
    id: Number(id),
    name: `Attribute_${id}`,
    value: 100,
    worst: 100,
    thresh: 10,
    when_failed: id === "9" ? "" : whenFailed,
    raw: { value, string: String(value) },
  }));
  return { ...passed, ata_smart_attributes: { table } };
}

function selfTests(...states: number[]): object {
  return {
    ata_smart_self_test_log: { standard: { table: states.map((value) => ({ status: { value, string: "so" } })) } },
  };
}

function nvme(log: object): object {
  return { ...passed, nvme_smart_health_information_log: { critical_warning: 0, media_errors: 0, ...log } };
}

function scsi(more: object, uncorrected: { read?: number; write?: number; verify?: number } = {}): object {
  const log = Object.fromEntries(
    (["read", "write", "verify"] as const).map((kind) => [kind, { total_uncorrected_errors: uncorrected[kind] ?? 0 }]),
  );
  return {
    ...passed,
    device: { name: "/dev/sda", protocol: "SCSI" },
    scsi_grown_defect_list: 0,
    scsi_error_counter_log: log,
    ...more,
  };
}
