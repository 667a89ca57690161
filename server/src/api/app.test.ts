import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeUser, type TestApi, testApi, testPassword } from "../../tests/api.ts";
import { documentPaths } from "./openapi.ts";
import { routeFiles, routes } from "./routes/index.ts";
import { openPaths } from "./routes/open.ts";

let api: TestApi;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  api = await testApi();
  for (const role of ["viewer", "operator", "admin"] as const) tokens[role] = await api.token(role);
});
afterAll(() => api.close());

test("every route file is registered, every path once", () => {
  const files = readdirSync(join(import.meta.dirname, "routes"))
    .filter((file) => !file.endsWith(".test.ts") && file !== "index.ts" && file !== "open.ts")
    .map((file) => file.replace(/\.ts$/, ""));
  const camel = files.map((file) => file.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));
  expect(Object.keys(routeFiles).toSorted()).toEqual(camel.toSorted());
  const keys = routes.map((route) => `${route.method} ${route.path}`);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
});

describe("permissions", () => {
  const ranks = ["viewer", "operator", "admin"];
  const id = "00000000-0000-7000-8000-000000000000";

  test("the open list is what is open", () => {
    const open = routes.filter((route) => route.permission === "open").map((route) => route.path);
    expect(open.toSorted()).toEqual([...openPaths].toSorted());
    for (const route of routes) expect(["open", ...ranks]).toContain(route.permission);
  });

  test("every other route refuses strangers and lesser roles, before it looks at the request", async () => {
    for (const route of routes.filter((one) => one.permission !== "open")) {
      const path = route.path.replace("{name}", "x").replace("{id}", route.path.includes("resources") ? "1" : id);
      const say = `${route.method} ${path}`;
      const stranger = await api.call(route.method.toUpperCase(), path);
      expect(stranger.status, say).toBe(401);
      expect(stranger.body.type, say).toBe("urn:fairlead:problem:401");
      for (const role of ranks.slice(0, ranks.indexOf(route.permission))) {
        const lesser = await api.call(route.method.toUpperCase(), path, { token: tokens[role]! });
        expect(lesser.status, `${say} as ${role}`).toBe(403);
        expect(lesser.body.detail).toContain(`needs the role ${route.permission}`);
      }
    }
  });
});

describe("the OpenAPI document", () => {
  test("is 3.1, has every route, each with its permission and answers", async () => {
    const { status, body } = await api.call("GET", "/api/v1/openapi.json");
    expect(status).toBe(200);
    expect(body.openapi).toBe("3.1.0");
    for (const route of routes) {
      const operation = body.paths[route.path]?.[route.method];
      expect(operation, `${route.method} ${route.path}`).toBeDefined();
      expect(operation["x-permission"]).toBe(route.permission);
      expect(operation.summary).not.toBe("");
      expect(operation.responses.default).toBeDefined();
      const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? [])
        .filter((one: { in: string }) => one.in === "path")
        .map((one: { name: string }) => one.name);
      expect(declared).toEqual(inPath);
    }
    const text = JSON.stringify(body);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
      expect(body.components.schemas[name!], name).toBeDefined();
  });

  test("the documentation page loads nothing from elsewhere and has no inline script", async () => {
    for (const path of documentPaths.slice(1)) {
      const { status, body, headers } = await api.call("GET", path);
      expect(status).toBe(200);
      expect(body).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
      expect(body).not.toMatch(/<script>|onclick=/);
      expect(headers.get("content-security-policy")).toContain("script-src 'self'");
    }
  });
});

