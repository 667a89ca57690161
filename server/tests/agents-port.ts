import pino from "pino";
import type { Bus, Events } from "../src/bus.ts";
import { createBus } from "../src/bus.ts";
import { type CertificateAuthority, loadOrCreateCa } from "../src/ca/certificate-authority.ts";
import { readConfig } from "../src/config.ts";
import { systemActor } from "../src/context.ts";
import type { Database } from "../src/db/schema.ts";
import { createIngest } from "../src/ingest/create-ingest.ts";
import type { Ingest } from "../src/ingest/ingest.ts";
import { createMetricsRegistry } from "../src/metrics-registry.ts";
import type { SecretRef, SecretStore } from "../src/secrets/secret-store.ts";
import { createToken, type NewEnrolmentToken } from "../src/services/enrolment/create-token.ts";
import { startGrpcServer } from "../src/stream/grpc-server.ts";
import { createSessions } from "../src/stream/session-registry.ts";
import { connect, enrol, type Identity, type TestAgent } from "./agent.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

/** The agents' port over a database of its own, with what tests need to drive it. */
export type AgentsPort = Awaited<ReturnType<typeof startAgentsPort>>;

export type Process = {
  port: number;
  bus: Bus;
  ingest: Ingest;
  sessions: ReturnType<typeof createSessions>;
  context: ReturnType<typeof contextOf>;
  /** Writes what sessions learnt. */
  flush(): Promise<void>;
  stop(): Promise<void>;
};

const config = readConfig({ FAIRLEAD_PUBLIC_URL: "http://fairlead.test:8080" });
const log = pino({ level: process.env.LOG ?? "silent" });

function contextOf(database: TestDatabase, clock: { offset: number }) {
  const bus = createBus((name, error) => {
    throw new Error(`listener of ${name}`, { cause: error });
  });
  const { pool, db } = database;
  const now = () => new Date(Date.now() + clock.offset);
  return { config, log, pool, db, bus, now, metrics: createMetricsRegistry(), sessions: createSessions() };
}

/** Starts one process; `more()` starts others on the same database. */
export async function startAgentsPort() {
  const database = await testDatabase();
  const { db } = database;
  const clock = { offset: 0 };
  const agents: TestAgent[] = [];
  const processes: Process[] = [];
  const secrets = memorySecrets();
  let ca: CertificateAuthority | undefined;
  let hosts = 0;

  async function more(port = 0): Promise<Process> {
    const context = contextOf(database, clock);
    const { bus, now, pool, metrics, sessions } = context;
    ca ??= await loadOrCreateCa({ db, secrets, now });
    const ingest = createIngest({ pool, db, bus, log, metrics, now });
    const grpc = await startGrpcServer({ context, ca, ingest, host: "127.0.0.1", port });
    const process: Process = {
      port: grpc.port,
      bus,
      ingest,
      sessions,
      context,
      flush: grpc.flush,
      async stop() {
        if (!processes.includes(process)) return;
        processes.splice(processes.indexOf(process), 1);
        await grpc.stop();
        await ingest.stop();
      },
    };
    processes.push(process);
    return process;
  }

  const first = await more();
  const authority = ca as unknown as CertificateAuthority;

  async function token(more: Partial<NewEnrolmentToken> = {}): Promise<string> {
    const input = { name: "test", maxUses: null, expiresInHours: 1, labels: {}, group: "", ...more };
    return (await createToken({ config, db, now: first.context.now }, systemActor, input)).token;
  }

  return {
    ...first,
    db,
    database,
    ca: authority,
    clock,
    more,
    token,
    /** A host that enrolled. */
    async identity(host: { hostname?: string; machineId?: string } = {}): Promise<Identity> {
      hosts++;
      const named = { hostname: `host-${hosts}`, machineId: `machine-${hosts}`, ...host };
      return enrol(first.port, authority.certificateDer, await token(), named);
    },
    open(identity: Identity | undefined, hello: Parameters<typeof connect>[3] = {}, port = first.port): TestAgent {
      const agent = connect(port, authority.certificateDer, identity, hello);
      agents.push(agent);
      return agent;
    },
    /** The server's row. */
    async row(identity: Identity): Promise<RowOf<"server">> {
      const rows = await db.selectFrom("server").selectAll().where("id", "=", identity.serverId).execute();
      return rows[0] as RowOf<"server">;
    },
    /** The next event of that name for which the test holds. */
    event<K extends keyof Events>(name: K, holds: (event: Events[K]) => boolean = () => true): Promise<Events[K]> {
      return new Promise((resolve) => {
        const off = first.bus.on(name, (event) => {
          if (!holds(event)) return;
          off();
          resolve(event);
        });
      });
    },
    async close() {
      for (const agent of agents) agent.stop();
      for (const process of [...processes]) await process.stop();
      await database.close();
    },
  };
}

type RowOf<T extends keyof Database> = import("kysely").Selectable<Database[T]>;

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
