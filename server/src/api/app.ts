import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context as HonoContext } from "hono";
import type { Context } from "../context.ts";
import type { AppExtras } from "./extras.ts";
import { addDocument } from "./openapi.ts";
import { problem } from "./problem.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes/index.ts";
import { secureHeaders } from "./secure-headers.ts";
import { type Serving, serveRoute } from "./serve-route.ts";
import { servePage } from "./web-page.ts";

type Variables = { requestId: string };
export type App = OpenAPIHono<{ Variables: Variables }> & {
  /** Ends open streams, so that the listener can close. */
  closeStreams(): void;
};

/** The whole HTTP side as one Hono app: every route of routes/index.ts, its OpenAPI document, the page. */
export function createApp(context: Context, extras: AppExtras = {}, list: readonly Route[] = routes): App {
  const app = new OpenAPIHono<{ Variables: Variables }>();
  const closing = new AbortController();
  const seconds = context.metrics.histogram(
    "fairlead_http_request_duration_seconds",
    "Time until the head of the answer is ready",
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  );
  const errors = context.metrics.counter("fairlead_http_errors_total", "Answers with status 500 and above");
  const serving: Serving = { context, extras, closing: closing.signal, observe };

  function observe(route: string, method: string, status: number, started: number): void {
    seconds.observe((performance.now() - started) / 1000, { route, method, status: String(status) });
    if (status >= 500) errors.add(1, { route, method });
  }

  app.use("*", async (c, next) => {
    const given = c.req.header("x-request-id");
    const requestId = given !== undefined && /^[\w-]{8,64}$/.test(given) ? given : crypto.randomUUID();
    c.set("requestId", requestId);
    await next();
    c.res.headers.set("x-request-id", requestId);
    secureHeaders(c.res.headers, context.config.publicUrl?.startsWith("https:") === true);
  });
  for (const route of list)
    app.on(route.method.toUpperCase(), honoPath(route.path), (c) => serveRoute(serving, route, c, c.get("requestId")));
  addDocument(app, list, extras.version ?? "0.1.0");
  app.notFound((c) => missing(serving, list, c, c.get("requestId")));
  app.onError((error, c) => {
    const requestId = c.get("requestId");
    context.log.error({ err: error, requestId }, "request failed");
    return problem(500, `Something failed inside; the log has it under ${requestId}`, requestId);
  });
  return Object.assign(app, { closeStreams: () => closing.abort() });
}

/** What no route took: another method's path, the page, or nothing at all. */
async function missing(serving: Serving, list: readonly Route[], c: HonoContext, requestId: string): Promise<Response> {
  const started = performance.now();
  const allowed = list
    .filter((route) => pathPattern(route.path).test(c.req.path))
    .map((route) => route.method.toUpperCase());
  if (allowed.includes("GET")) allowed.push("HEAD");
  let answer: Response | undefined;
  if (allowed.length > 0) {
    const allow = [...new Set(allowed)].join(", ");
    answer = problem(405, `${c.req.method} is not possible here: use ${allow}`, requestId, [], { allow });
  }
  answer ??= await servePage(serving.extras, c);
  answer ??= problem(404, `There is nothing at ${c.req.path}`, requestId);
  serving.observe(answer.ok ? "page" : "none", c.req.method, answer.status, started);
  return answer;
}

function honoPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ":$1");
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/\./g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`);
}
