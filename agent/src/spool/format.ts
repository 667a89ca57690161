import { crc32 } from "node:zlib";
import { pb } from "@fairlead/proto";
import { findKind } from "@fairlead/shared/catalogue";
import type { Entry, Part, Stored } from "../report/entry.ts";
import { type Resource, resourceId } from "../report/resource-table.ts";

// A segment is a header and records. A record is: length of the body (u32), CRC-32 of the body (u32), body. A body is: type
// (u8), sequence number (u48, 0 for a definition), a protobuf message. Numbers are little-endian. Resource numbers are the
// segment's own; a definition stands before the first record that uses it, and again when it changed.

const magic = Buffer.from("FLSPOOL1");
export const headerBytes = 46;
export const recordHeadBytes = 8;
/** A length above this is no length. */
export const maxBodyBytes = 16 << 20;
/** The smallest record that can stand in a segment. */
export const minRecordBytes = recordHeadBytes + 7;

export const recordType = { definition: 1, report: 2, change: 3 } as const;

/** `dropped`: the spool's count of dropped records when the segment was begun. `created` in Unix ms. */
export type SegmentHeader = { spoolId: string; firstSeq: number; created: number; dropped: number };

/** A checked record, not yet parsed. */
export type RawRecord = { type: number; seq: number; message: Uint8Array };

export function encodeHeader({ spoolId, firstSeq, created, dropped }: SegmentHeader): Buffer {
  const out = Buffer.alloc(headerBytes);
  magic.copy(out);
  Buffer.from(spoolId.replaceAll("-", ""), "hex").copy(out, 8, 0, 16);
  out.writeUIntLE(firstSeq, 24, 6);
  out.writeUIntLE(created, 30, 6);
  out.writeUIntLE(dropped, 36, 6);
  out.writeUInt32LE(crc32(out.subarray(0, 42)), 42);
  return out;
}

/** Undefined for what is no header. */
export function decodeHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < headerBytes || !bytes.subarray(0, 8).equals(magic)) return undefined;
  if (crc32(bytes.subarray(0, 42)) !== bytes.readUInt32LE(42)) return undefined;
  const hex = bytes.toString("hex", 8, 24);
  const spoolId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  return {
    spoolId,
    firstSeq: bytes.readUIntLE(24, 6),
    created: bytes.readUIntLE(30, 6),
    dropped: bytes.readUIntLE(36, 6),
  };
}

export function encodeRecord(type: number, seq: number, message: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(recordHeadBytes + 7 + message.length);
  out.writeUInt32LE(7 + message.length, 0);
  out.writeUInt8(type, 8);
  out.writeUIntLE(seq, 9, 6);
  out.set(message, 15);
  out.writeUInt32LE(crc32(out.subarray(8)), 4);
  return out;
}

/** Numbers resources within one segment and encodes what goes into it. */
export class SegmentEncoder {
  readonly #known = new Map<string, { index: number; version: number }>();

  /** The records of an entry: definitions that it needs, then itself. */
  encode({ seq, entry }: Stored): Buffer[] {
    const out: Buffer[] = [];
    if (entry.type === "change") {
      const { at, from, to, reason } = entry;
      const resource = this.#define(entry.resource, out);
      const change = { timeUnixMs: at, resource, fromState: from, toState: to, reason };
      out.push(encodeRecord(recordType.change, seq, pb.StateChange.encode(change).finish()));
      return out;
    }
    const resources = entry.parts.map((part) => this.#define(part.resource, out));
    const values = Buffer.allocUnsafe(entry.parts.reduce((sum, part) => sum + part.values.length * 4, 0));
    let at = 0;
    for (const { values: own } of entry.parts) {
      values.set(new Uint8Array(own.buffer, own.byteOffset, own.byteLength), at);
      at += own.byteLength;
    }
    const report = { timeUnixMs: entry.at, resources, values };
    out.push(encodeRecord(recordType.report, seq, pb.Report.encode(report).finish()));
    return out;
  }

  #define(resource: Resource, out: Buffer[]): number {
    const known = this.#known.get(resource.id);
    if (known?.version === resource.version) return known.index;
    const index = known?.index ?? this.#known.size;
    this.#known.set(resource.id, { index, version: resource.version });
    const { kind, key, labels, valueCount, attributesJson } = resource;
    const definition = {
      index,
      kind,
      key,
      labels,
      valueCount,
      ...(attributesJson === undefined ? {} : { attributesJson }),
    };
    out.push(encodeRecord(recordType.definition, 0, pb.ResourceUpsert.encode(definition).finish()));
    return index;
  }
}

/** Resources of a segment by their number. */
export type Definitions = Map<number, Resource>;

/** Takes a definition record in. Throws on malformed bytes. */
export function readDefinition(message: Uint8Array, into: Definitions): void {
  const { index, kind, key, labels, attributesJson, valueCount } = pb.ResourceUpsert.decode(message);
  const attributes = attributesJson === "" ? undefined : attributesJson;
  into.set(index, {
    id: resourceId(kind, key),
    kind,
    key,
    labels,
    attributesJson: attributes,
    valueCount: findKind(kind)?.metrics.length ?? valueCount,
    version: -valueCount - 1,
    state: undefined,
  });
}

/** Parses a report or change. Throws on malformed bytes or a resource that was not defined. */
export function readEntry({ type, message }: RawRecord, definitions: Definitions): Entry {
  if (type === recordType.change) {
    const change = pb.StateChange.decode(message);
    const resource = defined(definitions, change.resource);
    const { timeUnixMs: at, fromState: from, toState: to, reason } = change;
    return { type: "change", at, resource, from, to, reason };
  }
  const report = pb.Report.decode(message);
  const parts: Part[] = [];
  let at = 0;
  for (const index of report.resources) {
    const resource = defined(definitions, index);
    const count = -resource.version - 1;
    if (at + count * 4 > report.values.length) throw new Error("values end early");
    const values = new Float32Array(count);
    new Uint8Array(values.buffer).set(report.values.subarray(at, at + count * 4));
    parts.push({ resource, values });
    at += count * 4;
  }
  return { type: "report", at: report.timeUnixMs, parts };
}

function defined(definitions: Definitions, index: number): Resource {
  const resource = definitions.get(index);
  if (resource === undefined) throw new Error(`resource ${index} is not defined`);
  return resource;
}
