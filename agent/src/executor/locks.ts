import type { RuntimeSet } from "../runtimes/index.ts";
import { baseName } from "../runtimes/replacement-names.ts";
import type { JournalEntry } from "./journal.ts";
import { nameOf } from "./update/component.ts";
import { gather } from "./update/gather.ts";
import type { UpdatePlan } from "./update/plan.ts";

/** Lets steps that share a key run one after the other, in the order in which they came. */
export function createLocks() {
  const tails = new Map<string, Promise<void>>();
  return async (keys: readonly string[], step: () => Promise<void>): Promise<void> => {
    const before = Promise.all(keys.map((key) => tails.get(key)));
    const mine = before.then(step, step);
    for (const key of keys) tails.set(key, mine);
    try {
      await mine;
    } finally {
      for (const key of keys) if (tails.get(key) === mine) tails.delete(key);
    }
  };
}

/** Lets so many steps run at once; the others wait for their turn. */
export function createTurns(most: number) {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async <T>(step: () => Promise<T>): Promise<T> => {
    if (busy >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy++;
    try {
      return await step();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else busy--;
    }
  };
}

/** Commands that change more than the container that they name. */
const wide: readonly string[] = ["container.update", "container.rollback", "project.update"];
const projectLabel = "com.docker.compose.project";

/**
 * What a command has to have for itself: the containers that it may change, a drive, a pool, a database. `savedIn`: name of
 * the container that a backup is of.
 */
export async function locksOf(
  entry: JournalEntry,
  runtimes: RuntimeSet,
  signal: AbortSignal,
  savedIn: (backup: string) => string | undefined = () => undefined,
): Promise<string[]> {
  const { container, drive, pool, database, project, backup, name } = entry.args;
  if (entry.type === "container.restore") {
    const restored = name || savedIn(String(backup));
    return typeof restored === "string" ? [lockName(restored)] : [];
  }
  const key = drive ?? pool ?? database;
  if (typeof key === "string") return [`${entry.type}\0${key}`];
  const planned = entry.plan as Partial<UpdatePlan> | undefined;
  if (planned?.members) return planned.members.map(({ snapshot }) => lockName(snapshot.name));
  if (typeof project === "string") return await locksOfProject(project, runtimes, signal).catch(() => [`\0${project}`]);
  if (typeof container !== "string") return [];
  try {
    // The same container may be named in several ways, so the lock goes by what the engine calls it.
    const { runtime, id, name } = await runtimes.resolve(container, signal);
    const own = lockName(name);
    const all = wide.includes(entry.type) ? await runtime.recreation?.all(signal) : undefined;
    const target = all?.find(({ Id }) => Id === id);
    if (all === undefined || target === undefined) return [own];
    return [...new Set([own, ...gather([target], all).map(({ raw }) => lockName(nameOf(raw)))])];
  } catch {
    // While the engine is silent or the name is on its way from the old one to the new one.
    return [lockName(container.slice(container.indexOf("/") + 1))];
  }
}

async function locksOfProject(project: string, runtimes: RuntimeSet, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  for (const runtime of await runtimes.all()) {
    const all = (await runtime.recreation?.all(signal)) ?? [];
    const mine = all.filter(({ Config }) => Config.Labels?.[projectLabel] === project);
    if (mine.length > 0) names.push(...gather(mine, all).map(({ raw }) => lockName(nameOf(raw))));
  }
  return names;
}

// Without the runtime, which is not known while it does not answer: names that two of them share wait for each other.
function lockName(name: string): string {
  return `container\0${baseName(name)}`;
}
