import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../host/host.ts";
import { writeFileAtomic } from "../state-file.ts";

/**
 * Keys of btrfs pools whose scrub was paused by a command: btrfs itself tells a paused one from a stopped one in nothing.
 * None where the host has no state folder.
 */
export function pausedScrubs(host: Host): Set<string> {
  if (host.stateDir === undefined) return new Set();
  try {
    const keys: unknown = JSON.parse(readFileSync(join(host.stateDir, fileName), "utf8"));
    return new Set(Array.isArray(keys) ? keys.filter((key) => typeof key === "string") : []);
  } catch {
    return new Set();
  }
}

/** Notes whether the scrub of that pool is paused. Throws what the file system throws. */
export function notePaused(host: Host, pool: string, paused: boolean): void {
  const keys = pausedScrubs(host);
  if (host.stateDir === undefined || keys.has(pool) === paused) return;
  if (paused) keys.add(pool);
  else keys.delete(pool);
  writeFileAtomic(join(host.stateDir, fileName), JSON.stringify([...keys]));
}

const fileName = "paused-scrubs.json";
