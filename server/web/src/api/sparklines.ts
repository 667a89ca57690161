import { useQuery } from "@tanstack/react-query";
import { get } from "./client.ts";
import type { Metrics } from "./types.ts";

type Waiting = { id: number; resolve: (values: (number | null)[]) => void; reject: (error: unknown) => void };

const waiting: Waiting[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
const points = 36;
const spanMs = 60 * 60_000;

/** CPU of the last hour of one host; rows that come into view together are asked for together. */
export function useCpuHistory(hostResourceId: number | undefined) {
  return useQuery({
    queryKey: ["sparkline", hostResourceId],
    enabled: hostResourceId !== undefined,
    staleTime: 60_000,
    refetchInterval: 120_000,
    retry: false,
    queryFn: () => load(hostResourceId ?? 0),
  });
}

function load(id: number): Promise<(number | null)[]> {
  return new Promise((resolve, reject) => {
    waiting.push({ id, resolve, reject });
    if (timer === undefined) timer = setTimeout(() => void send(), 60);
  });
}

async function send(): Promise<void> {
  timer = undefined;
  const batch = waiting.splice(0, 50);
  if (waiting.length > 0) timer = setTimeout(() => void send(), 0);
  const to = Date.now();
  try {
    const series = [...new Set(batch.map((one) => `${one.id}:cpu_usage_ratio`))];
    const answer = await get<Metrics>("metrics", { series, from: to - spanMs, to, maxPoints: 60 });
    const byId = new Map(answer.series.map((one) => [one.resourceId, one]));
    for (const one of batch) {
      const found = byId.get(one.id);
      one.resolve(found ? toBuckets(found.at, found.avg, to - spanMs, spanMs, points) : []);
    }
  } catch (error) {
    for (const one of batch) one.reject(error);
  }
}

/** Means over equal slices of time; a slice without samples is null. */
export function toBuckets(
  at: readonly number[],
  values: readonly (number | null)[],
  from: number,
  span: number,
  count: number,
): (number | null)[] {
  const sums = new Array<number>(count).fill(0);
  const counts = new Array<number>(count).fill(0);
  at.forEach((time, i) => {
    const value = values[i];
    const slot = Math.floor(((time - from) / span) * count);
    if (value === null || value === undefined || slot < 0 || slot >= count) return;
    sums[slot] = (sums[slot] ?? 0) + value;
    counts[slot] = (counts[slot] ?? 0) + 1;
  });
  return sums.map((sum, i) => (counts[i] ? sum / (counts[i] ?? 1) : null));
}
