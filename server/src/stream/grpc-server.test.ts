import { status } from "@grpc/grpc-js";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect, enrol, type Identity, type TestAgent } from "../../tests/agent.ts";
import { type TestDatabase, testDatabase } from "../../tests/database.ts";
import { type Bus, createBus } from "../bus.ts";
import { type CertificateAuthority, loadOrCreateCa } from "../ca/certificate-authority.ts";
import { readConfig } from "../config.ts";
import { systemActor } from "../context.ts";
import { createIngest } from "../ingest/create-ingest.ts";
import type { Ingest } from "../ingest/ingest.ts";
import { createMetricsRegistry } from "../metrics-registry.ts";
import type { SecretRef, SecretStore } from "../secrets/secret-store.ts";
import { createToken } from "../services/enrolment/create-token.ts";
import { type GrpcServer, startGrpcServer } from "./grpc-server.ts";
import { createSessions, type SessionRegistry } from "./session-registry.ts";

let database: TestDatabase;
let bus: Bus;
let ca: CertificateAuthority;
let ingest: Ingest;
let grpc: GrpcServer;
let sessions: SessionRegistry;
const log = pino({ level: process.env.LOG ?? "silent" });
const metrics = createMetricsRegistry();
const config = readConfig({ FAIRLEAD_PUBLIC_URL: "http://fairlead.test:8080" });
const offset = 0;
const now = () => new Date(Date.now() + offset);
const agents: TestAgent[] = [];

beforeAll(async () => {
  database = await testDatabase();
  const { db, pool } = database;
  bus = createBus((name, error) => {
    throw new Error(`listener of ${name}`, { cause: error });
  });
  ca = await loadOrCreateCa({ db, secrets: memorySecrets(), now });
  ingest = createIngest({ pool, db, bus, log, metrics, now });
  sessions = createSessions();
  const context = { config, log, pool, db, bus, now, metrics, sessions };
  grpc = await startGrpcServer({ context, ca, ingest, host: "127.0.0.1", port: 0 });
});

afterAll(async () => {
  for (const agent of agents) agent.stop();
  await grpc.stop();
  await ingest.stop();
  await database.close();
});

async function newToken(more: Partial<Parameters<typeof createToken>[2]> = {}): Promise<string> {
  const input = { name: "test", maxUses: null, expiresInHours: 1, labels: {}, group: "", ...more };
  return (await createToken({ config, db: database.db, now }, systemActor, input)).token;
}

let hosts = 0;
async function newIdentity(): Promise<Identity> {
  hosts++;
  return enrol(grpc.port, ca.certificateDer, await newToken(), {
    hostname: `host-${hosts}`,
    machineId: `machine-${hosts}`,
  });
}

function open(identity: Identity | undefined, hello: Parameters<typeof connect>[3] = {}): TestAgent {
  const agent = connect(grpc.port, ca.certificateDer, identity, hello);
  agents.push(agent);
  return agent;
}

test("enrols, connects, reports, and is acknowledged after the commit", async () => {
  const identity = await newIdentity();
  const agent = open(identity);
  const welcome = await agent.next("welcome");
  expect(welcome.serverId).toBe(identity.serverId);
  expect(welcome.config?.intervalSeconds).toBe(10);
  const host = agent.declare("host", "host", { labels: { os: "linux" }, attributesJson: '{"kernel":"6.1"}' });
  const disk = agent.declare("filesystem", "/");
  const at = Date.now();
  agent.report(1, at, { [host]: [0.5, 0.25], [disk]: [100, 50] });
  agent.report(2, at + 1000, { [host]: [0.75, 0.25], [disk]: [100, 60] });
  const ack = await agent.next("ack");
  expect(ack.ranges?.[0]?.first).toBe(1);
  await vi.waitFor(() => expect(agent.acked()).toEqual(new Set([1, 2])));
  const rows = await database.db
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
  await vi.waitFor(async () => {
    const row = await database.db
      .selectFrom("server")
      .select("state")
      .where("id", "=", identity.serverId)
      .executeTakeFirst();
    expect(row?.state).toBe("online");
  });
});

describe("certificates", () => {
  test("none", async () => {
    const { code, details } = await open(undefined).ended;
    expect([code, details]).toEqual([status.UNAUTHENTICATED, "no client certificate: enrol first"]);
  });
});

function memorySecrets(): SecretStore {
  const values = new Map<string, Uint8Array>();
  const key = (ref: SecretRef) => `${ref.ownerKind}/${ref.ownerId}/${ref.name}`;
  return {
    put: async (ref, value) => void values.set(key(ref), value),
    read: async (ref) => values.get(key(ref)),
    remove: async () => {},
    rotate: async () => 0,
  };
}
