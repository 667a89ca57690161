import { isDeepStrictEqual } from "node:util";
import type pg from "pg";
import type { Bus } from "../bus.ts";
import { isDataFault, withClient } from "../db/checkout.ts";
import { declareResources, findResources, type StoredResource } from "../db/queries/samples-resources.ts";
import { Failure } from "../failure.ts";
import type { Declaration } from "./ingest.ts";

const gatherMs = 4;
const maxRows = 4000;

type Waiting = {
  serverId: string;
  declarations: readonly Declaration[];
  resolve: (ids: number[]) => void;
  reject: (error: Error) => void;
};

/** Turns declarations into resource ids. */
export type Declarer = {
  declare(serverId: string, declarations: readonly Declaration[]): Promise<number[]>;
  /** A state change was stored: the next declaration of the resource is compared with it. */
  changed(serverId: string, kind: string, key: string, state: string): void;
  /** Forgets what is stored of a server: its next declaration reads it again. */
  forget(serverId: string): void;
};

/**
 * Gathers the declarations of all sessions for a few ms and makes them with one read and, for what is new or different,
 * one upsert. What was declared the same way before in a session costs nothing; after a reconnect it costs the read.
 * `newestReport`: newest report time of a server by its own clock; states begin there, because later changes carry that
 * clock's times.
 */
export function createDeclarer(
  pool: pg.Pool,
  bus: Bus,
  newestReport: (serverId: string) => number | undefined,
): Declarer {
  const known = new Map<string, Map<string, StoredResource>>();
  const waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running = false;

  function cached({ serverId, declarations }: Pick<Waiting, "serverId" | "declarations">): number[] | undefined {
    const resources = known.get(serverId);
    if (resources === undefined) return undefined;
    const ids: number[] = [];
    for (const declaration of declarations) {
      const stored = resources.get(nameOf(declaration));
      if (stored === undefined || !isSame(declaration, stored)) return undefined;
      ids.push(stored.id);
    }
    return ids;
  }

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (waiting.length > 0) {
      let rows = 0;
      const group: Waiting[] = [];
      while (waiting[0] !== undefined && (group.length === 0 || rows + waiting[0].declarations.length <= maxRows)) {
        rows += waiting[0].declarations.length;
        group.push(waiting.shift() as Waiting);
      }
      await settle(group);
    }
    running = false;
  }

  /** One bad declaration fails its own session only. */
  async function settle(group: Waiting[]): Promise<void> {
    try {
      await store(group);
    } catch (error) {
      if (group.length === 1 || !isDataFault(error)) {
        const failure = isForeignKey(error) ? deleted() : new Error("declare resources", { cause: error });
        for (const one of group) one.reject(failure);
        return;
      }
      const half = group.length >> 1;
      await settle(group.slice(0, half));
      await settle(group.slice(half));
      return;
    }
    for (const { serverId, declarations, resolve, reject } of group) {
      const resources = known.get(serverId);
      const ids = declarations.flatMap((declaration) => resources?.get(nameOf(declaration))?.id ?? []);
      if (ids.length === declarations.length) resolve(ids);
      else reject(deleted());
    }
  }

  async function store(group: readonly Waiting[]): Promise<void> {
    const wanted = new Map<string, { serverId: string; declaration: Declaration }>();
    for (const { serverId, declarations } of group) {
      for (const declaration of declarations) {
        const id = `${serverId}\0${nameOf(declaration)}`;
        const earlier = wanted.get(id)?.declaration;
        wanted.set(id, { serverId, declaration: earlier === undefined ? declaration : mergeTwo(earlier, declaration) });
      }
    }
    const events: Parameters<typeof bus.emit<"resource">>[1][] = [];
    await withClient(pool, async (client) => {
      const servers = [...new Set(group.map((one) => one.serverId))].filter((id) => !known.has(id));
      for (const stored of await findResources(client, servers)) remember(stored);
      for (const id of servers) if (!known.has(id)) known.set(id, new Map());
      const different = [...wanted.values()].filter(({ serverId, declaration }) => {
        const stored = known.get(serverId)?.get(nameOf(declaration));
        return stored === undefined || !isSame(declaration, stored);
      });
      if (different.length === 0) return;
      const made = await declareResources(
        client,
        different.map(({ serverId, declaration }) => ({ serverId, ...declaration, since: newestReport(serverId) })),
      );
      for (const stored of made) {
        remember(stored);
        const { serverId, id: resourceId, kind, key, state } = stored;
        events.push({ serverId, resourceId, kind, key, state, reason: "declared" });
      }
    });
    for (const event of events) bus.emit("resource", event);
  }

  function remember(stored: StoredResource): void {
    let resources = known.get(stored.serverId);
    if (resources === undefined) {
      resources = new Map();
      known.set(stored.serverId, resources);
    }
    resources.set(nameOf(stored), stored);
  }

  return {
    declare(serverId, declarations) {
      if (declarations.length === 0) return Promise.resolve([]);
      const ids = cached({ serverId, declarations });
      if (ids !== undefined) return Promise.resolve(ids);
      return new Promise((resolve, reject) => {
        waiting.push({ serverId, declarations, resolve, reject });
        if (running || timer !== undefined) return;
        timer = setTimeout(() => {
          timer = undefined;
          void run();
        }, gatherMs);
      });
    },
    changed(serverId, kind, key, state) {
      const stored = known.get(serverId)?.get(nameOf({ kind, key }));
      if (stored === undefined) return;
      stored.state = state;
      stored.gone = state === "gone";
    },
    forget: (serverId) => void known.delete(serverId),
  };
}

function nameOf({ kind, key }: { kind: string; key: string }): string {
  return `${kind}\0${key}`;
}

function mergeTwo(earlier: Declaration, later: Declaration): Declaration {
  const attributes =
    earlier.attributes === undefined && later.attributes === undefined
      ? undefined
      : { ...earlier.attributes, ...later.attributes };
  return { ...later, attributes, state: later.state ?? earlier.state };
}

function isSame(declaration: Declaration, stored: StoredResource): boolean {
  if (stored.gone || (declaration.state !== undefined && declaration.state !== stored.state)) return false;
  if (!isDeepStrictEqual({ ...declaration.labels }, stored.labels)) return false;
  for (const [name, value] of Object.entries(declaration.attributes ?? {})) {
    if (!isDeepStrictEqual(value, stored.attributes[name])) return false;
  }
  return true;
}

/** The server's row went while its agent still sent: no defect of ours. */
function deleted(): Failure {
  return new Failure("unauthenticated", "this server was deleted: enrol again");
}

function isForeignKey(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "23503";
}
