import { metricIndex } from "@fairlead/shared/catalogue";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { get } from "./client.ts";
import { liveTrack, useLiveVersion } from "./live.ts";
import type { Metrics, Series } from "./types.ts";

/** What the charts show: the last so many seconds, live (the last five minutes at 1 s), or a fixed span in Unix ms. */
export type Range = { last: number } | { live: true } | { from: number; to: number };
export type Wanted = { id: number; kind: string; metric: string };

const liveSeconds = 300;

/** From and to of a range in Unix ms. */
export function spanOf(range: Range, now: number): [number, number] {
  if ("from" in range) return [range.from, range.to];
  return [now - ("last" in range ? range.last : liveSeconds) * 1000, now];
}

/** The series of a range, refreshed while it moves; in live mode what streams in is put behind what is stored. */
export function useMetrics(wanted: readonly Wanted[], range: Range, enabled = true) {
  const live = "live" in range;
  const names = wanted.map((one) => `${one.id}:${one.metric}`);
  const query = useQuery({
    queryKey: ["metrics", names, range],
    enabled: enabled && names.length > 0,
    placeholderData: keepPreviousData,
    staleTime: live ? Number.POSITIVE_INFINITY : 5_000,
    gcTime: live ? 0 : 60_000,
    refetchInterval: "last" in range ? Math.max(10_000, (range.last * 1000) / 240) : false,
    queryFn: async ({ signal }) => {
      const [from, to] = spanOf(range, Date.now());
      const answers: Metrics[] = [];
      for (let at = 0; at < names.length; at += 50) {
        const series = names.slice(at, at + 50);
        const options = live ? { resolution: "raw" } : { maxPoints: 400 };
        answers.push(
          await get<Metrics>("metrics", { series, from: Math.round(from), to: Math.round(to), ...options }, signal),
        );
      }
      return {
        from,
        to,
        resolution: answers[0]?.resolution ?? "raw",
        series: answers.flatMap((answer) => answer.series),
      };
    },
  });
  const version = useLiveVersion(live);
  // biome-ignore lint/correctness/useExhaustiveDependencies: version says that the live tracks changed
  const data = useMemo(() => {
    if (!query.data || !live) return query.data;
    const now = Date.now();
    const from = now - liveSeconds * 1000;
    return { ...query.data, from, to: now, series: query.data.series.map((one) => withLive(one, from)) };
  }, [query.data, live, version]);
  return { ...query, data };
}

function withLive(series: Series, from: number): Series {
  const index = metricIndex(series.kind, series.metric);
  const track = liveTrack(series.resourceId);
  const streamed = track?.rows.map((row) => row[index] ?? null) ?? [];
  return { ...series, ...merge(series, { at: track?.at ?? [], avg: streamed }, from), min: null, max: null };
}

type Points = { at: readonly number[]; avg: readonly (number | null)[] };

/** Two series in the order of time, from a time on; where both have a point the second's is taken. */
export function merge(stored: Points, streamed: Points, from: number): { at: number[]; avg: (number | null)[] } {
  const points = new Map<number, number | null>();
  for (const { at, avg } of [stored, streamed]) {
    for (const [i, time] of at.entries()) if (time >= from) points.set(time, avg[i] ?? null);
  }
  const at = [...points.keys()].sort((a, b) => a - b);
  return { at, avg: at.map((time) => points.get(time) ?? null) };
}

/** Names of the roll-ups for people. */
export function resolutionText(resolution: string): string {
  return resolution === "raw" ? "every sample" : `${resolution} averages`;
}
