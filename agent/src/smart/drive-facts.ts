import { gzipSync } from "node:zlib";
import { type Drive, type Judgement, temperatureLimits } from "smartctl-parser";
import { type MetricName, missing, slots } from "../collectors/values.ts";
import type { KernelDrive } from "./kernel-drive.ts";
import { type DrivePath, type StoredDrive, severityOf, shortName, slotOf } from "./stored-drive.ts";

const slot = slots("drive");
const rawEveryMs = 6 * 3_600_000;
const mostRawBytes = 48_000;
const most = { attributes: 80, errors: 8, tests: 21, messages: 10 };

/** What a read changes in what is kept of a drive. `now` in Unix ms; `text` is smartctl's JSON. */
export function factsOf(
  drive: Drive,
  text: string,
  judgement: Judgement,
  { path, kernel, before, now }: { path: DrivePath; kernel: KernelDrive; before: StoredDrive | undefined; now: number },
): Pick<StoredDrive, "labels" | "facts" | "values"> {
  const { identity, device, selfTest, errorLog } = drive;
  const counters = JSON.stringify([drive.counters, judgement.verdict, errorLog.count, selfTest.entries.length]);
  return {
    labels: labelsOf(path, drive.protocol, identity.model ?? kernel.model, drive.solidState, kernel),
    facts: {
      device: path.name,
      type: device.type ?? path.type,
      ...identity,
      key: undefined,
      protocol: drive.protocol,
      capacityBytes: drive.capacityBytes ?? kernel.capacityBytes,
      logicalBlockBytes: drive.logicalBlockBytes,
      physicalBlockBytes: drive.physicalBlockBytes,
      formFactor: drive.formFactor,
      rotationRpm: drive.rotationRpm,
      solidState: drive.solidState,
      via: device.via,
      attributes: drive.attributes.slice(0, most.attributes).map(({ parts: _, ...attribute }) => attribute),
      selfTest: { ...selfTest, entries: selfTest.entries.slice(0, most.tests) },
      errorLog: { count: errorLog.count, entries: errorLog.entries.slice(0, most.errors) },
      temperature: drive.temperature,
      wear: drive.wear,
      powerOnHours: drive.powerOnHours,
      powerCycles: drive.powerCycles,
      bytesRead: drive.bytesRead,
      bytesWritten: drive.bytesWritten,
      smartctlVersion: drive.smartctlVersion,
      messages: drive.messages.slice(0, most.messages),
      counters,
      ...rawOf(text, counters, before, now),
    },
    values: valuesOf(drive, judgement),
  };
}

/** A drive that was never read: what the kernel tells of it. */
export function kernelFacts(path: DrivePath, kernel: KernelDrive): Pick<StoredDrive, "labels" | "facts" | "values"> {
  const { model, serial, wwn, capacityBytes, rotating } = kernel;
  const protocol = path.name.includes("nvme") ? "nvme" : path.type === "sat" || kernel.ata ? "ata" : "unknown";
  const solidState = protocol === "nvme" ? true : rotating === null ? null : !rotating;
  const slotName = slotOf(path.scanned);
  return {
    labels: labelsOf(path, protocol, model, solidState, kernel),
    facts: {
      device: path.name,
      type: path.type,
      model,
      family: null,
      serial,
      wwn,
      slot: slotName,
      firmware: null,
      protocol,
      capacityBytes,
      solidState,
      via: slotName !== null ? "raid" : kernel.usb ? "usb" : "direct",
      attributes: [],
    },
    values: [],
  };
}

function labelsOf(
  path: DrivePath,
  protocol: string,
  model: string | null,
  solidState: boolean | null,
  { rotating }: KernelDrive,
): Record<string, string> {
  const moving = solidState === null ? rotating : !solidState;
  const media = protocol === "nvme" ? "nvme" : moving === null ? undefined : moving ? "hdd" : "ssd";
  return {
    device: shortName(path),
    ...(protocol === "unknown" ? {} : { protocol }),
    ...(media === undefined ? {} : { media }),
    ...(model === null ? {} : { model }),
  };
}

function valuesOf(drive: Drive, judgement: Judgement): (number | null)[] {
  const { counters, temperature, wear, selfTest, powerOnHours, scsi } = drive;
  const limit = temperature.currentCelsius === null ? null : temperatureLimits(drive).warning;
  const uncorrected = scsi === null ? [] : Object.values(scsi.uncorrected).filter((count) => count !== null);
  const lastTest = selfTest.last?.atHours ?? null;
  const named: Partial<Record<MetricName<"drive">, number | null>> = {
    temperature_celsius: temperature.currentCelsius,
    temperature_limit_celsius: limit,
    temperature_over_limit_celsius: limit === null ? null : (temperature.currentCelsius ?? 0) - limit,
    wear_ratio: wear.ratio,
    spare_ratio: wear.spareRatio,
    power_on_seconds: powerOnHours === null ? null : powerOnHours * 3600,
    power_cycles: drive.powerCycles,
    read_bytes: drive.bytesRead,
    written_bytes: drive.bytesWritten,
    reallocated_sectors: counters.reallocatedSectors,
    reallocation_events: counters.reallocationEvents,
    pending_sectors: counters.pendingSectors,
    offline_uncorrectable: counters.offlineUncorrectable,
    reported_uncorrectable: counters.reportedUncorrectable,
    command_timeouts: counters.commandTimeouts,
    interface_crc_errors: counters.interfaceCrcErrors,
    spin_retries: counters.spinRetries,
    end_to_end_errors: counters.endToEndErrors,
    media_errors: counters.mediaErrors,
    grown_defects: counters.grownDefects,
    uncorrected_errors: uncorrected.length === 0 ? null : uncorrected.reduce((sum, count) => sum + count, 0),
    unsafe_shutdowns: counters.unsafeShutdowns,
    error_log_entries: drive.errorLog.count,
    self_test_progress_ratio: selfTest.running?.progressRatio ?? null,
    self_test_age_seconds:
      lastTest === null || powerOnHours === null || lastTest > powerOnHours ? null : (powerOnHours - lastTest) * 3600,
    severity: severityOf(judgement.verdict),
  };
  const values: (number | null)[] = Array.from(missing("drive"), () => null);
  for (const [name, value] of Object.entries(named)) values[slot[name as MetricName<"drive">]] = value ?? null;
  return values;
}

/** smartctl's own words, kept while they say the same of the drive's health; gzip, base64. */
function rawOf(text: string, counters: string, before: StoredDrive | undefined, now: number): Record<string, unknown> {
  const { raw, rawAt, counters: known } = before?.facts ?? {};
  const age = now - Date.parse(String(rawAt));
  if (typeof raw === "string" && known === counters && age >= 0 && age < rawEveryMs) return { raw, rawAt };
  const packed = gzipSync(text).toString("base64");
  return packed.length > mostRawBytes
    ? { raw: null, rawAt: null }
    : { raw: packed, rawAt: new Date(now).toISOString() };
}
