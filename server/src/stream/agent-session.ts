import { randomUUID } from "node:crypto";
import { pb } from "@fairlead/proto";
import { type ServerDuplexStream, status } from "@grpc/grpc-js";
import { type ArrivedServer, recordArrival, recordDeparture } from "../db/queries/servers-state.ts";
import { createAckRanges } from "./ack-ranges.ts";
import { callErrorOf } from "./failures.ts";
import { declareAll, handlers, held } from "./frames.ts";
import { type CheckedHello, checkHello, plausible } from "./hello.ts";
import { createResourceTable } from "./resource-table.ts";
import type { AgentSession } from "./session-registry.ts";
import {
  countRefused,
  noteSeen,
  SessionEnd,
  type SessionNeeds,
  type SessionState,
  storedSkew,
} from "./session-state.ts";
import type { Watched } from "./state-monitor.ts";
import type { Connection } from "./tls-listener.ts";
import { createTokenBucket } from "./token-bucket.ts";

/** The stream of a Connect call. Requests come as bytes, so that a malformed one can be named. */
export type ConnectCall = ServerDuplexStream<Buffer, pb.ConnectResponse.$Properties>;

const helloMs = 10_000;
const ackMs = 50;
const inbox = 64;
const outbox = 4_096;
const graceMs = 300;
const drainMs = 5_000;
const closerMs = 200;
/** One agent may send this much; beyond, it is read more slowly. A report of the usual size costs about 1.3. */
const flood = { perSecond: 300, burst: 600 };
/** Shorter waits are gathered: timers are coarse. */
const slackMs = 100;

