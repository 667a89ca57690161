import { createPrivateKey, type KeyObject } from "node:crypto";
import { metricIndex } from "@fairlead/shared/catalogue";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeRequest, pem } from "../../../tests/agent.ts";
import { type TestApi, testApi } from "../../../tests/api.ts";
import { openBox } from "../../../tests/open-box.ts";
import { loadOrCreateCa } from "../../ca/certificate-authority.ts";

const path = "/api/v1/infrastructure/databases";
const password = "correct-horse-battery-9";
let api: TestApi;
let token: string;
let viewer: string;
let serverId: string;
const ids: Record<string, number> = {};
let agentKey: KeyObject;

beforeAll(async () => {
  api = await testApi();
  token = await api.token("operator");
  viewer = await api.token("viewer");
  serverId = await addServer("db-1");
  const other = await addServer("db-2");
  await add(
    serverId,
    "postgresql:127.0.0.1:5432",
    "up",
    { engine: "postgresql", host: "127.0.0.1", port: "5432", role: "primary", name: "shop" },
    full,
    {
      up: 1,
      connections: 91,
      connections_limit: 100,
      connections_used_ratio: 0.91,
      size_bytes: 1e9,
    },
  );
  await add(
    serverId,
    "redis:127.0.0.1:6379",
    "down",
    { engine: "redis", host: "127.0.0.1", port: "6379" },
    { error: "refused" },
    { up: 0 },
  );
  await add(
    serverId,
    "mysql:container/shop-db:3306",
    "needs_credentials",
    { engine: "mysql", container: "shop-db" },
    {
      credentials: "missing",
      grants: ["CREATE USER ..."],
    },
    {},
  );
  await add(
    other,
    "mongodb:127.0.0.1:27017",
    "up",
    { engine: "mongodb", host: "127.0.0.1", port: "27017", role: "replica" },
    {},
    {
      size_bytes: 5e9,
      replication_lag_seconds: 12,
    },
  );
  await add(other, "minio:127.0.0.1:9000", "timed_out", { engine: "minio" }, {}, {});
  await api.context.db
    .updateTable("resource")
    .set({ gone_at: new Date() })
    .where("key", "=", "minio:127.0.0.1:9000")
    .execute();
  const { keyPem, csrDer } = await makeRequest();
  agentKey = createPrivateKey(keyPem);
  await ca().then((authority) => authority.issueAgentCertificate(csrDer, serverId));
});
afterAll(() => api.close());

const full = {
  engine: "postgresql",
  version: "16.4",
  name: "shop",
  host: "127.0.0.1",
  port: 5432,
  pid: 4711,
  credentials: "configured",
  note: "fsync is off",
  databases: [{ name: "shop", sizeBytes: 123, transactionIdAge: 5 }, "nonsense"],
  replication: { role: "primary", replicas: [{ name: "walreceiver", lagBytes: 16, sync: "async" }], slots: "nonsense" },
  topStatements: [{ text: "SELECT ?", calls: 3, totalSeconds: 1.5 }],
  settings: { shared_buffers: "128MB", fsync: true, max_connections: 100, odd: { a: 1 } },
  tls: { mode: "prefer", used: true },
  persistence: { checkpoints: 3, archiver: { failed: 2, lastFailed: "0001" } },
  wraparound: { limit: 2 ** 31, transactionIdAge: 5 },
  queues: [{ name: "a", length: 3, inner: { deep: { deeper: 1 } } }, "nonsense"],
  probedAt: "2026-11-23T08:00:00.000Z",
};

const get = (query = "") => api.call("GET", `${path}${query}`, { token: viewer });
const keysOf = async (query: string) => {
  const answer = await get(query);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.items.map((one: { key: string }) => one.key.split(":")[0]);
};

test("a summary takes labels, attributes and newest values together", async () => {
  const { body } = await get("?q=SHOP&engine=postgresql");
  expect(body.items).toEqual([
    expect.objectContaining({
      id: ids.postgresql,
      serverName: "db-1",
      engine: "postgresql",
      version: "16.4",
      name: "shop",
      address: "127.0.0.1:5432",
      status: "up",
      statusReason: "fsync is off",
      role: "primary",
      credentials: "configured",
      connections: 91,
      connectionsUsedRatio: 0.91,
      cacheHitRatio: null,
      probedAt: expect.stringMatching(/^20.*Z$/),
    }),
  ]);
  // Values came later than attributes.
  expect(Date.parse(body.items[0].probedAt)).toBe(api.newest.get(ids.postgresql as number)?.at);
});

