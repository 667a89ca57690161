export type SortValue = string | number | null;

/** Rows sorted by a value, from the largest where `down`; those without the value come last either way. Equal ones keep their order. */
export function sortedRows<T>(rows: readonly T[], by: (row: T) => SortValue, down: boolean): T[] {
  return rows.toSorted((a, b) => {
    const [one, two] = down ? [by(b), by(a)] : [by(a), by(b)];
    if (one === null || two === null) return Number(by(a) === null) - Number(by(b) === null);
    if (typeof one === "number" && typeof two === "number") return one - two;
    return String(one).localeCompare(String(two), "en", { numeric: true });
  });
}
