import { z } from "@hono/zod-openapi";
import type { Failure, FailureCode, FieldError } from "../failure.ts";

/** RFC 9457. */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    requestId: z.string(),
    errors: z
      .array(z.strictObject({ field: z.string(), value: z.unknown().optional(), message: z.string() }))
      .optional(),
  })
  .openapi("Problem");

export type Problem = z.infer<typeof problemSchema>;

const titles: Record<number, string> = {
  400: "The request is wrong",
  401: "Sign in first",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  409: "In conflict with what is there",
  413: "The request is too large",
  415: "Wrong content type",
  429: "Too many requests",
  500: "The server failed",
  503: "Not available now",
};

const statuses: Record<FailureCode, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_many_requests: 429,
  unavailable: 503,
  internal: 500,
};

/** HTTP status of a failure code. */
export function statusOf(code: FailureCode): number {
  return statuses[code];
}

/** The problem document as a response. */
export function problem(
  status: number,
  detail: string,
  requestId: string,
  errors: readonly FieldError[] = [],
  headers: Record<string, string> = {},
): Response {
  const body: Problem = {
    type: `urn:fairlead:problem:${status}`,
    title: titles[status] ?? "Failed",
    status,
    detail,
    requestId,
    ...(errors.length === 0 ? {} : { errors: [...errors] }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
  });
}

/** The problem of a failure; code "internal" stays opaque. */
export function problemOf(failure: Failure, requestId: string): Response {
  const detail =
    failure.code === "internal" ? `Something failed inside; the log has it under ${requestId}` : failure.message;
  const wait = failure.retryAfterSeconds;
  const headers: Record<string, string> = wait === undefined ? {} : { "retry-after": String(Math.max(1, wait)) };
  if (failure.code === "unauthenticated") headers["www-authenticate"] = 'Bearer realm="fairlead"';
  return problem(statusOf(failure.code), detail, requestId, failure.fields, headers);
}
