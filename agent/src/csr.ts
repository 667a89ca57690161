import { createPublicKey, type KeyObject, sign } from "node:crypto";

const commonName = [2, 5, 4, 3] as const;
const ecdsaWithSha256 = [1, 2, 840, 10045, 4, 3, 2] as const;

/** A PKCS#10 certificate request (RFC 2986), DER, for an EC key, with only a common name in it. */
export function createCsr(privateKey: KeyObject, name: string): Buffer {
  const subject = sequence(tlv(0x31, sequence(oid(commonName), tlv(0x0c, Buffer.from(name, "utf8")))));
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  const info = sequence(tlv(0x02, Buffer.of(0)), subject, publicKey, tlv(0xa0, Buffer.alloc(0)));
  const signature = sign("sha256", info, privateKey);
  return sequence(info, sequence(oid(ecdsaWithSha256)), tlv(0x03, Buffer.concat([Buffer.of(0), signature])));
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), content]);
}

function oid(arcs: readonly number[]): Buffer {
  const [first = 0, second = 0, ...rest] = arcs;
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) septets.unshift((left & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return tlv(0x06, Buffer.from(bytes));
}