test.each([
  ["", ["redis", "mysql", "postgresql", "mongodb"]],
  ["?sort=-state", ["mongodb", "postgresql", "mysql", "redis"]],
  ["?sort=-size", ["mongodb", "postgresql", "mysql", "redis"]],
  ["?sort=-connections&limit=1", ["postgresql"]],
  ["?sort=-lag&limit=1", ["mongodb"]],
  ["?sort=server&engine=postgresql&engine=mongodb", ["postgresql", "mongodb"]],
  ["?role=replica", ["mongodb"]],
  ["?state=down&state=timed_out", ["redis"]],
  ["?credentials=missing", ["mysql"]],
  ["?gone=true", ["minio"]],
  ["?q=DB-2", ["mongodb"]],
  ["?q=shop", ["mysql", "postgresql"]],
  ["?q=%25", []],
])("list %s", async (query, keys) => {
  expect(await keysOf(query)).toEqual(keys);
});

test.each(["state", "-state", "name", "-engine", "version", "role", "stateSince", "size", "-lag", "uptime", "-memory"])(
  "pages by %s hold every database once",
  async (sort) => {
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body }: { body: { items: { key: string }[]; nextCursor: string | null } } = await get(
        `?limit=1&sort=${sort}${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      seen.push(...body.items.map((one) => one.key));
      cursor = body.nextCursor;
    }
    expect(seen.length).toBe(4);
    expect(new Set(seen).size).toBe(4);
  },
);

test("the detail holds what the agent told, without what makes no sense", async () => {
  const { status, body } = await get(`/${ids.postgresql}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    pid: 4711,
    databases: [{ name: "shop", sizeBytes: 123, cacheHitRatio: null }],
    replication: { role: "primary", replicas: [{ name: "walreceiver", lagBytes: 16, sync: "async" }], slots: null },
    settings: { shared_buffers: "128MB", fsync: true, max_connections: 100 },
    longRunning: null,
    persistence: { checkpoints: 3, "archiver.failed": 2, "archiver.lastFailed": "0001" },
    more: [
      { name: "queues", rows: [{ name: "a", length: 3 }] },
      { name: "wraparound", rows: [{ limit: 2 ** 31, transactionIdAge: 5 }] },
    ],
    latest: { values: { connections: 91, up: 1 } },
    configurable: null,
  });
  expect((await get("/999999")).status).toBe(404);
  const host = await add(serverId, "x", null, {}, {}, {}, "host");
  expect((await get(`/${host}`)).status).toBe(404);
});

test("attributes of any shape never break an answer", async () => {
  const nonsense: unknown[] = [
    null,
    0,
    "x",
    [],
    [null],
    [[]],
    {},
    { a: { b: {} } },
    true,
    -1e308,
    "\u{1f600}".repeat(9000),
  ];
  const names = Object.keys(full);
  for (const value of nonsense) {
    const attributes = Object.fromEntries(
      [...names, "tls", "grants", "persistence", "longRunning", "error", "cluster", "blocking", "queues"].map(
        (name) => [name, value],
      ),
    );
    await api.context.db
      .updateTable("resource")
      .set({ attributes: JSON.stringify(attributes) })
      .where("id", "=", ids.mongodb as number)
      .execute();
    expect((await get(`/${ids.mongodb}`)).status, JSON.stringify(value).slice(0, 40)).toBe(200);
    expect((await get()).status).toBe(200);
  }
  for (const attributes of [[], 7, "x", null]) {
    await api.context.db
      .updateTable("resource")
      .set({ attributes: JSON.stringify(attributes) })
      .where("id", "=", ids.mongodb as number)
      .execute();
    expect((await get(`/${ids.mongodb}`)).status).toBe(200);
    expect((await get("?q=mongo&credentials=missing")).status).toBe(200);
  }
});

test("why it is not up comes from the agent's error, else from the change of state", async () => {
  const reasonOf = async () => (await get("?state=down")).body.items[0].statusReason;
  expect(await reasonOf()).toBe("refused");
  await api.context.db
    .updateTable("resource")
    .set({ attributes: "{}" })
    .where("id", "=", ids.redis as number)
    .execute();
  expect(await reasonOf()).toBe("");
  const change = { server_id: serverId, resource_id: ids.redis as number, from_state: "up", to_state: "down" };
  await api.context.db
    .insertInto("state_change")
    .values({ ...change, at: new Date(), reason: "nothing accepts connections" })
    .execute();
  expect(await reasonOf()).toBe("nothing accepts connections");
});

