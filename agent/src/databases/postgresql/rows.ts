import type { Row } from "./connect.ts";

/** Rows of each statement by its name; none where it failed. */
export type Answers = Record<string, Row[]>;

/** A column as a number; NaN where it is null, absent or no number. */
export function number(row: Row | undefined, name: string): number {
  const text = row?.[name];
  return text === undefined || text === null || text === "" ? Number.NaN : Number(text);
}

/** A column as text, cut; undefined where it is null or absent. */
export function text(row: Row | undefined, name: string, max = 128): string | undefined {
  const found = row?.[name];
  if (found === undefined || found === null) return undefined;
  return found.length > max ? `${found.slice(0, max - 1)}…` : found;
}

/** A boolean column; undefined where it is null or absent. */
export function flag(row: Row | undefined, name: string): boolean | undefined {
  const found = row?.[name];
  return found === "t" ? true : found === "f" ? false : undefined;
}

/** A number for JSON: undefined where it is missing, rounded to that many decimals. */
export function rounded(value: number, decimals = 0): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}

/** The same object without what is undefined. */
export function compact<T extends Record<string, unknown>>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
