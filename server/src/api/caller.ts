import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context as HonoContext } from "hono";
import { getCookie } from "hono/cookie";
import type { Context } from "../context.ts";
import { Failure } from "../failure.ts";
import { type Caller, callerOfSession, callerOfToken } from "../services/auth/caller.ts";

export const sessionCookie = "fairlead_session";

/** The caller by API token or session cookie; undefined without either. Throws where one is given and not valid. */
export async function findCaller(context: Context, c: HonoContext): Promise<Caller | undefined> {
  const authorization = c.req.header("authorization");
  if (authorization !== undefined) {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (token === undefined) throw new Failure("unauthenticated", "Authorization must read: Bearer TOKEN");
    const caller = await callerOfToken(context, token);
    if (caller === undefined)
      throw new Failure("unauthenticated", "This API token is unknown, revoked or expired: make a new one");
    return caller;
  }
  const cookie = getCookie(c, sessionCookie);
  return cookie === undefined ? undefined : await callerOfSession(context, cookie);
}

/** The client's address; behind a proxy (trustProxy) the last one of X-Forwarded-For. */
export function clientAddress(context: Context, c: HonoContext): string | null {
  if (context.config.trustProxy) {
    const last = c.req.header("x-forwarded-for")?.split(",").at(-1)?.trim();
    if (last !== undefined && last !== "") return last;
  }
  try {
    return getConnInfo(c).remote.address ?? null;
  } catch {
    return null; // called without a socket, as tests may
  }
}

/** Refuses a state-changing request that a browser says comes from another site. Programs send neither header. */
export function refuseCrossSite(context: Context, c: HonoContext): void {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none") throw crossSite();
  const origin = c.req.header("origin");
  if (origin === undefined) return;
  const forwarded = context.config.trustProxy ? c.req.header("x-forwarded-host") : undefined;
  const own = [forwarded ?? c.req.header("host"), hostOf(context.config.publicUrl)];
  const host = hostOf(origin);
  if (host === undefined || !own.includes(host)) throw crossSite();
}

function crossSite(): Failure {
  return new Failure("forbidden", "A request from another site may not change anything here: use an API token");
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : undefined;
}
