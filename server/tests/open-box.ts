import { createDecipheriv, createECDH, hkdfSync, type KeyObject } from "node:crypto";

/** The agent's side, by docs/adr/0007-sealed-credentials.md alone. Throws for a box that is not for it. */
export function openBox(box: Buffer, key: KeyObject, context: string): string {
  if (box[0] !== 1) throw new Error(`version ${box[0]}`);
  const point = box.subarray(1, 66);
  const nonce = box.subarray(66, 78);
  const own = createECDH("prime256v1");
  own.setPrivateKey(Buffer.from(key.export({ format: "jwk" }).d ?? "", "base64url"));
  const salt = Buffer.concat([point, own.getPublicKey()]);
  const secret = hkdfSync("sha256", own.computeSecret(point), salt, "fairlead database credentials v1", 32);
  const decipher = createDecipheriv("aes-256-gcm", Buffer.from(secret), nonce);
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(box.subarray(box.length - 16));
  return Buffer.concat([decipher.update(box.subarray(78, box.length - 16)), decipher.final()]).toString("utf8");
}
