const units: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** What PostgreSQL and four digits of a year can hold. */
const earliest = Date.UTC(1900, 0);
const latest = Date.UTC(9999, 0);

/** A time as people give it: `now`, relative (`-90s`, `-1h`, `-7d`), Unix ms or ISO 8601, UTC where it names no zone. Undefined: none of these. */
export function parseTime(text: string, now: number): number | undefined {
  if (text === "now") return now;
  const relative = /^-(\d{1,6})([smhdw])$/.exec(text);
  if (relative !== null) return within(now - Number(relative[1]) * (units[relative[2] ?? ""] ?? 0));
  if (/^\d{9,15}$/.test(text)) return within(Number(text));
  const iso = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(Z|[+-]\d{2}:\d{2})?$/i.exec(text);
  if (iso === null) return undefined;
  const [, day = "", time = "T00:00", zone = "Z"] = iso;
  // Date.parse takes a 30th of February for a 2nd of March.
  const midnight = Date.parse(`${day}T00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return undefined;
  return within(Date.parse(`${day}${time}${zone}`.toUpperCase()));
}

function within(at: number): number | undefined {
  return at >= earliest && at < latest ? at : undefined;
}
