import { findKind, type Kind } from "@fairlead/shared/catalogue";
import { roundTo16Bits } from "@fairlead/shared/report-codec";
import type { Reading, StateEvent } from "../collectors/collector.ts";
import { boundedKey, type Resource, type ResourceTable, resourceId } from "./resource-table.ts";

/** The values of one resource in a report, in the catalogue's order and number. */
export type Part = { resource: Resource; values: Float32Array };

/** What the spool holds. Times in Unix ms. */
export type Entry =
  | { type: "report"; at: number; parts: Part[] }
  | { type: "change"; at: number; resource: Resource; from: string; to: string; reason: string };

/** An entry with its sequence number. */
export type Stored = { seq: number; entry: Entry };

/** Resources in one report at most: a pass over more becomes several reports of the same time. */
export const maxParts = 4000;

/** Makes reports out of readings; a resource that comes twice counts once, an infinite value is a missing one. */
export function reportEntries(readings: readonly Reading[], at: number, table: ResourceTable): Entry[] {
  const parts: Part[] = [];
  const seen = new Set<string>();
  for (const reading of readings) {
    const resource = table.observe(reading);
    if (resource === undefined || resource.valueCount === 0 || seen.has(resource.id)) continue;
    seen.add(resource.id);
    parts.push({ resource, values: wireValues(reading.kind, reading.values) });
  }
  const entries: Entry[] = [];
  for (let i = 0; i < parts.length || i === 0; i += maxParts) {
    entries.push({ type: "report", at, parts: parts.slice(i, i + maxParts) });
  }
  return entries;
}

/** Makes an entry of a state event; one that says "gone" takes the resource off the table. */
export function changeEntry(event: StateEvent, table: ResourceTable): Entry | undefined {
  const { kind, at, from = "", to, reason = "" } = event;
  const key = boundedKey(event.key);
  const gone = to === "gone";
  const id = resourceId(kind, key);
  const resource = table.get(id) ?? table.observe({ kind, key, ...(gone ? {} : { state: to }) });
  if (resource === undefined) return undefined;
  if (gone) table.remove(id);
  else resource.state = to;
  return { type: "change", at: Math.round(at), resource, from, to, reason };
}

/** Values as they go over the wire: catalogue length, rounded unless exact, NaN for what is missing or infinite. */
export function wireValues(kindName: string, values: ArrayLike<number>): Float32Array {
  const kind = findKind(kindName);
  const count = kind?.metrics.length ?? values.length;
  const exact = exactOf(kindName, kind);
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (value === undefined || !Number.isFinite(value)) out[i] = Number.NaN;
    else out[i] = exact[i] === 1 ? value : roundTo16Bits(value);
    if (out[i] === Number.POSITIVE_INFINITY || out[i] === Number.NEGATIVE_INFINITY) out[i] = Number.NaN;
  }
  return out;
}

/** For each metric of a kind, 1 where values keep all their bits. */
export function exactOf(name: string, kind: Kind | undefined = findKind(name)): Uint8Array {
  let flags = exactByKind.get(name);
  if (flags === undefined) {
    flags = Uint8Array.from(kind?.metrics ?? [], (metric) => (metric.exact ? 1 : 0));
    exactByKind.set(name, flags);
  }
  return flags;
}

const exactByKind = new Map<string, Uint8Array>();
