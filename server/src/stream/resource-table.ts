import type { pb } from "@fairlead/proto";
import { findKind } from "@fairlead/shared/catalogue";
import { decodeValues, freshBits, type Packed } from "@fairlead/shared/report-codec";
import type { Point } from "../bus.ts";
import type { Declaration } from "../ingest/ingest.ts";
import { cleanText, parseObject } from "./clean-text.ts";

/** What one session may declare. */
export const limits = {
  resources: 10_000,
  /** Refused ones included; beyond, the session ends. */
  declared: 250_000,
  keyBytes: 512,
  labels: 64,
  labelBytes: 256,
  attributesBytes: 64 * 1024,
  stateChars: 64,
  valueCount: 1024,
};

/** A resource that a session declared. `id` is 0 until the database gave one. */
export type Entry = { id: number; kind: string; key: string; count: number; width: number; previous: Uint32Array };

type Upserted =
  | { type: "accepted"; entry: Entry; declaration: Declaration }
  | { type: "refused"; reason: string }
  | Broken;

/** The agent broke the contract, or passed a bound. */
type Broken = { type: "broken"; message: string; bound?: true };

type Decoded = { type: "points"; points: Point[]; values: number; infinite: number; refused: number } | Broken;

/** The session-local indexes of resources. */
export type ResourceTable = {
  readonly accepted: number;
  /** `known`: whether the server has that resource already, asked when the bound is reached. */
  upsert(frame: pb.ResourceUpsert.$Properties, known: (kind: string, key: string) => boolean): Upserted;
  /** The entry; "refused" for a refused one; undefined for one never declared. */
  find(index: number): Entry | "refused" | undefined;
  decode(frame: pb.Report.$Properties): Decoded;
};

export function createResourceTable(): ResourceTable {
  /** Refused ones keep only the length of their values, so that these can be skipped. */
  const rows: (Entry | number)[] = [];
  const stamps: number[] = [];
  const scratch = new Map<number, Packed>();
  let accepted = 0;
  let stamp = 0;

  function upsert(frame: pb.ResourceUpsert.$Properties, known: (kind: string, key: string) => boolean): Upserted {
    const count = frame.valueCount ?? 0;
    const index = frame.index ?? 0;
    if (index > rows.length) return broken(`index ${index} before ${rows.length}: indexes are dense`);
    if (index >= limits.declared) return { type: "broken", message: `over ${limits.declared} resources`, bound: true };
    if (count > limits.valueCount) return broken(`value_count ${count} is over ${limits.valueCount}`);
    const old = rows[index];
    const oldCount = typeof old === "number" ? old : old?.count;
    if (oldCount !== undefined && oldCount !== count) return broken(`index ${index} changed its value_count`);
    const declaration = readDeclaration(frame);
    if (typeof old === "object") return redeclare(index, old, declaration);
    const refuse = (reason: string): Upserted => {
      rows[index] = count;
      return { type: "refused", reason };
    };
    if (typeof declaration === "string") return refuse(declaration);
    // One that was refused before: its values were not followed, so it stays refused in this session.
    if (old !== undefined) return refuse("refused_before");
    if (accepted >= limits.resources || !known(declaration.kind, declaration.key)) return refuse("too_many_resources");
    accepted++;
    const { kind, key } = declaration;
    const width = findKind(kind)?.metrics.length ?? 0;
    const entry = { id: 0, kind, key, count, width, previous: freshBits(count) };
    rows[index] = entry;
    return { type: "accepted", entry, declaration };
  }

  function skipPart(count: number): Packed {
    let part = scratch.get(count);
    if (part === undefined) {
      part = { values: new Float32Array(count), previous: freshBits(count) };
      scratch.set(count, part);
    }
    return part;
  }

  function decode(frame: pb.Report.$Properties): Decoded {
    const indexes = frame.resources ?? [];
    stamp++;
    let total = 0;
    for (const index of indexes) {
      const row = rows[index];
      if (row === undefined) return broken(`names resource ${index}, which was not declared`);
      if (stamps[index] === stamp) return broken(`names resource ${index} twice`);
      stamps[index] = stamp;
      if (typeof row === "object") total += row.count;
    }
    const all = new Float32Array(total);
    const parts: Packed[] = new Array(indexes.length);
    const points: Point[] = [];
    let refused = 0;
    let at = 0;
    for (let i = 0; i < indexes.length; i++) {
      const row = rows[indexes[i] as number] as Entry | number;
      if (typeof row === "number") {
        parts[i] = skipPart(row);
        refused++;
        continue;
      }
      const values = all.subarray(at, at + row.count);
      at += row.count;
      parts[i] = { values, previous: row.previous };
      points.push({ resourceId: row.id, kind: row.kind, key: row.key, values });
    }
    const wrong = decodeValues(frame.values ?? new Uint8Array(0), parts);
    if (wrong !== undefined) return broken(wrong);
    const infinite = dropInfinite(all);
    fitWidths(points, indexes, rows);
    return { type: "points", points, values: total, infinite, refused };
  }

  return {
    get accepted() {
      return accepted;
    },
    upsert,
    find(index) {
      const row = rows[index];
      return typeof row === "number" ? "refused" : row;
    },
    decode,
  };
}

