// The load generator of the `ingest` bench, in a process of its own: agents over HTTP/2 and mTLS, as cheap as can be.
import { connect as http2Connect } from "node:http2";
import { createConnection, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { pb } from "@fairlead/proto";
import { findKind, type KindName } from "@fairlead/shared/catalogue";
import { encodeValues, freshBits, roundTo16Bits } from "@fairlead/shared/report-codec";
import type { Ready } from "./ingest-server.ts";

/** What the bench asks for. */
export type Order =
  | { type: "open"; ready: Ready; spoolStart: number }
  | { type: "steady"; seconds: number; intervalSeconds: number }
  | { type: "saturate"; seconds: number; window: number; startAt: number; stepMs: number };

/** Figures of one phase; `acked` by agent, in the order of `ready.agents`. */
export type Phase = {
  seconds: number;
  values: number;
  changedRatio: number;
  reports: number;
  wireBytes: number;
  ackMs: { p50: number; p99: number; max: number };
};

/** 34 resources with 347 values: a small server with containers. */
const mix: [KindName, number][] = [
  ["host", 1],
  ["agent", 1],
  ["cpu", 2],
  ["filesystem", 4],
  ["disk", 3],
  ["nic", 4],
  ["sensor", 1],
  ["container", 14],
  ["collector", 4],
];
export const resourceCount = mix.reduce((sum, [, n]) => sum + n, 0);

type Agent = {
  send(frame: pb.ConnectRequest.$Properties): void;
  raw: Socket;
  parts: { kind: KindName; values: Float32Array; previous: Uint32Array }[];
  seq: number;
  lastAt: number;
  sent: Map<number, number>;
  acked: number;
  onAck: (() => void) | undefined;
};

const agents: Agent[] = [];
let latencies: number[] = [];
let valuesSent = 0;
let valuesChanged = 0;
const exact = new Map(mix.map(([kind]) => [kind, findKind(kind)?.metrics.map((m) => "exact" in m) ?? []]));
const indexes = Array.from({ length: resourceCount }, (_, i) => i);

process.on("message", async (order: Order) => {
  if (order.type === "open") process.send?.(await open(order.ready));
  else if (order.type === "steady") process.send?.(await phase(() => steady(order.seconds, order.intervalSeconds)));
  else process.send?.(await phase(() => saturate(order.seconds, order.window, order.startAt, order.stepMs)));
});
process.on("disconnect", () => process.exit(0));

async function open(ready: Ready): Promise<{ opened: number; wireBytes: number }> {
  const waiting = [...ready.agents.keys()];
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (let i = waiting.shift(); i !== undefined; i = waiting.shift()) agents[i] = await openOne(ready, i);
    }),
  );
  return { opened: agents.length, wireBytes: wire() };
}

function openOne(ready: Ready, i: number): Promise<Agent> {
  const { certificatePem } = ready.agents[i] as Ready["agents"][number];
  const raw = createConnection({ host: "127.0.0.1", port: ready.grpcPort, noDelay: true });
  const socket = tlsConnect({
    socket: raw,
    key: ready.keyPem,
    cert: certificatePem,
    ca: ready.caPem,
    servername: "fairlead-server",
    ALPNProtocols: ["h2"],
  });
  const session = http2Connect("https://fairlead-server", { createConnection: () => socket });
  session.on("error", (error) => fail(`agent ${i}: ${error.message}`));
  const stream = session.request({
    ":method": "POST",
    ":path": "/fairlead.agent.v1.AgentService/Connect",
    "content-type": "application/grpc",
    te: "trailers",
  });
  stream.on("trailers", (t) => fail(`agent ${i}: stream ended with ${t["grpc-status"]} ${t["grpc-message"]}`));
  stream.on("error", (error) => fail(`agent ${i}: ${error.message}`));
  const agent: Agent = {
    raw,
    parts: [],
    seq: 0,
    lastAt: 0,
    sent: new Map(),
    acked: 0,
    onAck: undefined,
    send: (frame) => {
      const body = pb.ConnectRequest.encode(frame).finish();
      const head = Buffer.alloc(5);
      head.writeUInt32BE(body.length, 1);
      stream.write(Buffer.concat([head, body]));
    },
  };
  agent.send({
    hello: {
      protocolVersion: 1,
      agentVersion: "0.1.0",
      instanceId: `bench-${i}`,
      bootId: `boot-${i}`,
      machineId: `machine-${i}`,
      hostname: `bench-${i}`,
      timeUnixMs: Date.now(),
      spool: { spoolId: "bench", firstSeq: 1, nextSeq: 1 },
    },
  });
  for (const [kind, count] of mix) {
    for (let n = 0; n < count; n++) {
      const width = findKind(kind)?.metrics.length ?? 0;
      const values = new Float32Array(width);
      for (let v = 0; v < width; v++) values[v] = start(kind, v);
      const index = agent.parts.push({ kind, values, previous: freshBits(width) }) - 1;
      const labels = { name: `${kind}-${n}`, fstype: "ext4" };
      agent.send({ resourceUpsert: { index, kind, key: `${kind}-${n}`, valueCount: width, labels } });
    }
  }
  return new Promise((resolve) => {
    let pending: Buffer = Buffer.alloc(0);
    stream.on("data", (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      while (pending.length >= 5) {
        const length = pending.readUInt32BE(1);
        if (pending.length < 5 + length) break;
        const frame = pb.ConnectResponse.decode(pending.subarray(5, 5 + length));
        pending = pending.subarray(5 + length);
        if (frame.welcome) resolve(agent);
        if (frame.ack) take(agent, frame.ack);
      }
    });
  });
}

