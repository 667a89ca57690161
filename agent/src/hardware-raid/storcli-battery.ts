import type { RaidBattery } from "./model.ts";
import { type Json, rows, text } from "./storcli-json.ts";
import { parseCelsius, parseCount, parsePercent, present } from "./values.ts";

// The bits of "BBU Status", as drivers of the adapter name them (MFI_BBU_STATE_* of mfireg.h). Each month the adapter
// discharges and charges the battery to learn how good it is: the bits of that are no fault.
const batteryBits: readonly [bit: number, name: string, isFault: boolean][] = [
  [0, "pack missing", true],
  [1, "voltage low", true],
  [2, "temperature high", true],
  [3, "charging", false],
  [4, "discharging", false],
  [5, "learn cycle requested", false],
  [6, "learn cycle", false],
  [7, "learn cycle failed", true],
  [8, "learn cycle timed out", true],
  [9, "I2C errors", true],
  [10, "pack must be replaced", true],
  [11, "capacity low", true],
  [12, "learn cycle due", false],
];

/** Battery, CacheVault or energy pack of a controller; `more` are the outputs on it alone. Undefined: it has none. */
export function batteryOf(data: Json, status: Json, more: Json): RaidBattery | undefined {
  const pack = rows(data["Energy Pack Info"])[0];
  if (pack !== undefined) return energyPack(pack);
  const vault = rows(data.Cachevault_Info)[0];
  const row = vault ?? rows(data.BBU_Info)[0];
  const details = Object.fromEntries(Object.values(more).flatMap(properties));
  if (row === undefined) return batteryByNumber(status["BBU Status"]);
  const state = text(row.State);
  if (/^(NA|N\/A|absent|missing|not present)$/i.test(state)) return undefined;
  const charge = details["Relative State of Charge"] ?? details.Capacitance;
  return {
    kind: text(row.Model) || (vault === undefined ? "BBU" : "CacheVault"),
    state,
    ok: /^(optimal|optl|ok|charging|learn)/i.test(state) && text(details["Replacement required"]) !== "Yes",
    ...present({
      temperatureCelsius: parseCelsius(row.Temp),
      chargeRatio: charge === undefined ? undefined : parsePercent(charge),
    }),
  };
}

function energyPack(pack: Json): RaidBattery | undefined {
  const state = text(pack.Status);
  if (/^(NA|N\/A|absent|missing|not present)$/i.test(state)) return undefined;
  const kind = [text(pack.Type), text(pack.SubType)].filter((one) => one !== "").join(" ");
  return {
    kind: kind || "energy pack",
    state,
    ok: /^(optimal|ok|charging|learn)/i.test(state),
    ...present({ temperatureCelsius: parseCelsius(pack["Temperature(C)"]) }),
  };
}

function batteryByNumber(value: unknown): RaidBattery | undefined {
  const number = parseCount(value);
  // "NA": it has none. 0 is told with and without one.
  if (number === undefined || number === 0) return undefined;
  const set = batteryBits.filter(([bit]) => Math.floor(number / 2 ** bit) % 2 === 1);
  const isKnown = set.reduce((sum, [bit]) => sum + 2 ** bit, 0) === number;
  return {
    kind: "BBU",
    state: isKnown ? set.map(([, name]) => name).join(", ") : `status ${number}`,
    ok: isKnown && set.every(([, , isFault]) => !isFault),
  };
}

/** Rows {"Property": "Capacitance", "Value": "100 %"} and plain objects as pairs. */
function properties(value: unknown): [string, string][] {
  if (!Array.isArray(value)) return [];
  return rows(value).flatMap((row): [string, string][] =>
    typeof row.Property === "string" ? [[row.Property, text(row.Value)]] : [],
  );
}
