/** Something that has to come after others, by their names; names that are not in the list do not matter. */
export type Ordered = { name: string; after: readonly string[] };

/** The same things, each behind all that it comes after, otherwise by name; or the names of a ring. */
export function inOrder<T extends Ordered>(things: readonly T[]): { ordered: T[] } | { cycle: string[] } {
  const left = new Map(things.map((one) => [one.name, one]));
  const ordered: T[] = [];
  while (left.size > 0) {
    const ready = [...left.values()]
      .filter(({ name, after }) => !after.some((other) => other !== name && left.has(other)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    if (ready.length === 0) return { cycle: [...left.keys()].sort() };
    for (const one of ready) {
      ordered.push(one);
      left.delete(one.name);
    }
  }
  return { ordered };
}
