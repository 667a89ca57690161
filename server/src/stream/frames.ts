import { pb } from "@fairlead/proto";
import { metricIndex } from "@fairlead/shared/catalogue";
import { status } from "@grpc/grpc-js";
import type { Point } from "../bus.ts";
import { readResourceNames } from "../db/queries/servers-state.ts";
import { cleanText } from "./clean-text.ts";
import { plausible } from "./hello.ts";
import { limits } from "./resource-table.ts";
import { countRefused, malformed, noteSeen, SessionEnd, type SessionState, storedSkew } from "./session-state.ts";

type Name = NonNullable<pb.ConnectRequest.$Properties["frame"]>;
type Handlers = {
  [K in Exclude<Name, "hello">]: (
    state: SessionState,
    frame: NonNullable<pb.ConnectRequest.$Properties[K]>,
    receivedAt: number,
  ) => Promise<void> | undefined;
};

/** How far an agent's clock may be ahead for its reports to be stored. */
const aheadMs = 10 * 60_000;
const declareBatch = 500;
const maxInFlight = 2_000;
const maxGaps = 4_096;
const spoolDroppedMetric = metricIndex("agent", "spool_dropped");

/** What is done with each frame after Hello. Throws SessionEnd; a promise holds back the next frame. */
export const handlers: Handlers = {
  resourceUpsert(state, frame) {
    const near = state.server.resources + state.table.accepted >= limits.resources;
    if (near && state.known === undefined) return loadKnown(state).then(() => upsert(state, frame));
    return upsert(state, frame);
  },

  report(state, frame, receivedAt) {
    if (state.undeclared.size > 0) return declareAll(state).then(() => report(state, frame, receivedAt));
    return report(state, frame, receivedAt);
  },

  stateChange(state, frame, receivedAt) {
    if (state.undeclared.size > 0) return declareAll(state).then(() => stateChange(state, frame, receivedAt));
    return stateChange(state, frame, receivedAt);
  },

  collectorStatus(state, frame) {
    const name = cleanText(frame.collector ?? "", 64);
    if (name === "") throw malformed("CollectorStatus", "names no collector");
    if (!state.collectors.has(name) && state.collectors.size >= 64) {
      countRefused(state, "too_many_collectors");
      return undefined;
    }
    state.collectors.add(name);
    const named = collectorStates[frame.state ?? 0] ?? "failed";
    const failing = named === "failed" || named === "timed_out";
    if (failing !== state.watched.failing.has(name)) {
      if (failing) state.watched.failing.add(name);
      else state.watched.failing.delete(name);
      state.needs.monitor.changed(state.watched);
    }
    const success = frame.lastSuccessUnixMs ?? 0;
    const duration = frame.durationSeconds ?? 0;
    state.needs.presence.collector({
      serverId: state.session.serverId,
      collector: name,
      state: named,
      error: cleanText(frame.error ?? "", 500),
      errorCount: Number.isSafeInteger(frame.errorCount) ? (frame.errorCount as number) : 0,
      durationSeconds: Number.isFinite(duration) ? duration : null,
      lastSuccess: plausible(success) ? new Date(success) : null,
    });
    return undefined;
  },

  commandProgress: (state, frame) => state.needs.commands.progress(state.session.serverId, frame),

  async commandResult(state, frame) {
    await state.needs.commands.result(state.session.serverId, frame);
    state.session.send({ commandConfirm: { id: frame.id ?? "" } });
  },

  logChunk(state, frame) {
    const refused = state.needs.logs.take(state.session, frame);
    if (refused !== undefined) countRefused(state, refused);
    return undefined;
  },

  heartbeat(state, frame, receivedAt) {
    const time = frame.timeUnixMs ?? 0;
    if (plausible(time)) setSkew(state, time - receivedAt);
    noteSeen(state);
    return undefined;
  },
};