/** Runs the session of one call until it ends; never throws. */
export function runSession(needs: SessionNeeds, call: ConnectCall, connection: Connection | undefined): void {
  const { now, log } = needs.context;
  const frames: { bytes: Buffer; at: number }[] = [];
  let state: SessionState | undefined;
  let ended = false;
  let closed = false;
  let pumping = false;
  let finished = false;
  let count = 0;
  const bucket = createTokenBucket(flood.perSecond, flood.burst, now().getTime());
  const closing = new AbortController();
  if (connection !== undefined) connection.sessions++;

  const helloTimer = setTimeout(() => end(status.DEADLINE_EXCEEDED, "no Hello within 10 s"), helloMs);

  call.on("data", (bytes: Buffer) => {
    if (ended) return;
    frames.push({ bytes, at: now().getTime() });
    if (frames.length >= inbox) call.pause();
    if (!pumping) void pump();
  });
  call.on("end", () => {
    finished = true;
    if (!pumping) void pump();
  });
  call.on("close", () => {
    if (closed) return;
    closed = true;
    ended = true;
    clearTimeout(helloTimer);
    closing.abort();
    if (connection !== undefined) {
      connection.sessions--;
      connection.idleSince = performance.now();
    }
    if (state !== undefined) leave(state, connection);
  });

  /** Handles what came in, one frame after the other. */
  async function pump(): Promise<void> {
    pumping = true;
    try {
      for (let frame = frames.shift(); frame !== undefined && !ended; frame = frames.shift()) {
        const wait = handle(frame.bytes, frame.at);
        if (wait !== undefined) await wait;
        if (frames.length === 0 && state !== undefined && state.undeclared.size > 0) await declareAll(state);
        if (frames.length < inbox / 2 && call.isPaused() && !ended) call.resume();
      }
      if (finished && !ended) await finish();
    } catch (error) {
      fail(error);
    } finally {
      pumping = false;
    }
  }

  function handle(bytes: Buffer, at: number): Promise<void> | undefined {
    const frame = decode(bytes, ++count);
    if (state === undefined) return greet(frame);
    const name = frame.frame;
    needs.metrics.frames.add(1, { frame: name ?? "unknown" });
    state.watched.lastHeard = at;
    if (name === "hello") throw new SessionEnd(status.INVALID_ARGUMENT, `frame ${count}: a second Hello`);
    const wait = name === undefined ? undefined : run(state, name, frame, at);
    if (name === undefined) countRefused(state, "unknown_frame");
    const slow = bucket.take(costOf(frame), now().getTime());
    if (slow < slackMs || ended) return wait;
    const here = state;
    return Promise.resolve(wait).then(() => held(here, "flood", delay(slow, closing.signal)));
  }

  async function greet(frame: pb.ConnectRequest.$Properties): Promise<void> {
    clearTimeout(helloTimer);
    if (frame.hello === null || frame.hello === undefined) {
      throw new SessionEnd(status.INVALID_ARGUMENT, "the first frame must be Hello");
    }
    const hello = checkHello(frame.hello);
    if ("wrong" in hello) {
      const code = hello.version ? status.FAILED_PRECONDITION : status.INVALID_ARGUMENT;
      throw new SessionEnd(code, hello.wrong);
    }
    const { serverId, serial } = await authenticate(needs, connection);
    if (closed) return;
    const opened = await arrive(needs, serverId, hello);
    if (closed) {
      await recordDeparture(needs.context.db, serverId, opened.openedAt);
      return;
    }
    state = open(serverId, serial, hello, opened.server, opened.openedAt);
  }

  function open(
    serverId: string,
    serial: string,
    hello: CheckedHello,
    server: ArrivedServer,
    openedAt: Date,
  ): SessionState {
    const session: AgentSession = {
      id: randomUUID(),
      serverId,
      serial,
      instanceId: hello.instanceId,
      bootId: hello.bootId,
      machineId: hello.machineId,
      openedAt,
      send(frame) {
        if (ended) return;
        if (call.writableLength > outbox) end(status.RESOURCE_EXHAUSTED, "the agent does not read");
        else call.write(frame);
      },
      end,
    };
    const watched = needs.monitor.of({
      id: serverId,
      state: server.state,
      reason: "",
      intervalSeconds: server.intervalSeconds,
      paused: server.paused,
      lastSeenAt: openedAt,
      clockSkewMs: null,
      cloneDetectedAt: server.cloneDetectedAt,
      disabledCollectors: server.disabledCollectors,
    });
    const opened = createState(needs, session, hello, server, watched, () => ended);
    watched.intervalSeconds = server.intervalSeconds;
    watched.paused = server.paused;
    watched.seen = true;
    watched.connected = true;
    watched.closedByPeer = false;
    watched.held = false;
    watched.lastHeard = openedAt.getTime();
    watched.clockSkew = opened.clockSkew;
    watched.cloneAt = server.cloneDetectedAt?.getTime() ?? null;
    watched.failing.clear();
    if (hello.spool !== null && hello.spool.droppedRecords > server.droppedBefore && server.droppedBefore >= 0) {
      watched.spoolDroppedAt = openedAt.getTime();
    }
    session.send({
      welcome: {
        serverId,
        config: {
          intervalSeconds: server.intervalSeconds,
          disabledCollectors: server.disabledCollectors,
          paused: server.paused,
        },
        resumeSeq: hello.spool === null ? 0 : server.ackedSeq,
        timeUnixMs: now().getTime(),
      },
    });
    needs.sessions.open(session);
    needs.announce(session);
    needs.monitor.changed(watched);
    needs.metrics.sessions.add(1);
    needs.context.bus.emit("stream", { serverId, connected: true });
    log.info({ serverId, name: server.name, peer: connection?.peer, version: hello.agentVersion }, "agent connected");
    needs.commands.send(session, true).catch((error) => log.warn({ err: error, serverId }, "send commands"));
    return opened;
  }

  /** The agent ended its side: what it sent is committed and acknowledged, then the stream ends. */
  async function finish(): Promise<void> {
    if (state !== undefined) {
      const limit = delay(drainMs, closing.signal);
      while (state.inFlight > 0 && !ended) {
        const waited = await Promise.race([state.settled().then(() => "settled"), limit.then(() => "late")]);
        if (waited === "late") break;
      }
      sendAck(state);
    }
    end(status.OK, "");
  }

  function fail(error: unknown): void {
    const known = error instanceof SessionEnd ? { code: error.code, details: error.message } : callErrorOf(error);
    if (known === undefined) {
      log.warn({ err: error, serverId: state?.session.serverId, peer: connection?.peer }, "agent session failed");
    }
    end(known?.code ?? status.UNAVAILABLE, known?.details ?? "the server cannot store anything now: try again later");
  }

  function end(code: status, details: string): void {
    if (ended) return;
    if (state !== undefined) sendAck(state);
    ended = true;
    if (state !== undefined) state.ended = true;
    closing.abort();
    clearTimeout(helloTimer);
    needs.metrics.ended.add(1, { code: status[code] });
    if (code !== status.OK) {
      const fields = { serverId: state?.session.serverId, peer: connection?.peer, code: status[code], details };
      log.info(fields, "agent session ended by the server");
      call.emit("error", { code, details });
    } else {
      call.end();
    }
    call.resume();
    // Whoever does not take the status within the grace loses the connection.
    setTimeout(() => {
      if (!closed && connection !== undefined && connection.sessions <= 1) connection.socket.destroy();
    }, graceMs).unref();
  }

  function leave(left: SessionState, from: Connection | undefined): void {
    left.ended = true;
    left.settled();
    needs.logs.ended(left.session);
    if (!needs.sessions.close(left.session)) return;
    const { watched, session } = left;
    watched.connected = false;
    watched.held = false;
    // A stream that ends while its connection stands was ended by the agent; else the connection's end says who did it.
    watched.closedByPeer = from !== undefined && !from.socket.destroyed;
    if (from !== undefined) noteCloser(needs, watched, from);
    needs.monitor.changed(watched);
    needs.context.bus.emit("stream", { serverId: session.serverId, connected: false });
    log.info({ serverId: session.serverId, peer: from?.peer }, "agent disconnected");
    recordDeparture(needs.context.db, session.serverId, session.openedAt).catch((error) =>
      log.warn({ err: error, serverId: session.serverId }, "note the end of a session"),
    );
  }
}

