import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Env } from "hono";
import { problemSchema } from "./problem.ts";
import type { Route } from "./route.ts";

const folder = join(import.meta.dirname, "docs");

/** Serves the OpenAPI 3.1 document made from the routes' own schemas, and the page that shows it. */
export function addDocument<E extends Env>(app: OpenAPIHono<E>, routes: readonly Route[], version: string): void {
  for (const route of routes) app.openAPIRegistry.registerPath(describe(route));
  app.openAPIRegistry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" });
  app.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "fairlead_session",
  });
  let text: string | undefined;
  app.get("/api/v1/openapi.json", (c) => {
    text ??= JSON.stringify(
      app.getOpenAPI31Document({
        openapi: "3.1.0",
        info: { title: "Fairlead", version, description: "Watch a fleet of servers; guide every container update in." },
        servers: [{ url: "/" }],
      }),
    );
    return c.body(text, 200, { "content-type": "application/json" });
  });
  for (const [path, file, type] of [
    ["/docs", "docs.html", "text/html; charset=utf-8"],
    ["/docs/docs.css", "docs.css", "text/css; charset=utf-8"],
    ["/docs/docs.js", "docs.js", "text/javascript; charset=utf-8"],
  ] as const) {
    const body = readFileSync(join(folder, file), "utf8");
    app.get(path, (c) => c.body(body, 200, { "content-type": type, "cache-control": "no-cache" }));
  }
}

/** Paths that are served beside the routes and open to all. */
export const documentPaths = ["/api/v1/openapi.json", "/docs", "/docs/docs.css", "/docs/docs.js"];

function describe(route: Route) {
  const status = route.status ?? (route.answer === undefined && route.media === undefined ? 204 : 200);
  const media = route.media ?? "application/json";
  const needs = route.permission === "open" ? "Open without sign-in." : `Needs the role ${route.permission}.`;
  const headers = route.headers === undefined ? undefined : z.object(mapValues(route.headers));
  return createRoute({
    method: route.method,
    path: route.path,
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, needs].filter((part) => part !== undefined).join("\n\n"),
    security: route.permission === "open" ? [] : [{ token: [] }, { session: [] }],
    request: {
      ...(route.params === undefined ? {} : { params: route.params }),
      ...(route.query === undefined ? {} : { query: route.query }),
      ...(headers === undefined ? {} : { headers }),
      ...(route.body === undefined
        ? {}
        : { body: { required: true, content: { "application/json": { schema: route.body } } } }),
    },
    responses: {
      [status]:
        status === 204
          ? { description: "Done" }
          : { description: "Done", content: { [media]: { schema: route.answer ?? z.string() } } },
      default: { description: "A problem", content: { "application/problem+json": { schema: problemSchema } } },
    },
    "x-permission": route.permission,
  });
}

function mapValues(headers: Record<string, string>): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, z.string().optional().openapi({ description })]),
  );
}
