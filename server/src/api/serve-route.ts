import type { ServerResponse } from "node:http";
import { z } from "@hono/zod-openapi";
import type { Context as HonoContext } from "hono";
import { type Actor, type Context, systemActor } from "../context.ts";
import { Failure } from "../failure.ts";
import { actorOf, type Caller, isAtLeast } from "../services/auth/caller.ts";
import { answerJson } from "./answer-json.ts";
import { clientAddress, findCaller, refuseCrossSite } from "./caller.ts";
import type { AppExtras } from "./extras.ts";
import { parseInput, queryObject, refuseUnstorable } from "./parse.ts";
import { problem, problemOf } from "./problem.ts";
import type { Route } from "./route.ts";

export type Serving = {
  context: Context;
  extras: AppExtras;
  /** Aborts when the server stops. */
  closing: AbortSignal;
  observe(route: string, method: string, status: number, started: number): void;
};

export const bodyLimit = 1024 * 1024;
const noParameters = z.strictObject({});

/** Runs one route: who asks, may they, what do they ask; then its handler. Every error becomes a problem document. */
export async function serveRoute(serving: Serving, route: Route, c: HonoContext, requestId: string): Promise<Response> {
  const started = performance.now();
  let answer: Response;
  try {
    answer = await answerRoute(serving, route, c, requestId);
  } catch (error) {
    answer = failed(serving.context, error, requestId);
  }
  serving.observe(route.path, route.method, answer.status, started);
  return answer;
}

async function answerRoute(serving: Serving, route: Route, c: HonoContext, requestId: string): Promise<Response> {
  const { context, extras } = serving;
  const { actor, caller } = await authorize(context, route, c, requestId);
  const params = route.params === undefined ? {} : parseInput(route.params, c.req.param(), "path");
  const search = queryObject(new URL(c.req.url).searchParams);
  refuseUnstorable(search);
  const query = parseInput(route.query ?? noParameters, search, "query");
  const body = route.method === "get" ? {} : await readBody(route, c.req.raw);
  const headers = new Headers();
  const result = await route.handle({
    context,
    extras,
    actor,
    caller,
    params,
    query,
    body,
    request: c.req.raw,
    signal: AbortSignal.any([c.req.raw.signal, serving.closing]),
    header: (name, value) => headers.append(name, value),
    cut: () => void (c.env as { outgoing?: ServerResponse } | undefined)?.outgoing?.destroy(),
    async isStillAllowed() {
      const now = await findCaller(context, c).catch((error) => {
        if (error instanceof Failure) return undefined;
        throw error;
      });
      return now !== undefined && now.credentialId === caller?.credentialId && isAtLeast(now.role, actor.role);
    },
  });
  if (result instanceof Response) {
    for (const [name, value] of headers) result.headers.append(name, value);
    return result;
  }
  if (route.answer === undefined) return new Response(null, { status: route.status ?? 204, headers });
  if (extras.checkAnswers === true) route.answer.parse(result);
  headers.set("content-type", "application/json");
  return new Response(answerJson(result), { status: route.status ?? 200, headers });
}

/** Who calls, when the route's permission allows it. */
async function authorize(
  context: Context,
  route: Route,
  c: HonoContext,
  requestId: string,
): Promise<{ actor: Actor; caller: Caller | undefined }> {
  const origin = { requestId, ip: clientAddress(context, c), userAgent: c.req.header("user-agent") ?? null };
  if (route.permission === "open") {
    if (route.method !== "get") refuseCrossSite(context, c);
    const actor: Actor = { ...systemActor, kind: "user", name: "anonymous", role: "viewer", requestId, ip: origin.ip };
    return { actor, caller: undefined };
  }
  const caller = await findCaller(context, c);
  if (caller === undefined)
    throw new Failure("unauthenticated", "Sign in, or send an API token: Authorization: Bearer TOKEN");
  if (caller.via === "session" && route.method !== "get") refuseCrossSite(context, c);
  if (caller.mustChangePassword && route.beforePasswordChange !== true)
    throw new Failure("forbidden", "Change your one-time password first: POST /api/v1/auth/password");
  if (!isAtLeast(caller.role, route.permission))
    throw new Failure("forbidden", `This needs the role ${route.permission}; yours is ${caller.role}`);
  return { actor: actorOf(caller, origin), caller };
}

async function readBody(route: Route, request: Request): Promise<unknown> {
  const text = await readText(request);
  if (route.body === undefined) {
    if (text.trim() === "" || text.trim() === "{}") return {};
    throw new Failure("invalid", "This call takes no body: leave it out");
  }
  const type = request.headers.get("content-type") ?? "";
  if (text !== "" && !/^application\/json\b/i.test(type)) throw new WrongContentType(type);
  let raw: unknown;
  try {
    raw = text === "" ? {} : JSON.parse(text);
  } catch (error) {
    // V8's own message quotes the body, which may hold a password.
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    const where = position === undefined ? "it ends too early" : `look at character ${position}`;
    throw new Failure("invalid", `The body is not valid JSON: ${where}`);
  }
  refuseUnstorable(raw);
  return parseInput(route.body, raw, "body");
}

async function readText(request: Request): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > bodyLimit) throw new TooLarge();
  if (request.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const piece of request.body) {
    size += piece.byteLength;
    if (size > bodyLimit) throw new TooLarge();
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

function failed(context: Context, error: unknown, requestId: string): Response {
  if (error instanceof TooLarge) return problem(413, "The body is larger than 1 MiB: send less", requestId);
  if (error instanceof WrongContentType)
    return problem(415, `Send JSON: Content-Type: application/json (is ${error.message})`, requestId);
  if (error instanceof Failure) {
    if (error.code === "internal") context.log.error({ err: error, requestId }, "request failed");
    return problemOf(error, requestId);
  }
  if (isDatabaseAway(error)) {
    context.log.error({ err: error, requestId }, "database is away");
    return problemOf(
      new Failure("unavailable", "The database does not answer: try again", { retryAfterSeconds: 5 }),
      requestId,
    );
  }
  context.log.error({ err: error, requestId }, "request failed");
  return problemOf(new Failure("internal", "failed"), requestId);
}

/** Connection lost or refused, or PostgreSQL shuts down or starts (class 57P, 08). */
function isDatabaseAway(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  const text = (error as Error | null)?.message ?? "";
  if (/Connection terminated|timeout exceeded when trying to connect/.test(text)) return true;
  return typeof code === "string" && /^(57P|08|ECONNREFUSED|ECONNRESET|ENOENT)/.test(code);
}

class TooLarge extends Error {}

class WrongContentType extends Error {
  constructor(type: string) {
    super(type === "" ? "absent" : JSON.stringify(type.slice(0, 100)));
  }
}
