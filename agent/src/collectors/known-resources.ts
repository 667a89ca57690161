import type { KindName } from "@fairlead/shared/catalogue";
import { blankReport, quantiseInto } from "../report/quantise.ts";
import type { Reading, StateEvent } from "./collector.ts";

/**
 * One run of a collector; without kinds it owns none: then nothing is gone and new resources are no change.
 * `serial` is what `begin` gave when it started: later events know better than its readings.
 */
export type Run = {
  collector: string;
  kinds: readonly KindName[];
  serial: number;
  readings: readonly Reading[];
  /** True for what is not gone, though no reading tells of it. */
  keeps?: ((kind: KindName, key: string) => boolean) | undefined;
};

/** What a pass gathers: one reading a resource, merged from all collectors that contribute to it, and the changes. */
export type Gathered = { readings: Map<object, Reading>; changes: StateEvent[] };

/** What an agent remembers of a resource over its own restart, to tell what changed or vanished meanwhile. */
export type Remembered = { kind: KindName; key: string; state: string | undefined; collectors: readonly string[] };

/** What one collector said of a resource. */
type Part = { labels: Record<string, string>; attributes: Record<string, unknown>; text: string; run: number };

type Resource = {
  kind: KindName;
  key: string;
  parts: Map<string, Part>;
  labels: Record<string, string>;
  attributes: Record<string, unknown>;
  state: string | undefined;
  /** Serial of the last event about it, 0 without. */
  event: number;
};

const longestKey = 512;
const none: Record<string, never> = {};

/**
 * The resources that the agent knows and their states, so that each change is told once, whether a pass finds it or a
 * watch tells it. Labels and attributes of a reading are the same objects as before while nothing in them changed.
 */
export function createKnownResources(remembered: readonly Remembered[] = []) {
  const byKind = new Map<KindName, Map<string, Resource>>();
  const succeeded = new Set<string>();
  let serial = 0;
  let runs = 0;
  /** Rises whenever what `remember` returns changes. */
  let version = 0;

  for (const { kind, key, state, collectors } of remembered) {
    const { parts } = add(kind, key, state);
    for (const name of collectors) parts.set(name, { labels: none, attributes: none, text: "{}", run: 0 });
  }

  function ofKind(kind: KindName): Map<string, Resource> {
    const found = byKind.get(kind) ?? new Map<string, Resource>();
    byKind.set(kind, found);
    return found;
  }

  function add(kind: KindName, key: string, state: string | undefined): Resource {
    const resource = { kind, key, parts: new Map(), labels: none, attributes: none, state, event: 0 };
    ofKind(kind).set(key, resource);
    version++;
    return resource;
  }

  /** Takes the readings of a successful run. What the run no longer tells of is gone when no other collector does. */
  function take(run: Run, at: number, gathered: Gathered): void {
    runs++;
    const news = run.kinds.length > 0 && succeeded.has(run.collector);
    for (const reading of run.readings) {
      if (reading.key === "" || Buffer.byteLength(reading.key) > longestKey) continue;
      takeReading(run, reading, at, news, gathered);
    }
    succeeded.add(run.collector);
    for (const kind of run.kinds) sweep(kind, run, at, gathered.changes);
  }

  function takeReading(run: Run, reading: Reading, at: number, news: boolean, gathered: Gathered): void {
    const { kind, key, state, reason } = reading;
    let resource = ofKind(kind).get(key);
    const overtaken = resource !== undefined && resource.event > run.serial;
    if (overtaken && resource?.state === "gone") return;
    const isNew = resource === undefined;
    resource ??= add(kind, key, undefined);
    if (state !== undefined && !overtaken && state !== resource.state) {
      if (!isNew || news) gathered.changes.push(change(resource, at, state, reason));
      resource.state = state;
      version++;
    }
    describe(resource, run.collector, reading);
    let merged = gathered.readings.get(resource);
    if (merged === undefined) {
      merged = { kind, key, values: blankReport(kind) };
      gathered.readings.set(resource, merged);
    }
    quantiseInto(kind, reading.values, merged.values as Float32Array);
    merged.labels = resource.labels;
    merged.attributes = resource.attributes;
    if (resource.state !== undefined) merged.state = resource.state;
    if (reason !== undefined && !overtaken) merged.reason = reason;
  }

  function describe(resource: Resource, collector: string, reading: Reading): void {
    const part = resource.parts.get(collector);
    const labels = reading.labels ?? part?.labels ?? none;
    const attributes = reading.attributes ?? part?.attributes ?? none;
    if (part !== undefined) {
      part.run = runs;
      const sameAttributes = attributes === part.attributes || JSON.stringify(attributes) === part.text;
      if (sameAttributes && sameLabels(labels, part.labels)) return;
    }
    resource.parts.set(collector, { labels, attributes, text: JSON.stringify(attributes), run: runs });
    const parts = [...resource.parts.values()];
    resource.labels = Object.assign({}, ...parts.map((one) => one.labels));
    resource.attributes = Object.assign({}, ...parts.map((one) => one.attributes));
  }

  function sweep(kind: KindName, run: Run, at: number, changes: StateEvent[]): void {
    for (const resource of ofKind(kind).values()) {
      const part = resource.parts.get(run.collector);
      if (part === undefined || part.run === runs || resource.event > run.serial) continue;
      if (run.keeps?.(kind, resource.key)) continue;
      resource.parts.delete(run.collector);
      if (resource.parts.size > 0) continue;
      ofKind(kind).delete(resource.key);
      version++;
      if (resource.state !== "gone") changes.push(change(resource, at, "gone"));
    }
  }

  /** Takes what a watch saw. Returns the event with the state before, or undefined when it is no news. */
  function hear(collector: string, event: StateEvent): StateEvent | undefined {
    const known = ofKind(event.kind).get(event.key);
    if (known === undefined && event.to === "gone") return undefined;
    const resource = known ?? add(event.kind, event.key, event.from);
    if (!resource.parts.has(collector)) {
      resource.parts.set(collector, { labels: none, attributes: none, text: "{}", run: runs });
    }
    resource.event = ++serial;
    if (resource.state === event.to) return undefined;
    const told = { ...event, ...(resource.state === undefined ? {} : { from: resource.state }) };
    resource.state = event.to;
    version++;
    return told;
  }

  /** Changes a state outside a run. */
  function setState(kind: KindName, key: string, at: number, state: string, changes: StateEvent[]): void {
    const resource = ofKind(kind).get(key);
    if (resource === undefined || resource.state === state) return;
    changes.push(change(resource, at, state));
    resource.state = state;
  }

  /** What to give to the next agent run; resources that no collector owns are left out. */
  function remember(): Remembered[] {
    return [...byKind.values()].flatMap((resources) =>
      [...resources.values()].flatMap(({ kind, key, state, parts }) => {
        const collectors = [...parts.keys()].filter((name) => name !== "");
        return collectors.length === 0 || state === "gone" ? [] : [{ kind, key, state, collectors }];
      }),
    );
  }

  return { begin: () => serial, take, hear, setState, remember, version: () => version };
}

function change(resource: Resource, at: number, to: string, reason?: string): StateEvent {
  return {
    kind: resource.kind,
    key: resource.key,
    at,
    ...(resource.state === undefined ? {} : { from: resource.state }),
    to,
    ...(reason === undefined ? {} : { reason }),
  };
}

function sameLabels(one: Record<string, string>, other: Record<string, string>): boolean {
  if (one === other) return true;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
