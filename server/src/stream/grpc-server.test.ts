import { status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dial, enrol, type Identity, makeRequest, type TestAgent } from "../../tests/agent.ts";
import { type AgentsPort, startAgentsPort } from "../../tests/agents-port.ts";
import { eventually } from "../../tests/eventually.ts";
import { makeKeyPair, makeRoot } from "../ca/x509.ts";
import { systemActor } from "../context.ts";
import { revokeToken } from "../services/enrolment/revoke-token.ts";

let server: AgentsPort;
/** Connected all the while: nothing that others do may disturb it. */
let bystander: TestAgent;
let bystanderSeq = 0;
let bystanderHost: number;
beforeAll(async () => {
  server = await startAgentsPort();
  bystander = server.open(await server.identity());
  await bystander.next("welcome");
  bystanderHost = bystander.declare("host", "host");
});
afterAll(() => server.close());

async function undisturbed(): Promise<void> {
  bystanderSeq++;
  bystander.report(bystanderSeq, Date.now(), { [bystanderHost]: [bystanderSeq] });
  await eventually(() => expect(bystander.acked().has(bystanderSeq)).toBe(true));
}

test("enrols, connects, reports, and is acknowledged after the commit", async () => {
  const identity = await server.identity();
  const agent = server.open(identity);
  const welcome = await agent.next("welcome");
  expect(welcome.serverId).toBe(identity.serverId);
  expect(welcome.config?.intervalSeconds).toBe(10);
  const host = agent.declare("host", "host", { labels: { os: "linux" }, attributesJson: '{"kernel":"6.1"}' });
  const disk = agent.declare("filesystem", "/");
  const at = Date.now();
  agent.report(1, at, { [host]: [0.5, 0.25], [disk]: [100, 50] });
  agent.report(2, at + 1000, { [host]: [0.75, 0.25], [disk]: [100, 60] });
  await eventually(() => expect(agent.acked()).toEqual(new Set([1, 2])));
  const rows = await server.db
    .selectFrom("sample")
    .innerJoin("resource", "resource.id", "sample.resource_id")
    .select(["resource.kind", "sample.at", "sample.values"])
    .where("resource.server_id", "=", identity.serverId)
    .orderBy("sample.at")
    .orderBy("resource.kind")
    .execute();
  expect(rows.map((row) => [row.kind, row.at.getTime() - at, row.values[0], row.values[1]])).toEqual([
    ["filesystem", 0, 100, 50],
    ["host", 0, 0.5, 0.25],
    ["filesystem", 1000, 100, 60],
    ["host", 1000, 0.75, 0.25],
  ]);
  await eventually(async () => expect((await server.row(identity)).state).toBe("online"));
});

describe("enrolment", () => {
  const attempt = (token: string, more = {}) =>
    enrol(server.port, server.ca.certificateDer, token, more).then(
      () => "enrolled",
      (error) => `${status[error.code]} ${error.details}`,
    );

  test("applies the token's labels and group, once where it is for one use", async () => {
    const token = await server.token({ maxUses: 1, labels: { env: "test" }, group: "lab" });
    const facts = { os: "Debian 12", kernel: "6.1" };
    const { serverId } = await enrol(server.port, server.ca.certificateDer, token, { hostname: "web", facts });
    const row = await server.db.selectFrom("server").selectAll().where("id", "=", serverId).executeTakeFirstOrThrow();
    expect([row.name, row.labels, row.group_name, row.facts, row.state]).toEqual([
      "web",
      { env: "test" },
      "lab",
      facts,
      "never_seen",
    ]);
    expect(await attempt(token)).toBe("UNAUTHENTICATED the enrolment token is used up: make a new one");
    const audit = await server.db.selectFrom("audit_log").selectAll().where("target_id", "=", serverId).execute();
    expect(audit.map((a) => a.action)).toEqual(["server.enrol"]);
    expect(JSON.stringify(audit)).not.toContain(token);
  });

  test("wrong tokens and requests name what is wrong; too many failures wait", async () => {
    const revoked = await server.token({ name: "revoked" });
    const [row] = await server.db.selectFrom("enrolment_token").select("id").where("name", "=", "revoked").execute();
    await revokeToken(server.context, systemActor, { id: row?.id ?? "" });
    const expired = await server.token();
    await server.db
      .updateTable("enrolment_token")
      .set({ expires_at: new Date(0) })
      .where("uses", "=", 0)
      .execute();
    const good = await server.token();
    const p384 = (await makeRequest("P-384")).csrDer;
    const tampered = (await makeRequest()).csrDer;
    tampered[tampered.length - 3] = (tampered[tampered.length - 3] as number) ^ 1;
    expect(await attempt("fle_unknown")).toMatch(/^UNAUTHENTICATED the enrolment token is unknown/);
    expect(await attempt(revoked)).toMatch(/^UNAUTHENTICATED the enrolment token is revoked/);
    expect(await attempt(expired)).toMatch(/^UNAUTHENTICATED the enrolment token is expired/);
    expect(await attempt(good, { csrDer: p384 })).toMatch(/^INVALID_ARGUMENT csr_der must be for a P-256 key/);
    expect(await attempt(good, { csrDer: tampered })).toMatch(/^INVALID_ARGUMENT csr_der is (not signed|no PKCS)/);
    expect(await attempt(good, { csrDer: new Uint8Array([1, 2]) })).toMatch(/^INVALID_ARGUMENT csr_der is no PKCS/);
    expect(await attempt(good, { hostname: " " })).toMatch(/^INVALID_ARGUMENT hostname must have/);
    const used = await server.db.selectFrom("enrolment_token").select("uses").where("revoked_at", "is", null).execute();
    expect(Math.max(...used.map((t) => t.uses))).toBe(1); // a refused request uses up nothing
    for (let i = 0; i < 8; i++) await attempt("fle_unknown");
    expect(await attempt(good)).toMatch(/^RESOURCE_EXHAUSTED too many failed attempts/);
    server.clock.offset += 60_000;
    expect(await attempt(good)).toBe("enrolled");
    server.clock.offset -= 60_000;
    await undisturbed();
  });

  test("a host that enrols again is the same server; beside a connected one it is a copy", async () => {
    const host = { hostname: "twice", machineId: "machine-twice" };
    const first = await server.identity(host);
    const again = await server.identity(host);
    expect(again.serverId).toBe(first.serverId);
    expect((await server.open(first).ended).details).toMatch(/revoked/);
    const agent = server.open(again);
    await agent.next("welcome");
    expect((await server.identity(host)).serverId).not.toBe(first.serverId);
    agent.send({ heartbeat: { timeUnixMs: Date.now() } });
    await undisturbed();
  });
});