const collectorStates: Record<number, string> = {
  [pb.CollectorState.COLLECTOR_STATE_OK]: "ok",
  [pb.CollectorState.COLLECTOR_STATE_ABSENT]: "absent",
  [pb.CollectorState.COLLECTOR_STATE_FAILED]: "failed",
  [pb.CollectorState.COLLECTOR_STATE_TIMED_OUT]: "timed_out",
  [pb.CollectorState.COLLECTOR_STATE_DISABLED]: "disabled",
};

function upsert(state: SessionState, frame: pb.ResourceUpsert.$Properties): Promise<void> | undefined {
  const known = state.known;
  const isKnown = (kind: string, key: string) => known === undefined || known.has(`${kind}\0${key}`);
  const result = state.table.upsert(frame, isKnown);
  if (result.type === "broken") {
    const code = result.bound ? status.RESOURCE_EXHAUSTED : status.INVALID_ARGUMENT;
    throw new SessionEnd(code, `ResourceUpsert ${result.message}`);
  }
  if (result.type === "refused") {
    countRefused(state, result.reason);
    return undefined;
  }
  const name = `${result.declaration.kind}\0${result.declaration.key}`;
  const waiting = state.undeclared.get(name);
  if (waiting === undefined) {
    state.undeclared.set(name, { entries: [result.entry], declaration: result.declaration });
  } else {
    const attributes = result.declaration.attributes ?? waiting.declaration.attributes;
    waiting.declaration = { ...result.declaration, attributes };
    if (!waiting.entries.includes(result.entry)) waiting.entries.push(result.entry);
  }
  return state.undeclared.size >= declareBatch ? declareAll(state) : undefined;
}

/** Gets ids for what was declared since the last call. */
export async function declareAll(state: SessionState): Promise<void> {
  if (state.undeclared.size === 0) return;
  const waiting = [...state.undeclared.values()];
  state.undeclared.clear();
  const ids = await state.needs.ingest.declare(
    state.session.serverId,
    waiting.map((w) => w.declaration),
  );
  waiting.forEach(({ entries }, i) => {
    for (const entry of entries) entry.id = ids[i] ?? 0;
  });
}

async function loadKnown(state: SessionState): Promise<void> {
  await declareAll(state);
  const names = await readResourceNames(state.needs.context.db, state.session.serverId);
  state.known = new Set(names.map(({ kind, key }) => `${kind}\0${key}`));
}

function report(state: SessionState, frame: pb.Report.$Properties, receivedAt: number): Promise<void> | undefined {
  const { needs, session } = state;
  const seq = frame.seq ?? 0;
  const at = frame.timeUnixMs ?? 0;
  if (!Number.isSafeInteger(seq)) throw malformed(`Report ${seq}`, "has a sequence number over 2^53");
  const decoded = state.table.decode(frame);
  if (decoded.type === "broken") throw malformed(`Report ${seq}`, decoded.message);
  needs.metrics.values.add(decoded.values);
  if (decoded.infinite > 0) countRefused(state, "infinite_value", decoded.infinite);
  if (at - receivedAt > state.clockSkew) setSkew(state, at - receivedAt);
  if (seq === 0) {
    if (plausible(at)) needs.context.bus.emit("live", { serverId: session.serverId, at, points: decoded.points });
    noteSeen(state);
    return undefined;
  }
  noteSpool(state, decoded.points);
  needs.metrics.lag.observe(Math.max(0, receivedAt - at) / 1000);
  if (isSettled(state, seq, at, receivedAt)) return undefined;
  state.lastReport = Math.max(state.lastReport ?? 0, at);
  noteSeen(state, { lastReport: state.lastReport });
  const incoming = { serverId: session.serverId, seq, at, receivedAt, points: decoded.points };
  return queue(state, seq, (done) => needs.ingest.report(incoming, done));
}

