import type { Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import type { CertificateAuthority } from "../ca/certificate-authority.ts";
import { listenFailure } from "../listen-failure.ts";
import { networkOf } from "../services/auth/network.ts";
import type { StreamMetrics } from "./stream-metrics.ts";

/** One TLS connection of an agent. */
export type Connection = {
  socket: TLSSocket;
  /** Address without the port. */
  peer: string;
  /** The client's certificate, DER; TLS has proved that it holds the key. Undefined: it showed none. */
  certificate: Buffer | undefined;
  /** Open sessions on it; one that stays without is closed. */
  sessions: number;
  idleSince: number;
  /** The peer ended or reset it. */
  closedByPeer: boolean;
};

export type TlsListener = {
  port: number;
  connections(): number;
  /** The connection of a call, by grpc-js' `getPeer()`. */
  find(peer: string): Connection | undefined;
  /** Takes no more connections; open ones live on until `destroy`. */
  stop(): Promise<void>;
  destroy(): void;
};

/** Connections without a session are bounded by network: who never signs in may not fill the table. */
const usual = { connections: 20_000, idlePerNetwork: 2_000, handshakeMs: 10_000, idleMs: 15_000 };
const renewEveryMs = 12 * 3_600_000;

/** Accepts TLS with an optional client certificate and hands each connection to `accept` as HTTP/2. */
export async function listenTls({
  ca,
  host,
  port,
  metrics,
  accept,
  bounds = usual,
}: {
  ca: CertificateAuthority;
  host: string;
  port: number;
  metrics: () => StreamMetrics;
  accept(socket: TLSSocket): void;
  bounds?: typeof usual;
}): Promise<TlsListener> {
  const open = new Map<string, Connection>();
  /** The network of each connection whose handshake is not over. */
  const shaking = new Map<string, string>();
  const identity = async () => {
    const { keyPem, chainPem } = await ca.issueServerCertificate();
    return { key: keyPem, cert: chainPem };
  };
  const server = createServer({
    ...(await identity()),
    // Whatever certificate comes is let through the handshake: the application checks it and names what is wrong.
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: ["h2"],
    minVersion: "TLSv1.3",
    handshakeTimeout: bounds.handshakeMs,
    noDelay: true,
  });
  server.maxConnections = bounds.connections;

  server.on("connection", (socket: Socket) => {
    const { remoteAddress = "", remotePort = 0 } = socket;
    const network = networkOf(remoteAddress);
    if (shakingOf(shaking, network, bounds.idlePerNetwork) >= bounds.idlePerNetwork) {
      metrics().handshakes.add(1, { result: "refused" });
      return void socket.destroy();
    }
    const key = `${remoteAddress}:${remotePort}`;
    shaking.set(key, network);
    socket.once("close", () => shaking.delete(key));
  });
  // Node leaves the connection open when a handshake takes too long.
  server.on("tlsClientError", (_error, socket) => {
    metrics().handshakes.add(1, { result: "failed" });
    socket.destroy();
  });
  server.on("secureConnection", (socket) => {
    socket.on("error", () => {});
    const { remoteAddress, remotePort } = socket;
    shaking.delete(`${remoteAddress}:${remotePort}`);
    if (remoteAddress === undefined || remotePort === undefined) return void socket.destroy();
    if (socket.alpnProtocol !== "h2" || idleOf(open, remoteAddress, bounds.idlePerNetwork) >= bounds.idlePerNetwork) {
      metrics().handshakes.add(1, { result: "refused" });
      return void socket.destroy();
    }
    metrics().handshakes.add(1, { result: "ok" });
    const key = `${remoteAddress}:${remotePort}`;
    const connection: Connection = {
      socket,
      peer: remoteAddress,
      certificate: socket.getPeerX509Certificate()?.raw,
      sessions: 0,
      idleSince: performance.now(),
      closedByPeer: false,
    };
    open.set(key, connection);
    socket.once("end", () => {
      connection.closedByPeer = true;
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNRESET" || error.code === "EPIPE") connection.closedByPeer = true;
    });
    socket.once("close", () => open.delete(key));
    accept(socket);
  });

  const sweep = setInterval(() => {
    const before = performance.now() - bounds.idleMs;
    for (const connection of open.values()) {
      if (connection.sessions === 0 && connection.idleSince < before) connection.socket.destroy();
    }
  }, 1_000);
  sweep.unref();
  const renew = setInterval(() => {
    identity().then(
      (fresh) => server.setSecureContext(fresh),
      () => {}, // the old one is valid for weeks; the next try is near
    );
  }, renewEveryMs);
  renew.unref();

  await new Promise<void>((resolve, reject) => {
    const fail = (cause: Error) => reject(listenFailure("grpcPort", host, port, cause));
    server.once("error", fail);
    server.listen(port, host, () => {
      server.off("error", fail);
      resolve();
    });
  });
  server.on("error", () => {});
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    connections: () => open.size,
    find: (peer) => open.get(peer),
    async stop() {
      clearInterval(sweep);
      clearInterval(renew);
      server.close();
    },
    destroy() {
      for (const { socket } of open.values()) socket.destroy();
    },
  };
}

function shakingOf(shaking: Map<string, string>, network: string, most: number): number {
  if (shaking.size < most) return 0;
  let count = 0;
  for (const each of shaking.values()) if (each === network) count++;
  return count;
}

function idleOf(open: Map<string, Connection>, address: string, most: number): number {
  if (open.size < most) return 0;
  const net = networkOf(address);
  let idle = 0;
  for (const connection of open.values()) {
    if (connection.sessions === 0 && networkOf(connection.peer) === net) idle++;
  }
  return idle;
}
