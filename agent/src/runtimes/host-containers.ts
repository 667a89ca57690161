import type { Host } from "../host/host.ts";
import { type ContainerChange, type ContainerTable, createContainerTable } from "./container-table.ts";
import type { Candidate } from "./discover.ts";
import { type Runtimes, runtimesOf } from "./index.ts";
import { createReplacements, type IsReplaced } from "./replacements.ts";
import { type ContainerInfo, type ContainerRuntime, RuntimeFailure } from "./runtime.ts";

/** A container of a host. `key`: that of its resource. `engine`: absent while its runtime does not answer. */
export type HostContainer = { key: string; info: ContainerInfo; runtime: string; engine: ContainerRuntime | undefined };

/** The containers of all runtimes of a host; `visible` has them by key. */
export type HostContainers = Pick<ContainerTable, "refresh" | "visible" | "follow"> & {
  list(): HostContainer[];
  /** How each runtime fared at the last refresh; those that are known, whether they answer or not. */
  runtimes(): RuntimeState[];
  /** `heard` is called when images, volumes or networks changed, or a runtime came or went, until the signal aborts. */
  onHoldings(heard: () => void, signal: AbortSignal): void;
};

export type RuntimeState = {
  name: string;
  /** In front of its resources' keys. */
  prefix: string;
  shown: string;
  foreign: boolean;
  engine: ContainerRuntime | undefined;
  /** Why it did not answer. */
  failure: Error | undefined;
};

type Entry = {
  candidate: Candidate;
  table: ContainerTable;
  failure: Error | undefined;
  /** Was there once. */
  seen: boolean;
  following: AbortController | undefined;
};

/** One engine that hangs must not make the others late. */
const refreshMs = 5_000;
const mostForeign = 200;
const nameForm = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/;
const idForm = /^[0-9a-f]{64}$/;

const tables = new WeakMap<Host, HostContainers>();

/** The containers of a host: one table for all collectors that want to know of them, so that the engines are asked once. */
export function containersOf(host: Host): HostContainers {
  const known = tables.get(host) ?? createHostContainers(runtimesOf(host), createReplacements(host.stateDir));
  tables.set(host, known);
  return known;
}

/** Makes the tables of these runtimes; each begins when its runtime appears. */
export function createHostContainers(runtimes: Runtimes, isReplaced?: IsReplaced): HostContainers {
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();
  let follower: { emit: (change: ContainerChange) => void; signal: AbortSignal } | undefined;

  function tell(): void {
    for (const heard of listeners) heard();
  }

  async function settle(): Promise<void> {
    const found = await runtimes.candidates();
    for (const candidate of found) {
      const known = entries.get(candidate.name);
      if (known) known.candidate = candidate;
      else entries.set(candidate.name, begin(candidate));
    }
    for (const [name, entry] of entries) {
      if (found.some((one) => one.name === name)) continue;
      // A user who left has taken his containers along; what the system had is missed.
      if (entry.seen && !entry.candidate.foreign) continue;
      entry.following?.abort();
      entries.delete(name);
    }
    for (const [name, entry] of entries) followOne(name, entry);
  }

  function begin(candidate: Candidate): Entry {
    const made: Entry = {
      candidate,
      // The candidate is looked up when it opens: a later look may have found another socket.
      table: createContainerTable({
        open: () => runtimes.open(made.candidate),
        onHoldings: tell,
        ...(isReplaced === undefined ? {} : { isReplaced }),
      }),
      failure: undefined,
      seen: false,
      following: undefined,
    };
    return made;
  }

  function followOne(name: string, entry: Entry): void {
    if (follower === undefined || follower.signal.aborted || entry.following) return;
    const { emit, signal } = follower;
    const mine = new AbortController();
    entry.following = mine;
    signal.addEventListener("abort", () => mine.abort(), { once: true });
    const told = (change: ContainerChange) => {
      if (entry.candidate.foreign && !nameForm.test(change.key)) return;
      emit({ ...change, key: runtimes.prefix(name) + change.key });
    };
    void entry.table.follow(told, mine.signal);
  }

  async function refreshOne(entry: Entry, now: number, signal: AbortSignal): Promise<void> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(refreshMs)]);
    const before = entry.seen && entry.failure === undefined;
    try {
      await unlessAborted(entry.table.refresh(now, limited), limited, entry.candidate.shown);
      entry.failure = undefined;
      entry.seen = true;
    } catch (error) {
      entry.failure = error instanceof Error ? error : new Error(String(error));
    }
    if (before !== (entry.failure === undefined)) tell();
  }

  function list(): HostContainer[] {
    return [...entries].flatMap(([name, { table, candidate }]) => {
      const own = [...table.visible()].map(([key, info]) => {
        return { key: runtimes.prefix(name) + key, info, runtime: name, engine: table.runtime() };
      });
      return candidate.foreign ? own.filter(isSound).slice(0, mostForeign).map(withoutPaths) : own;
    });
  }

  return {
    list,
    visible: () => new Map(list().map(({ key, info }) => [key, info])),
    runtimes: () =>
      [...entries].map(([name, { candidate, table, failure }]) => {
        const { shown, foreign } = candidate;
        const engine = failure ? undefined : table.runtime();
        return { name, prefix: runtimes.prefix(name), shown, foreign, engine, failure };
      }),
    async refresh(now, signal) {
      await settle();
      if (entries.size === 0) throw new RuntimeFailure("absent", `no container engine: none of ${runtimes.places}`);
      await Promise.all([...entries.values()].map((entry) => refreshOne(entry, now, signal)));
      const failures = [...entries.values()].flatMap(({ failure }) => failure ?? []);
      const [only] = failures;
      if (only === undefined) return;
      if (failures.length === 1) throw only;
      throw new RuntimeFailure("unreachable", failures.map(({ message }) => message).join("; "));
    },
    async follow(emit, signal) {
      follower = { emit, signal };
      await settle().catch(() => {});
    },
    onHoldings(heard, signal) {
      listeners.add(heard);
      signal.addEventListener("abort", () => listeners.delete(heard), { once: true });
    },
  };
}

// What another user's engine says may be made up to become something else's key or counters.
function isSound({ info }: HostContainer): boolean {
  return nameForm.test(info.name) && idForm.test(info.id);
}

function withoutPaths(one: HostContainer): HostContainer {
  return { ...one, info: { ...one.info, mountSources: [] } };
}

function unlessAborted(work: Promise<void>, signal: AbortSignal, shown: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new RuntimeFailure("unreachable", `the engine at ${shown} did not answer in time`));
    if (signal.aborted) late();
    signal.addEventListener("abort", late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", late));
  });
}
