const block = 512;
const mostHeaders = 64 << 10;

/**
 * The first bytes of the first entry of a tar, where that is a plain file; undefined where it is anything else. Reads no
 * further than it has to. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06
 */
export async function firstFile(tar: AsyncIterable<Uint8Array>, bytes: number): Promise<Buffer | undefined> {
  let held = Buffer.alloc(0);
  for await (const piece of tar) {
    held = Buffer.concat([held, piece]);
    const seen = look(held, bytes);
    if (seen !== "more") return seen;
    if (held.length > mostHeaders + bytes) return undefined;
  }
  return undefined;
}

function look(held: Buffer, bytes: number): Buffer | "more" | undefined {
  for (let at = 0; at + block <= held.length; ) {
    // The tar ends.
    if (held[at] === 0) return undefined;
    const type = held[at + 156];
    const size = Number.parseInt(held.toString("latin1", at + 124, at + 136), 8) || 0;
    at += block;
    // Headers of the entry to come: extended ones and long names.
    if (type === 0x78 || type === 0x67 || type === 0x4c || type === 0x4b) {
      at += Math.ceil(size / block) * block;
      continue;
    }
    if (type !== 0x30 && type !== 0) return undefined;
    const wanted = Math.min(size, bytes);
    return held.length - at < wanted ? "more" : held.subarray(at, at + wanted);
  }
  return "more";
}
