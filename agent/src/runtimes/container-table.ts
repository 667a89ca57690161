import { setTimeout as delay } from "node:timers/promises";
import { baseName, isReplacementName } from "./replacement-names.ts";
import { type IsReplaced, unknownCommands } from "./replacements.ts";
import { type ContainerInfo, type ContainerRuntime, type RuntimeEvent, RuntimeFailure } from "./runtime.ts";

/** A change of a container that the engine told of. `to` is "gone" when no container of that name is left. */
export type ContainerChange = { key: string; at: number; from?: string; to: string; reason?: string };

/**
 * What is known of all containers: fed by the engine's events, compared with its list now and then. While events flow
 * and the last list is recent, reading it asks the engine nothing.
 */
export type ContainerTable = {
  /** Brings the table up to date where needed. Throws RuntimeFailure. */
  refresh(now: number, signal: AbortSignal): Promise<void>;
  /** One container a name: of two during a replacement the one that runs. What one left behind has its own name. */
  visible(): Map<string, ContainerInfo>;
  /** Follows the engine's events until the signal aborts, however often the engine goes away. */
  follow(emit: (change: ContainerChange) => void, signal: AbortSignal): Promise<void>;
  runtime(): ContainerRuntime | undefined;
};

export type TableOptions = {
  open(signal: AbortSignal): Promise<ContainerRuntime>;
  /** Milliseconds between comparisons with the engine's list while events flow. */
  relistMs?: number;
  /** Bounds of the wait before the next attempt to reach the engine. */
  backoffMs?: { min: number; max: number };
  random?: () => number;
  /** Tells a container that is part of a replacement from one that such a one left behind, which stands for itself. */
  isReplaced?: IsReplaced;
  /** Called when images, volumes or networks changed. */
  onHoldings?: () => void;
};

const healthMs = 2_000;
const mostChecked = 2_000;

/** Makes an empty table. */
export function createContainerTable(options: TableOptions): ContainerTable {
  const { relistMs = 60_000, backoffMs = { min: 500, max: 30_000 }, random = Math.random } = options;
  const { isReplaced = unknownCommands } = options;
  const byId = new Map<string, { info: ContainerInfo; fingerprint: string; at: number }>();
  const told = new Map<string, string>();
  const killed = new Set<string>();
  const checkedAt = new Map<string, number>();
  let runtime: ContainerRuntime | undefined;
  let following = false;
  let stale = true;
  /** What was described before has to be described again. On performance.now()'s clock. */
  let staleAt = 0;
  /** The last comparison with the engine's list was cut off: what it described counts for the next. */
  let cutOff = false;
  let listedAt = 0;
  let work: Promise<unknown> = Promise.resolve();

  // Events and lists change the table one after the other.
  function serially<T>(step: () => Promise<T>): Promise<T> {
    const done = work.then(step, step);
    work = done.catch(() => {});
    return done;
  }

  function outdate(): void {
    stale = true;
    staleAt = performance.now();
  }

  async function opened(signal: AbortSignal): Promise<ContainerRuntime> {
    runtime ??= await options.open(signal);
    return runtime;
  }

  async function relist(now: number, signal: AbortSignal): Promise<void> {
    try {
      // Without events nothing tells of a restart between two looks.
      if (!following && !cutOff) staleAt = performance.now();
      cutOff = true;
      const engine = await opened(signal);
      const list = await engine.list(signal);
      const present = new Set(list.map(({ id }) => id));
      for (const id of byId.keys()) if (!present.has(id)) byId.delete(id);
      const began = staleAt;
      const changed = list.filter(({ id, fingerprint, healthUnknown }) => {
        const known = byId.get(id);
        const asksHealth = healthUnknown === true && known?.info.health !== undefined;
        return known?.fingerprint !== fingerprint || known.at < staleAt || asksHealth;
      });
      await eachOf(changed, async ({ id, fingerprint }) => {
        const at = performance.now();
        const info = await describe(engine, id, signal);
        if (info) byId.set(id, { info, fingerprint, at });
        else byId.delete(id);
      });
      cutOff = false;
      stale = staleAt !== began;
      listedAt = now;
    } catch (error) {
      if (!following) runtime = undefined;
      throw error;
    }
  }

  // Podman tells of each check, not of changes: the next one comes soon.
  function isRepeated(id: string): boolean {
    const now = performance.now();
    if (now - (checkedAt.get(id) ?? Number.NEGATIVE_INFINITY) < healthMs) return true;
    if (checkedAt.size >= mostChecked) checkedAt.clear();
    checkedAt.set(id, now);
    return false;
  }

  function keyOf(name: string): string {
    return isReplacementName(name) && isReplaced(name) ? baseName(name) : name;
  }

  function visible(): Map<string, ContainerInfo> {
    const best = new Map<string, ContainerInfo>();
    for (const { info } of byId.values()) {
      const key = keyOf(info.name);
      const other = best.get(key);
      if (!other || rank(info) > rank(other)) best.set(key, info);
    }
    return best;
  }

  async function apply(engine: ContainerRuntime, event: RuntimeEvent & { type: "container" }, signal: AbortSignal) {
    const changes: ContainerChange[] = [];
    if (engine.type === "podman" && event.action.startsWith("health_status") && isRepeated(event.id)) return changes;
    const previous = byId.get(event.id)?.info;
    const keys = new Set([keyOf(event.name), ...(previous ? [keyOf(previous.name)] : [])]);
    const before = new Map([...keys].map((key) => [key, visible().get(key)]));
    if (event.action === "oom") killed.add(event.id);
    const info = event.action === "destroy" ? undefined : await describe(engine, event.id, signal);
    if (info) {
      if (killed.has(event.id) && info.state !== "running") info.oomKilled = true;
      byId.set(event.id, { info, fingerprint: "", at: performance.now() });
      keys.add(keyOf(info.name));
    } else byId.delete(event.id);
    const after = visible();
    for (const key of keys) {
      const change = changeOf(key, before.get(key), after.get(key), event, killed.has(event.id));
      if (!change) continue;
      const runEvent = event.action === "start" || event.action === "die";
      if (runEvent && change.to === told.get(key) && isSameRun(before.get(key), after.get(key))) continue;
      const from = told.get(key) ?? before.get(key)?.state;
      if (change.to === "gone") told.delete(key);
      else told.set(key, change.to);
      changes.push({ key, at: event.at, ...(from === undefined ? {} : { from }), ...change });
    }
    if (event.action === "start" || event.action === "destroy") killed.delete(event.id);
    return changes;
  }

  async function session(emit: (change: ContainerChange) => void, signal: AbortSignal, up: () => void): Promise<void> {
    runtime = undefined;
    const engine = await opened(signal);
    const events = await engine.subscribe(signal);
    following = true;
    outdate();
    up();
    await serially(() => relist(Date.now(), signal));
    told.clear();
    for await (const event of events) {
      if (event.type === "image") outdate();
      if (event.type !== "container") options.onHoldings?.();
      else for (const change of await serially(() => apply(engine, event, signal))) emit(change);
    }
    throw new RuntimeFailure("unreachable", "the engine closed its event stream");
  }

  return {
    visible,
    runtime: () => runtime,
    async refresh(now, signal) {
      const recent = following && !stale && now - listedAt < relistMs && now >= listedAt;
      if (!recent) await serially(() => relist(now, signal));
    },
    async follow(emit, signal) {
      let failures = 0;
      while (!signal.aborted) {
        try {
          await session(emit, signal, () => {
            failures = 0;
          });
        } catch {
          // Why it can't be reached is told by the next refresh.
        }
        following = false;
        runtime = undefined;
        const most = Math.min(backoffMs.max, backoffMs.min * 2 ** failures++);
        await delay(most / 2 + (random() * most) / 2, undefined, { signal, ref: false }).catch(() => {});
      }
    },
  };
}

