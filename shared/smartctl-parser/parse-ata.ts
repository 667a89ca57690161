import { ataAttributes } from "./attributes.ts";
import { readAtaErrors } from "./error-log.ts";
import { at, booleanAt, countAt, type Json, listAt, numberAt, positiveAt, textAt } from "./json.ts";
import type { ProtocolPart } from "./parse.ts";
import { decodeRaw } from "./raw.ts";
import { readAtaSelfTests } from "./self-test.ts";
import { readTraffic } from "./traffic.ts";
import type { Attribute, Counters } from "./types.ts";
import { readAtaWear } from "./wear.ts";

const maxAttributes = 256;

/** What only ATA drives say: attributes, device statistics, error and self-test logs. */
export function parseAta(json: Json, solidState: boolean | null): ProtocolPart {
  const attributes = readAttributes(json);
  const decoded = (id: number) => attributes.find((attribute) => attribute.id === id)?.decoded ?? null;
  const statistic = readStatistics(json);
  const powerOnHours = countAt(json, "power_on_time", "hours") ?? decoded(9) ?? statistic(1, 16);
  const logicalBlockBytes = positiveAt(json, "logical_block_size");
  const traffic = readTraffic(attributes, {
    logicalBlockBytes,
    powerOnHours,
    known: booleanAt(json, "in_smartctl_database"),
    solidState,
  });
  const sectors = (offset: number) => {
    const count = statistic(1, offset);
    return count === null ? null : count * (logicalBlockBytes ?? 512);
  };
  const counters: Partial<Counters> = {
    reallocatedSectors: decoded(5) ?? statistic(3, 32),
    reallocationEvents: decoded(196),
    pendingSectors: decoded(197) ?? countAt(json, "ata_pending_defects_log", "count"),
    offlineUncorrectable: decoded(198),
    reportedUncorrectable: decoded(187) ?? statistic(4, 8),
    commandTimeouts: decoded(188),
    interfaceCrcErrors: decoded(199) ?? statistic(6, 24),
    spinRetries: decoded(10),
    endToEndErrors: decoded(184),
    unsafeShutdowns: decoded(174),
  };
  return {
    attributes,
    counters,
    powerOnHours,
    powerCycles: countAt(json, "power_cycle_count") ?? decoded(12),
    bytesWritten: sectors(24) ?? traffic.bytesWritten,
    bytesRead: sectors(40) ?? traffic.bytesRead,
    wear: readAtaWear(json, attributes, statistic(7, 8), solidState),
    temperatureCelsius: decoded(194) ?? decoded(190),
    temperatureLimitCelsius: statistic(5, 88),
    errorLog: readAtaErrors(json, powerOnHours),
    selfTest: readAtaSelfTests(json, powerOnHours),
    hasData: attributes.length > 0,
  };
}

function readAttributes(json: Json): Attribute[] {
  const seagate = /seagate|\bST\d{3,}/i.test(`${textAt(json, "model_family")} ${textAt(json, "model_name")}`);
  const found = new Map<number, Attribute>();
  for (const entry of listAt(maxAttributes, json, "ata_smart_attributes", "table")) {
    const id = countAt(entry, "id");
    if (id === null || !Number.isInteger(id) || id < 1 || id > 255 || found.has(id)) continue;
    const [value, worst] = [countAt(entry, "value"), countAt(entry, "worst")];
    const threshold = countAt(entry, "thresh");
    const raw = countAt(entry, "raw", "value");
    const rawText = textAt(entry, "raw", "string");
    found.set(id, {
      key: `ata:${id}`,
      id,
      name: textAt(entry, "name") ?? "Unknown_Attribute",
      value,
      worst,
      threshold,
      raw,
      rawText,
      ...decodeRaw(id, raw, rawText, seagate),
      whenFailed: whenFailed(at(entry, "when_failed"), value, worst, threshold),
      prefailure: booleanAt(entry, "flags", "prefailure"),
      critical: ataAttributes[id]?.critical ?? false,
      meaning: ataAttributes[id]?.meaning ?? null,
    });
  }
  return [...found.values()];
}

/** smartctl's word for it, or else what it would have said: at or under the threshold now, or once. */
function whenFailed(
  said: unknown,
  value: number | null,
  worst: number | null,
  threshold: number | null,
): "now" | "past" | null {
  if (typeof said === "string") return /now/i.test(said) ? "now" : /past/i.test(said) ? "past" : null;
  if (!threshold) return null;
  if (value !== null && value > 0 && value <= threshold) return "now";
  return worst !== null && worst > 0 && worst <= threshold ? "past" : null;
}

/** Device statistics by page and byte offset (ATA ACS-4, 9.5), valid ones alone. */
function readStatistics(json: Json): (page: number, offset: number) => number | null {
  const values = new Map<string, number>();
  for (const page of listAt(64, json, "ata_device_statistics", "pages")) {
    for (const entry of listAt(256, page, "table")) {
      const value = numberAt(entry, "value");
      if (value === null || value < 0 || booleanAt(entry, "flags", "valid") === false) continue;
      values.set(`${numberAt(page, "number")}/${numberAt(entry, "offset")}`, value);
    }
  }
  return (page, offset) => values.get(`${page}/${offset}`) ?? null;
}
