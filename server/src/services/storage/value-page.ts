import { type Page, type PageRequest, wrongCursor } from "../../db/queries/keyset.ts";
import { decodeCursor, encodeCursor } from "../../domain/paging/cursor.ts";

/**
 * One page of ids sorted by a value that is in memory, not in the database. Ids without a value come last either way;
 * equal values go by id. The cursor holds the last value: what changes meanwhile may move, nothing else does.
 */
export function pageByValue(ids: readonly number[], measure: (id: number) => number, page: PageRequest): Page<number> {
  const descending = page.sort.startsWith("-");
  const rank = (id: number): number => {
    const value = measure(id);
    if (Number.isNaN(value)) return Number.POSITIVE_INFINITY;
    return descending ? -value : value;
  };
  const after = page.cursor === undefined ? undefined : positionOf(page.cursor, page.sort);
  const found: Place[] = [];
  for (const id of ids) {
    const place = { rank: rank(id), id };
    if (after !== undefined && compare(place, after) <= 0) continue;
    insert(found, place, page.limit + 1);
  }
  const more = found.length > page.limit;
  const shown = more ? found.slice(0, page.limit) : found;
  const last = shown.at(-1);
  return {
    items: shown.map(({ id }) => id),
    nextCursor:
      more && last !== undefined
        ? encodeCursor({ sort: page.sort, value: String(last.rank), id: String(last.id) })
        : null,
  };
}

type Place = { rank: number; id: number };

function positionOf(text: string, sort: string): Place {
  const cursor = decodeCursor(text);
  const place = { rank: Number(cursor?.value), id: Number(cursor?.id) };
  if (cursor?.sort !== sort || cursor.value === "" || Number.isNaN(place.rank) || !Number.isSafeInteger(place.id))
    throw wrongCursor(text);
  return place;
}

/** Infinities are equal to each other, which their difference would not say. */
function compare(a: Place, b: Place): number {
  return a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.id - b.id;
}

/** Keeps the first `most` in order: a page is short, the list is not. */
function insert(sorted: Place[], place: Place, most: number): void {
  const last = sorted.at(-1);
  if (sorted.length >= most && last !== undefined && compare(place, last) >= 0) return;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(place, sorted[middle] as Place) < 0) high = middle;
    else low = middle + 1;
  }
  sorted.splice(low, 0, place);
  if (sorted.length > most) sorted.pop();
}
