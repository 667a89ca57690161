import { agentService } from "@fairlead/proto";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { CertificateAuthority } from "../ca/certificate-authority.ts";
import type { Context } from "../context.ts";
import { readValidSerials } from "../db/queries/servers-state.ts";
import type { Ingest } from "../ingest/ingest.ts";
import { type ConnectCall, runSession } from "./agent-session.ts";
import { createCloneWatch, type Instance } from "./clone-watch.ts";
import { startCommandDispatch } from "./command-dispatch.ts";
import { enrolHandlers } from "./enrol-handler.ts";
import { createLogRelay } from "./log-relay.ts";
import { createLogStreams } from "./log-streams.ts";
import { type Channel, startNotifyBridge } from "./notify-bridge.ts";
import { createPresenceWriter } from "./presence-writer.ts";
import type { AgentSession, SessionRegistry } from "./session-registry.ts";
import type { SessionNeeds } from "./session-state.ts";
import { startStateMonitor } from "./state-monitor.ts";
import { createStreamMetrics, type StreamMetrics } from "./stream-metrics.ts";
import { listenTls } from "./tls-listener.ts";

export type GrpcServer = {
  port: number;
  /** Writes what sessions learnt (last seen, acknowledged, refused) now instead of within seconds. */
  flush(): Promise<void>;
  /** Ends all streams (agents come back by themselves), writes what is pending and closes the port. */
  stop(): Promise<void>;
};

type Needs = Pick<Context, "config" | "log" | "pool" | "db" | "bus" | "now" | "metrics"> & {
  /** Made by `createSessions()`. */
  sessions: SessionRegistry;
};

const maxMessage = 1 << 20;
const liveRenewMs = 20_000;
/** Requests as bytes: the handlers decode them and name what is malformed. */
const bytes = { requestDeserialize: (buffer: Buffer) => buffer };
const service = {
  enroll: { ...agentService.enroll, ...bytes },
  renew: { ...agentService.renew, ...bytes },
  connect: { ...agentService.connect, ...bytes },
};

