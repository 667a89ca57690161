import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { createMetricsRegistry } from "../metrics-registry.ts";
import { createStreamMetrics } from "./stream-metrics.ts";
import { listenTls, type TlsListener } from "./tls-listener.ts";

let listener: TlsListener | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await listener?.stop();
});

async function listen(bounds: NonNullable<Parameters<typeof listenTls>[0]["bounds"]>): Promise<void> {
  const metrics = createStreamMetrics(createMetricsRegistry(), { streams: () => 0, connections: () => 0 });
  listener = await listenTls({
    ca: { issueServerCertificate: async () => ({ keyPem: undefined, chainPem: undefined }) } as never,
    host: "127.0.0.1",
    port: 0,
    metrics: () => metrics,
    accept: () => {},
    bounds,
  });
}

function halfOpen(): { ended: Promise<unknown>; isOpen(): boolean } {
  const socket = connect(listener?.port ?? 0, "127.0.0.1");
  socket.on("error", () => {}).resume();
  sockets.push(socket);
  let open = true;
  const ended = once(socket, "close").then(() => {
    open = false;
  });
  return { ended, isOpen: () => open };
}

test("who never shakes hands is cut", async () => {
  await listen({ connections: 10, idlePerNetwork: 10, handshakeMs: 50, idleMs: 1000 });
  await halfOpen().ended;
});

test("a network has so many handshakes at once", async () => {
  await listen({ connections: 10, idlePerNetwork: 3, handshakeMs: 60_000, idleMs: 60_000 });
  const all = Array.from({ length: 5 }, halfOpen);
  await eventually(() => expect(all.filter((each) => each.isOpen()).length).toBe(3));
});
