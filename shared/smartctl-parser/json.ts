/** Values of unknown JSON, taken one by one: whatever is not of the wanted kind is null. Nothing here throws. */

export type Json = Record<string, unknown>;

const maxText = 1000;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of own keys, undefined where any step is absent. */
export function at(value: unknown, ...path: string[]): unknown {
  let here = value;
  for (const key of path) {
    if (!isObject(here) || !Object.hasOwn(here, key)) return undefined;
    here = here[key];
  }
  return here;
}

/** A finite number, also written as text ("2124.590", "2124,590"); null otherwise. */
export function numberAt(value: unknown, ...path: string[]): number | null {
  const found = at(value, ...path);
  if (typeof found === "number") return Number.isFinite(found) ? found : null;
  if (typeof found !== "string" || !/^\s*-?\d{1,40}(?:[.,]\d{1,20})?\s*$/.test(found)) return null;
  return Number(found.replace(",", "."));
}

/** A count: a number of 0 or more. */
export function countAt(value: unknown, ...path: string[]): number | null {
  const found = numberAt(value, ...path);
  return found !== null && found >= 0 ? found : null;
}

/** A number over 0: sizes, limits. */
export function positiveAt(value: unknown, ...path: string[]): number | null {
  const found = numberAt(value, ...path);
  return found !== null && found > 0 ? found : null;
}

/** Text without surrounding blanks, cut at 1,000 characters; null where empty. */
export function textAt(value: unknown, ...path: string[]): string | null {
  const found = at(value, ...path);
  if (typeof found !== "string") return null;
  return found.slice(0, maxText).trim() || null;
}

export function booleanAt(value: unknown, ...path: string[]): boolean | null {
  const found = at(value, ...path);
  return typeof found === "boolean" ? found : null;
}

/** The objects of a list, at most `limit`; anything else in it is left out. */
export function listAt(limit: number, value: unknown, ...path: string[]): Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.slice(0, limit).filter(isObject) : [];
}