/** Starts the agents' port: enrolment, renewal and sessions, with the monitor of server states and command dispatch. */
export async function startGrpcServer({
  context,
  ca,
  ingest,
  host,
  port,
}: {
  context: Needs;
  ca: CertificateAuthority;
  ingest: Ingest;
  host: string;
  port: number;
}): Promise<GrpcServer> {
  const { db, bus, log, now, pool, sessions } = context;
  const undo: (() => unknown)[] = [];
  async function started<T>(part: T | Promise<T>, stop: (part: T) => unknown): Promise<T> {
    try {
      const made = await part;
      undo.push(() => stop(made));
      return made;
    } catch (error) {
      for (const end of undo.reverse()) {
        await Promise.resolve(end()).catch((err) => log.warn({ err }, "part of the agents' port could not be stopped"));
      }
      throw error;
    }
  }
  const monitor = await started(startStateMonitor({ db, bus, log, now }), (part) => part.stop());
  const presence = await started(createPresenceWriter(db, log, now), (part) => part.stop());
  const commands = await started(startCommandDispatch({ db, bus, now, log }), (part) => part.stop());
  const clones = createCloneWatch();
  const logs = createLogStreams(context.metrics);

  const server = new Server({
    "grpc-node.flow_control_window": 256 * 1024,
    "grpc.enable_channelz": 0,
    "grpc.max_receive_message_length": maxMessage,
    "grpc.max_send_message_length": maxMessage,
    "grpc.max_concurrent_streams": 4,
    "grpc.keepalive_time_ms": 20_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc-node.max_session_memory": 16,
  });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  let metrics: StreamMetrics | undefined;
  const listening = listenTls({
    ca,
    host,
    port,
    metrics: () => metrics as StreamMetrics,
    accept: (socket) => injector.injectConnection(socket),
  });
  const listener = await started(listening, (part) => part.stop());
  metrics = createStreamMetrics(context.metrics, { streams: sessions.count, connections: listener.connections });

  const bridge = await started(startNotifyBridge({ pool, log, receive, resync }), (part) => part.stop());
  const relay = createLogRelay({ logs, sessions, bridge: () => bridge, log });
  const needs: SessionNeeds = {
    context,
    ca,
    ingest,
    sessions,
    presence,
    monitor,
    commands,
    logs,
    clones,
    metrics,
    announce,
  };
  server.addService(service, {
    ...enrolHandlers({ context, ca, metrics, find: listener.find }),
    connect: (call: ConnectCall) => runSession(needs, call, listener.find(call.getPeer())),
  });

  sessions.hook({
    wake: (session) => {
      commands.send(session, false).catch((error) => log.warn({ err: error }, "send commands"));
    },
    readLog(serverId, request, signal) {
      const session = sessions.get(serverId);
      return session === undefined ? relay.read(serverId, request, signal) : logs.read(session, request, signal);
    },
  });

  const unsubscribe = [
    bus.on("revoked", ({ serverId }) => {
      cutRevoked([serverId]);
      bridge.send("revoked", `${serverId} ${bridge.id}`);
    }),
    bus.on("configured", ({ serverId }) => {
      configure([serverId]);
      bridge.send("configured", `${serverId} ${bridge.id}`);
    }),
  ];
  const renew = setInterval(() => sessions.renewLive(), liveRenewMs).unref();

  function announce(session: AgentSession): void {
    const instance: Instance = {
      instanceId: session.instanceId,
      bootId: session.bootId,
      machineId: session.machineId,
    };
    bridge.send("session", `${session.serverId} ${bridge.id} ${JSON.stringify(instance)}`);
  }

  /** Takes over rows that people changed: state, interval, pause; connected agents get them at once. */
  function configure(ids: string[]): void {
    monitor
      .reload(ids)
      .then((rows) => {
        const present = new Set(rows.map((row) => row.id));
        for (const id of ids) {
          if (present.has(id)) continue;
          clones.forget(id);
          sessions.disconnect(id, "this server was deleted: enrol again");
        }
        for (const { id, intervalSeconds, disabledCollectors, paused } of rows) {
          sessions.get(id)?.send({ config: { intervalSeconds, disabledCollectors, paused } });
        }
      })
      .catch((error) => log.warn({ err: error }, "send new configuration"));
  }

  /** What the bus told this process already comes back with its own id: that is left alone. */
  function receive(channel: Channel, payload: string): void {
    const [serverId = "", second = ""] = payload.split(" ");
    if (second === bridge.id) return;
    if (channel === "wake") sessions.wake(serverId);
    else if (channel === "cancel") sessions.get(serverId)?.send({ commandCancel: { id: second } });
    else if (channel === "revoked") cutRevoked([serverId]);
    else if (channel === "configured") configure([serverId]);
    else if (channel === "logs") relay.receive(payload);
    else openedElsewhere(serverId, payload);
  }

  function openedElsewhere(serverId: string, payload: string): void {
    const instance = JSON.parse(payload.slice(payload.indexOf("{"))) as Instance;
    clones.arrive(serverId, instance, undefined);
    sessions.get(serverId)?.end(status.ABORTED, "replaced by a newer session");
  }

  /** After a gap in what other processes say: everything that could have been said is looked up. */
  function resync(): void {
    const ids = [...sessions.all()].map((session) => session.serverId);
    if (ids.length > 0) configure(ids);
    for (const id of ids) sessions.wake(id);
    cutRevoked(ids);
  }

  /** Ends the sessions among these whose certificate is revoked; one that enrolled again meanwhile has another. */
  function cutRevoked(ids: string[]): void {
    const open = ids.flatMap((id) => sessions.get(id) ?? []);
    if (open.length === 0) return;
    const serials = open.map((session) => session.serial);
    readValidSerials(db, serials)
      .then((valid) => {
        for (const session of open) {
          if (!valid.has(session.serial))
            session.end(status.UNAUTHENTICATED, "its certificate was revoked: enrol again");
        }
      })
      .catch((error) => log.warn({ err: error }, "look for revoked certificates"));
  }

  return {
    port: listener.port,
    flush: presence.flush,
    async stop() {
      clearInterval(renew);
      relay.stop();
      for (const off of unsubscribe) off();
      await listener.stop();
      for (const session of [...sessions.all()]) session.end(status.UNAVAILABLE, "the server restarts: come back");
      await emptied(sessions);
      listener.destroy();
      server.forceShutdown();
      commands.stop();
      await monitor.stop();
      await presence.stop();
      await bridge.stop();
    },
  };
}

/** Resolves when all sessions are gone, or after a second. */
async function emptied(sessions: SessionRegistry): Promise<void> {
  const until = performance.now() + 1_000;
  while (sessions.count() > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
}
