import type { pb } from "@fairlead/proto";
import { encodeValues, freshBits, type Packed } from "@fairlead/shared/report-codec";
import type { Part, Stored } from "./entry.ts";
import type { Resource, ResourceTable } from "./resource-table.ts";

type Declared = { index: number; version: number; previous: Uint32Array };

/**
 * Turns entries into the frames of one session: gives resources their session-local index, declares them before first
 * use and again when they changed, and packs values against the last ones sent. What it returns must be sent, in order.
 */
export class SessionEncoder {
  readonly #table: ResourceTable;
  readonly #declared = new Map<string, Declared>();

  constructor(table: ResourceTable) {
    this.#table = table;
  }

  frames({ seq, entry }: Stored): pb.ConnectRequest.$Properties[] {
    const frames: pb.ConnectRequest.$Properties[] = [];
    if (entry.type === "change") {
      const { at, from, to, reason } = entry;
      const { index } = this.#declare(entry.resource, frames);
      const change: pb.StateChange.$Properties = {
        seq,
        timeUnixMs: at,
        resource: index,
        fromState: from,
        toState: to,
        reason,
      };
      frames.push({ stateChange: change });
      return frames;
    }
    const resources: number[] = [];
    const packed: Packed[] = [];
    for (const part of entry.parts) {
      const { index, previous } = this.#declare(part.resource, frames);
      resources.push(index);
      packed.push({ values: fitted(part, previous.length), previous });
    }
    frames.push({ report: { seq, timeUnixMs: entry.at, resources, values: encodeValues(packed) } });
    return frames;
  }

  /** A resource that still exists is declared as it is now, whatever an old record says of it. */
  #declare(recorded: Resource, frames: pb.ConnectRequest.$Properties[]): Declared {
    const live = this.#table.get(recorded.id);
    const resource = live ?? recorded;
    const known = this.#declared.get(recorded.id);
    if (known && (live === undefined || known.version === live.version)) return known;
    const index = known?.index ?? this.#declared.size;
    const version = live?.version ?? -1;
    const declared = known ?? { index, version, previous: freshBits(resource.valueCount) };
    declared.version = version;
    this.#declared.set(recorded.id, declared);
    const { kind, key, labels, valueCount } = resource;
    frames.push({
      resourceUpsert: {
        index,
        kind,
        key,
        labels,
        valueCount: declared.previous.length || valueCount,
        ...(resource.attributesJson === undefined ? {} : { attributesJson: resource.attributesJson }),
        ...(live?.state === undefined ? {} : { state: live.state }),
      },
    });
    return declared;
  }
}

/** A record of another agent version may be shorter or longer than what this session declared. */
function fitted({ values }: Part, count: number): Float32Array {
  if (values.length === count) return values;
  const out = new Float32Array(count).fill(Number.NaN);
  out.set(values.subarray(0, count));
  return out;
}