function take(agent: Agent, ack: pb.Ack.$Properties): void {
  if ((ack.refusals?.length ?? 0) > 0) fail(`a report was refused: ${JSON.stringify(ack.refusals)}`);
  const now = performance.now();
  for (const { first, last } of ack.ranges ?? []) {
    for (let seq = first ?? 0; seq <= (last ?? 0); seq++) {
      const sent = agent.sent.get(seq);
      if (sent === undefined) continue;
      agent.sent.delete(seq);
      agent.acked++;
      latencies.push(now - sent);
    }
  }
  agent.onAck?.();
}

function report(agent: Agent, at: number): void {
  for (const part of agent.parts) step(part.kind, part.values);
  agent.seq++;
  agent.lastAt = at;
  agent.sent.set(agent.seq, performance.now());
  agent.send({ report: { seq: agent.seq, timeUnixMs: at, resources: indexes, values: encodeValues(agent.parts) } });
}

/** Readings move as real ones do: counts and sizes seldom, rates and ratios mostly; rounded as agents round. */
function step(kind: KindName, values: Float32Array): void {
  const fixed = exact.get(kind) as boolean[];
  for (let i = 0; i < values.length; i++) {
    valuesSent++;
    const before = values[i] as number;
    if (fixed[i]) {
      if (Math.random() < 0.15) values[i] = before + 1;
    } else if (Math.random() < 0.75) values[i] = roundTo16Bits(before * (0.9 + Math.random() * 0.2));
    if (values[i] !== before) valuesChanged++;
  }
}

function start(kind: KindName, metric: number): number {
  const unit = findKind(kind)?.metrics[metric]?.unit;
  if (unit === "ratio") return roundTo16Bits(Math.random());
  if (unit === "bytes") return Math.round(Math.random() * 6e10);
  if (unit === "bytes_per_second") return roundTo16Bits(Math.random() * 1e7);
  return Math.round(Math.random() * 1000);
}

async function phase(run: () => Promise<void>): Promise<Phase> {
  latencies = [];
  valuesSent = 0;
  valuesChanged = 0;
  const acked = agents.reduce((sum, a) => sum + a.acked, 0);
  const bytes = wire();
  const started = performance.now();
  await run();
  while (agents.some((a) => a.sent.size > 0)) await new Promise((resolve) => setTimeout(resolve, 20));
  // What was under way at the end counts with the time that it took.
  const seconds = (performance.now() - started) / 1000;
  const perReport = (agents[0] as Agent).parts.reduce((sum, p) => sum + p.values.length, 0);
  const reports = agents.reduce((sum, a) => sum + a.acked, 0) - acked;
  const sorted = Float64Array.from(latencies).sort();
  const at = (q: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0);
  return {
    seconds,
    values: reports * perReport,
    changedRatio: valuesChanged / Math.max(1, valuesSent),
    reports,
    wireBytes: wire() - bytes,
    ackMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
  };
}

/** Each agent reports at its own moment of the interval. */
async function steady(seconds: number, intervalSeconds: number): Promise<void> {
  const until = performance.now() + seconds * 1000;
  const intervalMs = intervalSeconds * 1000;
  const timers = agents.map((agent, i) => {
    const offset = (i / agents.length) * intervalMs;
    let timer = setTimeout(function tick() {
      if (performance.now() >= until) return;
      report(agent, Math.max(Date.now(), agent.lastAt + 1));
      timer = setTimeout(tick, intervalMs);
    }, offset);
    return () => clearTimeout(timer);
  });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  for (const stop of timers) stop();
}

/** Each agent has `window` reports under way all the time, as after an outage. */
async function saturate(seconds: number, window: number, startAt: number, stepMs: number): Promise<void> {
  const until = performance.now() + seconds * 1000;
  for (const agent of agents) {
    agent.lastAt = Math.max(agent.lastAt, startAt);
    agent.onAck = () => {
      while (agent.sent.size < window && performance.now() < until) report(agent, agent.lastAt + stepMs);
    };
    agent.onAck();
  }
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  for (const agent of agents) agent.onAck = undefined;
}

/** Bytes on the sockets, TLS and all, both ways. */
function wire(): number {
  return agents.reduce((sum, { raw }) => sum + raw.bytesWritten + raw.bytesRead, 0);
}

function fail(why: string): void {
  console.error(why);
  process.exit(1);
}
