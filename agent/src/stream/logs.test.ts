import type { pb } from "@fairlead/proto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLog } from "../log.ts";
import { singleRuntime } from "../runtimes/index.ts";
import { type ContainerRuntime, type LogPiece, RuntimeFailure } from "../runtimes/runtime.ts";
import { followTimes } from "./follow-log.ts";
import { createLogStreams, logBounds } from "./logs.ts";

const bounds = { ...logBounds };
const times = { ...followTimes };
beforeEach(() => {
  Object.assign(logBounds, { behindMs: 60, idleMs: 400, gatherMs: 5 });
  Object.assign(followTimes, { lookMs: 10, replacedMs: 60 });
});
afterEach(() => {
  Object.assign(logBounds, bounds);
  Object.assign(followTimes, times);
});

type Run = { id: string; pieces: AsyncIterable<LogPiece>; state?: string };

/** A runtime of one container whose runs give these pieces, then it is gone. */
function runtimeOf(...runs: Run[]) {
  const asked: { id: string; tail: number; sinceMs: number }[] = [];
  const runtime = {
    name: "docker",
    async describe() {
      const run = runs[0];
      if (run === undefined) throw new RuntimeFailure("not_found", "no such container");
      return { id: run.id, name: "web", state: run.state ?? "running" };
    },
    async logStream(id: string, { tail, sinceMs }: { tail: number; sinceMs: number }) {
      asked.push({ id, tail, sinceMs });
      return (runs.shift() as Run).pieces;
    },
  };
  return { asked, runtimes: singleRuntime(async () => runtime as unknown as ContainerRuntime) };
}

let second = 0;
const stamp = () => `2026-11-23T09:${String(second++ % 60).padStart(2, "0")}:00.000000000Z`;
const piece = (text: string, stream: LogPiece["stream"] = "stdout"): LogPiece => ({
  stream,
  data: Buffer.from(`${text}\n`),
});

async function* pieces(...all: LogPiece[]): AsyncGenerator<LogPiece> {
  yield* all;
}

function reader(streams: ReturnType<typeof createLogStreams>, frame: Partial<pb.LogOpen.$Properties>) {
  const chunks: pb.LogChunk.$Properties[] = [];
  const ended = Promise.withResolvers<pb.LogChunk.$Properties>();
  streams.open({ id: "1", container: "web", ...frame }, async (chunk) => {
    chunks.push(chunk);
    if (chunk.end) ended.resolve(chunk);
    return true;
  });
  const texts = () =>
    chunks.flatMap(({ data }) => (data?.length ? Buffer.from(data).toString().trimEnd().split("\n") : []));
  return { chunks, texts, ended: ended.promise };
}

const log = createLog("error", { write: () => {} });
const make = (runtimes: ReturnType<typeof runtimeOf>["runtimes"], allowed = true) =>
  createLogStreams({ runtimes, allowed, log });

