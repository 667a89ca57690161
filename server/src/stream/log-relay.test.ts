import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AgentsPort, startAgentsPort } from "../../tests/agents-port.ts";
import type { LogPart } from "./log-streams.ts";

let port: AgentsPort;
let other: Awaited<ReturnType<AgentsPort["more"]>>;
beforeAll(async () => {
  port = await startAgentsPort();
  other = await port.more();
});
afterAll(() => port?.close());

const request = { container: "web", tail: 10, sinceMs: 0, follow: true };

async function setUp() {
  const identity = await port.identity();
  const agent = port.open(identity, { capabilities: ["container.logs"] });
  await agent.next("welcome");
  const stop = new AbortController();
  const parts: LogPart[] = [];
  const read = (process: Pick<typeof other, "sessions">) =>
    (async () => {
      for await (const part of process.sessions.readLog(identity.serverId, request, stop.signal)) parts.push(part);
    })();
  return { identity, agent, stop, parts, read };
}

const chunk = (id: string, lines: string[]) => ({
  logChunk: { commandId: id, data: Buffer.from(lines.map((line) => `${line}\n`).join("")), stream: "stdout" },
});

test.each(["the process that holds its stream", "another process"])("a log is read through %s", async (_) => {
  const { agent, parts, read } = await setUp();
  const done = read(_ === "another process" ? other : port);
  const { id = "", container, tail, follow } = await agent.next("logOpen");
  expect({ container, tail, follow }).toEqual({ container: "web", tail: 10, follow: true });
  // Longer than one message between processes.
  const long = Array.from({ length: 200 }, (_, i) => `2026-11-23T09:00:00.${i}Z ${randomBytes(30).toString("hex")}`);
  agent.send(chunk(id ?? "", long));
  agent.send(chunk(id ?? "", ["no time"]));
  const { bytes } = await agent.next("logMore");
  expect(bytes).toBe(Buffer.byteLength(`${long.join("\n")}\n`));
  agent.send({ logChunk: { commandId: id, end: true, error: "the container was removed", skippedLines: 7 } });
  await done;
  const lines = parts.flatMap((part) => part.lines);
  expect(lines.length).toBe(201);
  expect(lines[1]).toEqual({ at: "2026-11-23T09:00:00.1Z", stream: "stdout", text: long[1]?.split(" ")[1] });
  expect(lines[200]).toEqual({ at: "", stream: "stdout", text: "no time" });
  expect(parts.at(-1)).toMatchObject({ skipped: 7, end: "the container was removed" });
  agent.stop();
});

test.each(["the process that holds its stream", "another process"])("who leaves %s closes the log", async (_) => {
  const { agent, stop, read } = await setUp();
  const done = read(_ === "another process" ? other : port);
  const { id } = await agent.next("logOpen");
  // Told of by the process that holds the stream, before the reader goes.
  agent.send(chunk(id ?? "", ["one"]));
  await agent.next("logMore");
  stop.abort();
  expect((await agent.next("logClose")).id).toBe(id);
  await done;
  agent.stop();
});

test("who leaves before the other process has answered closes the log as well", async () => {
  const { identity, agent } = await setUp();
  const stop = new AbortController();
  const reading = other.sessions.readLog(identity.serverId, request, stop.signal)[Symbol.asyncIterator]();
  const first = reading.next();
  stop.abort();
  await first;
  const { id } = await agent.next("logOpen");
  agent.send(chunk(id ?? "", ["one"]));
  expect((await agent.next("logClose")).id).toBe(id);
  agent.stop();
});

test("a reader that takes nothing gets no more sent for it, also over processes", async () => {
  const { identity, agent } = await setUp();
  const stop = new AbortController();
  const reading = other.sessions.readLog(identity.serverId, request, stop.signal)[Symbol.asyncIterator]();
  const first = reading.next();
  const { id } = await agent.next("logOpen");
  const piece = Array.from({ length: 16 }, () => "x".repeat(999));
  for (let i = 0; i < 16; i++) agent.send(chunk(id ?? "", piece));
  await first;
  await expect.poll(() => agent.received.filter(({ logMore }) => logMore).length).toBeGreaterThanOrEqual(3);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(agent.received.filter(({ logMore }) => logMore).length).toBeLessThan(7);
  stop.abort();
  await reading.return?.(undefined);
  agent.stop();
});

test("an agent that breaks the bounds, and one that leaves, end the log with the reason", async () => {
  const { agent, parts, read } = await setUp();
  const done = read(port);
  const { id } = await agent.next("logOpen");
  agent.send(chunk(id ?? "", ["x".repeat(90 * 1024)]));
  await done;
  expect(parts.at(-1)?.end).toBe("the agent sent more than it was asked for");
  const again = read(other);
  await agent.next("logOpen");
  agent.stop();
  await again;
  expect(parts.at(-1)?.end).toBe("the agent's connection broke off");
});

test("an agent that is connected nowhere is told of", async () => {
  const { identity, agent, parts, read } = await setUp();
  agent.stop();
  await expect.poll(() => port.sessions.isConnected(identity.serverId)).toBe(false);
  await read(other);
  expect(parts).toEqual([{ lines: [], skipped: 0, end: expect.stringMatching(/no Fairlead process holds/) }]);
});
