import { createHash } from "node:crypto";
import { ProbeError } from "../probe.ts";

/** As mysql2 calls an authentication plugin: once with the scramble, then with whatever the server adds. */
type AuthPlugin = (context: { connection: { config: { password?: string } } }) => (data: Buffer) => Buffer | null;

const fastDone = 3;

/**
 * Logins for a connection that anyone between may read or answer: no password, not even encrypted with a key that the
 * other side just sent, leaves this host. The scrambles of the usual logins do.
 */
export const guardedPlugins: Record<string, AuthPlugin> = {
  caching_sha2_password: ({ connection }) => {
    let started = false;
    return (data) => {
      if (!started) {
        started = true;
        return scramble(connection.config.password ?? "", data.subarray(0, 20));
      }
      if (data[0] === fastDone) return null;
      throw unsafe();
    };
  },
  sha256_password: () => () => {
    throw unsafe();
  },
};

function unsafe(): ProbeError {
  return new ProbeError(
    "error",
    "the server wants the password itself, which is not sent without TLS: set tls.mode to require",
  );
}

// SHA256(password) XOR SHA256(SHA256(SHA256(password)) + nonce)
function scramble(password: string, nonce: Buffer): Buffer {
  if (password === "") return Buffer.alloc(0);
  const once = sha256(Buffer.from(password));
  const mask = sha256(Buffer.concat([sha256(once), nonce]));
  return Buffer.from(once.map((byte, i) => byte ^ (mask[i] ?? 0)));
}

function sha256(data: Buffer): Buffer {
  return createHash("sha256").update(data).digest();
}
