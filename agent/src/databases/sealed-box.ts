import { createDecipheriv, createECDH, createPrivateKey, createPublicKey, hkdfSync } from "node:crypto";

/** What a sealed box could not be opened for; the message is for people. */
export class SealError extends Error {}

const version = 1;
const pointBytes = 65;
const nonceBytes = 12;
const tagBytes = 16;
const info = "fairlead database credentials v1";
const mostBytes = 64 * 1024;

/**
 * Opens what the server sealed for the P-256 key of this agent's certificate: 0x01 | ephemeral public point (65 bytes) | nonce
 * (12) | AES-256-GCM ciphertext | tag (16). The key is HKDF-SHA256 of the ECDH secret, salted with both points; the
 * additional data bind it to this server and database. Throws SealError.
 */
export function openSealed(sealed: Buffer, keyPem: string, serverId: string, database: string): string {
  if (sealed.length > mostBytes) throw new SealError(`sealed: longer than ${mostBytes} bytes: send it again`);
  if (sealed.length < 1 + pointBytes + nonceBytes + tagBytes)
    throw new SealError("sealed: is cut short: send it again");
  if (sealed[0] !== version) throw new SealError(`sealed: format ${sealed[0]} is unknown: update the agent`);
  const point = sealed.subarray(1, 1 + pointBytes);
  const nonce = sealed.subarray(1 + pointBytes, 1 + pointBytes + nonceBytes);
  const text = sealed.subarray(1 + pointBytes + nonceBytes, -tagBytes);
  try {
    const decipher = createDecipheriv("aes-256-gcm", sharedKey(keyPem, point), nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(`${serverId}\0${database}`, "utf8"));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    return Buffer.concat([decipher.update(text), decipher.final()]).toString("utf8");
  } catch {
    throw new SealError("sealed for another key of this agent, or for another database: send it again");
  }
}

function sharedKey(keyPem: string, ephemeral: Buffer): Buffer {
  const privateKey = createPrivateKey(keyPem);
  const { d = "" } = privateKey.export({ format: "jwk" });
  const { x = "", y = "" } = createPublicKey(keyPem).export({ format: "jwk" });
  const recipient = Buffer.concat([Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  const exchange = createECDH("prime256v1");
  exchange.setPrivateKey(Buffer.from(d, "base64url"));
  const secret = exchange.computeSecret(ephemeral);
  return Buffer.from(hkdfSync("sha256", secret, Buffer.concat([ephemeral, recipient]), info, 32));
}
