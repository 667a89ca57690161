import { type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import { decodeCursor, encodeCursor } from "../../domain/paging/cursor.ts";
import { Failure } from "../../failure.ts";

/** A column or expression to sort by; never NULL (coalesce it). `type` is its PostgreSQL type. */
export type SortBy = {
  by: RawBuilder<unknown>;
  type: "text" | "timestamptz" | "uuid" | "bigint" | "integer";
};

/** What every list takes. `sort` is a name of `sorts` or `-name`. */
export type PageRequest = { limit: number; cursor?: string | undefined; sort: string };

export type Page<T> = { items: T[]; nextCursor: string | null };

/**
 * One page by keyset: rows after the cursor in (sort value, id) order, so nothing is skipped or doubled while rows come
 * and go. Throws a Failure for a cursor of another sort or one that was changed.
 */
export async function fetchPage<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  sorts: Record<string, SortBy>,
  id: SortBy,
  page: PageRequest,
): Promise<Page<O>> {
  const descending = page.sort.startsWith("-");
  const sort = sorts[descending ? page.sort.slice(1) : page.sort];
  if (sort === undefined) throw new Failure("invalid", `sort must be one of ${Object.keys(sorts).join(", ")}`);
  const direction = descending ? sql`desc` : sql`asc`;
  let paged = query
    .select([sql<string>`(${sort.by})::text`.as("_sort"), sql<string>`(${id.by})::text`.as("_id")])
    .orderBy(sql`${sort.by} ${direction}`)
    .orderBy(sql`${id.by} ${direction}`)
    .limit(page.limit + 1);
  if (page.cursor !== undefined) {
    const cursor = decodeCursor(page.cursor);
    if (cursor === undefined || cursor.sort !== page.sort) throw wrongCursor(page.cursor);
    const after = descending ? sql`<` : sql`>`;
    paged = paged.where(
      sql<boolean>`(${sort.by}, ${id.by}) ${after} (${cursor.value}::${sql.raw(sort.type)}, ${cursor.id}::${sql.raw(id.type)})`,
    );
  }
  let rows: (O & { _sort: string; _id: string })[];
  try {
    rows = (await paged.execute()) as typeof rows;
  } catch (error) {
    const isValueError = String((error as { code?: unknown }).code).startsWith("22");
    if (page.cursor !== undefined && isValueError) throw wrongCursor(page.cursor);
    throw error;
  }
  const more = rows.length > page.limit;
  const shown = more ? rows.slice(0, page.limit) : rows;
  const last = shown.at(-1);
  return {
    items: shown.map(({ _sort, _id, ...row }) => row as unknown as O),
    nextCursor: more && last !== undefined ? encodeCursor({ sort: page.sort, value: last._sort, id: last._id }) : null,
  };
}

/** The failure for a cursor of another list or sort. */
export function wrongCursor(value: string): Failure {
  const message = "is not a cursor of this list and sort: start again without it";
  return new Failure("invalid", `cursor ${message}`, { fields: [{ field: "cursor", value, message }] });
}
