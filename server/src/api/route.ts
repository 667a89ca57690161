import { z } from "@hono/zod-openapi";
import type { Actor, Context } from "../context.ts";
import type { Caller } from "../services/auth/caller.ts";
import type { AppExtras } from "./extras.ts";

/** The least role that may call a route; "open": no sign-in needed (listed in routes/open.ts too). */
export type Permission = "open" | "viewer" | "operator" | "admin";

type Fields = z.ZodObject;
type Parsed<S> = S extends z.ZodType ? z.output<S> : Record<string, never>;

/** What a handler gets: everything parsed, the caller known and allowed. */
export type Asked<P, Q, B> = {
  context: Context;
  extras: AppExtras;
  actor: Actor;
  /** How the actor signed in; undefined on open routes. */
  caller: Caller | undefined;
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
  request: Request;
  /** Aborts when the client is gone or the server stops. */
  signal: AbortSignal;
  /** Sets a header of the answer. */
  header(name: string, value: string): void;
  /** Cuts the connection, for a client that does not read. */
  cut(): void;
  /** For long answers: false once the session or token ended or lost its role. */
  isStillAllowed(): Promise<boolean>;
};

type Definition<P, Q, B, A> = {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** In OpenAPI form: /api/v1/users/{id}. */
  path: string;
  permission: Permission;
  /** May be called by someone who must change the password first. */
  beforePasswordChange?: true;
  tag: string;
  summary: string;
  description?: string;
  params?: P;
  query?: Q;
  body?: B;
  /** Request headers that the route reads, for the document only. */
  headers?: Record<string, string>;
  /** Of the answer; absent: no body (204), or `media`. */
  answer?: A;
  status?: 200 | 201 | 202 | 204;
  /** Content type of an answer that is no JSON; the handler returns a Response then. */
  media?: string;
  handle(asked: Asked<P, Q, B>): Promise<(A extends z.ZodType ? z.input<A> : undefined) | Response>;
};

/** A route as the app registers it. */
export type Route = Omit<Definition<Fields, Fields, z.ZodType, z.ZodType>, "handle"> & {
  handle(asked: Asked<Fields, Fields, z.ZodType>): Promise<unknown>;
};

/** Types a route: `params`, `query` and `body` arrive parsed by its schemas, the result must fit `answer`. */
export function route<
  P extends Fields | undefined = undefined,
  Q extends Fields | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  A extends z.ZodType | undefined = undefined,
>(definition: Definition<P, Q, B, A>): Route {
  return definition as unknown as Route;
}

/** A query parameter that may be given several times. */
export function repeatable<T extends z.ZodType>(item: T, most = 50) {
  return z.preprocess(
    (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z.array(item).max(most),
  );
}

/** `true` or `false` in a query. */
export const flag = z.enum(["true", "false"]).transform((value) => value === "true");

/** The parameters of every list: `sort` is one of `fields` or `-field`. */
export function listQuery<const F extends readonly [string, ...string[]]>(
  fields: F,
  initial: F[number] | `-${F[number]}`,
) {
  const both = fields.flatMap((field) => [field, `-${field}`]) as unknown as [F[number] | `-${F[number]}`];
  return z.strictObject({
    limit: z.coerce.number().int().min(1).max(500).default(50).openapi({ description: "Items a page, 1 to 500" }),
    cursor: z.string().max(1000).optional().openapi({ description: "`nextCursor` of the page before" }),
    sort: z
      .enum(both)
      .default(initial as never)
      .openapi({ description: "Field to sort by, with a minus in front: descending" }),
  });
}

/** The answer of every list. `nextCursor` is null on the last page. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Times leave as ISO 8601 in UTC. */
export const instant = z
  .date()
  .openapi({ type: "string", format: "date-time", description: "ISO 8601, UTC" }) as unknown as z.ZodType<Date, Date>;

/** `{id}` of a row with a UUID. */
export const uuidParams = z.strictObject({ id: z.uuid() });

/** `{id}` of a resource. */
export const numberParams = z.strictObject({ id: z.coerce.number().int().min(1).max(2147483647) });
