import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../host/host.ts";
import { writeFileAtomic } from "../state-file.ts";
import { type Candidate, createDiscover, type DiscoverOptions, placesOf } from "./discover.ts";
import { unlessGone } from "./docker/failure.ts";
import { openDocker } from "./docker.ts";
import { ownContainerId } from "./own-container.ts";
import { type ContainerRuntime, RuntimeFailure } from "./runtime.ts";

export type { RuntimeSettings } from "./discover.ts";

/** A container as a command names it: "NAME" or an id, or "RUNTIME/NAME". `key` is that of its resource. */
export type Found = { runtime: ContainerRuntime; id: string; name: string; key: string };

/** The container runtimes of this host, each opened on first use and again after it failed. */
export type RuntimeSet = {
  /**
   * Those that answer now; the first is the one whose containers are named without it. Those of other users are not among
   * them: what they hold is only what their user says.
   */
  all(): Promise<ContainerRuntime[]>;
  /** Throws RuntimeFailure "absent" where there is none of that name, or none at all. Empty: the first. */
  get(name: string): Promise<ContainerRuntime>;
  /** Throws RuntimeFailure "not_found", "conflict" for an id that two have. */
  resolve(container: string, signal: AbortSignal): Promise<Found>;
};

/** A RuntimeSet that also tells what there may be. */
export type Runtimes = RuntimeSet & {
  /** What there may be, whether it answers or not. Nearly free where nothing is there. */
  candidates(): Promise<Candidate[]>;
  /** Throws RuntimeFailure. */
  open(candidate: Candidate): Promise<ContainerRuntime>;
  /** In front of the keys of that runtime's resources: empty for the first. */
  prefix(name: string): string;
  /** Where was looked, for people. */
  places: string;
};

/** `stateDir`: where is kept which runtime is the first. */
export type RuntimesOptions = DiscoverOptions & { stateDir?: string | undefined };

const openMs = 5_000;
/** What was silent before has to be quicker: every look waits for it. */
const doubtedMs = 1_500;
/** What did not answer in time is not asked again before. */
const silentMs = 5_000;
const idForm = /^[0-9a-f]{12,64}$/;

const known = new WeakMap<Host, Runtimes>();

/** The runtimes of a host: one set for all that want to know of them. */
export function runtimesOf(host: Host): Runtimes {
  const made = known.get(host) ?? createRuntimes({ ...host, configured: host.runtimes });
  known.set(host, made);
  return made;
}

