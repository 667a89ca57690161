import { valuesOf } from "./lines.ts";
import type { RaidDrive } from "./model.ts";
import { parseCelsius, parseCount, parseSize, present } from "./values.ts";
import { driveState } from "./words.ts";

/** A drive with all places by which volumes may name it: "0,10", "enclosure 0, slot 3". */
export type Placed = { drive: RaidDrive; places: string[] };

/** The drive that the lines of a "Device #0" tell of; undefined for an enclosure. */
export function arcconfDrive(lines: readonly string[]): Placed | undefined {
  if (!lines.some((line) => /^\s*Device is an? (Hard drive|Solid|SSD|NVMe)/i.test(line))) return undefined;
  const { get } = valuesOf(lines);
  const word = get("State");
  const state = driveState(word);
  const reported = /^\d+,\d+/.exec(get("Reported Channel,Device(T:L)", "Reported Channel,Device"))?.[0];
  const [, enclosure, slot] = /^Enclosure (\d+), Slot (\d+)/i.exec(get("Reported Location")) ?? [];
  const id = reported ?? /\d+/.exec(lines[0] ?? "")?.[0] ?? "";
  const warnings = parseCount(get("S.M.A.R.T. warnings"));
  const alert = get("PFA") === "Yes" || (warnings ?? 0) > 0;
  return {
    places: [id, ...(slot === undefined ? [] : [`enclosure ${enclosure}, slot ${slot}`])],
    drive: {
      id,
      state,
      stateText: word,
      use: state === "spare" ? "spare" : /raw|pass through|jbod/i.test(word) ? "passed" : "free",
      ...present({
        model: [get("Vendor"), get("Model")].filter((one) => one !== "").join(" "),
        serial: get("Serial number"),
        firmware: get("Firmware"),
        media: get("SSD") === "Yes" ? "SSD" : "HDD",
        sizeBytes: parseSize(get("Total Size", "Size")) || undefined,
        temperatureCelsius: parseCelsius(get("Temperature", "Current Temperature")),
        mediaErrors: parseCount(get("Medium Error Count", "Media Errors", "Medium Errors", "Media Failures")),
        otherErrors: parseCount(get("Hardware Error Count", "Hardware Errors")),
        predictedFailures: warnings,
        smartAlert: warnings === undefined && get("PFA") === "" ? undefined : alert,
      }),
    },
  };
}