test("credentials arrive sealed for the agent; nothing else here holds the password", async () => {
  const tls = { mode: "require", serverName: "db.inside" };
  const body = { user: "fairlead", password, database: "shop", tls };
  const answer = await api.call("PUT", `${path}/${ids.postgresql}/credentials`, { token, body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  expect(answer.body).toMatchObject({ type: "database.configure", status: "queued", serverName: "db-1" });
  expect(answer.body.args).toEqual({
    database: "postgresql:127.0.0.1:5432",
    sealed: expect.stringContaining("sealed, "),
  });
  const { args } = await api.context.db
    .selectFrom("command")
    .select("args")
    .where("id", "=", answer.body.id)
    .executeTakeFirstOrThrow();
  const box = Buffer.from(args.sealed as string, "base64");
  expect(JSON.parse(openBox(box, agentKey, `${serverId}\0postgresql:127.0.0.1:5432`))).toEqual(body);
  expect(() => openBox(box, agentKey, `${serverId}\0postgresql:127.0.0.1:5433`)).toThrow();
  const audit = await api.context.db
    .selectFrom("audit_log")
    .selectAll()
    .where("target_kind", "=", "database")
    .execute();
  expect(audit).toEqual([
    expect.objectContaining({
      action: "database.credentials_set",
      actor_name: expect.stringContaining("operator"),
      target_id: String(ids.postgresql),
      detail: { serverId, serverName: "db-1", database: "postgresql:127.0.0.1:5432", user: "fairlead", tls: "require" },
    }),
  ]);
  await noneHolds(password);
  await noneHolds(args.sealed as string, ["command"]);
});

test("DELETE sends an empty box", async () => {
  const answer = await api.call("DELETE", `${path}/${ids.redis}/credentials`, { token });
  expect(answer.status).toBe(201);
  expect(answer.body.args).toEqual({ database: "redis:127.0.0.1:6379", sealed: "" });
});

test.each([
  ["nothing", {}, undefined, /gives nothing/],
  ["empty user", { user: "" }, "user", /at least 1 characters/],
  ["a user of two lines", { user: "a\nb" }, "user", /control characters/],
  ["a long password", { password: "p".repeat(5000) }, "password", /at most 4096/],
  ["a misspelt name", { pasword: password }, "pasword", /is not known: known are user, password/],
  ["a wrong mode", { tls: { mode: "maybe" } }, "tls.mode", /disable, prefer, require, verify-ca, verify-full/],
  ["a name with a port", { tls: { mode: "verify-full", serverName: "db:5432" } }, "tls.serverName", /without a port/],
  ["a name without TLS", { tls: { mode: "disable", serverName: "db" } }, "tls.serverName", /of no use with tls.mode/],
  ["no PEM", { tls: { mode: "require", ca: password } }, "tls.ca", /PEM/],
  [
    "a broken certificate",
    { tls: { mode: "require", ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" } },
    "tls.ca",
    /PEM/,
  ],
  ["a password that is none", { password: { value: password } }, "password", /must be a string/],
])("refused: %s", async (_name, body, field, message) => {
  const answer = await api.call("PUT", `${path}/${ids.postgresql}/credentials`, { token, body });
  expect(answer.status).toBe(400);
  const error = answer.body.errors[0];
  expect(error.message).toMatch(message);
  if (field !== undefined) expect(error.field).toBe(field);
  expect(JSON.stringify(answer.body)).not.toContain(password);
});

test("more than fits into a command is refused, certificates are passed on", async () => {
  const one = pem("CERTIFICATE", (await ca()).certificateDer);
  const put = (body: unknown) => api.call("PUT", `${path}/${ids.postgresql}/credentials`, { token, body });
  const tls = { mode: "verify-full", ca: one.repeat(Math.floor(16_000 / one.length)) };
  const refused = await put({ password: "世".repeat(4096), tls });
  expect([refused.status, refused.body.errors[0].field]).toEqual([400, "tls.ca"]);
  expect((await put({ password, tls })).status).toBe(201);
});

test("a wrong mode is shown", async () => {
  const body = { tls: { mode: "maybe" } };
  const answer = await api.call("PUT", `${path}/${ids.postgresql}/credentials`, { token, body });
  expect(answer.body.errors[0].value).toBe("maybe");
});

test("who may, and what stands in the way", async () => {
  const put = (id: number | undefined, as = token) =>
    api.call("PUT", `${path}/${id}/credentials`, { token: as, body: { password } });
  expect((await put(ids.postgresql, viewer)).status).toBe(403);
  expect((await put(999_999)).status).toBe(404);
  const none = await put(ids.mongodb);
  expect([none.status, none.body.detail]).toEqual([409, expect.stringContaining("enrol it again")]);
  expect((await put(ids.minio)).body.detail).toContain("is gone");
  await api.context.db.updateTable("agent_certificate").set({ public_key_der: null }).execute();
  expect((await put(ids.postgresql)).body.detail).toContain("connect again");
  await api.context.db
    .updateTable("server")
    .set({ capabilities: ["agent.ping"] })
    .where("id", "=", serverId)
    .execute();
  expect((await put(ids.postgresql)).body.detail).toContain("/etc/fairlead-agent.yaml");
  expect((await get(`/${ids.postgresql}`)).body.configurable).toBe(false);
  await api.context.db.updateTable("server").set({ capabilities: [] }).execute();
});

test("sealed for the certificate that the agent first showed last, noted when it is shown", async () => {
  const authority = await ca();
  const [renewed, lost] = [await makeRequest(), await makeRequest()];
  const shown = await authority.issueAgentCertificate(renewed.csrDer, serverId);
  await authority.issueAgentCertificate(lost.csrDer, serverId);
  // As one that was issued before keys were kept.
  await api.context.db.updateTable("agent_certificate").set({ public_key_der: null }).execute();
  expect(await authority.checkAgentCertificate(shown)).toMatchObject({ ok: true, serverId });
  const answer = await api.call("PUT", `${path}/${ids.redis}/credentials`, { token, body: { password } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  const { args } = await api.context.db
    .selectFrom("command")
    .select("args")
    .where("id", "=", answer.body.id)
    .executeTakeFirstOrThrow();
  const box = Buffer.from(args.sealed as string, "base64");
  expect(JSON.parse(openBox(box, createPrivateKey(renewed.keyPem), `${serverId}\0redis:127.0.0.1:6379`))).toEqual({
    password,
  });
  const cancelled = await api.call("POST", `/api/v1/commands/${answer.body.id}/cancel`, { token });
  expect(cancelled.body.args).toEqual({ database: "redis:127.0.0.1:6379" });
});

async function addServer(name: string): Promise<string> {
  const row = await api.context.db
    .insertInto("server")
    .values({ name, hostname: name })
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

async function add(
  server: string,
  key: string,
  state: string | null,
  labels: Record<string, string>,
  attributes: unknown,
  values: Record<string, number>,
  kind = "database",
): Promise<number> {
  const row = {
    server_id: server,
    kind,
    key,
    state,
    labels: JSON.stringify(labels),
    attributes: JSON.stringify(attributes),
  };
  const { id } = await api.context.db.insertInto("resource").values(row).returning("id").executeTakeFirstOrThrow();
  if (kind === "database") ids[key.split(":")[0] as string] = id;
  const packed = new Float32Array(60).fill(Number.NaN);
  for (const [name, value] of Object.entries(values)) packed[metricIndex("database", name)] = value;
  if (Object.keys(values).length > 0) api.newest.set(id, { at: Date.now(), values: packed });
  return id;
}

function ca() {
  const kept = new Map<string, Buffer>();
  const secrets = {
    ...api.context.secrets,
    put: async (_of: unknown, plain: Uint8Array) => void kept.set("ca", Buffer.from(plain)),
    read: async () => kept.get("ca"),
  };
  made ??= loadOrCreateCa({ db: api.context.db, secrets, now: api.context.now });
  return made;
}
let made: ReturnType<typeof loadOrCreateCa> | undefined;

/** Looks through every row of every table and the log. */
async function noneHolds(text: string, except: string[] = []): Promise<void> {
  expect(api.logs.join("\n")).not.toContain(text);
  const tables = await sql<{
    name: string;
  }>`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`.execute(api.context.db);
  for (const { name } of tables.rows) {
    if (except.includes(name)) continue;
    const { rows } = await sql<{
      n: number;
    }>`SELECT count(*) AS n FROM ${sql.table(name)} t WHERE t::text LIKE ${`%${text}%`}`.execute(api.context.db);
    expect(rows[0]?.n, name).toBe(0);
  }
}
