import { readDocument } from "./document.ts";
import { slotOf } from "./identity.ts";
import { at, listAt, textAt } from "./json.ts";
import type { Protocol } from "./types.ts";

/** One line of a scan: read the drive with `smartctl -d TYPE NAME`. */
export type ScannedDevice = {
  name: string;
  type: string;
  protocol: Protocol;
  slot: string | null;
  openError: string | null;
};
export type Scan = { ok: true; devices: ScannedDevice[] } | { ok: false; error: string };

const maxDevices = 4096;

/**
 * Reads `smartctl --scan --json` (or `--scan-open`), as text or parsed. A host without drives gives an empty list.
 * Names and types that could be taken for an option or hold blanks or control characters are left out.
 */
export function parseScan(input: unknown): Scan {
  const document = readDocument(input);
  if (!document.ok) return document;
  const { json } = document;
  if (at(json, "devices") === undefined && at(json, "smartctl") === undefined) {
    return { ok: false, error: "smartctl's output is no scan: it has no devices" };
  }
  if (at(json, "device") !== undefined) return { ok: false, error: "smartctl's output is of one drive, not of a scan" };
  const devices = new Map<string, ScannedDevice>();
  for (const entry of listAt(maxDevices, json, "devices")) {
    const name = textAt(entry, "name");
    const type = textAt(entry, "type");
    if (!name || !type || !isArgument(name) || !isArgument(type)) continue;
    devices.set(`${name} ${type}`, {
      name,
      type,
      protocol: protocolOf(textAt(entry, "protocol")),
      slot: slotOf(type),
      openError: textAt(entry, "open_error"),
    });
  }
  return { ok: true, devices: [...devices.values()] };
}

/** "ATA", "NVMe" and "SCSI" as smartctl writes them. */
export function protocolOf(name: string | null): Protocol {
  const lower = name?.toLowerCase();
  return lower === "ata" || lower === "nvme" || lower === "scsi" ? lower : "unknown";
}

function isArgument(text: string): boolean {
  return !text.startsWith("-") && /^[\x21-\x7e]+$/.test(text);
}
