import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../host/host.ts";
import { writeFileAtomic } from "../state-file.ts";
import type { LastScrub } from "./pool.ts";

type Kept = { firstSeen: number; lastScrub?: LastScrub };

/**
 * What is known of the scrubs of pools whose kernel or tool forgets them: when a pool was first seen, and the last scrub
 * that ended. Outlives the agent where the host has a state folder.
 */
export type ScrubMemory = {
  /** The last scrub of the pool of that id, taking this one into account; undefined: none is known of. */
  lastScrub(id: string, now?: LastScrub): LastScrub | undefined;
  /** Unix ms at which the pool was first seen; `now` for one that is new. */
  firstSeen(id: string, now: number): number;
};

const mostPools = 1_000;

/** The memory of one collector, named as its file is: `pools-NAME.json`. A file that can't be read or written is let be. */
export function createScrubMemory(host: Host, name: string): ScrubMemory {
  const file = host.stateDir === undefined ? undefined : join(host.stateDir, `pools-${name}.json`);
  const pools = load(file);

  function save(): void {
    if (file === undefined) return;
    const newest = [...pools].slice(-mostPools);
    try {
      writeFileAtomic(file, JSON.stringify({ version: 1, pools: Object.fromEntries(newest) }));
    } catch {
      // A full disk costs the memory after a restart, not the reading.
    }
  }

  return {
    lastScrub(id, now) {
      const kept = pools.get(id);
      const before = kept?.lastScrub;
      if (now === undefined || (before !== undefined && before.endedAt >= now.endedAt)) return before;
      pools.set(id, { firstSeen: kept?.firstSeen ?? now.endedAt, lastScrub: now });
      save();
      return now;
    },
    firstSeen(id, now) {
      const kept = pools.get(id);
      if (kept !== undefined) return Math.min(kept.firstSeen, now);
      pools.set(id, { firstSeen: now });
      save();
      return now;
    },
  };
}

function load(file: string | undefined): Map<string, Kept> {
  const pools = new Map<string, Kept>();
  if (file === undefined) return pools;
  try {
    const { pools: given } = JSON.parse(readFileSync(file, "utf8")) as { pools?: Record<string, Partial<Kept>> };
    for (const [id, kept] of Object.entries(given ?? {})) {
      const { firstSeen, lastScrub } = kept ?? {};
      if (typeof firstSeen !== "number") continue;
      pools.set(id, { firstSeen, ...(typeof lastScrub?.endedAt === "number" ? { lastScrub } : {}) });
    }
  } catch {
    // None yet, or damaged: what it knew is found out anew.
  }
  return pools;
}
