import type { Context } from "../../context.ts";
import { partsOfServers, type ServerParts } from "../../db/queries/servers.ts";

/** How long parts are kept that another process may have changed; changes of this one count at once. */
const keepMs = 30_000;

type Kept = Map<string, { parts: ServerParts | undefined; until: number }>;
const caches = new WeakMap<Context, Kept>();

/** The parts of these servers; half of a fleet list's cost without the memory of the last ones. */
export async function partsFor(context: Context, ids: readonly string[]): Promise<Map<string, ServerParts>> {
  const kept = cacheOf(context);
  const now = performance.now();
  const found = new Map<string, ServerParts>();
  const missing: string[] = [];
  for (const id of ids) {
    const entry = kept.get(id);
    if (entry === undefined || entry.until <= now) missing.push(id);
    else if (entry.parts !== undefined) found.set(id, entry.parts);
  }
  if (missing.length === 0) return found;
  // A change that comes while the database answers takes the entry out: only what is still there and ours is filled.
  const asked = { parts: undefined, until: 0 };
  for (const id of missing) kept.set(id, asked);
  for (const [id, parts] of await partsOfServers(context.db, missing)) found.set(id, parts);
  for (const id of missing) if (kept.get(id) === asked) kept.set(id, { parts: found.get(id), until: now + keepMs });
  return found;
}

function cacheOf(context: Context): Kept {
  const known = caches.get(context);
  if (known !== undefined) return known;
  const made: Kept = new Map();
  context.bus.on("resource", ({ serverId }) => void made.delete(serverId));
  context.bus.on("configured", ({ serverId }) => void made.delete(serverId));
  caches.set(context, made);
  return made;
}