/** The engine answers several questions at once about as quickly as one. */
const atOnce = 4;

async function eachOf<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < list.length; at = next++) await work(list[at] as T);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, worker));
}

async function describe(engine: ContainerRuntime, id: string, signal: AbortSignal): Promise<ContainerInfo | undefined> {
  try {
    return await engine.describe(id, signal);
  } catch (error) {
    if (error instanceof RuntimeFailure && error.code === "not_found") return undefined;
    throw error;
  }
}

function rank(info: ContainerInfo): number {
  return (info.pid > 0 ? 2 : 0) + (isReplacementName(info.name) ? 0 : 1);
}

// Events may be read late, when an earlier answer of the engine showed their effect already.
function isSameRun(a: ContainerInfo | undefined, b: ContainerInfo | undefined): boolean {
  return a !== undefined && a.id === b?.id && a.startedAt === b.startedAt && a.finishedAt === b.finishedAt;
}

function changeOf(
  key: string,
  before: ContainerInfo | undefined,
  after: ContainerInfo | undefined,
  event: RuntimeEvent & { type: "container" },
  killed: boolean,
): { to: string; reason?: string } | undefined {
  if (!after)
    return before && { to: "gone", reason: event.action === "rename" ? `renamed to ${event.name}` : "removed" };
  const isIt = before?.id === event.id || after.id === event.id;
  if (event.action === "die" && before?.id === event.id) {
    const code = event.exitCode ?? after.exitCode;
    // It may run again by now; the start has an event of its own.
    const to = after.id !== event.id || after.state === "running" ? "exited" : after.state;
    return { to, reason: exitReason(code, killed || (after.id === event.id && after.oomKilled)) };
  }
  // By the time of the answer it may have ended; the end has an event of its own.
  const live = after.pid > 0 ? after.state : "running";
  if (event.action === "oom" && isIt) return { to: live, reason: "out of memory: the kernel killed a process" };
  if (event.action.startsWith("health_status") && isIt) return { to: after.state, reason: healthReason(after) };
  if (event.action === "start" && after.id === event.id) {
    return { to: live, reason: after.restartCount > 0 ? `restart ${after.restartCount}` : "started" };
  }
  if (before?.state === after.state && before.id === after.id) return undefined;
  if (before?.state === after.state && (key === event.name || key === baseName(event.name))) return undefined;
  return { to: after.state, reason: stateReason(after) };
}

/** "exit code 137, out of memory". */
export function exitReason(code: number, oomKilled: boolean): string {
  return `exit code ${code}${oomKilled ? ", out of memory" : ""}`;
}

/** "unhealthy: <last output of the check>". */
export function healthReason(info: ContainerInfo): string {
  if (!info.health) return "";
  return info.health === "unhealthy" && info.healthOutput ? `unhealthy: ${info.healthOutput}` : info.health;
}

/** Why a container is in its state, empty where there is nothing to say. */
export function stateReason(info: ContainerInfo): string {
  switch (info.state) {
    case "exited":
    case "dead":
    case "restarting":
      return exitReason(info.exitCode, info.oomKilled);
    case "running":
      return info.health === "unhealthy" ? healthReason(info) : "";
    default:
      return "";
  }
}
