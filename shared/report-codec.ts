// Packs the values of a report. Per resource: a bitmap of the values that differ from the last ones sent in the session
// (1 bit each), then for each differing one a nibble that says which of the four bytes of old XOR new are not zero (two
// nibbles a byte, low one first), then those bytes, lowest first. Neighbouring readings share sign and exponent and
// rounded ones end in zeros, so a changed value takes about 2.6 bytes and an unchanged one an eighth.

/** Values of one resource, and the bits last sent or received for it, which the call updates. */
export type Packed = { values: Float32Array; previous: Uint32Array };

/** Fresh state for a resource with that many values: all zero bits. */
export function freshBits(count: number): Uint32Array {
  return new Uint32Array(count);
}

/** Encodes the resources one after the other; each `previous` becomes the bits of `values`. */
export function encodeValues(parts: readonly Packed[]): Uint8Array {
  let bound = 0;
  for (const part of parts) bound += part.values.length * 5 + 2;
  const out = new Uint8Array(bound);
  let at = 0;
  for (const part of parts) at = encodeOne(part, out, at);
  return out.subarray(0, at);
}

/**
 * Decodes into each part's `values` and updates its `previous`.
 * Returns undefined, or what is wrong with the bytes; state is then undefined and the session must end.
 */
export function decodeValues(bytes: Uint8Array, parts: readonly Packed[]): string | undefined {
  let at = 0;
  for (const part of parts) {
    at = decodeOne(part, bytes, at);
    if (at < 0) return "values end early";
  }
  return at === bytes.length ? undefined : `${bytes.length - at} bytes too many`;
}

/** Rounds a float32 to 16 significant bits (relative error under 8e-6), so that it packs into fewer bytes. */
export function roundTo16Bits(value: number): number {
  scratchFloat[0] = value;
  const bits = scratchBits[0] as number;
  if ((bits & 0x7f800000) === 0x7f800000) return value;
  scratchBits[0] = (bits + 0x80) & 0xffffff00;
  return scratchFloat[0] as number;
}

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

function encodeOne({ values, previous }: Packed, out: Uint8Array, start: number): number {
  const count = values.length;
  const bits = new Uint32Array(values.buffer, values.byteOffset, count);
  const nibbles = start + ((count + 7) >> 3);
  let changed = 0;
  for (let i = 0; i < count; i++) {
    if (bits[i] !== previous[i]) {
      out[start + (i >> 3)] = (out[start + (i >> 3)] as number) | (1 << (i & 7));
      changed++;
    }
  }
  let at = nibbles + ((changed + 1) >> 1);
  if (changed === 0) return at;
  let nth = 0;
  for (let i = 0; i < count; i++) {
    const now = bits[i] as number;
    const diff = (now ^ (previous[i] as number)) >>> 0;
    if (diff === 0) continue;
    let mask = 0;
    for (let byte = 0; byte < 4; byte++) {
      const part = (diff >>> (byte * 8)) & 0xff;
      if (part === 0) continue;
      mask |= 1 << byte;
      out[at++] = part;
    }
    const slot = nibbles + (nth >> 1);
    out[slot] = (out[slot] as number) | (nth & 1 ? mask << 4 : mask);
    nth++;
    previous[i] = now;
  }
  return at;
}

function decodeOne({ values, previous }: Packed, bytes: Uint8Array, start: number): number {
  const count = values.length;
  const nibbles = start + ((count + 7) >> 3);
  if (nibbles > bytes.length) return -1;
  let changed = 0;
  for (let i = start; i < nibbles; i++) {
    let b = bytes[i] as number;
    for (; b !== 0; b &= b - 1) changed++;
  }
  let at = nibbles + ((changed + 1) >> 1);
  if (at > bytes.length) return -1;
  const bits = new Uint32Array(values.buffer, values.byteOffset, count);
  let nth = 0;
  for (let i = 0; i < count; i++) {
    if (((bytes[start + (i >> 3)] as number) >> (i & 7)) & 1) {
      const pair = bytes[nibbles + (nth >> 1)] as number;
      const mask = nth & 1 ? pair >> 4 : pair & 15;
      nth++;
      let diff = 0;
      for (let byte = 0; byte < 4; byte++) {
        if ((mask >> byte) & 1) {
          if (at >= bytes.length) return -1;
          diff |= (bytes[at++] as number) << (byte * 8);
        }
      }
      previous[i] = ((previous[i] as number) ^ diff) >>> 0;
    }
    bits[i] = previous[i] as number;
  }
  return at;
}
