/** The value as non-empty text of at most `most` characters, or null. Attributes come from agents: nothing is trusted. */
export function text(value: unknown, most = 500): string | null {
  if (typeof value === "string" && value !== "") return value.length > most ? value.slice(0, most) : value;
  return typeof value === "number" && Number.isFinite(value) ? String(value) : null;
}

/** The value as a finite number, or null. */
export function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** True or false, or null. */
export function truth(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

/** The value as an object; an empty one where it is none. */
export function object(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/** True for an object that is no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list, at most `most`. */
export function objects(value: unknown, most = 1000): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.slice(0, most).filter(isObject) : [];
}

/** The texts of a list, at most `most`. */
export function texts(value: unknown, most = 1000): string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, most).filter((each): each is string => typeof each === "string" && each !== "");
}

/** A time in Unix ms from ISO 8601 text or a number of Unix ms; null for anything else. */
export function time(value: unknown): Date | null {
  const ms =
    typeof value === "string" ? Date.parse(value) : typeof value === "number" && value > 0 ? value : Number.NaN;
  return Math.abs(ms) <= 8.64e15 ? new Date(ms) : null;
}
