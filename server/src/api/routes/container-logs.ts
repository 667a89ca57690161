import { z } from "@hono/zod-openapi";
import { Failure } from "../../failure.ts";
import { readLog } from "../../services/container/read-log.ts";
import type { LogPart } from "../../stream/log-streams.ts";
import { logEvents, logText } from "../log-answer.ts";
import { flag, numberParams, type Route, route } from "../route.ts";

const mostTail = 10_000;
const units: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

const sinceSchema = z
  .string()
  .max(40)
  .refine(
    (text) => !Number.isNaN(sinceMs(text, 0)),
    "must be a time like 2026-11-23T09:00:00Z or an age like 15m, 2h, 1d",
  )
  .openapi({ description: "Lines since then: ISO 8601, or an age like 15m, 2h, 1d" });

export const containerLogs: readonly Route[] = [
  route({
    method: "get",
    path: "/api/v1/containers/{id}/logs",
    permission: "operator",
    tag: "containers",
    summary: "Read a container's log",
    description:
      "Read from the agent at once; nothing of it is stored. With Accept: text/event-stream or follow=true as " +
      "server-sent events: line (a list of {at, stream, text}), skipped {lines} (left out because the reader was too slow " +
      "or too much was written) and end {reason} (empty: it was all). Otherwise as text, each line with its time in front. " +
      "It needs the role operator, since logs may hold secrets; who read which log stands in the audit log. A log that is " +
      "followed goes on over restarts and updates of the container until it is removed.",
    headers: { Accept: "text/event-stream: as events" },
    params: numberParams,
    query: z.strictObject({
      tail: z.coerce
        .number()
        .int()
        .min(1)
        .max(mostTail)
        .default(200)
        .openapi({ description: "Last lines, 1 to 10,000" }),
      since: sinceSchema.optional(),
      follow: flag.default(false).openapi({ description: "true: goes on with what is written from now on" }),
      stream: z.enum(["stdout", "stderr"]).optional(),
      q: z.string().max(200).optional().openapi({ description: "Only lines that hold this text, capitals or not" }),
    }),
    media: "text/plain",
    async handle({ context, actor, params, query, request, signal, isStillAllowed, cut }) {
      const { tail, since, follow, stream, q } = query;
      const events = follow || /\btext\/event-stream\b/i.test(request.headers.get("accept") ?? "");
      const stop = new AbortController();
      const until = AbortSignal.any([signal, stop.signal]);
      const wanted = {
        id: params.id,
        tail,
        sinceMs: since === undefined ? 0 : Math.max(0, sinceMs(since, context.now().getTime())),
        follow,
        stream,
        q,
      };
      const { name, parts } = await readLog(context, actor, wanted, until);
      const reading = parts[Symbol.asyncIterator]();
      if (events) return logEvents(reading, { end: () => stop.abort(), cut, isStillAllowed });
      return logText(await begun(reading), reading, { name, end: () => stop.abort() });
    },
  }),
];

/** The first part; where the agent only says that it can't, that is the answer. */
async function begun(reading: AsyncIterator<LogPart>): Promise<LogPart> {
  const { value, done } = await reading.next();
  const first = done ? { lines: [], skipped: 0, end: "" } : value;
  if (first.end && first.lines.length === 0) throw new Failure("conflict", sentence(first.end));
  return first;
}

function sentence(reason: string): string {
  return `The log can't be read: ${reason}`;
}

function sinceMs(text: string, now: number): number {
  const age = /^(\d{1,6})([smhd])$/.exec(text);
  if (age !== null) return now - Number(age[1]) * (units[age[2] ?? ""] ?? 0) * 1000;
  return /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
}
