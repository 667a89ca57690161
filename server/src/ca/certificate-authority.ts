import { createHash, X509Certificate } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { systemActor } from "../context.ts";
import type { Database } from "../db/schema.ts";
import { Failure } from "../failure.ts";
import type { SecretStore } from "../secrets/secret-store.ts";
import * as x509 from "./x509.ts";

/** The name that the server's certificate carries and agents ask for, whatever address they dial. */
export const serverName = "fairlead-server";

/** Whose certificate it is, or why it isn't accepted. */
export type CertificateCheck =
  | { ok: true; serverId: string; serial: string; notAfter: Date }
  | { ok: false; reason: "foreign" | "expired" | "revoked" | "unknown" };

export type CertificateAuthority = {
  certificateDer: Buffer;
  /** SHA-256 of the DER, hex: what install lines carry. */
  sha256: string;
  /** A fresh key and certificate for this server's TLS, PEM; the chain ends with the CA. Valid for `serverDays`. */
  issueServerCertificate(): Promise<{ keyPem: string; chainPem: string; notAfter: Date }>;
  /** Signs a request for this server id and records the certificate. Throws Failure "invalid" for a bad request. */
  issueAgentCertificate(csrDer: Uint8Array, serverId: string, trx?: Kysely<Database>): Promise<Buffer>;
  /** Whose certificate it is. The first time that it is shown, this is noted with its public key. */
  checkAgentCertificate(der: Uint8Array): Promise<CertificateCheck>;
};

const rootYears = 20;
const agentDays = 90;
const serverDays = 90;
const day = 86_400_000;

/** Only one of several servers that start at once may make the CA. */
const lock = 0xfa1ca;

/** Loads the CA, or makes it on the first start; its private key lives in the sealed store. */
export async function loadOrCreateCa({
  db,
  secrets,
  now,
}: {
  db: Kysely<Database>;
  secrets: SecretStore;
  now: () => Date;
}): Promise<CertificateAuthority> {
  const row = await db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(${lock})`.execute(trx);
    return (await newest(trx)) ?? (await create(trx, secrets, now()));
  });
  const keyDer = await secrets.read(secretOf(row.id), systemActor, "sign certificates");
  if (keyDer === undefined) throw new Error(`the private key of the CA ${row.sha256} is not in the sealed store`);
  const issuer: x509.Issuer = {
    certificate: x509.readCertificate(row.certificate_der),
    key: await x509.importKey(keyDer),
  };
  const root = new X509Certificate(row.certificate_der);

  return {
    certificateDer: row.certificate_der,
    sha256: row.sha256,

    async issueServerCertificate() {
      const keys = await x509.makeKeyPair();
      const notAfter = new Date(now().getTime() + serverDays * day);
      const leaf = await x509.makeServerLeaf(issuer, keys.publicKey, serverName, notAfter);
      const keyPem = pem("PRIVATE KEY", await x509.exportKey(keys.privateKey));
      const chainPem = `${pem("CERTIFICATE", Buffer.from(leaf.rawData))}${pem("CERTIFICATE", row.certificate_der)}`;
      return { keyPem, chainPem, notAfter };
    },

    async issueAgentCertificate(csrDer, serverId, trx = db) {
      const request = await x509.readRequest(csrDer);
      if (typeof request === "string") {
        throw new Failure("invalid", `csr_der ${request}`, { fields: [{ field: "csr_der", message: request }] });
      }
      const notBefore = new Date(now().getTime() - day);
      const notAfter = new Date(now().getTime() + agentDays * day);
      const leaf = await x509.makeClientLeaf(issuer, request, serverId, notBefore, notAfter);
      const der = Buffer.from(leaf.rawData);
      const certificate = new X509Certificate(der);
      await trx
        .insertInto("agent_certificate")
        .values({
          serial: serialOf(certificate),
          server_id: serverId,
          sha256: sha256(der),
          public_key_der: publicKeyOf(certificate),
          not_before: notBefore,
          not_after: notAfter,
        })
        .execute();
      return der;
    },

    async checkAgentCertificate(der) {
      let certificate: X509Certificate;
      try {
        certificate = new X509Certificate(der);
      } catch {
        return { ok: false, reason: "foreign" };
      }
      if (!certificate.checkIssued(root) || !certificate.verify(root.publicKey))
        return { ok: false, reason: "foreign" };
      const notAfter = certificate.validToDate;
      if (now() > notAfter || now() < certificate.validFromDate) return { ok: false, reason: "expired" };
      const serial = serialOf(certificate);
      const known = await db
        .selectFrom("agent_certificate")
        .select(["server_id", "sha256", "revoked_at", "used_at"])
        .where("serial", "=", serial)
        .executeTakeFirst();
      if (known === undefined || known.sha256 !== sha256(Buffer.from(der))) return { ok: false, reason: "unknown" };
      if (known.revoked_at !== null) return { ok: false, reason: "revoked" };
      if (known.used_at === null) {
        await db
          .updateTable("agent_certificate")
          .set({ used_at: now(), public_key_der: publicKeyOf(certificate) })
          .where("serial", "=", serial)
          .where("used_at", "is", null)
          .execute();
      }
      return { ok: true, serverId: known.server_id, serial, notAfter };
    },
  };
}

type Row = { id: string; certificate_der: Buffer; sha256: string };

function newest(trx: Kysely<Database>): Promise<Row | undefined> {
  return trx
    .selectFrom("certificate_authority")
    .select(["id", "certificate_der", "sha256"])
    .orderBy("created_at", "desc")
    .limit(1)
    .executeTakeFirst();
}

async function create(trx: Kysely<Database>, secrets: SecretStore, now: Date): Promise<Row> {
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + rootYears);
  const keys = await x509.makeKeyPair();
  const der = Buffer.from((await x509.makeRoot(keys, notAfter)).rawData);
  const row = await trx
    .insertInto("certificate_authority")
    .values({ certificate_der: der, sha256: sha256(der), not_after: notAfter })
    .returning(["id", "certificate_der", "sha256"])
    .executeTakeFirstOrThrow();
  await secrets.put(secretOf(row.id), await x509.exportKey(keys.privateKey), trx);
  return row;
}

function secretOf(id: string) {
  return { ownerKind: "certificate_authority", ownerId: id, name: "private_key" };
}

function serialOf(certificate: X509Certificate): string {
  return certificate.serialNumber.toLowerCase();
}

function publicKeyOf(certificate: X509Certificate): Buffer {
  return certificate.publicKey.export({ type: "spki", format: "der" });
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
