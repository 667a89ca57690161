// No value is longer; patterns are not to be tried on what is.
const longest = 200;
const powers: Record<string, number> = { B: 0, K: 1, M: 2, G: 3, T: 4, P: 5 };

/** Bytes of "3.637 TB", "2861588MB", "10.92 TB"; `base` 1024 unless told; undefined where there is none. */
export function parseSize(text: string, base: 1000 | 1024 = 1024): number | undefined {
  const [, digits, unit = ""] = /(\d+(?:\.\d+)?) *([BKMGTP])i?B?\b/i.exec(text.slice(0, longest)) ?? [];
  if (digits === undefined) return undefined;
  return Math.round(Number(digits) * base ** (powers[unit.toUpperCase()] ?? 0));
}

/** Degrees of " 34C (93.20 F)", "35 C/ 95 F (Normal)", "44", 44; undefined for "N/A", "Not Supported", 0. */
export function parseCelsius(value: unknown): number | undefined {
  const digits = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*(?:$|C|°|deg)/i.exec(String(value ?? "").slice(0, longest))?.[1];
  const degrees = Number(digits ?? Number.NaN);
  return degrees > 0 && degrees < 200 ? degrees : undefined;
}

/** A counter that may be a number, a text of digits or "N/A". */
export function parseCount(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? value : undefined;
  const digits = typeof value === "string" ? /^\s*(\d{1,15})\s*$/.exec(value)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

/** Share of "98%", "100 percent", "Recovering, 12% complete"; undefined where there is none. */
export function parsePercent(text: string): number | undefined {
  const digits = /(\d+(?:\.\d+)?) *(?:%|percent)/.exec(text.slice(0, longest))?.[1];
  return digits === undefined ? undefined : Math.min(1, Number(digits) / 100);
}

/** An object of the members that are there. */
export function present<T extends Record<string, unknown>>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
