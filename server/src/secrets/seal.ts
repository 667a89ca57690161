import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import type { SecretRef } from "./secret-store.ts";

/** A 256-bit key of the ring; `id` is its fingerprint and tells nothing of the key. */
export type MasterKey = { id: string; bytes: Uint8Array };

/** A secret as a row holds it. */
export type Sealed = { keyId: string; wrappedKey: Buffer; ciphertext: Buffer };

/** What a sealed value is bound to: the row and its owner. A ciphertext moved to another row does not open. */
export type Binding = SecretRef & { id: string };

/** Sealed bytes that do not open: changed, moved to another row, or sealed by another key. Says nothing of the content. */
export class SealBroken extends Error {}

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** The key with its fingerprint. */
export function masterKey(bytes: Uint8Array): MasterKey {
  return { id: createHmac("sha256", bytes).update("fairlead master key id").digest("hex").slice(0, 16), bytes };
}

/** Seals with a fresh data key, wrapped by the master key. */
export function seal(key: MasterKey, binding: Binding, value: Uint8Array): Sealed {
  const dataKey = randomBytes(32);
  try {
    return {
      keyId: key.id,
      wrappedKey: encrypt(key.bytes, keyContext(key.id, binding), dataKey),
      ciphertext: encrypt(dataKey, valueContext(binding), value),
    };
  } finally {
    dataKey.fill(0);
  }
}

/** Opens what `seal` made. Throws SealBroken. */
export function open(key: MasterKey, binding: Binding, sealed: Sealed): Buffer {
  const dataKey = decrypt(key.bytes, keyContext(key.id, binding), sealed.wrappedKey);
  try {
    return decrypt(dataKey, valueContext(binding), sealed.ciphertext);
  } finally {
    dataKey.fill(0);
  }
}

/** The data key wrapped by another master key; the ciphertext stays as it is. Throws SealBroken. */
export function rewrap(from: MasterKey, to: MasterKey, binding: Binding, wrappedKey: Buffer): Buffer {
  const dataKey = decrypt(from.bytes, keyContext(from.id, binding), wrappedKey);
  try {
    return encrypt(to.bytes, keyContext(to.id, binding), dataKey);
  } finally {
    dataKey.fill(0);
  }
}

function valueContext(b: Binding): Buffer {
  return Buffer.from(JSON.stringify(["fairlead secret", version, b.id, b.ownerKind, b.ownerId, b.name]));
}

function keyContext(keyId: string, b: Binding): Buffer {
  return Buffer.from(JSON.stringify(["fairlead data key", version, keyId, b.id, b.ownerKind, b.ownerId, b.name]));
}

function encrypt(key: Uint8Array, context: Buffer, plain: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes }).setAAD(context);
  return Buffer.concat([Buffer.of(version), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, context: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < 1 + nonceBytes + tagBytes || sealed[0] !== version)
    throw new SealBroken("sealed bytes malformed");
  const nonce = sealed.subarray(1, 1 + nonceBytes);
  const tag = sealed.subarray(sealed.length - tagBytes);
  const cipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(context).setAuthTag(tag);
  const plain = cipher.update(sealed.subarray(1 + nonceBytes, sealed.length - tagBytes));
  try {
    return Buffer.concat([plain, cipher.final()]);
  } catch {
    throw new SealBroken("sealed bytes do not open");
  } finally {
    plain.fill(0);
  }
}
