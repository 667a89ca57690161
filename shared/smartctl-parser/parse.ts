import { readDocument } from "./document.ts";
import { decodeExitStatus } from "./exit-status.ts";
import { readIdentity } from "./identity.ts";
import { at, booleanAt, countAt, type Json, listAt, numberAt, positiveAt, textAt } from "./json.ts";
import { parseAta } from "./parse-ata.ts";
import { parseNvme } from "./parse-nvme.ts";
import { parseScsi } from "./parse-scsi.ts";
import { readPower } from "./power.ts";
import { protocolOf } from "./scan.ts";
import { readTemperature } from "./temperature.ts";
import type { Counters, Drive, Message, Protocol } from "./types.ts";

export type Parsed = { ok: true; drive: Drive } | { ok: false; error: string };

/** What one protocol's parser adds to a drive. */
export type ProtocolPart = Pick<
  Drive,
  | "attributes"
  | "powerOnHours"
  | "powerCycles"
  | "bytesRead"
  | "bytesWritten"
  | "wear"
  | "errorLog"
  | "selfTest"
  | "hasData"
> &
  Partial<Pick<Drive, "nvme" | "scsi">> & {
    counters: Partial<Counters>;
    temperatureCelsius?: number | null;
    temperatureLimitCelsius?: number | null;
    sensorsCelsius?: number[];
  };

const noCounters: Counters = {
  reallocatedSectors: null,
  reallocationEvents: null,
  pendingSectors: null,
  offlineUncorrectable: null,
  reportedUncorrectable: null,
  commandTimeouts: null,
  interfaceCrcErrors: null,
  spinRetries: null,
  endToEndErrors: null,
  mediaErrors: null,
  grownDefects: null,
  unsafeShutdowns: null,
};

/**
 * Reads what `smartctl --json` (7.0 or newer) printed of one drive, as text or as parsed JSON. A drive that could not be
 * opened or sleeps is a drive without data; text that is no such output is an error of one line. Never throws.
 */
export function parseSmartctl(input: unknown): Parsed {
  const document = readDocument(input);
  if (!document.ok) return document;
  const { json, preamble } = document;
  if (at(json, "devices") !== undefined) return { ok: false, error: "smartctl's output is a scan, not of one drive" };
  const known = ["smartctl", "device", "smart_status", "model_name", "scsi_model_name"];
  if (!known.some((key) => at(json, key) !== undefined)) {
    return { ok: false, error: "the JSON is not smartctl's: it has neither smartctl nor device" };
  }
  return { ok: true, drive: readDrive(json, preamble) };
}

function readDrive(json: Json, preamble: string[]): Drive {
  const protocol = readProtocol(json);
  const rotationRpm = countAt(json, "rotation_rate");
  const solidState = protocol === "nvme" ? true : rotationRpm === null ? null : rotationRpm === 0;
  const { counters, temperatureCelsius, temperatureLimitCelsius, sensorsCelsius, ...part } = readPart(
    protocol,
    json,
    solidState,
  );
  const passed = booleanAt(json, "smart_status", "passed");
  const hasData = part.hasData || passed !== null;
  const messages = readMessages(json, preamble);
  const version = at(json, "smartctl", "version");
  return {
    nvme: null,
    scsi: null,
    ...part,
    ...readIdentity(json),
    protocol,
    capacityBytes: positiveAt(json, "user_capacity", "bytes") ?? positiveAt(json, "nvme_total_capacity"),
    logicalBlockBytes: positiveAt(json, "logical_block_size"),
    physicalBlockBytes: positiveAt(json, "physical_block_size") ?? positiveAt(json, "logical_block_size"),
    formFactor: textAt(json, "form_factor", "name"),
    rotationRpm: protocol === "nvme" ? 0 : rotationRpm,
    solidState,
    smart: {
      available: booleanAt(json, "smart_support", "available") ?? booleanAt(json, "smart_support"),
      enabled: booleanAt(json, "smart_support", "enabled"),
      passed,
    },
    hasData,
    power: readPower(json, messages, hasData),
    exit: decodeExitStatus(numberAt(json, "smartctl", "exit_status")),
    messages,
    smartctlVersion: Array.isArray(version) ? version.slice(0, 3).join(".").slice(0, 20) : null,
    measuredAt: countAt(json, "local_time", "time_t"),
    temperature: readTemperature(json, protocol, temperatureCelsius, temperatureLimitCelsius, sensorsCelsius),
    counters: { ...noCounters, ...counters },
  };
}

/** What was read tells more than the device's type: a bridge may call an ATA drive SCSI. */
function readProtocol(json: Json): Protocol {
  if (at(json, "nvme_smart_health_information_log") !== undefined) return "nvme";
  if (at(json, "ata_smart_attributes") !== undefined || at(json, "ata_smart_data") !== undefined) return "ata";
  return protocolOf(textAt(json, "device", "protocol"));
}

function readPart(protocol: Protocol, json: Json, solidState: boolean | null): ProtocolPart {
  switch (protocol) {
    case "ata":
      return parseAta(json, solidState);
    case "nvme":
      return parseNvme(json);
    case "scsi":
      return parseScsi(json);
    case "unknown":
      return { ...parseScsi({}), scsi: null };
  }
}

function readMessages(json: Json, preamble: string[]): Message[] {
  const said = listAt(50, json, "smartctl", "messages").map((message) => ({
    text: textAt(message, "string") ?? "",
    severity: textAt(message, "severity") ?? "information",
  }));
  return [...preamble.map((text) => ({ text, severity: "information" })), ...said.filter(({ text }) => text !== "")];
}
