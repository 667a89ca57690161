import { afterAll, beforeAll, expect, test } from "vitest";
import { makeUser, type TestApi, testApi, testPassword } from "../../../tests/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

async function signIn(email: string, password = testPassword) {
  const answer = await api.call("POST", "/api/v1/auth/login", { body: { email, password } });
  const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  return { ...answer, cookie };
}

test("sign in, use the session, change the password, sign out", async () => {
  await makeUser(api.context, "Ada@Example.com", "admin", true);
  const { status, body, cookie, headers } = await signIn("ada@example.com");
  expect(status).toBe(200);
  expect(body).toMatchObject({ user: { email: "Ada@Example.com", role: "admin" }, mustChangePassword: true });
  expect(headers.get("set-cookie")).toMatch(
    /^fairlead_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const other = await signIn("ada@example.com");

  const before = await api.call("GET", "/api/v1/users", { headers: { cookie } });
  expect(before.status).toBe(403);
  expect(before.body.detail).toContain("auth/password");
  const change = (currentPassword: string, newPassword: string) =>
    api.call("POST", "/api/v1/auth/password", { headers: { cookie }, body: { currentPassword, newPassword } });
  expect((await change("wrong", "another long one")).body.errors).toEqual([
    { field: "currentPassword", message: "is wrong: type the password you signed in with" },
  ]);
  expect((await change(testPassword, "short")).body.errors).toEqual([
    { field: "newPassword", message: "must have at least 10 characters" },
  ]);
  expect((await change(testPassword, testPassword)).status).toBe(400);
  expect((await change(testPassword, "another long one")).status).toBe(204);

  expect((await api.call("GET", "/api/v1/users", { headers: { cookie } })).status).toBe(200);
  expect((await api.call("GET", "/api/v1/auth/me", { headers: { cookie: other.cookie } })).status).toBe(401);
  expect((await signIn("ada@example.com")).status).toBe(401);
  const out = await api.call("POST", "/api/v1/auth/logout", { headers: { cookie } });
  expect(out.status).toBe(204);
  expect(out.headers.get("set-cookie")).toContain("Max-Age=0");
  expect((await api.call("GET", "/api/v1/auth/me", { headers: { cookie } })).status).toBe(401);
});

test("a session ends after 7 idle days and 30 days at most", async () => {
  await makeUser(api.context, "idle@example.com", "viewer");
  const start = api.clock.now;
  const { cookie } = await signIn("idle@example.com");
  const alive = async () => (await api.call("GET", "/api/v1/auth/me", { headers: { cookie } })).status === 200;
  for (let day = 5; day < 30; day += 5) {
    api.clock.now = start + day * 86_400_000;
    expect(await alive()).toBe(true);
  }
  api.clock.now = start + 30.1 * 86_400_000;
  expect(await alive()).toBe(false);
  const second = await signIn("idle@example.com");
  api.clock.now += 7.1 * 86_400_000;
  expect((await api.call("GET", "/api/v1/auth/me", { headers: { cookie: second.cookie } })).status).toBe(401);
  api.clock.now = start;
});

test("unknown account, wrong password and disabled account look the same; guessing is slowed", async () => {
  await makeUser(api.context, "eve@example.com", "viewer");
  const gone = await makeUser(api.context, "gone@example.com", "viewer");
  await api.context.db.updateTable("user_account").set({ disabled_at: new Date() }).where("id", "=", gone).execute();
  const answers = [
    await signIn("nobody@example.com"),
    await signIn("eve@example.com", "wrong"),
    await signIn("gone@example.com"),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(401);
    expect(answer.body.detail).toBe("E-mail or password is wrong");
  }
  for (let i = 0; i < 4; i++) await signIn("eve@example.com", "wrong");
  const slowed = await signIn("eve@example.com");
  expect(slowed.status).toBe(429);
  expect(Number(slowed.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await signIn("nobody@example.com")).status).toBe(401);
  const burst = await Promise.all(Array.from({ length: 12 }, () => signIn("burst@example.com", "wrong")));
  expect(burst.filter((answer) => answer.status === 401).length).toBe(5);
  api.clock.now += 60_000;
  expect((await signIn("eve@example.com")).status).toBe(200);
});

test("whoever knows an address cannot keep its owner out", async () => {
  const proxied = await testApi({}, { FAIRLEAD_TRUST_PROXY: "true" });
  try {
    await makeUser(proxied.context, "owner@example.com", "admin");
    const from = (ip: string, password = testPassword) =>
      proxied.call("POST", "/api/v1/auth/login", {
        body: { email: "owner@example.com", password },
        headers: { "x-forwarded-for": ip },
      });
    expect((await from("192.0.2.1")).status).toBe(200);
    for (let i = 0; i < 30; i++) await from("2001:db8::1", "wrong");
    expect((await from("2001:db8::ffff")).status).toBe(429);
    expect((await from("198.51.100.7")).status).toBe(200);
    const guesses = Array.from({ length: 110 }, (_, i) => from(`203.0.113.${i}`, "wrong"));
    await Promise.all(guesses);
    const elsewhere = await from("198.51.100.99");
    expect(elsewhere.status).toBe(429);
    expect(Number(elsewhere.headers.get("retry-after"))).toBeLessThanOrEqual(30);
    expect((await from("192.0.2.1")).status).toBe(200);
  } finally {
    await proxied.close();
  }
});

test.each([
  ["no header, as from curl", {}, 204],
  ["same origin", { "sec-fetch-site": "same-origin", origin: "http://localhost", host: "localhost" }, 204],
  ["cross-site by fetch metadata", { "sec-fetch-site": "cross-site" }, 403],
  ["same-site is another origin", { "sec-fetch-site": "same-site" }, 403],
  ["foreign origin", { origin: "https://evil.example", host: "localhost" }, 403],
  ["opaque origin", { origin: "null", host: "localhost" }, 403],
])("cookie and %s", async (_name, headers, status) => {
  const email = `csrf-${Math.random().toString(36).slice(2)}@example.com`;
  await makeUser(api.context, email, "viewer");
  const { cookie } = await signIn(email);
  const answer = await api.call("POST", "/api/v1/auth/logout", {
    headers: { cookie, ...headers } as Record<string, string>,
  });
  expect(answer.status).toBe(status);
  const login = await api.call("POST", "/api/v1/auth/login", {
    headers: headers as Record<string, string>,
    body: { email, password: testPassword },
  });
  expect(login.status).toBe(status === 204 ? 200 : 403);
});

test("API tokens: shown once, lesser role, expiry, revocation", async () => {
  const operator = await api.token("operator");
  const make = (body: object) => api.call("POST", "/api/v1/auth/tokens", { token: operator, body });
  const made = await make({ name: "ci", expiresInDays: 1, role: "viewer" });
  expect(made.status).toBe(201);
  expect(made.body.token).toMatch(/^flt_[\w-]{43}$/);
  expect((await make({ name: "up", role: "admin" })).body.errors).toEqual([
    { field: "role", value: "admin", message: "may not be above your own, operator" },
  ]);
  const me = await api.call("GET", "/api/v1/auth/me", { token: made.body.token });
  expect(me.body).toMatchObject({ via: "token", user: { role: "viewer" } });
  const list = await api.call("GET", "/api/v1/auth/tokens?sort=name", { token: operator });
  expect(list.body.items.map((t: { name: string }) => t.name)).toEqual(["ci", "operator"]);
  expect(JSON.stringify(list.body)).not.toContain("flt_");
  expect((await api.call("GET", "/api/v1/auth/tokens?all=true", { token: operator })).status).toBe(403);

  const other = await api.token("operator");
  expect((await api.call("DELETE", `/api/v1/auth/tokens/${made.body.id}`, { token: other })).status).toBe(404);
  api.clock.now += 86_400_001;
  expect((await api.call("GET", "/api/v1/auth/me", { token: made.body.token })).status).toBe(401);
  api.clock.now -= 86_400_001;
  expect((await api.call("DELETE", `/api/v1/auth/tokens/${made.body.id}`, { token: operator })).status).toBe(204);
  const revoked = await api.call("GET", "/api/v1/auth/me", { token: made.body.token });
  expect(revoked.status).toBe(401);
  expect(revoked.headers.get("www-authenticate")).toContain("Bearer");
  const stored = await api.context.db.selectFrom("api_token").select("token_hash").execute();
  expect(stored.some((row) => row.token_hash.toString().includes(made.body.token))).toBe(false);
});

test("a token's tokens end with it, and a lesser one revokes no greater one", async () => {
  const admin = await api.token("admin");
  const make = async (token: string, body: object) =>
    (await api.call("POST", "/api/v1/auth/tokens", { token, body: { name: "t", ...body } })).body;
  const short = await make(admin, { expiresInDays: 1, role: "viewer" });
  const child = await make(short.token, { expiresInDays: null });
  expect(child.expiresAt).toBe(short.expiresAt);
  const greater = await make(admin, { expiresInDays: 1 });
  const revoke = (token: string) => api.call("DELETE", `/api/v1/auth/tokens/${greater.id}`, { token });
  expect((await revoke(short.token)).status).toBe(404);
  expect((await revoke(admin)).status).toBe(204);
});

test("users: one-time password, taken address, the last admin stays", async () => {
  const token = await api.token("admin");
  const body = { email: "bob@example.com", name: "Bob", role: "viewer" };
  const made = await api.call("POST", "/api/v1/users", { token, body });
  expect(made.status).toBe(201);
  expect(made.body.mustChangePassword).toBe(true);
  expect((await signIn("bob@example.com", made.body.oneTimePassword)).body.mustChangePassword).toBe(true);
  const twice = await api.call("POST", "/api/v1/users", { token, body: { ...body, email: "BOB@example.com" } });
  expect(twice.status).toBe(409);

  const disabled = await api.call("PATCH", `/api/v1/users/${made.body.id}`, { token, body: { disabled: true } });
  expect(disabled.body.disabledAt).not.toBeNull();
  expect((await signIn("bob@example.com", made.body.oneTimePassword)).status).toBe(401);
  const me = (await api.call("GET", "/api/v1/auth/me", { token })).body.user.id;
  await api.context.db.updateTable("user_account").set({ role: "viewer" }).where("id", "!=", me).execute();
  const last = await api.call("PATCH", `/api/v1/users/${me}`, { token, body: { role: "viewer" } });
  expect(last.status).toBe(409);
  expect(last.body.detail).toContain("last admin");
  const actions = await api.context.db.selectFrom("audit_log").select("action").distinct().execute();
  expect(actions.map((row) => row.action)).toEqual(
    expect.arrayContaining([
      "auth.login",
      "auth.login_failed",
      "auth.password",
      "token.create",
      "user.create",
      "user.update",
    ]),
  );
});
