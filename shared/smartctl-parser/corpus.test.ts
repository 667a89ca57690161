import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acknowledge, type Drive, judge, parseScan, parseSmartctl, type Verdict } from "./index.ts";

const corpus = join(import.meta.dirname, "../../../shared/corpus/smart");
const there = existsSync(corpus);

/** What each drive is, judged by a person from its data; the codes are those of reasons that weigh. */
const drives: Record<string, [verdict: Verdict, codes: string[], holds: Partial<Drive>]> = {
  "beszel-apple_nvme.json": ["healthy", [], { protocol: "nvme", powerOnHours: 2850, powerCycles: 366 }],
  "beszel-nvme0.json": [
    "healthy",
    [],
    { protocol: "nvme", capacityBytes: 512_110_190_592, bytesRead: 3_365_429_248_000 },
  ],
  "beszel-scsi.json": ["healthy", [], { protocol: "scsi", logicalBlockBytes: 4096, bytesWritten: 2_124_590_000_000 }],
  // 131 CRC errors: the cable, most likely; failed until someone accepts them.
  "beszel-sda.json": ["failed", ["failure_rate"], { protocol: "ata", bytesWritten: null, solidState: true }],
  "smart-ata-date.json": ["healthy", [], { protocol: "ata", rotationRpm: 5400, formFactor: "3.5 inches" }],
  // Its raw values contradict smartctl's own reading of them ("0"), which goes first; 62 °C do not.
  "smart-ata-date2.json": ["warning", ["temperature"], { powerOnHours: 3030 }],
  "smart-ata-failed-scrutiny.json": ["failed", ["failure_rate"], { solidState: true }],
  "smart-ata-full.json": ["healthy", [], { bytesWritten: 64_777_770_148 * 512, bytesRead: 34_909_544_344 * 512 }],
  "smart-ata.json": ["healthy", [], { capacityBytes: 14_000_519_643_136, physicalBlockBytes: 4096 }],
  "smart-ata2.json": ["healthy", [], { rotationRpm: 0, bytesWritten: 1_047_174_917 * 512 }],
  "smart-fail.json": ["unknown", [], { hasData: false, protocol: "unknown" }],
  "smart-fail2.json": ["failed", ["attribute_failed_now", "failure_rate", "smart_failed"], { powerOnHours: 65_592 }],
  "smart-megaraid0.json": ["healthy", [], { powerCycles: 70 }],
  "smart-megaraid1.json": ["failed", ["failure_rate"], { powerCycles: 68 }],
  "smart-nvme-failed.json": ["failed", ["media_errors"], { bytesWritten: 65_602_088 * 512_000 }],
  "smart-nvme.json": ["healthy", [], { protocol: "nvme" }],
  "smart-nvme2.json": ["healthy", [], { powerOnHours: 6487 }],
  "smart-pass.json": ["healthy", [], { attributes: [] }],
  "smart-raid.json": ["unknown", [], { protocol: "scsi", hasData: false }],
  "smart-sat.json": ["healthy", [], { powerOnHours: 2725 }],
  // 56 grown defects are 56 reallocated sectors.
  "smart-scsi.json": ["failed", ["grown_defects"], { protocol: "scsi" }],
  "smart-scsi2.json": ["healthy", [], { rotationRpm: 10_500, bytesRead: 386_568_000_000 }],
  "smartctl_info_nvme.json": ["unknown", [], { capacityBytes: 3_840_755_982_336 }],
  "smartctl_info_sata_smart_support_bool.json": [
    "unknown",
    [],
    { smart: { available: true, enabled: null, passed: null } },
  ],
  "smartctl_info_sata_smart_support_object.json": [
    "unknown",
    [],
    { smart: { available: true, enabled: true, passed: null } },
  ],
  "telegraf-device-megaraid-response.json": ["healthy", [], { powerOnHours: 44_316 }],
  "telegraf-device-nvme-response.json": ["healthy", [], { bytesRead: 28_337_502 * 512_000 }],
  "telegraf-device-scsi-response.json": ["healthy", [], { protocol: "scsi" }],
  "telegraf-device-scsi_extended-response.json": ["healthy", [], { protocol: "scsi" }],
  "telegraf-device-usb-response.json": ["healthy", [], { formFactor: "1.8 inches", powerCycles: 223 }],
};

const scans: Record<string, number> = {
  "beszel-scan.json": 2,
  "smartctl_scan_megaraid.json": 2,
  "smartctl_scan_nvme.json": 1,
  "smartctl_scan_simple.json": 7,
  "telegraf-scan-all-response.json": 3,
  "telegraf-scan-exclude-response.json": 3,
  "telegraf-scan-include-response.json": 3,
  "telegraf-scan-megaraid-response.json": 10,
};

