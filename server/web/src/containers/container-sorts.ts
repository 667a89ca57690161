import type { Container } from "../api/types.ts";

type Known = Pick<
  Container,
  "name" | "serverName" | "state" | "health" | "image" | "restartCount" | "exitCode" | "latest" | "goneAt"
>;
type Value = string | number | null;

/** What lists of containers can be sorted by. */
export const containerSorts: Record<string, (row: Known) => Value> = {
  name: ({ name }) => name,
  server: ({ serverName }) => serverName,
  state: severity,
  image: ({ image }) => image,
  cpu: ({ latest }) => latest?.values.cpu_cores ?? null,
  memory: ({ latest }) => latest?.values.memory_used_bytes ?? null,
  restarts: ({ restartCount }) => restartCount,
  up: ({ state, latest }) => (state === "running" ? (latest?.values.uptime_seconds ?? null) : null),
};

/** The worst first, then by name. */
export const usualSort = "-state";

/** Sorted as `name` or, descending, `-name` says; rows without the value come last either way, equal ones by name. */
export function sortContainers<T extends Known>(rows: readonly T[], sort: string): T[] {
  const down = sort.startsWith("-");
  const of = containerSorts[down ? sort.slice(1) : sort] ?? severity;
  const byName = (a: T, b: T) => compare(a.name, b.name) || compare(a.serverName, b.serverName);
  return rows.toSorted((a, b) => {
    const [one, two] = [of(a), of(b)];
    if (one === null || two === null) return Number(one === null) - Number(two === null) || byName(a, b);
    return (down ? compare(two, one) : compare(one, two)) || byName(a, b);
  });
}

/** 4: it fails; 3: it may; 2: it is held; 1: it runs or ended well; 0: it is gone. */
function severity({ state, health, exitCode, goneAt }: Known): number {
  if (goneAt !== null) return 0;
  if (health === "unhealthy" || state === "dead" || state === "restarting") return 4;
  if (state === "exited" && exitCode !== null && exitCode !== 0) return 3;
  if (state === "paused" || health === "starting") return 2;
  return 1;
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
