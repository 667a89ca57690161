import { parseCelsius, parseCount, parsePercent, present, type RaidBattery } from "./model.ts";
import { type Json, rows, text } from "./storcli-json.ts";

// Of the undocumented numbers of "BBU Status": fine, charging, learning.
const goodBatteryNumbers = new Set([0, 8, 4096]);

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
  return { kind: "BBU", state: `status ${number}`, ok: goodBatteryNumbers.has(number) };
}

/** Rows {"Property": "Capacitance", "Value": "100 %"} and plain objects as pairs. */
function properties(value: unknown): [string, string][] {
  if (!Array.isArray(value)) return [];
  return rows(value).flatMap((row): [string, string][] =>
    typeof row.Property === "string" ? [[row.Property, text(row.Value)]] : [],
  );
}
