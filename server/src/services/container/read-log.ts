import type { Actor, Context } from "../../context.ts";
import { Failure } from "../../failure.ts";
import type { LogPart } from "../../stream/log-streams.ts";
import { recordAudit } from "../audit/record.ts";
import { findContainer } from "./list-containers.ts";

/** Of which container, how much and which lines: `q` is a part of the text, capitals or not. */
export type LogQuery = {
  id: number;
  tail: number;
  sinceMs: number;
  follow: boolean;
  stream?: "stdout" | "stderr" | undefined;
  q?: string | undefined;
};

/** Who reads one log again and again (a page that connects anew) stands once in this time in the audit log. */
const auditEveryMs = 600_000;
const mostRemembered = 10_000;
const audited = new WeakMap<Context, Map<string, number>>();

/**
 * The log of a container, read from its agent now. Nothing of it is stored; that it was read is. Throws "not_found",
 * "unavailable" with what to do when the agent can't be asked.
 */
export async function readLog(
  context: Context,
  actor: Actor,
  query: LogQuery,
  signal: AbortSignal,
): Promise<{ name: string; serverName: string; parts: AsyncIterable<LogPart> }> {
  const container = await findContainer(context, query.id);
  const { name, serverId, serverName, goneAt } = container;
  if (goneAt !== null) {
    throw new Failure("conflict", `${name} was removed from ${serverName}, and its log with it`);
  }
  await refuseAbsent(context, serverId);
  await noteRead(context, actor, { id: query.id, name, serverId, serverName, follow: query.follow });
  const { tail, sinceMs, follow } = query;
  const parts = context.sessions.readLog(serverId, { container: name, tail, sinceMs, follow }, signal);
  return { name, serverName, parts: filtered(parts, query) };
}

async function refuseAbsent(context: Context, serverId: string): Promise<void> {
  const row = await context.db
    .selectFrom("server")
    .select(["name", "connected_at", "last_seen_at", "capabilities"])
    .where("id", "=", serverId)
    .executeTakeFirst();
  if (row === undefined) throw new Failure("not_found", "There is no such server");
  if (context.sessions.isConnected(serverId)) {
    if (row.capabilities.includes("container.logs")) return;
    throw new Failure(
      "conflict",
      `The agent on ${row.name} does not show logs: bring it up to date, and look whether containerLogs is false in its configuration`,
    );
  }
  if (row.connected_at === null) {
    const seen = row.last_seen_at === null ? "was never heard" : `was last heard at ${row.last_seen_at.toISOString()}`;
    throw new Failure(
      "unavailable",
      `The agent on ${row.name} is not connected and ${seen}: look at it there with "systemctl status fairlead-agent"`,
      { retryAfterSeconds: 10 },
    );
  }
}

async function noteRead(
  context: Context,
  actor: Actor,
  read: { id: number; name: string; serverId: string; serverName: string; follow: boolean },
): Promise<void> {
  const seen = audited.get(context) ?? new Map<string, number>();
  audited.set(context, seen);
  const key = `${actor.kind} ${actor.id ?? actor.name} ${read.id}`;
  const now = context.now().getTime();
  if (now - (seen.get(key) ?? 0) < auditEveryMs) return;
  if (seen.size >= mostRemembered) seen.clear();
  seen.set(key, now);
  const { id, name, serverId, serverName, follow } = read;
  await recordAudit(context.db, actor, {
    action: "container.logs",
    targetKind: "container",
    targetId: id,
    detail: { container: name, serverId, serverName, follow },
  });
}

async function* filtered(parts: AsyncIterable<LogPart>, { stream, q }: LogQuery): AsyncGenerator<LogPart> {
  const wanted = q?.toLowerCase();
  for await (const part of parts) {
    if (stream === undefined && !wanted) yield part;
    else {
      const lines = part.lines.filter(
        (line) =>
          (stream === undefined || line.stream === stream) && (!wanted || line.text.toLowerCase().includes(wanted)),
      );
      if (lines.length > 0 || part.skipped > 0 || part.end !== undefined) yield { ...part, lines };
    }
  }
}
