import { metricIndex } from "@fairlead/shared/catalogue";
import type { Context } from "../../context.ts";
import { newestSamples } from "../../db/queries/storage-samples.ts";
import { type Newest, tidy } from "../resource/latest-values.ts";

/** The newest values of these resources: from memory, else (after a long silence, or gone) the last stored sample. */
export async function newestOf(
  { samples, pool }: Pick<Context, "samples" | "pool">,
  ids: readonly number[],
): Promise<Map<number, Newest>> {
  const known: Map<number, Newest> = samples.latest(ids);
  const missing = ids.filter((id) => !known.has(id));
  for (const { resourceId, at, values } of await newestSamples(pool, missing)) known.set(resourceId, { at, values });
  return known;
}

/** Reads metrics of a kind by name; null where missing. */
export function reader(kind: string, newest: Newest | undefined): (metric: string) => number | null {
  return (metric) => {
    const value = newest?.values[metricIndex(kind, metric)];
    return value === undefined || Number.isNaN(value) ? null : tidy(value);
  };
}
