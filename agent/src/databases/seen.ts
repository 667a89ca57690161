import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { stateReason } from "../runtimes/container-table.ts";
import type { ContainerInfo } from "../runtimes/runtime.ts";
import { writeFileAtomic } from "../state-file.ts";
import type { Found } from "./found.ts";
import { engines } from "./probe.ts";
import { sameFamily } from "./recognise.ts";

/** A database that was found before and is not there now: `reason` says what is missing, `answered` that it once was up. */
export type Missing = { found: Found; reason: string; answered: boolean };

/** What the agent remembers of databases that it found, so that one that went away stays listed as down. */
export type Seen = {
  /**
   * Takes what is there now, answers what is not. It is forgotten after 7 days; at once when its data are gone or another
   * serves them; a little later when its container or program is gone (they may be about to be replaced).
   */
  update(found: readonly Found[], containers: Containers, now: number): Missing[];
  /** It is up. Keeps labels worth knowing while it is down: role and version. */
  describe(key: string, labels: Record<string, string>): void;
  labels(key: string): Record<string, string>;
  /** Name of a container by its id, known from before the engine went away. */
  containerName(id: string): string | undefined;
};

/** The containers of this host; `known` is false where the engine did not answer. */
export type Containers = { list: readonly ContainerInfo[]; known: boolean };

const rowSchema = z.object({
  engine: z.enum(engines),
  role: z.optional(z.enum(["sentinel", "router"])),
  key: z.string().check(z.maxLength(512)),
  host: z.optional(z.string()),
  port: z.optional(z.number()),
  socket: z.optional(z.string()),
  addresses: z.array(z.string()),
  sockets: z.array(z.string()),
  container: z.optional(z.object({ name: z.string(), id: z.string() })),
  process: z.optional(z.object({ pid: z.number(), name: z.string(), exe: z.optional(z.string()) })),
  dataDirectory: z.optional(z.object({ path: z.string(), shown: z.string() })),
});
const schema = z.array(
  z.object({
    found: rowSchema,
    lastSeenAt: z.number(),
    labels: z.record(z.string(), z.string()),
    answered: z.optional(z.boolean()),
  }),
);

type Row = {
  found: Found;
  lastSeenAt: number;
  labels: Record<string, string>;
  answered: boolean;
  missingSince?: number;
};

const fileName = "databases-seen.json";
const keptMs = 7 * 24 * 3_600_000;
const containerGraceMs = 100_000;
const programGraceMs = 600_000;
const savedEachMs = 6 * 3_600_000;
const mostRows = 500;

/** Opens the memory of that folder; without one it lasts as long as the process. `save` false: reads only (CLI). */
export function openSeen(stateDir: string | undefined, { save = true } = {}): Seen {
  const path = stateDir === undefined ? undefined : join(stateDir, fileName);
  const rows = new Map<string, Row>(path === undefined ? [] : load(path).map((row) => [row.found.key, row]));
  let stored = storedText();
  let storedAt = 0;

  function storedText(): string {
    return JSON.stringify([...rows.values()].map(({ found, labels, answered }) => [found, labels, answered]));
  }

  function store(now: number): void {
    const text = storedText();
    if (path === undefined || !save || (text === stored && now - storedAt < savedEachMs)) return;
    stored = text;
    storedAt = now;
    try {
      const all = [...rows.values()].map(({ missingSince: _, ...row }) => row);
      writeFileAtomic(path, `${JSON.stringify(all)}\n`, { sync: false });
    } catch {
      // Losing it costs that one which vanished while the agent was down is not listed as down.
    }
  }

  return {
    update(found, containers, now) {
      const present = new Map(found.map((one) => [one.key, one]));
      for (const one of found.slice(0, mostRows)) {
        const { labels = {}, answered = false } = rows.get(one.key) ?? {};
        rows.set(one.key, { found: one, lastSeenAt: now, labels, answered });
      }
      const missing: Missing[] = [];
      for (const [key, row] of rows) {
        if (present.has(key)) continue;
        row.missingSince ??= now;
        const reason = now - row.lastSeenAt > keptMs ? undefined : whyMissing(row, found, containers, now);
        if (reason === undefined) rows.delete(key);
        else missing.push({ found: row.found, reason, answered: row.answered });
      }
      store(now);
      return missing;
    },
    describe(key, labels) {
      const row = rows.get(key);
      if (row !== undefined) Object.assign(row, { labels, answered: true });
    },
    labels: (key) => rows.get(key)?.labels ?? {},
    containerName(id) {
      for (const { found } of rows.values()) if (found.container?.id === id) return found.container.name;
      return undefined;
    },
  };
}

/** Why it is down, in one line; undefined when there is nothing left to be down. */
function whyMissing(
  { found, missingSince = 0 }: Row,
  others: readonly Found[],
  containers: Containers,
  now: number,
): string | undefined {
  const { container, process, dataDirectory } = found;
  if (container !== undefined) {
    const info = containers.list.find(({ name }) => name === container.name);
    if (info !== undefined) {
      const why = stateReason(info);
      return info.state === "running"
        ? `container ${container.name} runs, but no ${found.engine} in it`
        : `container ${container.name} is ${info.state}${why === "" ? "" : ` (${why})`}`;
    }
    if (!containers.known) return `container ${container.name} runs no ${found.engine}`;
    return now - missingSince < containerGraceMs ? `container ${container.name} was removed` : undefined;
  }
  if (dataDirectory !== undefined && dataDirectory.shown !== "/") {
    const { path, shown } = dataDirectory;
    const moved = others.some((other) => {
      return sameFamily(other.engine, found.engine) && !other.container && other.dataDirectory?.shown === shown;
    });
    // Below the root of a process it can't be seen once the process is gone.
    if (moved || (!path.startsWith("/proc/") && !existsSync(path))) return undefined;
  }
  const program = process?.exe?.replace(/ \(deleted\)$/, "");
  if (program !== undefined && !existsSync(program) && now - missingSince >= programGraceMs) return undefined;
  return `no process ${process?.name ?? found.engine} serves it any more`;
}

function load(path: string): Row[] {
  try {
    const rows = z.parse(schema, JSON.parse(readFileSync(path, "utf8")));
    // Only one that was up has labels; files of earlier versions say no more.
    return rows.map((row) => ({ ...row, answered: row.answered ?? Object.keys(row.labels).length > 0 }) as Row);
  } catch {
    return [];
  }
}
