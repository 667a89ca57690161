import { createCipheriv, createECDH, createPublicKey, hkdfSync, randomBytes } from "node:crypto";

/** Seals a text for the key of an agent (PEM of either half), written from the format's description alone. */
export function seal(pem: string, serverId: string, database: string, text: string): Buffer {
  const { x = "", y = "" } = createPublicKey(pem).export({ format: "jwk" });
  const recipient = Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  const exchange = createECDH("prime256v1");
  const point = exchange.generateKeys();
  const salt = Buffer.concat([point, recipient]);
  const key = hkdfSync("sha256", exchange.computeSecret(recipient), salt, "fairlead database credentials v1", 32);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(key), nonce);
  cipher.setAAD(Buffer.from(`${serverId}\0${database}`));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([Buffer.of(1), point, nonce, sealed, cipher.getAuthTag()]);
}