function stateChange(
  state: SessionState,
  frame: pb.StateChange.$Properties,
  receivedAt: number,
): Promise<void> | undefined {
  const { needs, session } = state;
  const seq = frame.seq ?? 0;
  const at = frame.timeUnixMs ?? 0;
  if (!Number.isSafeInteger(seq) || seq < 1) throw malformed("StateChange", `has no sequence number (is ${seq})`);
  noteSeen(state);
  const entry = state.table.find(frame.resource ?? 0);
  if (entry === undefined || entry === "refused") {
    refuse(state, seq, entry === undefined ? "unknown_resource" : "too_many_resources");
    return undefined;
  }
  if (isSettled(state, seq, at, receivedAt)) return undefined;
  const to = cleanText(frame.toState ?? "", limits.stateChars);
  if (to === "") {
    refuse(state, seq, "malformed");
    return undefined;
  }
  const incoming = {
    serverId: session.serverId,
    seq,
    at,
    resourceId: entry.id,
    kind: entry.kind,
    key: entry.key,
    from: frame.fromState ? cleanText(frame.fromState, limits.stateChars) : null,
    to,
    reason: cleanText(frame.reason ?? "", 500),
  };
  return queue(state, seq, (done) => needs.ingest.change(incoming, done));
}

/** Settles at once what needs no commit: records committed before, of a paused server, or of an impossible time. */
function isSettled(state: SessionState, seq: number, at: number, receivedAt: number): boolean {
  const { config } = state.needs.context;
  if (seq <= state.acks.contiguous || state.watched.paused) {
    settle(state, seq);
    return true;
  }
  const oldest = receivedAt - config.retentionRawDays * 86_400_000;
  if (!Number.isSafeInteger(at) || at > receivedAt + aheadMs || at < oldest) {
    refuse(state, seq, "clock_out_of_range");
    return true;
  }
  return false;
}

function refuse(state: SessionState, seq: number, reason: string): void {
  countRefused(state, reason);
  state.refusals.push({ seq, reason });
  settle(state, seq);
}

function settle(state: SessionState, seq: number): void {
  state.acks.add(seq);
  if (state.acks.gaps > maxGaps) {
    throw new SessionEnd(status.RESOURCE_EXHAUSTED, `more than ${maxGaps} gaps between the records' sequence numbers`);
  }
  state.needs.metrics.acked.add(1);
  state.ackSoon();
}

/** Hands a record to the ingest; the promise, if any, resolves when more may be read from this agent. */
function queue(state: SessionState, seq: number, push: (done: () => void) => boolean): Promise<void> | undefined {
  const { needs } = state;
  const started = performance.now();
  state.inFlight++;
  const more = push(() => {
    state.inFlight--;
    needs.metrics.ackSeconds.observe((performance.now() - started) / 1000);
    try {
      settle(state, seq);
    } catch (error) {
      if (error instanceof SessionEnd) state.session.end(error.code, error.message);
      else throw error;
    }
  });
  if (!more) return held(state, "ingest_full", needs.ingest.drained());
  if (state.inFlight >= maxInFlight) return held(state, "in_flight", state.settled());
  return undefined;
}

/** Reads nothing from the agent until the promise resolves; that is no silence of the agent's. */
export async function held(state: SessionState, cause: string, until: Promise<void>): Promise<void> {
  state.needs.metrics.paused.add(1, { cause });
  state.watched.held = true;
  try {
    await until;
  } finally {
    state.watched.held = false;
    state.watched.lastHeard = state.needs.context.now().getTime();
  }
}

function setSkew(state: SessionState, skew: number): void {
  state.clockSkew = skew;
  const before = state.watched.clockSkew;
  state.watched.clockSkew = skew;
  noteSeen(state, { clockSkewMs: storedSkew(skew) });
  if (before === null || Math.abs(before) > 30_000 || Math.abs(skew) > 30_000) {
    state.needs.monitor.changed(state.watched);
  }
}

/** The agent reports on itself how many records its spool has dropped: more than before means it drops. */
function noteSpool(state: SessionState, points: readonly Point[]): void {
  for (const point of points) {
    if (point.kind !== "agent") continue;
    const dropped = point.values[spoolDroppedMetric] ?? 0;
    if (dropped > state.spoolDropped) {
      state.spoolDropped = dropped;
      state.watched.spoolDroppedAt = state.needs.context.now().getTime();
      state.needs.monitor.changed(state.watched);
    }
  }
}
