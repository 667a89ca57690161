import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Context } from "../context.ts";
import { listenFailure } from "../listen-failure.ts";
import type { App } from "./app.ts";

export type HttpListener = {
  port: number;
  /** Takes no new connection, lets running requests end within 5 s, then cuts what is left. */
  stop(): Promise<void>;
};

/** Opens the HTTP listener; rejects with a line that names the address when it can't. */
export async function startHttp(options: {
  context: Context;
  app: App;
  host: string;
  port: number;
}): Promise<HttpListener> {
  const { context, app, host, port } = options;
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 65_000, maxHeaderSize: 32_768 },
  }) as Server;
  server.maxRequestsPerSocket = 0;
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    throw listenFailure("httpPort", host, port, cause);
  }
  server.on("error", (err) => context.log.error({ err }, "http listener failed"));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      app.closeStreams();
      // A connection becomes idle when its last answer is through, and then stays open for its keep-alive time.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      const cut = setTimeout(() => server.closeAllConnections(), 5000);
      await closed;
      clearInterval(idle);
      clearTimeout(cut);
    },
  };
}
