import type { Kysely } from "kysely";
import { type ForecastRow, forecastsOf } from "../db/queries/storage-forecasts.ts";
import type { Database } from "../db/schema.ts";
import { coveredSince, putBefore } from "../domain/alerts/increase.ts";
import { readFirstValues, readPrevious } from "./store.ts";
import type { Check, Watched } from "./watch.ts";

/** Shorter windows fill again before anyone misses them. */
const leastWindowSeconds = 3600;

/**
 * Brings back what an evaluator that starts (or meets a resource for the first time) can't know: the state before the
 * present one, how a counter stood when its window began, and the forecasts. Only for rules that ask for it.
 */
export async function prepare(db: Kysely<Database>, resources: readonly Watched[], now: number): Promise<void> {
  await readStatesBefore(db, resources);
  await readCounters(db, resources, now);
  const waiting = resources.filter((watched) => watched.forecasts === undefined && hasForecast(watched));
  const rows = await forecastsOf(
    db,
    waiting.flatMap(({ resourceId }) => (resourceId === null ? [] : [resourceId])),
  );
  const byId = Map.groupBy(rows, (row) => row.resourceId);
  for (const watched of waiting) noteForecasts(watched, byId.get(watched.resourceId ?? -1) ?? []);
}

/** True where a rule is judged by the resource's forecast. */
export function hasForecast(watched: Watched): boolean {
  return watched.checks.some((check) => check.term.condition.type === "forecast");
}

/** Takes over what was forecast for the resource; other metrics keep what they had. */
export function noteForecasts(watched: Watched, rows: readonly ForecastRow[]): void {
  const known = new Map(watched.forecasts);
  for (const { metric, fullAt, confidence } of rows)
    known.set(metric, { fullAt: fullAt?.getTime() ?? null, confidence });
  watched.forecasts = known;
}

async function readStatesBefore(db: Kysely<Database>, resources: readonly Watched[]): Promise<void> {
  const unknown = resources.flatMap((watched) => {
    const { resourceId, state, previous, server } = watched;
    if (resourceId === null || state === null || previous !== undefined || !asksForState(watched, state)) return [];
    return [{ watched, serverId: server.id, resourceId, state }];
  });
  const before = await readPrevious(db, unknown);
  for (const { watched, resourceId } of unknown) watched.previous = before.get(resourceId) ?? null;
}

function asksForState({ checks }: Watched, state: string): boolean {
  return checks.some(
    ({ term: { condition: c } }) => c.type === "state" && c.fromStates !== undefined && c.states.includes(state),
  );
}

type Counter = { watched: Watched; check: Check; resourceId: number };

async function readCounters(db: Kysely<Database>, resources: readonly Watched[], now: number): Promise<void> {
  const groups = new Map<string, { metric: number; seconds: number; counters: Counter[] }>();
  for (const watched of resources) {
    for (const check of watched.checks) {
      const { condition } = check.term;
      const { history } = check;
      if (watched.resourceId === null || history === undefined || condition.type !== "increase") continue;
      if (condition.seconds < leastWindowSeconds || (coveredSince(history) ?? now) <= now - condition.seconds * 1000)
        continue;
      const key = `${check.term.metric} ${condition.seconds}`;
      const group = groups.get(key) ?? { metric: check.term.metric, seconds: condition.seconds, counters: [] };
      groups.set(key, group);
      group.counters.push({ watched, check, resourceId: watched.resourceId });
    }
  }
  for (const { metric, seconds, counters } of groups.values()) {
    const ids = counters.map(({ resourceId }) => resourceId);
    const first = await readFirstValues(db, ids, metric, new Date(now - seconds * 1000));
    for (const { watched, check, resourceId } of counters) {
      const known = first.get(resourceId);
      if (known === undefined || check.history === undefined) continue;
      putBefore(check.history, known.at, known.value);
      // The next sample is looked at in any case.
      watched.marks.fill(Number.NEGATIVE_INFINITY);
    }
  }
}
