import { countAt, type Json } from "./json.ts";
import type { Attribute, Wear } from "./types.ts";

/** Attributes whose normalised value is the life left in percent, where their name says so. */
const lifeLeft: readonly (readonly [id: number, name: RegExp])[] = [
  [231, /life|wear/i],
  [202, /life/i],
  [169, /life/i],
  [233, /wear/i],
  [177, /wear/i],
  [173, /wear|erase/i],
];

/** An ATA drive's wear: the standard's own figure first, then what vendors put into attributes. */
export function readAtaWear(
  json: Json,
  attributes: readonly Attribute[],
  statistic: number | null,
  solidState: boolean | null,
): Wear {
  const spare = ratio(countAt(json, "spare_available", "current_percent"), 100);
  const spareMin = ratio(countAt(json, "spare_available", "threshold_percent"), 100);
  const wear = (used: number | null, source: string | null): Wear => ({
    ratio: used,
    source: used === null ? null : source,
    spareRatio: spare,
    spareMinRatio: spareMin,
  });
  const endurance = ratio(countAt(json, "endurance_used", "current_percent"), 255);
  if (endurance !== null) return wear(endurance, "endurance_used");
  const measured = ratio(statistic, 255);
  if (measured !== null) return wear(measured, "device_statistics");
  if (solidState === false) return wear(null, null);
  for (const [id, name] of lifeLeft) {
    const found = attributes.find((attribute) => attribute.id === id && name.test(attribute.name));
    // 0 and values over 100 are no percentage of a drive that still answers.
    if (found?.value && found.value <= 100) return wear((100 - found.value) / 100, found.key);
  }
  return wear(null, null);
}

/** Percent as a ratio; null where it is over `max` percent. */
export function ratio(percent: number | null, max: number): number | null {
  return percent === null || percent > max ? null : percent / 100;
}
