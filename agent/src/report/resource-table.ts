import { createHash } from "node:crypto";
import { findKind } from "@fairlead/shared/catalogue";
import type { Reading } from "../collectors/collector.ts";

/** A resource as it is declared to the server. `version` rises whenever labels or attributes change. */
export type Resource = {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  readonly labels: Record<string, string>;
  readonly attributesJson: string | undefined;
  readonly valueCount: number;
  readonly version: number;
  /** Present state in the kind's words; a change alone makes no new version, it goes as a StateChange. */
  state: string | undefined;
};

const bounds = { labels: 64, label: 256, attributes: 64 * 1024 } as const;

/** The resources that this host has now. */
export class ResourceTable {
  readonly #byId = new Map<string, Resource>();
  readonly #attributes = new Map<string, object>();
  readonly #hostLabels: Record<string, string>;
  #version = 0;

  /** `hostLabels` are put on the host resource. */
  constructor(hostLabels: Record<string, string> = {}) {
    this.#hostLabels = hostLabels;
  }

  get(id: string): Resource | undefined {
    return this.#byId.get(id);
  }

  get size(): number {
    return this.#byId.size;
  }

  /** The resource of a reading, renewed when what it says of itself changed. Undefined: kind unknown or key empty. */
  observe(reading: Pick<Reading, "kind" | "key" | "labels" | "attributes" | "state">): Resource | undefined {
    const kind = findKind(reading.kind);
    if (kind === undefined || reading.key === "") return undefined;
    const key = boundedKey(reading.key);
    const id = resourceId(reading.kind, key);
    const known = this.#byId.get(id);
    const given = reading.labels ?? known?.labels ?? {};
    const labels = bounded(reading.kind === "host" ? { ...this.#hostLabels, ...given } : given);
    const attributesJson = this.#attributesOf(id, reading.attributes, known);
    if (known && attributesJson === known.attributesJson && sameLabels(labels, known.labels)) {
      if (reading.state !== undefined) known.state = reading.state;
      return known;
    }
    const state = reading.state ?? known?.state;
    const version = ++this.#version;
    const valueCount = kind.metrics.length;
    const resource: Resource = { id, kind: reading.kind, key, labels, attributesJson, valueCount, version, state };
    this.#byId.set(id, resource);
    return resource;
  }

  remove(id: string): void {
    this.#byId.delete(id);
    this.#attributes.delete(id);
  }

  #attributesOf(id: string, attributes: object | undefined, known: Resource | undefined): string | undefined {
    if (attributes === undefined) return known?.attributesJson;
    if (known && this.#attributes.get(id) === attributes) return known.attributesJson;
    this.#attributes.set(id, attributes);
    const json = JSON.stringify(attributes);
    return json.length <= bounds.attributes && Buffer.byteLength(json) <= bounds.attributes
      ? json
      : known?.attributesJson;
  }
}

export function resourceId(kind: string, key: string): string {
  return `${kind}\0${key}`;
}

/** Keys over 512 bytes are cut and end in a hash of the whole. */
export function boundedKey(key: string): string {
  if (key.length <= 170 || Buffer.byteLength(key) <= 512) return key;
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 16);
  return `${Buffer.from(key)
    .subarray(0, 480)
    .toString("utf8")
    .replace(/\ufffd+$/, "")}~${hash}`;
}

/** Labels within what the server takes: 64 of them, 256 bytes each; the same object when they are. */
function bounded(labels: Record<string, string>): Record<string, string> {
  const entries = Object.entries(labels);
  if (entries.length <= bounds.labels && entries.every((pair) => pair.every((text) => text.length <= 85)))
    return labels;
  return Object.fromEntries(entries.slice(0, bounds.labels).map(([name, value]) => [cut(name), cut(value)]));
}

function cut(text: string): string {
  return Buffer.byteLength(text) <= bounds.label
    ? text
    : Buffer.from(text)
        .toString("utf8", 0, bounds.label - 3)
        .replace(/\ufffd+$/, "");
}

function sameLabels(a: Record<string, string>, b: Record<string, string>): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