describe.skipIf(!there)("the corpus of real outputs (../shared/corpus/smart)", () => {
  test("every file has its line in a table", () => {
    expect(readdirSync(corpus).sort()).toEqual([...Object.keys(drives), ...Object.keys(scans)].sort());
  });

  test.for(Object.entries(drives))("%s", ([file, [verdict, codes, what]]) => {
    const drive = driveOf(file);
    const judgement = judge(drive);
    const weighing = judgement.reasons.filter(({ severity }) => severity !== "info").map(({ code }) => code);
    expect({ verdict: judgement.verdict, codes: [...new Set(weighing)].sort() }).toEqual({ verdict, codes });
    expect(drive).toMatchObject(what);
    for (const { text } of judgement.reasons) expect(text).not.toMatch(/null|undefined|NaN/);
  });

  test.for(Object.entries(scans))("%s", ([file, count]) => {
    const scan = parseScan(read(file));
    expect(scan).toMatchObject({ ok: true });
    expect(scan.ok && scan.devices.length).toBe(count);
    expect(parseSmartctl(read(file))).toEqual({ ok: false, error: "smartctl's output is a scan, not of one drive" });
  });

  test("who a drive is", () => {
    const identity = (file: string) => driveOf(file).identity;
    expect(identity("telegraf-device-megaraid-response.json")).toEqual({
      model: "ST6000NM0115-1YZ110",
      family: "Seagate Enterprise Capacity 3.5 HDD",
      serial: "ZAD2C11G",
      wwn: "0x5000c500a496983d",
      slot: "megaraid,14",
      firmware: "SN04",
      key: "ST6000NM0115-1YZ110/ZAD2C11G/0x5000c500a496983d/megaraid%2C14/",
    });
    expect(identity("beszel-scsi.json")).toMatchObject({ wwn: "0x5000cca29063dc00", firmware: "C240" });
    expect(identity("smart-nvme-failed.json").wwn).toBe("eui.0025385791b4f537");
    expect(driveOf("smart-fail2.json").device.via).toBe("usb");
  });

  test("self-tests: one that runs, one from before the hours started over", () => {
    expect(driveOf("smart-ata.json").selfTest.running).toEqual({ type: null, progressRatio: 0.9 });
    const { last, entries } = driveOf("smart-fail2.json").selfTest;
    expect(last).toMatchObject({ result: "passed", atHours: 65_536 + 42 });
    expect(entries[2]).toMatchObject({ result: "failed", atHours: 65_536 + 4, lba: 104_870_168, remainingRatio: 0.9 });
    expect(driveOf("telegraf-device-scsi_extended-response.json").selfTest).toMatchObject({
      last: { type: "Background long", atHours: 90 },
      minutes: { extended: 1340 },
    });
  });

  test.for([
    "smart-ata-failed-scrutiny.json",
    "beszel-sda.json",
    "smart-megaraid1.json",
    "smart-nvme-failed.json",
    "smart-scsi.json",
  ])("%s: accepted counts don't latch", (file) => {
    const drive = driveOf(file);
    expect(judge(drive, { baseline: acknowledge(drive) }).verdict).toBe("healthy");
  });

  test("what a drive says of itself cannot be accepted away", () => {
    const drive = driveOf("smart-fail2.json");
    expect(judge(drive, { baseline: acknowledge(drive) }).verdict).toBe("failed");
  });

  test("mutated and cut text is read or refused, never thrown at", () => {
    const files = Object.keys({ ...drives, ...scans });
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 8 })), { maxLength: 5 }),
        fc.nat(),
        (file, edits, cut) => {
          let text = read(file);
          for (const [at, piece] of edits) {
            const place = at % text.length;
            text = text.slice(0, place) + piece + text.slice(place + piece.length);
          }
          mustNotThrow(cut % 3 === 0 ? text.slice(0, cut % text.length) : text);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("mutated values are read, never thrown at", () => {
    const files = Object.keys({ ...drives, ...scans });
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.jsonValue()), { minLength: 1, maxLength: 8 }),
        (file, edits) => {
          const json: unknown = JSON.parse(read(file));
          for (const [where, value] of edits) replaceOne(json, where, value);
          mustNotThrow(json);
        },
      ),
      { numRuns: 400 },
    );
  });
});

const texts = new Map<string, string>();

function read(file: string): string {
  const text = texts.get(file) ?? readFileSync(join(corpus, file), "utf8");
  texts.set(file, text);
  return text;
}

function driveOf(file: string): Drive {
  const parsed = parseSmartctl(read(file));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.drive;
}

function mustNotThrow(input: unknown): void {
  parseScan(input);
  const parsed = parseSmartctl(input);
  if (!parsed.ok) {
    expect(parsed.error).toMatch(/^[^\n]+$/);
    return;
  }
  const before = JSON.stringify(parsed.drive);
  const { verdict, reasons } = judge(parsed.drive, { baseline: acknowledge(parsed.drive) });
  expect(["healthy", "warning", "critical", "failed", "unknown", "standby"]).toContain(verdict);
  for (const reason of [...reasons, ...judge(parsed.drive).reasons]) expect(reason.text).not.toMatch(/NaN|undefined/);
  expect(JSON.stringify(parsed.drive)).toBe(before);
}

/** Walks down by the digits of `where` and puts the value in the place it comes to. */
function replaceOne(json: unknown, where: number, value: unknown): void {
  let here = json as Record<string, unknown>;
  let rest = where;
  for (;;) {
    const keys = Object.keys(here);
    if (keys.length === 0) return;
    const key = keys[rest % keys.length]!;
    rest = Math.floor(rest / keys.length);
    const next = here[key];
    if (typeof next !== "object" || next === null || rest % 5 === 4) {
      here[key] = value;
      return;
    }
    here = next as Record<string, unknown>;
  }
}
