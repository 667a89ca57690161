import type { Attribute } from "./types.ts";

export type Traffic = { bytesRead: number | null; bytesWritten: number | null };
export type TrafficContext = {
  logicalBlockBytes: number | null;
  powerOnHours: number | null;
  /** smartctl knows the model, and with it the meaning of its attributes. */
  known: boolean | null;
  solidState: boolean | null;
};

const hostWrites = [241, 225, 246];
const hostReads = [242, 226, 249];
/** No drive moves more than this for all its life. */
const maxBytesPerHour = 20e9 * 3600;
const minBytesPerHour = 2 ** 20;

/** Bytes that the host moved, from ATA attributes: smartctl's name for the attribute tells the vendor's unit. */
export function readTraffic(attributes: readonly Attribute[], context: TrafficContext): Traffic {
  return {
    bytesRead: bytesOf(attributes, hostReads, /read/i, context),
    bytesWritten: bytesOf(attributes, hostWrites, /writ/i, context),
  };
}

/** Bytes in one count of an attribute: "Host_Writes_32MiB" 33,554,432, "Total_LBAs_Written" a logical block. */
export function unitOf(name: string, logicalBlockBytes: number | null): number | null {
  const unit = /(\d*)_?(MiB|GiB|TiB|MB|GB|TB)(?:_|$)/i.exec(name);
  if (unit?.[2]) {
    const [letter, binary] = [unit[2][0]?.toUpperCase() ?? "", unit[2].length === 3];
    const power = { M: 2, G: 3, T: 4 }[letter] ?? 0;
    return Number(unit[1] || 1) * (binary ? 1024 : 1000) ** power;
  }
  return /LBAs|sectors/i.test(name) ? (logicalBlockBytes ?? 512) : null;
}

function bytesOf(
  attributes: readonly Attribute[],
  ids: number[],
  verb: RegExp,
  context: TrafficContext,
): number | null {
  for (const id of ids) {
    const found = attributes.find((attribute) => attribute.id === id);
    if (!found || found.decoded === null || !verb.test(found.name) || /nand|flash|[tqs]lc|erase/i.test(found.name))
      continue;
    const unit = unitOf(found.name, context.logicalBlockBytes);
    if (unit === null) continue;
    const bytes = found.decoded * unit;
    const hours = Math.max(1, context.powerOnHours ?? 0);
    if (bytes / hours > maxBytesPerHour) continue;
    // smartctl calls 241 and 242 LBAs by default; drives it does not know often count 32 MiB or GiB in them.
    const guessed = context.known === false && context.solidState === true && /LBAs/i.test(found.name);
    if (guessed && bytes > 0 && bytes / hours < minBytesPerHour) continue;
    return bytes;
  }
  return null;
}
