import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createCsr } from "./csr.ts";
import { makePrivateFolder, writeFileAtomic } from "./state-file.ts";

/** Who the agent is, as PEM, and what its certificate says. Times in Unix ms. */
export type Identity = {
  key: string;
  certificate: string;
  ca: string;
  serverId: string;
  notBefore: number;
  notAfter: number;
};

/** The identity files do not make an identity; the message says which and what to do. */
export class IdentityError extends Error {}

/** A fresh P-256 key and a certificate request for it. */
export function newKey(name: string): { key: string; csrDer: Buffer } {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { key: privateKey.export({ type: "pkcs8", format: "pem" }) as string, csrDer: createCsr(privateKey, name) };
}

/** A certificate request for the key that the agent has. */
export function csrFor(identity: Identity, name: string): Buffer {
  return createCsr(createPrivateKey(identity.key), name);
}

/** The identity in the state folder, or undefined on a host that was never enrolled. Throws IdentityError. */
export function loadIdentity(stateDir: string): Identity | undefined {
  const [key, certificate, ca] = ["key.pem", "cert.pem", "ca.pem"].map((name) => read(join(stateDir, name)));
  if (certificate === undefined) return undefined;
  const again = `run "fairlead-agent enroll --force" with a fresh token`;
  if (key === undefined) throw new IdentityError(`${join(stateDir, "key.pem")} is missing: ${again}`);
  if (ca === undefined) throw new IdentityError(`${join(stateDir, "ca.pem")} is missing: ${again}`);
  const parsed = parse(stateDir, key, certificate, again);
  return {
    key,
    certificate,
    ca,
    serverId: readServerId(stateDir),
    notBefore: parsed.validFromDate.getTime(),
    notAfter: parsed.validToDate.getTime(),
  };
}

/** Stores what enrolment returned; the certificate goes first and comes last, so that half an enrolment is none. */
export function saveIdentity(
  stateDir: string,
  parts: { key: string; certificateDer: Uint8Array; caDer: Uint8Array; serverId: string; server: string },
): void {
  makePrivateFolder(stateDir);
  rmSync(join(stateDir, "cert.pem"), { force: true });
  writeFileAtomic(join(stateDir, "key.pem"), parts.key);
  writeFileAtomic(join(stateDir, "ca.pem"), pem(parts.caDer), { mode: 0o644 });
  const enrolment = { serverId: parts.serverId, server: parts.server };
  writeFileAtomic(join(stateDir, "enrolment.json"), `${JSON.stringify(enrolment)}\n`);
  writeFileAtomic(join(stateDir, "cert.pem"), pem(parts.certificateDer), { mode: 0o644 });
}

/** Replaces the certificate after a renewal. Throws when it does not belong to the key, or the host was enrolled anew. */
export function saveCertificate(stateDir: string, identity: Identity, certificateDer: Uint8Array): Identity {
  const certificate = pem(certificateDer);
  const parsed = new X509Certificate(certificate);
  if (!parsed.checkPrivateKey(createPrivateKey(identity.key))) throw new Error("renewed certificate is of another key");
  if (read(join(stateDir, "key.pem")) !== identity.key)
    throw new Error("this host was enrolled again: restart the agent");
  writeFileAtomic(join(stateDir, "cert.pem"), certificate, { mode: 0o644 });
  return {
    ...identity,
    certificate,
    notBefore: parsed.validFromDate.getTime(),
    notAfter: parsed.validToDate.getTime(),
  };
}

/** When the certificate wants renewing: after two thirds of its life, Unix ms. */
export function renewAt(identity: Identity): number {
  return identity.notBefore + ((identity.notAfter - identity.notBefore) * 2) / 3;
}

/** SHA-256 of a certificate, lower-case hex: what the pin is compared with. */
export function fingerprint(der: Uint8Array): string {
  return createHash("sha256").update(der).digest("hex");
}

/** SHA-256 of the CA in an identity. */
export function caFingerprint(identity: Identity): string {
  return fingerprint(new X509Certificate(identity.ca).raw);
}

/** DER to PEM. */
export function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function parse(stateDir: string, key: string, certificate: string, again: string): X509Certificate {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(key);
  } catch (cause) {
    throw new IdentityError(`${join(stateDir, "key.pem")} is damaged: ${again}`, { cause });
  }
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(certificate);
  } catch (cause) {
    throw new IdentityError(`${join(stateDir, "cert.pem")} is damaged: ${again}`, { cause });
  }
  if (!parsed.checkPrivateKey(privateKey)) {
    throw new IdentityError(`${join(stateDir, "cert.pem")} does not belong to key.pem: ${again}`);
  }
  return parsed;
}

function readServerId(stateDir: string): string {
  try {
    const stored: unknown = JSON.parse(read(join(stateDir, "enrolment.json")) ?? "{}");
    const id = (stored as { serverId?: unknown }).serverId;
    return typeof id === "string" ? id : "";
  } catch {
    return "";
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code === "EACCES") throw new IdentityError(`${path} can't be read: run as the agent's user (root)`);
    throw error;
  }
}