describe("certificates", () => {
  test("none", async () => {
    const { code, details } = await server.open(undefined).ended;
    expect([code, details]).toEqual([status.UNAUTHENTICATED, "no client certificate: enrol first"]);
  });

  test("of a foreign CA", async () => {
    const keys = await makeKeyPair();
    const der = new Uint8Array((await makeRoot(keys, new Date(Date.now() + 1e9))).rawData);
    const { keyPem } = await server.identity();
    const key = await import("node:crypto").then((c) => c.KeyObject.from(keys.privateKey));
    expect(keyPem).toContain("PRIVATE KEY");
    const foreign = {
      serverId: "",
      keyPem: key.export({ format: "pem", type: "pkcs8" }).toString(),
      certificateDer: der,
    };
    expect(await server.open(foreign).ended).toMatchObject({
      code: status.UNAUTHENTICATED,
      details: expect.stringContaining("certificate is foreign"),
    });
  });

  test("expired, and unknown to this server", async () => {
    const identity = await server.identity();
    server.clock.offset = 91 * 86_400_000;
    const { details } = await server.open(identity).ended;
    server.clock.offset = 0;
    expect(details).toContain("certificate is expired");
    await server.db.deleteFrom("agent_certificate").where("server_id", "=", identity.serverId).execute();
    expect((await server.open(identity).ended).details).toContain("certificate is unknown");
  });

  test("revoked while connected: cut by the notice, not by its next report", async () => {
    const identity = await server.identity();
    const agent = server.open(identity);
    await agent.next("welcome");
    await server.db
      .updateTable("agent_certificate")
      .set({ revoked_at: new Date() })
      .where("server_id", "=", identity.serverId)
      .execute();
    await server.database.pool.query("SELECT pg_notify('fairlead_revoked', $1)", [identity.serverId]);
    expect(await agent.ended).toMatchObject({ code: status.UNAUTHENTICATED, details: /revoked/ });
    expect((await server.open(identity).ended).details).toContain("certificate is revoked");
    await undisturbed();
  });

  test("renewal gives a second one that works", async () => {
    const identity = await server.identity();
    const { keyPem, csrDer } = await makeRequest();
    const client = dial(server.port, server.ca.certificateDer, identity);
    const certificateDer = await new Promise<Uint8Array>((resolve, reject) => {
      client.renew({ csrDer }, (error, answer) =>
        error ? reject(error) : resolve(answer.certificateDer as Uint8Array),
      );
    });
    client.close();
    const renewed: Identity = { serverId: identity.serverId, keyPem, certificateDer };
    expect((await server.open(renewed).next("welcome")).serverId).toBe(identity.serverId);
    const plain = dial(server.port, server.ca.certificateDer);
    const refused = await new Promise<number | undefined>((resolve) =>
      plain.renew({ csrDer }, (error) => resolve(error?.code)),
    );
    plain.close();
    expect(refused).toBe(status.UNAUTHENTICATED);
  });
});
