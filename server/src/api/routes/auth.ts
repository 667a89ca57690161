import { z } from "@hono/zod-openapi";
import { serialize } from "hono/utils/cookie";
import type { Context } from "../../context.ts";
import { Failure } from "../../failure.ts";
import type { Caller } from "../../services/auth/caller.ts";
import { absoluteDays } from "../../services/auth/caller.ts";
import { changePassword } from "../../services/auth/change-password.ts";
import { createToken } from "../../services/auth/create-token.ts";
import { listTokens, tokenSorts } from "../../services/auth/list-tokens.ts";
import { createLoginLimit, type LoginLimit } from "../../services/auth/login-limit.ts";
import { revokeToken } from "../../services/auth/revoke-token.ts";
import { signIn } from "../../services/auth/sign-in.ts";
import { signOut } from "../../services/auth/sign-out.ts";
import { sessionCookie } from "../caller.ts";
import { flag, instant, listOf, listQuery, type Route, route, uuidParams } from "../route.ts";
import { role } from "./users.ts";

const tag = "sign-in";
const signedInUser = z.strictObject({ id: z.string(), email: z.string(), name: z.string(), role });
const password = z.string().min(1).max(1000);

const tokenSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    role,
    userEmail: z.string(),
    createdAt: instant,
    expiresAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .openapi("ApiToken");

export const auth: readonly Route[] = [
  route({
    method: "post",
    path: "/api/v1/auth/login",
    permission: "open",
    tag,
    summary: "Sign in",
    description: "Sets the session cookie. After some wrong passwords the wait doubles each time (429, Retry-After).",
    body: z.strictObject({ email: z.string().min(1).max(200), password }),
    answer: z.strictObject({ user: signedInUser, mustChangePassword: z.boolean() }),
    async handle({ context, actor, body, request, header }) {
      const userAgent = request.headers.get("user-agent");
      const { token, user, mustChangePassword } = await signIn(context, limitOf(context), actor, {
        ...body,
        userAgent,
      });
      header("set-cookie", cookie(token, absoluteDays * 86_400, isHttps(context, request)));
      return { user, mustChangePassword };
    },
  }),
  route({
    method: "post",
    path: "/api/v1/auth/logout",
    permission: "viewer",
    beforePasswordChange: true,
    tag,
    summary: "End this session",
    async handle({ context, actor, caller, request, header }) {
      const { via, credentialId } = present(caller);
      if (via === "token") throw new Failure("invalid", "An API token has no session: revoke it instead");
      await signOut(context, actor, credentialId);
      header("set-cookie", cookie("", 0, isHttps(context, request)));
      return undefined;
    },
  }),
  route({
    method: "get",
    path: "/api/v1/auth/me",
    permission: "viewer",
    beforePasswordChange: true,
    tag,
    summary: "Who am I",
    answer: z.strictObject({
      user: signedInUser,
      mustChangePassword: z.boolean(),
      via: z.enum(["session", "token"]),
    }),
    async handle({ caller }) {
      const { userId, email, name, role, mustChangePassword, via } = present(caller);
      return { user: { id: userId, email, name, role }, mustChangePassword, via };
    },
  }),
  route({
    method: "post",
    path: "/api/v1/auth/password",
    permission: "viewer",
    beforePasswordChange: true,
    tag,
    summary: "Change one's password",
    description: "Ends the user's other sessions.",
    body: z.strictObject({
      currentPassword: password,
      newPassword: z.string().min(10).max(1000),
    }),
    async handle({ context, actor, caller, body }) {
      await changePassword(context, limitOf(context), actor, present(caller), body);
      return undefined;
    },
  }),
  route({
    method: "get",
    path: "/api/v1/auth/tokens",
    permission: "viewer",
    tag,
    summary: "List API tokens",
    description: "One's own; an admin sees everybody's with all=true.",
    query: listQuery(tokenSorts, "-createdAt").extend({ all: flag.optional() }),
    answer: listOf(tokenSchema),
    handle({ context, caller, query }) {
      const { role, userId } = present(caller);
      if (query.all === true && role !== "admin") throw new Failure("forbidden", "all=true needs the role admin");
      return listTokens(context, { ...query, userId: query.all === true ? null : userId });
    },
  }),
  route({
    method: "post",
    path: "/api/v1/auth/tokens",
    permission: "viewer",
    tag,
    summary: "Make an API token",
    description: "The token is shown this once. Use it as Authorization: Bearer TOKEN.",
    body: z.strictObject({
      name: z.string().trim().min(1).max(200),
      expiresInDays: z.number().int().min(1).max(3650).nullable().default(90),
      role: role.optional(),
    }),
    answer: z.strictObject({
      id: z.string(),
      name: z.string(),
      role,
      token: z.string(),
      createdAt: instant,
      expiresAt: instant.nullable(),
    }),
    status: 201,
    handle: ({ context, actor, caller, body }) => createToken(context, actor, present(caller), body),
  }),
  route({
    method: "delete",
    path: "/api/v1/auth/tokens/{id}",
    permission: "viewer",
    tag,
    summary: "Revoke an API token",
    description: "One's own; an admin anybody's.",
    params: uuidParams,
    async handle({ context, actor, caller, params }) {
      await revokeToken(context, actor, present(caller), params.id);
      return undefined;
    },
  }),
];

const limits = new WeakMap<Context, LoginLimit>();

function limitOf(context: Context): LoginLimit {
  const limit = limits.get(context) ?? createLoginLimit();
  limits.set(context, limit);
  return limit;
}

function present(caller: Caller | undefined): Caller {
  if (caller === undefined) throw new Failure("unauthenticated", "Sign in first");
  return caller;
}

function cookie(token: string, maxAge: number, secure: boolean): string {
  return serialize(sessionCookie, token, { httpOnly: true, sameSite: "Strict", path: "/", maxAge, secure });
}

function isHttps(context: Context, request: Request): boolean {
  const forwarded = context.config.trustProxy && request.headers.get("x-forwarded-proto") === "https";
  return forwarded || context.config.publicUrl?.startsWith("https:") === true;
}
