import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A relay on 127.0.0.1 that counts what passes. `trips`: changes of direction from the client's to the server's. */
export type Relay = {
  port: number;
  counts: { toServer: number; toClient: number; trips: number; connections: number };
  reset(): void;
  close(): void;
};

/** Passes connections on to a port, of this host unless told. */
export async function startRelay(port: number, host = "127.0.0.1"): Promise<Relay> {
  const counts = { toServer: 0, toClient: 0, trips: 0, connections: 0 };
  const open = new Set<Socket>();
  const server = createServer((client) => {
    counts.connections++;
    const upstream = connect(port, host);
    let asked = false;
    for (const socket of [client, upstream]) {
      open.add(socket.setNoDelay(true));
      socket.on("error", () => socket.destroy());
    }
    client.on("data", (data) => {
      counts.toServer += data.length;
      asked = true;
    });
    upstream.on("data", (data) => {
      counts.toClient += data.length;
      if (asked) counts.trips++;
      asked = false;
    });
    client.pipe(upstream).pipe(client);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    counts,
    reset: () => void Object.assign(counts, { toServer: 0, toClient: 0, trips: 0, connections: 0 }),
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
