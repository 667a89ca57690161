/** A document as the server gave it: outside data. */
export type Doc = Record<string, unknown>;

/** What stands at that path, or undefined. */
export function at(doc: unknown, ...path: string[]): unknown {
  let here: unknown = doc;
  for (const name of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Doc)[name];
  }
  return here;
}

/** The number at that path, whichever of BSON's kinds; NaN where there is none. */
export function numberAt(doc: unknown, ...path: string[]): number {
  const value = at(doc, ...path);
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  const kind = bsonType(value);
  return kind === "Long" || kind === "Int32" || kind === "Double" ? Number(String(value)) : Number.NaN;
}

/** Text of at most `max` characters on one line; "" where there is none. */
export function textAt(doc: unknown, path: string | string[], max = 200): string {
  const value = at(doc, ...(typeof path === "string" ? [path] : path));
  if (typeof value !== "string") return "";
  const line = value.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}

/** The first `max` documents of the array at that path. */
export function listAt(doc: unknown, path: string[], max: number): Doc[] {
  const value = at(doc, ...path);
  if (!Array.isArray(value)) return [];
  return value.slice(0, max).filter((one): one is Doc => typeof one === "object" && one !== null);
}

/** Seconds since 1970 of a date, a Timestamp or an optime ({ts, t}) at that path; NaN where it is none. */
export function secondsAt(doc: unknown, ...path: string[]): number {
  const value = at(doc, ...path);
  if (value instanceof Date) return value.getTime() / 1000;
  if (bsonType(value) === "Timestamp") return numberAt(value, "t") || Number((value as { high?: unknown }).high) >>> 0;
  return at(value, "ts") === undefined ? Number.NaN : secondsAt(value, "ts");
}

function bsonType(value: unknown): string {
  const type = typeof value === "object" && value !== null ? (value as { _bsontype?: unknown })._bsontype : "";
  return typeof type === "string" ? type : "";
}