describe("problems", () => {
  test.each([
    ["unknown path", "GET", "/api/v1/nothing", {}, 404, "There is nothing at /api/v1/nothing"],
    ["wrong method", "PUT", "/api/v1/users", {}, 405, "PUT is not possible here: use GET, POST, HEAD"],
    ["not JSON", "POST", "/api/v1/auth/login", { raw: '{"password":"hunter2' }, 400, "The body is not valid JSON"],
    ["an array", "POST", "/api/v1/auth/login", { raw: "[]" }, 400, "body: must be an object"],
    ["no body", "POST", "/api/v1/auth/login", {}, 400, "email is missing: give a string"],
    [
      "a form",
      "POST",
      "/api/v1/auth/login",
      { raw: "email=a", headers: { "content-type": "application/x-www-form-urlencoded" } },
      415,
      "Content-Type: application/json",
    ],
    ["too large", "POST", "/api/v1/auth/login", { raw: `"${"x".repeat(1024 * 1024)}"` }, 413, "larger than 1 MiB"],
    ["a NUL", "POST", "/api/v1/auth/login", { raw: '{"email":"a\\u0000","password":"x"}' }, 400, "NUL"],
    ["bad scheme", "GET", "/api/v1/auth/me", { headers: { authorization: "Basic x" } }, 401, "Bearer TOKEN"],
    ["unknown token", "GET", "/api/v1/auth/me", { token: "flt_x" }, 401, "unknown, revoked or expired"],
  ])("%s", async (_name, method, path, options, status, detail) => {
    const answer = await api.call(method, path, options);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body.status).toBe(status);
    expect(answer.body.detail).toContain(detail);
    expect(answer.body.requestId).toBe(answer.headers.get("x-request-id"));
    expect(JSON.stringify(answer.body)).not.toContain("hunter2");
    if (status === 405) expect(answer.headers.get("allow")).toBe("GET, POST, HEAD");
  });

  test.each([
    ["/api/v1/users?limit=0", "limit", "0", "must be at least 1"],
    ["/api/v1/users?limit=501", "limit", "501", "must be at most 500"],
    ["/api/v1/users?limit=x", "limit", "x", "must be a number"],
    ["/api/v1/users?limit=1&limit=2", "limit", "2 items", "is given several times: give it once"],
    [
      "/api/v1/users?sort=password",
      "sort",
      "password",
      "must be one of email, -email, name, -name, createdAt, -createdAt",
    ],
    ["/api/v1/users?foo=1", "foo", "1", "is not known: known are limit, cursor, sort, role"],
    ["/api/v1/users?role=root", "role", "root", "must be one of viewer, operator, admin"],
    ["/api/v1/users?cursor=abc", "cursor", "abc", "is not a cursor of this list and sort: start again without it"],
    ["/api/v1/resources/abc", "id", "abc", "must be a number"],
    ["/api/v1/infrastructure/servers/abc", "id", "abc", "must be an id (UUID)"],
    ["/api/v1/infrastructure/servers?label=x", "label", "x", "must read name=value"],
    ["/api/v1/resources?kind=fridge", "kind", "fridge", expect.stringContaining("must be one of host, cpu")],
    ["/api/v1/metrics", "series", undefined, "is missing: give RESOURCEID:METRIC"],
    ["/api/v1/metrics?series=1", "series", "1", "must read RESOURCEID:METRIC, like 12:cpu_usage_ratio"],
    ["/api/v1/metrics?series=1:x", "series", "1:x", "there is no resource 1"],
    [
      "/api/v1/metrics?series=1:x&from=yesterday",
      "from",
      "yesterday",
      "must be ISO 8601, Unix milliseconds, now, or relative like -1h",
    ],
    ["/api/v1/metrics?series=1:x&from=now&to=-1h", "from", "now", "must be before to"],
  ])("bad value %s", async (path, field, value, message) => {
    const answer = await api.call("GET", path, { token: tokens.admin! });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([{ field, ...(value === undefined ? {} : { value }), message }]);
  });

  test.each([
    ["unknown field", { name: "x", nope: 1 }, "nope", expect.stringContaining("is not known: known are name, group")],
    ["wrong type", { intervalSeconds: "10" }, "intervalSeconds", "must be a number"],
    ["fraction", { intervalSeconds: 1.5 }, "intervalSeconds", "must be a whole number"],
    ["out of range", { intervalSeconds: 301 }, "intervalSeconds", "must be at most 300"],
    ["empty name", { name: " " }, "name", "must have at least 1 characters"],
    [
      "bad label",
      { labels: { "a b": "c" } },
      "labels.a b",
      expect.stringContaining("as a name must start with a letter"),
    ],
    ["label no text", { labels: { a: 1 } }, "labels.a", "must be a string"],
  ])("bad body: %s", async (_name, body, field, message) => {
    const path = "/api/v1/infrastructure/servers/00000000-0000-7000-8000-000000000000";
    const answer = await api.call("PATCH", path, { token: tokens.admin!, body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ field, message }]);
  });

  const nested = "[".repeat(5000) + "]".repeat(5000);
  const none = "00000000-0000-7000-8000-000000000000";
  test.each([
    ["half a surrogate pair", "POST", "/auth/tokens", '{"name":"\\ud800"}', 400, "name", "surrogate"],
    ["the same as a name", "POST", "/commands", '{"args":{"\\ud800":1}}', 400, "args", "surrogate"],
    ["a NUL within", "POST", "/commands", '{"args":{"container":"a\\u0000"}}', 400, "args.container", "NUL"],
    ["backslash u0000", "PATCH", `/infrastructure/servers/${none}`, '{"notes":"\\\\u0000"}', 404, undefined, "no such"],
    ["nested without end", "POST", "/commands", `{"args":{"a":${nested}}}`, 400, "", "32 deep"],
    ["a change of nothing", "PATCH", `/users/${none}`, "{}", 404, undefined, "no such user"],
    ["a list for a text", "POST", "/auth/tokens", '{"name":["x"]}', 400, "name", "must be a string"],
    [
      "a wrong setting",
      "POST",
      "/infrastructure/receivers",
      '{"name":"x","kind":"webhook","config":{"url":"http://a.b/","timeoutSeconds":99}}',
      400,
      "config.timeoutSeconds",
      "must be at most 60",
    ],
    [
      "a wrong argument",
      "POST",
      "/commands",
      `{"serverId":"${none}","type":"container.stop","args":{"container":"x","timeoutSeconds":"1"}}`,
      400,
      "args.timeoutSeconds",
      "must be a number",
    ],
    [
      "an unknown argument",
      "POST",
      "/commands",
      `{"serverId":"${none}","type":"container.start","args":{"container":"x","a":1}}`,
      400,
      "args.a",
      "known are container",
    ],
  ])("odd body: %s", async (_name, method, path, raw, status, field, detail) => {
    const answer = await api.call(method, `/api/v1${path}`, { token: tokens.admin!, raw });
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toContain(detail);
    expect(answer.body.errors?.find((each: { field: string }) => each.field === field)?.field).toBe(field);
  });

  test("what is not expected stays opaque, with a request id that the log has", async () => {
    const user = await makeUser(api.context, "opaque@example.com", "viewer");
    await api.context.db
      .updateTable("user_account")
      .set({ password_hash: "$argon2id$v=19$m=1,t=0,p=0$AAAA$AAAA" })
      .where("id", "=", user)
      .execute();
    const body = { email: "opaque@example.com", password: testPassword };
    const answer = await api.call("POST", "/api/v1/auth/login", { body, headers: { "x-request-id": "my-request-1" } });
    expect(answer.status).toBe(500);
    expect(answer.body.detail).toBe("Something failed inside; the log has it under my-request-1");
    expect(api.logs.some((line) => line.includes("my-request-1"))).toBe(true);
    expect(api.logs.join("")).not.toContain(testPassword);
  });
});

test("operation: health, readiness, metrics with routes, security headers", async () => {
  const healthz = await api.call("GET", "/healthz");
  expect(healthz.body).toEqual({ status: "ok" });
  expect(healthz.headers.get("x-content-type-options")).toBe("nosniff");
  expect(healthz.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(healthz.headers.get("access-control-allow-origin")).toBeNull();
  expect((await api.call("GET", "/readyz")).body).toEqual({ status: "ready", reasons: [] });
  const metrics = await api.call("GET", "/metrics", { token: tokens.viewer! });
  expect(metrics.body).toMatch(
    /fairlead_http_request_duration_seconds_count\{route="\/healthz",method="get",status="200"\} 1/,
  );
  const health = await api.call("GET", "/api/v1/infrastructure/health", { token: tokens.viewer! });
  expect(health.status).toBe(200);
  expect(health.body.checks.map((check: { name: string }) => check.name)).toEqual(
    expect.arrayContaining(["database", "partitions", "ingest", "agents", "disk", "jobs"]),
  );
  for (const check of health.body.checks) expect(check.status === "ok", check.name).toBe(check.remedy === "");
});
