import type { RuntimeSet } from "../runtimes/index.ts";
import { baseName } from "../runtimes/replacement-names.ts";
import type { JournalEntry } from "./journal.ts";
import { nameOf } from "./update/component.ts";
import { gather } from "./update/gather.ts";
import type { UpdatePlan } from "./update/plan.ts";

/** Lets steps that share a key run one after the other, in the order in which they came; `waits` is called where one has to. */
export function createLocks() {
  const tails = new Map<string, Promise<void>>();
  return async (keys: readonly string[], step: () => Promise<void>, waits = () => {}): Promise<void> => {
    if (keys.some((key) => tails.has(key))) waits();
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

/** A turn: `leave` gives it to the next one before the step is done. */
export type Turn = { leave(): void };

/**
 * Lets so many steps of each kind run at once; the others wait for their turn, `waits` is called then. Kinds keep nothing
 * from each other: an engine that hangs is no reason for another to wait.
 */
export function createTurns(most: number) {
  const kinds = new Map<string, { busy: number; waiting: (() => void)[] }>();
  return async <T>(kind: string, step: (turn: Turn) => Promise<T>, waits = () => {}): Promise<T> => {
    const line = kinds.get(kind) ?? { busy: 0, waiting: [] };
    kinds.set(kind, line);
    if (line.busy >= most) {
      waits();
      await new Promise<void>((resolve) => line.waiting.push(resolve));
    } else line.busy++;
    let mine = true;
    const leave = () => {
      if (!mine) return;
      mine = false;
      const next = line.waiting.shift();
      if (next) next();
      else if (--line.busy === 0) kinds.delete(kind);
    };
    try {
      return await step({ leave });
    } finally {
      leave();
    }
  };
}

/** Commands that change more than the container that they name. */
const wide: readonly string[] = ["container.update", "container.rollback", "project.update"];
const projectLabel = "com.docker.compose.project";

/** `keys`: what a command has to have for itself. `runtime`: name of the one whose turn it needs, "" where that is the first. */
export type Claims = { keys: string[]; runtime: string };

/**
 * What a command lays claim to: the containers that it may change, a drive, a pool, a database. `savedIn`: name of the
 * container that a backup is of.
 */
export async function claimsOf(
  entry: JournalEntry,
  runtimes: RuntimeSet,
  signal: AbortSignal,
  savedIn: (backup: string) => string | undefined = () => undefined,
): Promise<Claims> {
  const { container, drive, pool, database, project, backup, name } = entry.args;
  const planned = entry.plan as Partial<UpdatePlan> | undefined;
  const told = planned?.runtime ?? entry.args.runtime;
  const runtime = typeof told === "string" ? told : "";
  if (entry.type === "container.restore") {
    const restored = name || savedIn(String(backup));
    return { keys: typeof restored === "string" ? [lockName(restored)] : [], runtime };
  }
  const key = drive ?? pool ?? database;
  if (typeof key === "string") return { keys: [`${entry.type}\0${key}`], runtime };
  if (planned?.members) return { keys: planned.members.map(({ snapshot }) => lockName(snapshot.name)), runtime };
  if (typeof project === "string") {
    return await claimsOfProject(project, runtimes, signal).catch(() => ({ keys: [`\0${project}`], runtime }));
  }
  if (typeof container !== "string") return { keys: [], runtime };
  try {
    // The same container may be named in several ways, so the lock goes by what the engine calls it.
    const { runtime, id, name } = await runtimes.resolve(container, signal);
    const own = lockName(name);
    const all = wide.includes(entry.type) ? await runtime.recreation?.all(signal) : undefined;
    const target = all?.find(({ Id }) => Id === id);
    if (all === undefined || target === undefined) return { keys: [own], runtime: runtime.name };
    const along = gather([target], all).map(({ raw }) => lockName(nameOf(raw)));
    return { keys: [...new Set([own, ...along])], runtime: runtime.name };
  } catch {
    // While the engine is silent or the name is on its way from the old one to the new one.
    const at = container.indexOf("/");
    return { keys: [lockName(container.slice(at + 1))], runtime: container.slice(0, Math.max(0, at)) };
  }
}

async function claimsOfProject(project: string, runtimes: RuntimeSet, signal: AbortSignal): Promise<Claims> {
  const keys: string[] = [];
  let runtime = "";
  for (const one of await runtimes.all()) {
    const all = (await one.recreation?.all(signal)) ?? [];
    const mine = all.filter(({ Config }) => Config.Labels?.[projectLabel] === project);
    if (mine.length === 0) continue;
    runtime ||= one.name;
    keys.push(...gather(mine, all).map(({ raw }) => lockName(nameOf(raw))));
  }
  return { keys, runtime };
}

// Without the runtime, which is not known while it does not answer: names that two of them share wait for each other.
function lockName(name: string): string {
  return `container\0${baseName(name)}`;
}