/** Makes the set; nothing is looked for before it is asked. */
export function createRuntimes(options: RuntimesOptions): Runtimes {
  const discover = createDiscover(options);
  const first = createFirst(options);
  const silent = new Map<string, { until: number; failure: unknown }>();
  const places = placesOf(options);

  async function candidates(): Promise<Candidate[]> {
    const found = await discover();
    first.settle(found);
    return found.sort((a, b) => Number(b.name === first.name()) - Number(a.name === first.name()));
  }

  async function open(candidate: Candidate): Promise<ContainerRuntime> {
    const { name, type, socket, shown, foreign, failure } = candidate;
    if (failure) throw failure;
    const known = silent.get(socket);
    if (known && performance.now() < known.until) throw known.failure;
    const patience = known ? doubtedMs : openMs;
    const began = performance.now();
    try {
      const made = { name, type, socket, shown, foreign, ownContainerId: foreign ? undefined : ownContainerId() };
      const runtime = await openDocker(made, AbortSignal.timeout(patience));
      silent.delete(socket);
      return runtime;
    } catch (error) {
      const ended = performance.now();
      if (ended - began > patience / 2) silent.set(socket, { until: ended + silentMs, failure: error });
      else silent.delete(socket);
      throw error;
    }
  }

  async function get(name: string): Promise<ContainerRuntime> {
    const found = await candidates();
    const wanted = name === "" ? first.name() : name;
    const candidate = found.find((one) => one.name === wanted);
    if (candidate) return await open(candidate);
    if (wanted !== undefined && wanted === first.name()) {
      throw new RuntimeFailure(
        "absent",
        `the container runtime ${wanted} of this host is away, none of ${places} is there: start it`,
      );
    }
    const others = found.map((one) => one.name).join(", ");
    const what =
      wanted === undefined || wanted === "" ? "no container runtime" : `no container runtime ${JSON.stringify(wanted)}`;
    const remedy = others === "" ? "" : `: name one of ${others}`;
    throw new RuntimeFailure("absent", `this host has ${what} that the agent can reach${remedy}`);
  }

  async function all(): Promise<ContainerRuntime[]> {
    const own = (await candidates()).filter(({ foreign }) => !foreign);
    const opened = await Promise.all(own.map((one) => open(one).catch(() => undefined)));
    return opened.filter((one) => one !== undefined);
  }

  const prefix = (name: string) => (name === first.name() ? "" : `${name}/`);

  async function found(runtime: ContainerRuntime, container: string, signal: AbortSignal): Promise<Found> {
    const { id, name } = await runtime.describe(container, signal);
    return { runtime, id, name, key: prefix(runtime.name) + name };
  }

  return {
    candidates,
    open,
    prefix,
    places,
    get,
    all,
    async resolve(container, signal) {
      const at = container.indexOf("/");
      if (at >= 0) return await found(await get(container.slice(0, at)), container.slice(at + 1), signal);
      if (idForm.test(container)) return await byId(container, signal);
      const runtime = await get("");
      return await found(runtime, container, signal).catch(async (error) => {
        throw (await elsewhere(container, runtime, signal)) ?? error;
      });
    },
  };

  async function byId(id: string, signal: AbortSignal): Promise<Found> {
    const opened = await all();
    if (opened.length === 0) return await found(await get(""), id, signal);
    const asked = opened.map((one) => found(one, id, signal).catch(unlessGone));
    const hits = (await Promise.all(asked)).filter((hit) => hit !== undefined);
    const [hit, second] = hits;
    if (hit === undefined) return await found(await get(""), id, signal);
    if (second === undefined) return hit;
    const names = hits.map(({ runtime, name }) => `${runtime.name}/${name}`).join(" and ");
    throw new RuntimeFailure("conflict", `${id} is ${names}: name one of them like that`);
  }

  /** The failure that says where else a container of that name is. */
  async function elsewhere(
    name: string,
    but: ContainerRuntime,
    signal: AbortSignal,
  ): Promise<RuntimeFailure | undefined> {
    const others = (await all()).filter((one) => one.name !== but.name);
    for (const other of others) {
      const list = await other.list(signal).catch(() => []);
      if (!list.some((one) => one.name === name)) continue;
      const text = `${but.name} has no container ${name}, ${other.name} has: name it ${other.name}/${name}`;
      return new RuntimeFailure("not_found", text);
    }
    return undefined;
  }
}

/**
 * Which runtime is the first. Once there was one it stays the first, even while it is away and over restarts: the
 * containers of the others would have other keys, and their history would end.
 */
function createFirst({ configured = [], stateDir }: RuntimesOptions) {
  const file = stateDir === undefined ? undefined : join(stateDir, "runtimes.json");
  let name = configured[0]?.name ?? remembered(file);
  return {
    name: () => name,
    settle(found: readonly Candidate[]) {
      if (name !== undefined) return;
      name = found.find(({ foreign, failure }) => !foreign && !failure)?.name;
      if (name === undefined || file === undefined) return;
      try {
        writeFileAtomic(file, `${JSON.stringify({ first: name })}\n`);
      } catch {
        // Found again after the next start.
      }
    },
  };
}

function remembered(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    const { first } = JSON.parse(readFileSync(file, "utf8")) as { first?: unknown };
    return typeof first === "string" && first !== "" ? first : undefined;
  } catch {
    return undefined;
  }
}

/** The set that consists of what `open` gives. */
export function singleRuntime(open: () => Promise<ContainerRuntime | undefined>): RuntimeSet {
  async function get(name: string): Promise<ContainerRuntime> {
    const found = await open();
    if (found === undefined || (name !== "" && found.name !== name)) {
      const what = name === "" ? "no container runtime" : `no container runtime ${JSON.stringify(name)}`;
      throw new RuntimeFailure("absent", `this host has ${what} that the agent can reach`);
    }
    return found;
  }
  return {
    get,
    async all() {
      const found = await open();
      return found === undefined ? [] : [found];
    },
    async resolve(container, signal) {
      const at = container.indexOf("/");
      const runtime = await get(container.slice(0, Math.max(0, at)));
      const { id, name } = await runtime.describe(container.slice(at + 1), signal);
      return { runtime, id, name, key: name };
    },
  };
}
