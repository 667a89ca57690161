import type pg from "pg";
import type { Bus } from "../bus.ts";
import { isDataFault, withClient } from "../db/checkout.ts";
import { type RawOutput, storeRaw } from "../db/queries/resource-raw.ts";
import { declareResources, findResources, type ResourceUpsert } from "../db/queries/samples-resources.ts";
import { Failure } from "../failure.ts";
import { differing, type Fingerprint, fingerprint, hashAt, hashOf, merged, noAttributes } from "./fingerprint.ts";
import type { Declaration } from "./ingest.ts";

const gatherMs = 4;
const maxRows = 4000;

type Waiting = {
  serverId: string;
  declarations: readonly Printed[];
  resolve: (ids: number[]) => void;
  reject: (error: Error) => void;
};

/** A declaration with what is compared of it. */
type Printed = Declaration & { name: string; labelsHash: string; print: Fingerprint };

/** A resource as it is stored, as far as declarations are compared with it: not the attributes themselves. */
type Known = { id: number; state: string | null; gone: boolean; labelsHash: string; print: Fingerprint };

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
  const known = new Map<string, Map<string, Known>>();
  const waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  let running = false;

  function cached(serverId: string, declarations: readonly Printed[]): number[] | undefined {
    const resources = known.get(serverId);
    if (resources === undefined) return undefined;
    const ids: number[] = [];
    for (const declaration of declarations) {
      const stored = resources.get(declaration.name);
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
      const ids = declarations.flatMap(({ name }) => resources?.get(name)?.id ?? []);
      if (ids.length === declarations.length) resolve(ids);
      else reject(deleted());
    }
  }

  async function store(group: readonly Waiting[]): Promise<void> {
    const wanted = new Map<string, Wanted>();
    for (const { serverId, declarations } of group) {
      for (const declaration of declarations) {
        const id = `${serverId}\0${declaration.name}`;
        const earlier = wanted.get(id)?.declaration;
        wanted.set(id, { serverId, declaration: earlier === undefined ? declaration : mergeTwo(earlier, declaration) });
      }
    }
    const events: Parameters<typeof bus.emit<"resource">>[1][] = [];
    await withClient(pool, async (client) => {
      await learn(client, group);
      const different = [...wanted.values()].filter(({ serverId, declaration }) => {
        const stored = known.get(serverId)?.get(declaration.name);
        return stored === undefined || !isSame(declaration, stored);
      });
      if (different.length === 0) return;
      const made = await declareResources(
        client,
        different.map((each) => toUpsert(each, find(each), newestReport(each.serverId))),
      );
      const byName = new Map(different.map((each) => [`${each.serverId}\0${each.declaration.name}`, each]));
      const found = made.flatMap((stored) => {
        const each = byName.get(`${stored.serverId}\0${nameOf(stored)}`);
        return each === undefined ? [] : [{ stored, each }];
      });
      await storeRaw(
        client,
        found.flatMap(({ stored, each }) => rawOf(stored.id, each.declaration, find(each)) ?? []),
      );
      for (const { stored, each } of found) {
        const { serverId, id, kind, key, state, gone } = stored;
        const { labelsHash, print, name } = each.declaration;
        const now = merged(find(each)?.print ?? noAttributes, print);
        remember(serverId, name, { id, state, gone, labelsHash, print: now });
        events.push({ serverId, resourceId: id, kind, key, state, reason: "declared" });
      }
    });
    for (const event of events) bus.emit("resource", event);
  }

  /** Reads what is stored of the servers that nothing is known of. */
  async function learn(client: pg.PoolClient, group: readonly Waiting[]): Promise<void> {
    const servers = [...new Set(group.map((one) => one.serverId))].filter((id) => !known.has(id));
    for (const { serverId, id, state, gone, labels, attributes, rawHash, ...named } of await findResources(
      client,
      servers,
    )) {
      const print = fingerprint(attributes, rawHash === null ? {} : { raw: rawHash });
      remember(serverId, nameOf(named), { id, state, gone, labelsHash: hashOf(labels), print });
    }
    for (const id of servers) if (!known.has(id)) known.set(id, new Map());
  }

  function find({ serverId, declaration }: Wanted): Known | undefined {
    return known.get(serverId)?.get(declaration.name);
  }

  function remember(serverId: string, name: string, stored: Known): void {
    let resources = known.get(serverId);
    if (resources === undefined) {
      resources = new Map();
      known.set(serverId, resources);
    }
    resources.set(name, stored);
  }

  return {
    declare(serverId, given) {
      if (given.length === 0) return Promise.resolve([]);
      const declarations = given.map(printed);
      const ids = cached(serverId, declarations);
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

type Wanted = { serverId: string; declaration: Printed };

function printed(declaration: Declaration): Printed {
  const { labels, attributes } = declaration;
  const print = attributes === undefined ? noAttributes : fingerprint(attributes);
  return { ...declaration, name: nameOf(declaration), labelsHash: hashOf(labels), print };
}

function mergeTwo(earlier: Printed, later: Printed): Printed {
  const attributes =
    earlier.attributes === undefined && later.attributes === undefined
      ? undefined
      : { ...earlier.attributes, ...later.attributes };
  return { ...later, attributes, state: later.state ?? earlier.state, print: merged(earlier.print, later.print) };
}

function isSame({ state, labelsHash, print }: Printed, stored: Known): boolean {
  if (stored.gone || (state !== undefined && state !== stored.state) || labelsHash !== stored.labelsHash) return false;
  return differing(print, stored.print).length === 0;
}

/** The row to write; attributes that are stored as they are stay out of it, as does the raw output. */
function toUpsert({ serverId, declaration }: Wanted, stored: Known | undefined, since: number | undefined) {
  const { kind, key, labels, state, print } = declaration;
  const changed = differing(print, stored?.print ?? noAttributes).some((name) => name !== rawIn(kind));
  const { raw, ...others } = declaration.attributes ?? {};
  const attributes = rawIn(kind) === undefined ? declaration.attributes : others;
  const upsert: ResourceUpsert = { serverId, kind, key, labels, attributes, state, since };
  return changed ? upsert : { ...upsert, attributes: undefined };
}

/** What the tool printed, where it is not what is stored; it lies in a table of its own, because it rarely changes. */
function rawOf(id: number, { kind, attributes, print }: Printed, stored: Known | undefined): RawOutput | undefined {
  const name = rawIn(kind);
  const given = name === undefined ? undefined : hashAt(print, name);
  if (given === undefined || (stored !== undefined && given === hashAt(stored.print, "raw"))) return undefined;
  const text = attributes?.raw;
  return { resourceId: id, hash: given, base64: typeof text === "string" ? text : "" };
}

/** The attribute that holds raw output of a tool in base64. */
function rawIn(kind: string): "raw" | undefined {
  return kind === "drive" ? "raw" : undefined;
}

/** The server's row went while its agent still sent: no defect of ours. */
function deleted(): Failure {
  return new Failure("unauthenticated", "this server was deleted: enrol again");
}

function isForeignKey(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "23503";
}
