import { type PageRequest, wrongCursor } from "../../db/queries/keyset.ts";
import { decodeCursor, encodeCursor } from "../../domain/paging/cursor.ts";

/**
 * One page of ids sorted by a value each, those without one last in both directions, equal ones by id. The cursor holds
 * value and id of the last one, so that values which change between two pages skip and double no more than that row.
 * Throws a Failure for a wrong cursor.
 */
export function pageByValue(
  ids: readonly number[],
  measure: (id: number) => number | null,
  page: PageRequest,
): { ids: number[]; nextCursor: string | null } {
  const sign = page.sort.startsWith("-") ? -1 : 1;
  const after = page.cursor === undefined ? undefined : readCursor(page.cursor, page.sort);
  const compare = (a: Place, b: Place) => {
    if (a.value !== b.value) {
      if (a.value === null) return 1;
      if (b.value === null) return -1;
      return a.value < b.value ? -sign : sign;
    }
    return (a.id - b.id) * sign;
  };
  const places = ids.map((id): Place => ({ id, value: measure(id) }));
  const left = after === undefined ? places : places.filter((place) => compare(place, after) > 0);
  left.sort(compare);
  const shown = left.slice(0, page.limit);
  const last = shown.at(-1);
  const more = left.length > shown.length && last !== undefined;
  return {
    ids: shown.map((place) => place.id),
    nextCursor: more
      ? encodeCursor({ sort: page.sort, value: last.value === null ? "" : String(last.value), id: String(last.id) })
      : null,
  };
}

type Place = { id: number; value: number | null };

function readCursor(text: string, sort: string): Place {
  const cursor = decodeCursor(text);
  if (cursor === undefined || cursor.sort !== sort || !/^\d{1,10}$/.test(cursor.id)) throw wrongCursor(text);
  const value = cursor.value === "" ? null : Number(cursor.value);
  if (value !== null && !Number.isFinite(value)) throw wrongCursor(text);
  return { id: Number(cursor.id), value };
}
