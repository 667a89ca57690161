import { findKind } from "@fairlead/shared/catalogue";
import { sql } from "kysely";
import type { Context } from "../../context.ts";
import type { LabelledValue } from "../../metrics-registry.ts";

const kinds = ["drive", "pool", "database", "container"] as const;
const keepMs = 30_000;

/** Adds `fairlead_resources` to the server's own metrics: how many drives, pools, databases and containers by state. */
export function exportResourceCounts({ db, now, metrics }: Pick<Context, "db" | "now" | "metrics">): void {
  let known: { at: number; counts: Promise<LabelledValue[]> } | undefined;
  metrics.gauges("fairlead_resources", "Drives, pools, databases and containers of the fleet, by state", () => {
    const at = now().getTime();
    if (known !== undefined && at - known.at < keepMs) return known.counts;
    const counts = countResources(db);
    known = { at, counts };
    // A failure is not kept.
    counts.catch(() => {
      if (known?.counts === counts) known = undefined;
    });
    return counts;
  });
}

async function countResources(db: Context["db"]): Promise<LabelledValue[]> {
  const { rows } = await sql<{ kind: string; state: string; count: number }>`
    SELECT kind, coalesce(state, 'unknown') AS state, count(*) AS count FROM resource
    WHERE kind = any(${[...kinds]}::text[]) AND gone_at IS NULL GROUP BY 1, 2`.execute(db);
  const counts = new Map<string, LabelledValue>();
  const add = (kind: string, state: string, value: number) => {
    const id = `${kind} ${state}`;
    counts.set(id, { labels: { kind, state }, value: value + (counts.get(id)?.value ?? 0) });
  };
  for (const kind of kinds) for (const state of statesOf(kind)) add(kind, state, 0);
  // What agents call a state is their choice: a label's values must stay few.
  for (const { kind, state, count } of rows) add(kind, statesOf(kind).includes(state) ? state : "other", count);
  return [...counts.values()];
}

function statesOf(kind: string): readonly string[] {
  const states = (findKind(kind)?.states ?? []).filter((state) => state !== "gone");
  return states.includes("unknown") ? states : [...states, "unknown"];
}
