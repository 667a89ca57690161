import { hostname } from "node:os";
import { type AgentConfig, ConfigError, parseServer } from "../config.ts";
import { caFingerprint, fingerprint, loadIdentity, newKey, pem, saveIdentity } from "../identity.ts";
import { claimFolder } from "../state-folder.ts";
import { callEnroll, createClient } from "./client.ts";
import { explain } from "./explain.ts";
import { fetchPinnedCa } from "./pinned-ca.ts";

export type EnrollOptions = {
  token: string;
  agentVersion: string;
  /** /etc/machine-id; empty where the host has none. */
  machineId?: string;
  /** os, kernel, arch. */
  facts?: Record<string, string>;
  /** Takes the place of an identity that is there. */
  force?: boolean;
  signal?: AbortSignal;
};

/** `already`: an identity of the same CA was there and nothing was done. */
export type Enrolled = { serverId: string; already: boolean };

/** Enrolment failed; one line that says why and what to do. Never holds the token. */
export class EnrollError extends Error {}

/**
 * Exchanges the token for an identity, stored in the state folder. Trusts only the CA whose SHA-256 is
 * config.caSha256. Throws ConfigError, IdentityError, StateFolderError or EnrollError.
 */
export async function enrollAgent(config: AgentConfig, options: EnrollOptions): Promise<Enrolled> {
  const { server, pin } = target(config);
  const address = parseServer(server) as { host: string; port: number };
  if (!options.force) {
    const present = loadIdentity(config.stateDir);
    if (present && caFingerprint(present) === pin) return { serverId: present.serverId, already: true };
    if (present) {
      throw new EnrollError(
        `${config.stateDir} belongs to a server with CA ${caFingerprint(present)}: pass --force to leave it`,
      );
    }
  }
  if (options.token.trim() === "") throw new EnrollError("no token: set FAIRLEAD_TOKEN, or name a file that holds it");
  claimFolder(config.stateDir);
  const caDer = await fetchPinnedCa(address, pin, options.signal).catch((cause) => {
    throw new EnrollError(`${server}: ${explain(cause).text}`);
  });
  const { key, csrDer } = newKey(hostname());
  const client = createClient(server, pem(caDer));
  try {
    const answer = await callEnroll(client, {
      token: options.token.trim(),
      csrDer,
      hostname: hostname(),
      machineId: options.machineId ?? "",
      agentVersion: options.agentVersion,
      facts: options.facts ?? {},
    }).catch((cause) => {
      throw new EnrollError(`${server}: ${explain(cause).text}`);
    });
    if (fingerprint(answer.caDer) !== pin) {
      throw new EnrollError(
        `${server}: answered with CA ${fingerprint(answer.caDer)}, the pin is ${pin}: nothing was stored`,
      );
    }
    saveIdentity(config.stateDir, {
      key,
      certificateDer: answer.certificateDer,
      caDer,
      serverId: answer.serverId,
      server,
    });
    return { serverId: answer.serverId, already: false };
  } finally {
    client.close();
  }
}

/** Server and pin, or ConfigError when one is missing. */
export function target(config: AgentConfig): { server: string; pin: string } {
  if (config.server === undefined) throw new ConfigError("server: missing: give host:port of the server's gRPC port");
  if (config.caSha256 === undefined)
    throw new ConfigError("caSha256: missing: the install line shows it after --ca-sha256");
  return { server: config.server, pin: config.caSha256 };
}
