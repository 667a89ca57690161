import { z } from "@hono/zod-openapi";
import type { Context } from "../../context.ts";
import { findServer } from "../../services/server/list-servers.ts";
import { createLiveFeed, type LiveFeed, sse } from "../live-feed.ts";
import { type Route, route } from "../route.ts";

/** A client that leaves more than this unread is dropped; it connects again and gets the present state. */
const mostUnread = 1024 * 1024;
const heartbeatMs = 15_000;

export const live: readonly Route[] = [
  route({
    method: "get",
    path: "/api/v1/live",
    permission: "viewer",
    tag: "metrics",
    summary: "What happens, as server-sent events",
    description:
      "Events: values {serverId, at, resources: [{id, kind, key, values}]} (values in the catalogue's order, null = " +
      "missing), server, command, alert (the row as the API shows it), resource {serverId, resourceId, kind, key, " +
      "state, reason}. With server=ID all values of that server, each second; without, host values of the whole fleet.",
    query: z.strictObject({ server: z.uuid().optional() }),
    media: "text/event-stream",
    async handle({ context, query, signal, isStillAllowed, cut }) {
      const first = query.server === undefined ? undefined : await findServer(context, query.server);
      const encoder = new TextEncoder();
      const dropped = context.metrics.counter("fairlead_live_dropped_total", "Live streams cut because they were slow");
      let end = () => {};
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            const send = (text: string) => {
              if ((controller.desiredSize ?? 0) < 0) {
                dropped.add(1);
                end();
                cut();
                return;
              }
              controller.enqueue(encoder.encode(text));
            };
            const leave = feedOf(context).add({ server: query.server, send });
            const unwatch = query.server === undefined ? () => {} : context.sessions.watchLive(query.server);
            const heartbeat = setInterval(() => {
              send(": still here\n\n");
              isStillAllowed().then(
                (allowed) => allowed || end(),
                () => {}, // the database is away: keep what was allowed before
              );
            }, heartbeatMs);
            end = () => {
              end = () => {};
              clearInterval(heartbeat);
              leave();
              unwatch();
              try {
                controller.close();
              } catch {
                // the client was faster
              }
            };
            send("retry: 2000\n\n");
            if (first !== undefined) send(sse("server", JSON.stringify(first)));
            if (signal.aborted) end();
            else signal.addEventListener("abort", () => end(), { once: true });
          },
          cancel: () => end(),
        },
        new ByteLengthQueuingStrategy({ highWaterMark: mostUnread }),
      );
      return new Response(body, { headers: { "content-type": "text/event-stream", "x-accel-buffering": "no" } });
    },
  }),
];

const feeds = new WeakMap<Context, LiveFeed>();

function feedOf(context: Context): LiveFeed {
  const feed = feeds.get(context) ?? createLiveFeed(context);
  feeds.set(context, feed);
  return feed;
}