describe("a log on its way to the server", () => {
  test("lines of both streams in one chunk, in order, then the end", async () => {
    const { runtimes, asked } = runtimeOf({
      id: "a",
      pieces: pieces(piece("one"), piece("two", "stderr"), piece("three")),
    });
    const { chunks, texts, ended } = reader(make(runtimes), { tail: 50_000, sinceUnixMs: 7 });
    expect(await ended).toMatchObject({ commandId: "1", end: true, error: "" });
    expect(texts()).toEqual(["one", "two", "three"]);
    expect([...(chunks[0]?.lineStreams ?? [])]).toEqual([1, 2, 1]);
    expect(asked).toEqual([{ id: "a", tail: 10_000, sinceMs: 7 }]);
  });

  test("no more than the credit goes; the engine is not read on meanwhile; more goes with more credit", async () => {
    let read = 0;
    async function* much() {
      for (; read < 2_000; read++) yield piece("x".repeat(999));
    }
    const { runtimes } = runtimeOf({ id: "a", pieces: much() });
    const streams = make(runtimes);
    const { chunks, ended } = reader(streams, { follow: false });
    const sent = () => chunks.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
    await expect.poll(sent).toBe(256_000);
    expect(read).toBeLessThan(500);
    for (const { data } of chunks) expect(data?.length).toBeLessThanOrEqual(logBounds.chunk);
    const feed = setInterval(() => streams.more({ id: "1", bytes: 200_000 }), 5);
    expect(await ended).toMatchObject({ error: "" });
    clearInterval(feed);
    expect(sent()).toBe(2_000_000);
  });

  test("a follower that is far behind loses lines, which are counted to the last", async () => {
    async function* flood() {
      for (let i = 0; i < 20_000; i++) {
        if (i % 1_000 === 0) await new Promise(setImmediate);
        yield piece(`${i} ${"x".repeat(90)}`);
      }
    }
    const { runtimes } = runtimeOf({ id: "a", pieces: flood() });
    const streams = make(runtimes);
    const { chunks, texts, ended } = reader(streams, { follow: true });
    const feed = setInterval(() => streams.more({ id: "1", bytes: 262_144 }), 200);
    expect(await ended).toMatchObject({ error: "the container was removed" });
    clearInterval(feed);
    const skipped = chunks.reduce((sum, { skippedLines }) => sum + (skippedLines ?? 0), 0);
    expect(skipped).toBeGreaterThan(1_000);
    expect(texts().length + skipped).toBe(20_000);
  });

  test("who reads nothing is given up", async () => {
    const { runtimes } = runtimeOf({
      id: "a",
      pieces: pieces(...Array.from({ length: 400 }, () => piece("x".repeat(999)))),
    });
    const { ended } = reader(make(runtimes), {});
    expect(await ended).toMatchObject({ error: expect.stringMatching(/nothing was read for/) });
  });

  test("a followed one goes on with the next run and the container that replaces it, no line twice", async () => {
    const [first, second, third] = [stamp(), stamp(), stamp()];
    const { runtimes, asked } = runtimeOf(
      { id: "a", pieces: pieces(piece(`${first} one`)) },
      { id: "a", pieces: pieces(piece(`${first} one`), piece(`${second} two`)) },
      { id: "b", pieces: pieces(piece(`${third} three`)), state: "created" },
    );
    const { texts, ended } = reader(make(runtimes), { follow: true, tail: 5 });
    expect(await ended).toMatchObject({ error: "the container was removed" });
    expect(texts()).toEqual([`${first} one`, `${second} two`, `${third} three`]);
    expect(asked.map(({ id, sinceMs }) => [id, sinceMs])).toEqual([
      ["a", 0],
      ["a", Date.parse(first)],
      ["b", Date.parse(second)],
    ]);
  });

  test.each<[string, () => AsyncIterable<LogPiece>, string]>([
    [
      "says so",
      async function* () {
        yield piece("one");
        throw new RuntimeFailure("unreachable", "the Docker engine does not answer");
      },
      "the Docker engine does not answer",
    ],
    [
      "breaks off",
      async function* () {
        yield piece("one");
        throw new Error("aborted");
      },
      "the log broke off: aborted",
    ],
  ])("an engine that %s ends it with the reason, after what it gave", async (_, run, reason) => {
    const { runtimes } = runtimeOf({ id: "a", pieces: run() });
    const { texts, ended } = reader(make(runtimes), { follow: true });
    expect(await ended).toMatchObject({ error: reason });
    expect(texts()).toEqual(["one"]);
  });

  test("eight at once, the ninth is refused; closing one makes room", async () => {
    async function* quiet() {
      await new Promise<void>(() => {});
      yield piece("never");
    }
    const { runtimes } = runtimeOf(...Array.from({ length: 20 }, () => ({ id: "a", pieces: quiet() })));
    const streams = make(runtimes);
    for (let i = 0; i < 8; i++) void reader(streams, { id: `s${i}`, follow: true });
    expect(await reader(streams, { id: "ninth" }).ended).toMatchObject({
      error: expect.stringMatching(/^8 logs of this/),
    });
    streams.closeAll();
    const { runtimes: other } = runtimeOf({ id: "a", pieces: pieces(piece("one")) });
    expect(await reader(make(other), {}).ended).toMatchObject({ error: "" });
  });

  test("a host that keeps its logs to itself", async () => {
    const { runtimes, asked } = runtimeOf({ id: "a", pieces: pieces() });
    expect(await reader(make(runtimes, false), {}).ended).toMatchObject({
      error: expect.stringMatching(/containerLogs/),
    });
    expect(asked).toEqual([]);
  });
});
