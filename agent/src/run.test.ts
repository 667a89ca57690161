import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { agePresentCertificate } from "../tests/old-certificate.ts";
import { createCa, startServer, type TestCa, type TestServer } from "../tests/test-server.ts";
import type { CollectorFactory, StateEvent } from "./collectors/collector.ts";
import { type AgentConfig, parseConfig } from "./config.ts";
import { readStatus } from "./control.ts";
import { createLog } from "./log.ts";
import { enrollAgent, runAgent } from "./run.ts";

let ca: TestCa;
let server: TestServer;
let config: AgentConfig;
let stateDir = "";
let stopAll: (() => Promise<void>)[] = [];
let lines: string[] = [];

beforeAll(() => {
  ca = createCa();
});
afterAll(() => ca.remove());
beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "fairlead-run-"));
  server = await startServer(ca);
  config = parseConfig(`server: ${server.address}\ncaSha256: ${ca.pin}\nstateDir: ${stateDir}\nlabels: {site: lab}\n`);
  lines = [];
});
afterEach(async () => {
  await Promise.all(stopAll.map((stop) => stop()));
  stopAll = [];
  await server.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

const soon = { interval: 20 };

let passes = 0;
let emit: (event: StateEvent) => void = () => undefined;
/** A disk whose first value counts passes. */
const counter: CollectorFactory = {
  name: "counter",
  help: "counts passes",
  kinds: ["disk"],
  deadlineMs: 1000,
  create: () => ({
    collect: () => [{ kind: "disk", key: "sda", labels: { bus: "nvme" }, values: [++passes, 0.1, 0, 0, 0, 0, 0, 0] }],
    watch: (tell) => {
      emit = tell;
    },
  }),
};

function start(): { stop(): Promise<void> } {
  const abort = new AbortController();
  const log = createLog("debug", { write: (line) => lines.push(line), text: true });
  const done = runAgent(config, { signal: abort.signal, log, factories: [counter] });
  done.catch(() => undefined);
  const stop = async () => {
    abort.abort();
    await done;
  };
  stopAll.push(stop);
  return { stop };
}

async function enrolled(): Promise<void> {
  await enrollAgent(config, { token: "good", agentVersion: "0.0.1" });
}

const stored = (at = server) => at.received.filter(({ seq, change }) => seq > 0 && change === undefined);

test("enrolled, connected, reported, acknowledged; the status says so", async () => {
  await enrolled();
  start();
  await server.until(() => stored().length >= 2);
  const [session] = server.sessions;
  expect(session?.hello).toMatchObject({
    protocolVersion: 1,
    capabilities: expect.arrayContaining(["live", "collector.counter", "agent.ping"]),
  });
  const upserts = session!.frames.flatMap(({ resourceUpsert: r }) => (r ? [r] : []));
  expect(upserts.map(({ kind, key, index }) => [kind, key, index])).toEqual(
    expect.arrayContaining([
      ["disk", "sda", 0],
      ["agent", "agent", expect.any(Number)],
      ["collector", "counter", expect.any(Number)],
    ]),
  );
  expect(upserts.find(({ kind }) => kind === "disk")?.labels).toEqual({ bus: "nvme" });
  expect(session!.frames.filter(({ collectorStatus }) => collectorStatus).length).toBeGreaterThan(0);
  const [one, two] = stored().sort((a, b) => a.seq - b.seq);
  expect(two!.at).toBeGreaterThan(one!.at);
  expect(two!.values["disk:sda"]![0]).toBe(one!.values["disk:sda"]![0]! + 1);
  await server.until(() => stored().length >= 3);
  const now = await readStatus(stateDir);
  expect(now).toMatchObject({
    connection: { state: "connected" },
    config: { intervalSeconds: 1, fromServer: true },
    spool: { dropped: 0 },
  });
  expect(now!.connection.lastAckAt).toBeGreaterThan(0);
});

test("what was collected while the server was away arrives afterwards, the newest first, nothing twice or lost", async () => {
  await enrolled();
  const port = Number(server.address.split(":")[1]);
  start();
  await server.until(() => stored().length >= 1);
  await server.stop();
  const before = passes;
  await expect.poll(() => passes, soon).toBeGreaterThan(before + 3);
  const again = await startServer(ca, port);
  server.received.length = 0;
  server = again;
  const arrived = () => again.received.flatMap(({ seq }) => (seq > 0 ? [seq] : []));
  await again.until(
    () => arrived().length >= 5 && Math.max(...arrived()) - Math.min(...arrived()) < arrived().length,
    20_000,
  );
  const seqs = arrived();
  expect(seqs[0]).toBeGreaterThan(seqs[1]!);
  expect(new Set(seqs).size).toBe(seqs.length);
  const sorted = [...seqs].sort((a, b) => a - b);
  expect(sorted).toEqual(Array.from({ length: sorted.length }, (_, i) => sorted[0]! + i));
  const times = new Map(stored(again).map(({ seq, at }) => [seq, at]));
  const inOrder = sorted.flatMap((seq) => times.get(seq) ?? []);
  expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
});

test("what was not acknowledged survives a restart of the agent; what the server resumes behind does not come back", async () => {
  await enrolled();
  server.acking = false;
  const first = start();
  await server.until(() => stored().length >= 3);
  await first.stop();
  const old = new Map(stored().map((record) => [record.seq, record]));
  server.received.length = 0;
  server.resumeSeq = 1;
  server.acking = true;
  start();
  await server.until(() => [...old.keys()].every((seq) => seq === 1 || stored().some((r) => r.seq === seq)));
  for (const record of stored()) {
    expect(record.seq).not.toBe(1);
    const was = old.get(record.seq);
    if (was) expect(record).toMatchObject({ at: was.at, values: was.values });
  }
});

describe("the server's wishes", () => {
  test("interval, disabled collectors and pause take effect at once", async () => {
    await enrolled();
    server.config = { intervalSeconds: 300, disabledCollectors: [], paused: false };
    start();
    const session = await server.until(() => stored().length >= 1 && server.sessions[0]);
    session.send({ config: { intervalSeconds: 1, disabledCollectors: ["counter"], paused: false } });
    await server.until(() => stored().length >= 3);
    expect(stored().at(-1)!.values["disk:sda"]).toBeUndefined();
    session.send({ config: { intervalSeconds: 1, disabledCollectors: [], paused: true } });
    await expect.poll(async () => (await readStatus(stateDir))?.config.paused, soon).toBe(true);
    const count = passes;
    session.send({ config: { intervalSeconds: 1, disabledCollectors: [], paused: false } });
    await server.until(() => stored().at(-1)?.values["disk:sda"] !== undefined);
    expect(passes).toBeGreaterThan(count);
  });

  test("live reports come between the stored ones and are not stored", async () => {
    await enrolled();
    server.config = { intervalSeconds: 300, disabledCollectors: [], paused: false };
    start();
    const session = await server.until(() => stored().length >= 1 && server.sessions[0]);
    session.send({ live: { intervalMs: 200 } });
    await server.until(() => server.received.filter(({ seq }) => seq === 0).length >= 3);
    expect(stored()).toHaveLength(1);
    session.send({ live: { intervalMs: 0 } });
    await expect.poll(async () => (await readStatus(stateDir))?.live.intervalMs, soon).toBe(0);
  });

  test("a command is answered, and its result sent again until it is confirmed", async () => {
    await enrolled();
    start();
    const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
    const results = (at: number) =>
      server.sessions[at]?.frames.filter(({ commandResult }) => commandResult?.id === id) ?? [];
    const session = await server.until(() => server.sessions[0]);
    session.send({ command: { id, deadlineUnixMs: Date.now() + 60_000, agentPing: {} } });
    await server.until(() => results(0).length === 1);
    session.end(status.UNAVAILABLE, "restarting");
    await server.until(() => results(1).length === 1);
    server.sessions[1]!.send({ commandConfirm: { id } });
    await expect.poll(async () => (await readStatus(stateDir))?.commands.unconfirmed, soon).toBe(0);
  });

  test("a command under way when the agent stops comes to its end", async () => {
    await enrolled();
    const first = start();
    const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
    const session = await server.until(() => stored().length >= 1 && server.sessions[0]);
    session.send({ command: { id, deadlineUnixMs: Date.now() + 60_000, hostRefresh: {} } });
    await server.until(() => session.frames.some(({ commandProgress }) => commandProgress?.id === id));
    await first.stop();
    start();
    const answered = () => server.sessions.flatMap(({ frames }) => frames).find((f) => f.commandResult?.id === id);
    expect((await server.until(answered)).commandResult).toMatchObject({ status: 1, reason: "" });
  });

  test("a change between passes is sent at once, and stored", async () => {
    await enrolled();
    server.config = { intervalSeconds: 300, disabledCollectors: [], paused: false };
    start();
    await server.until(() => stored().length >= 1);
    emit({ kind: "disk", key: "sda", at: Date.now(), from: "a", to: "b", reason: "x" });
    await server.until(() => server.received.some(({ change }) => change === "disk:sda a>b"));
  });
});

describe("a server that ends the session as malformed", () => {
  beforeEach(() => {
    vi.spyOn(Math, "random").mockReturnValue(0.001);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("for one record: that one is given up and counted, all others arrive", async () => {
    await enrolled();
    server.rejects = ({ seq }) => seq === 2;
    start();
    await server.until(() => [1, 3, 4, 5].every((seq) => stored().some((record) => record.seq === seq)), 20_000);
    const given = async () => await readStatus(stateDir);
    await expect.poll(async () => (await given())?.connection.setAside, soon).toBe(1);
    expect(await given()).toMatchObject({
      connection: { setAsideReason: "the server refused a frame: Report has a hole" },
      spool: { dropped: 1 },
    });
    expect(lines.join("")).toContain("given up, it ends every session: the server refused a frame: Report has a hole");
  });

  test("for all of them: none is given up", async () => {
    await enrolled();
    server.rejects = () => true;
    start();
    await server.until(() => server.sessions.length >= 8, 20_000);
    expect(await readStatus(stateDir)).toMatchObject({ connection: { setAside: 0 }, spool: { dropped: 0 } });
  });
});

describe("a hostile server", () => {
  test("a second Welcome ends the session; live mode is bounded", async () => {
    await enrolled();
    start();
    const session = await server.until(() => server.sessions[0]);
    session.send({ live: { intervalMs: 2 ** 32 - 1 } });
    await expect.poll(async () => (await readStatus(stateDir))?.live.intervalMs, soon).toBe(60_000);
    server.welcoming = false;
    session.send({ welcome: { serverId: "x", resumeSeq: 0, timeUnixMs: -1e15 } });
    const error = async () => (await readStatus(stateDir))?.connection;
    await expect.poll(async () => (await error())?.error, soon).toBe("the server sent a second Welcome");
    expect(Math.abs((await error())?.clockSkewMs ?? 0)).toBeLessThan(60_000);
  });

  test("resuming behind a number that can't be: the spool is left as it is", async () => {
    await enrolled();
    server.resumeSeq = 2 ** 52;
    start();
    await expect
      .poll(async () => (await readStatus(stateDir))?.connection.error, soon)
      .toBe(`the server resumes behind record ${2 ** 52}, which no spool has`);
    expect(await readStatus(stateDir)).toMatchObject({ spool: { problem: "" } });
  });
});

describe("sessions that end", () => {
  test("refused for good: a clear line, and a long pause", async () => {
    await enrolled();
    start();
    const session = await server.until(() => server.sessions[0]);
    server.welcoming = false;
    session.end(status.UNAUTHENTICATED, "the client certificate is revoked: enrol again");
    await expect
      .poll(async () => (await readStatus(stateDir))?.connection.error, soon)
      .toBe("refused: the client certificate is revoked: enrol again");
    expect(lines.join("")).toContain('error not connected reason="refused: the client certificate is revoked');
  });

  test("a certificate past two thirds of its life is renewed, and the next session uses it", async () => {
    await enrolled();
    agePresentCertificate(ca, stateDir);
    start();
    await server.until(() => server.renewals === 1);
    await expect
      .poll(async () => (await readStatus(stateDir))?.connection.certificateNotAfter, soon)
      .toBeGreaterThan(Date.now() + 20 * 86_400_000);
  });

  test("a second agent on the same folder is refused", async () => {
    await enrolled();
    start();
    await server.until(() => server.sessions[0]);
    const log = createLog("error", { write: () => undefined });
    const second = runAgent(config, { signal: new AbortController().signal, log, factories: [counter] });
    await expect(second).rejects.toThrow(/another agent \(pid \d+\) runs on/);
  });
});

test("not enrolled: says what to do", async () => {
  const log = createLog("error", { write: () => undefined });
  const run = runAgent(config, { signal: new AbortController().signal, log, factories: [counter] });
  await expect(run).rejects.toThrow('holds no identity: run "fairlead-agent enroll"');
});
