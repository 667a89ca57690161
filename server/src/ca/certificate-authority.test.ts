import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeRequest } from "../../tests/agent.ts";
import { type TestDatabase, testDatabase } from "../../tests/database.ts";
import type { SecretRef, SecretStore } from "../secrets/secret-store.ts";
import { type CertificateAuthority, loadOrCreateCa, serverName } from "./certificate-authority.ts";

let database: TestDatabase;
let ca: CertificateAuthority;
let serverId: string;
let at = new Date();
const values = new Map<string, Uint8Array>();
const key = (ref: SecretRef) => `${ref.ownerKind}/${ref.ownerId}/${ref.name}`;
const secrets: SecretStore = {
  put: async (ref, value) => void values.set(key(ref), value),
  read: async (ref) => values.get(key(ref)),
  remove: async () => {},
  rotate: async () => 0,
};

beforeAll(async () => {
  database = await testDatabase();
  const { db } = database;
  const started = await Promise.all([1, 2, 3, 4].map(() => loadOrCreateCa({ db, secrets, now: () => at })));
  expect(new Set(started.map((one) => one.sha256)).size).toBe(1);
  ca = started[0] as CertificateAuthority;
  ({ id: serverId } = await db
    .insertInto("server")
    .values({ name: "a", hostname: "a" })
    .returning("id")
    .executeTakeFirstOrThrow());
});
afterAll(() => database.close());

test("the server's certificate is for its name, from the CA, and lasts 90 days", async () => {
  const { chainPem, notAfter } = await ca.issueServerCertificate();
  const [leaf, root] = chainPem.split(/(?<=-----END CERTIFICATE-----\n)/).map((pem) => new X509Certificate(pem));
  expect(root?.fingerprint256.replaceAll(":", "").toLowerCase()).toBe(ca.sha256);
  expect(leaf?.verify((root as X509Certificate).publicKey)).toBe(true);
  expect(leaf?.checkHost(serverName)).toBe(serverName);
  expect(Math.round((notAfter.getTime() - at.getTime()) / 86_400_000)).toBe(90);
  expect(root?.ca).toBe(true);
  expect(root?.validToDate.getUTCFullYear()).toBe(at.getUTCFullYear() + 20);
});

test("a client certificate: valid, before its time, expired, revoked, changed, foreign", async () => {
  const { csrDer } = await makeRequest();
  const der = await ca.issueAgentCertificate(csrDer, serverId);
  const leaf = new X509Certificate(der);
  expect(leaf.subject).toBe(`CN=${serverId}`);
  expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  expect(await ca.checkAgentCertificate(der)).toMatchObject({ ok: true, serverId });
  const now = at;
  at = new Date(now.getTime() + 91 * 86_400_000);
  expect(await ca.checkAgentCertificate(der)).toEqual({ ok: false, reason: "expired" });
  at = new Date(now.getTime() - 2 * 86_400_000);
  expect(await ca.checkAgentCertificate(der)).toEqual({ ok: false, reason: "expired" });
  at = now;
  const changed = Buffer.from(der);
  changed[changed.length - 5] = (changed[changed.length - 5] as number) ^ 1;
  expect(await ca.checkAgentCertificate(changed)).toEqual({ ok: false, reason: "foreign" });
  expect(await ca.checkAgentCertificate(new Uint8Array([1]))).toEqual({ ok: false, reason: "foreign" });
  expect(await ca.checkAgentCertificate(ca.certificateDer)).toMatchObject({ ok: false });
  await database.db.updateTable("agent_certificate").set({ revoked_at: at }).execute();
  expect(await ca.checkAgentCertificate(der)).toEqual({ ok: false, reason: "revoked" });
  await database.db.deleteFrom("agent_certificate").execute();
  expect(await ca.checkAgentCertificate(der)).toEqual({ ok: false, reason: "unknown" });
});

test("a lost private key stops the start with a clear word", async () => {
  const empty: SecretStore = { ...secrets, read: async () => undefined };
  await expect(loadOrCreateCa({ db: database.db, secrets: empty, now: () => at })).rejects.toThrow(
    /private key of the CA/,
  );
});
