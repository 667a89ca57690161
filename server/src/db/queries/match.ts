import { type RawBuilder, sql } from "kysely";
import type { Labels } from "../schema.ts";

/** True where one of the expressions holds the text, letters of either case; % and _ mean themselves. */
export function holdsText(text: string, ...expressions: RawBuilder<unknown>[]): RawBuilder<boolean> {
  const pattern = `%${text.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
  return sql<boolean>`(${sql.join(
    expressions.map((expression) => sql`${expression} ILIKE ${pattern}`),
    sql` OR `,
  )})`;
}

/** True where the jsonb labels have all of these. */
export function holdsLabels(expression: RawBuilder<unknown>, labels: Labels): RawBuilder<boolean> {
  return sql<boolean>`${expression} @> ${JSON.stringify(labels)}::jsonb`;
}
