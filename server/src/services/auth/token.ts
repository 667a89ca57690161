import { createHash, randomBytes } from "node:crypto";

/** A new 256-bit token; only its hash is stored. */
export function newToken(prefix = ""): string {
  return prefix + randomBytes(32).toString("base64url");
}

/** SHA-256 is enough for a token of full entropy. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
