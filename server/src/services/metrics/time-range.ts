const units: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A time as people give it: `now`, relative (`-90s`, `-1h`, `-7d`), Unix ms or ISO 8601. Undefined: none of these. */
export function parseTime(text: string, now: number): number | undefined {
  if (text === "now") return now;
  const relative = /^-(\d{1,6})([smhdw])$/.exec(text);
  if (relative !== null) return now - Number(relative[1]) * (units[relative[2] ?? ""] ?? 0);
  if (/^\d{9,14}$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
