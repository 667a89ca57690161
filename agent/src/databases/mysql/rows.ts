/** A row as the server gave it: names and values are outside text. */
export type Row = Record<string, unknown>;

/** Text of at most `max` characters on one line; "" where there is none. */
export function text(value: unknown, max = 200): string {
  if (value === null || value === undefined || typeof value === "object") return "";
  const line = String(value)
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}

/** A number from a number or its text; NaN where it is neither. */
export function number(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

/** The first of these columns that the row has: versions name the same thing differently. */
export function pick(row: Row, ...names: string[]): unknown {
  for (const name of names) if (Object.hasOwn(row, name)) return row[name];
  return undefined;
}

/** The answer to SHOW STATUS or SHOW VARIABLES, by name in lower case. */
export function byName(rows: readonly Row[]): Map<string, string> {
  const named = new Map<string, string>();
  for (const row of rows) {
    const name = text(row.Variable_name, 100).toLowerCase();
    if (name !== "") named.set(name, text(row.Value, 2_000));
  }
  return named;
}

/** True for the ways in which the server says yes. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(on|1|yes|true)$/i.test(value);
}