/** The event that tells who closed a connection may come just after the streams on it ended. */
function noteCloser(needs: SessionNeeds, watched: Watched, connection: Connection): void {
  setTimeout(() => {
    if (watched.connected || !connection.closedByPeer) return;
    watched.closedByPeer = true;
    needs.monitor.changed(watched);
  }, closerMs).unref();
}

/** Whose certificate the connection showed. Throws SessionEnd with the reason that it isn't accepted. */
export async function authenticate(needs: Pick<SessionNeeds, "ca" | "metrics">, connection: Connection | undefined) {
  const refuse = (reason: string, details: string) => {
    needs.metrics.refused.add(1, { reason: `certificate_${reason}` });
    return new SessionEnd(status.UNAUTHENTICATED, details);
  };
  if (connection?.certificate === undefined) throw refuse("missing", "no client certificate: enrol first");
  const check = await needs.ca.checkAgentCertificate(connection.certificate);
  if (!check.ok) throw refuse(check.reason, `the client certificate is ${check.reason}: enrol again`);
  return check;
}

async function arrive(needs: SessionNeeds, serverId: string, hello: CheckedHello) {
  const openedAt = needs.context.now();
  const open = needs.sessions.get(serverId);
  const heard = needs.monitor.find(serverId)?.lastHeard ?? 0;
  const besides = open !== undefined && openedAt.getTime() - heard < 30_000 ? open : undefined;
  const clone = needs.clones.arrive(serverId, hello, besides);
  if (clone) {
    needs.metrics.refused.add(1, { reason: "clone" });
    needs.context.log.warn({ serverId, hostname: hello.hostname }, "two agents use one certificate");
  }
  const server = await recordArrival(needs.context.db, {
    serverId,
    at: openedAt,
    agentVersion: hello.agentVersion,
    hostname: hello.hostname,
    bootId: hello.bootId,
    bootedAt: hello.bootedAt,
    instanceId: hello.instanceId,
    machineId: hello.machineId,
    capabilities: hello.capabilities,
    spoolId: hello.spool?.id ?? null,
    firstSeq: hello.spool?.firstSeq ?? 1,
    nextSeq: hello.spool?.nextSeq ?? 1,
    spool:
      hello.spool === null
        ? null
        : { records: hello.spool.records, bytes: hello.spool.bytes, droppedRecords: hello.spool.droppedRecords },
    clockSkewMs: storedSkew(skewOf(hello, openedAt)),
    clone,
  });
  if (server === undefined) throw new SessionEnd(status.UNAUTHENTICATED, "this server was deleted: enrol again");
  return { server, openedAt };
}