/** New labels, attributes or state of an accepted resource; bad ones are refused, its values go on. */
function redeclare(index: number, entry: Entry, declaration: Declaration | string): Upserted {
  if (typeof declaration === "string") return { type: "refused", reason: declaration };
  if (entry.kind !== declaration.kind || entry.key !== declaration.key) {
    return broken(`index ${index} changed its kind or key`);
  }
  return { type: "accepted", entry, declaration };
}

function broken(message: string): Broken {
  return { type: "broken", message };
}

/** The declaration, or why it is refused. */
function readDeclaration(frame: pb.ResourceUpsert.$Properties): Declaration | string {
  const kind = frame.kind ?? "";
  const key = frame.key ?? "";
  if (findKind(kind) === undefined) return "unknown_kind";
  if (key === "") return "key_missing";
  if (Buffer.byteLength(key) > limits.keyBytes) return "key_too_long";
  const labels: Record<string, string> = {};
  const entries = Object.entries(frame.labels ?? {});
  if (entries.length > limits.labels) return "too_many_labels";
  for (const [name, value] of entries) {
    if (Buffer.byteLength(name) > limits.labelBytes || Buffer.byteLength(value) > limits.labelBytes) {
      return "label_too_long";
    }
    labels[cleanText(name, limits.labelBytes)] = cleanText(value, limits.labelBytes);
  }
  let attributes: Record<string, unknown> | undefined;
  if (frame.attributesJson) {
    if (Buffer.byteLength(frame.attributesJson) > limits.attributesBytes) return "attributes_too_long";
    attributes = parseObject(frame.attributesJson);
    if (attributes === undefined) return "attributes_malformed";
  }
  const state = frame.state ? cleanText(frame.state, limits.stateChars) : undefined;
  return { kind, key: cleanText(key, limits.keyBytes), labels, attributes, state };
}

/** Turns infinite values into missing ones; returns how many. */
function dropInfinite(values: Float32Array): number {
  let found = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      values[i] = Number.NaN;
      found++;
    }
  }
  return found;
}

/** An agent of another version sends fewer or more values than this server's catalogue has: pads or cuts. */
function fitWidths(points: Point[], indexes: readonly number[], rows: readonly (Entry | number)[]): void {
  let nth = 0;
  for (const index of indexes) {
    const row = rows[index];
    if (typeof row !== "object") continue;
    const point = points[nth];
    if (point !== undefined && row.count !== row.width) {
      const values = new Float32Array(row.width).fill(Number.NaN);
      values.set(point.values.subarray(0, row.width));
      points[nth] = { ...point, values };
    }
    nth++;
  }
}