function skewOf(hello: CheckedHello, at: Date): number {
  return plausible(hello.time) ? hello.time - at.getTime() : 0;
}

function createState(
  needs: SessionNeeds,
  session: AgentSession,
  hello: CheckedHello,
  server: ArrivedServer,
  watched: Watched,
  isEnded: () => boolean,
): SessionState {
  let ackTimer: NodeJS.Timeout | undefined;
  let waiters: (() => void)[] = [];
  const state: SessionState = {
    needs,
    session,
    hello,
    server,
    watched,
    table: createResourceTable(),
    acks: createAckRanges(hello.spool === null ? 0 : server.ackedSeq),
    undeclared: new Map(),
    known: undefined,
    collectors: new Set(),
    refusals: [],
    clockSkew: skewOf(hello, session.openedAt),
    lastReport: undefined,
    spoolDropped: hello.spool?.droppedRecords ?? Number.POSITIVE_INFINITY,
    inFlight: 0,
    ended: false,
    ackSoon() {
      if (isEnded()) {
        // Too late to tell the agent; the next session resumes behind it.
        if (state.acks.contiguous > server.ackedSeq) noteSeen(state, { ackedSeq: state.acks.contiguous });
      } else if (ackTimer === undefined) {
        ackTimer = setTimeout(() => {
          ackTimer = undefined;
          sendAck(state);
        }, ackMs);
      }
      wake();
    },
    settled() {
      if (state.ended || state.inFlight === 0) {
        wake();
        return Promise.resolve();
      }
      return new Promise((resolve) => waiters.push(resolve));
    },
  };
  function wake(): void {
    if (waiters.length === 0) return;
    const woken = waiters;
    waiters = [];
    for (const resolve of woken) resolve();
  }
  return state;
}

function sendAck(state: SessionState): void {
  const ranges = state.acks.take();
  const refusals = state.refusals;
  if (ranges.length === 0 && refusals.length === 0) return;
  state.refusals = [];
  state.session.send({ ack: { ranges, refusals } });
  noteSeen(state, { ackedSeq: state.acks.contiguous });
}

function decode(bytes: Buffer, count: number): pb.ConnectRequest.$Properties {
  try {
    return pb.ConnectRequest.decode(bytes);
  } catch (error) {
    throw new SessionEnd(status.INVALID_ARGUMENT, `frame ${count} is no ConnectRequest: ${(error as Error).message}`);
  }
}

function run(
  state: SessionState,
  name: keyof typeof handlers,
  frame: pb.ConnectRequest.$Properties,
  at: number,
): Promise<void> | undefined {
  const handler = handlers[name] as (state: SessionState, part: unknown, at: number) => Promise<void> | undefined;
  return handler(state, frame[name], at);
}

/** What a frame costs of the flood bound: by the work it makes. */
function costOf(frame: pb.ConnectRequest.$Properties): number {
  if (frame.report) return 1 + (frame.report.resources?.length ?? 0) / 100;
  return frame.resourceUpsert ? 0.01 : 0.25;
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
