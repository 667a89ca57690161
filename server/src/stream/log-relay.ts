import { randomUUID } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Logger } from "pino";
import type { LogPart, LogRequest, LogStreams } from "./log-streams.ts";
import type { NotifyBridge } from "./notify-bridge.ts";
import type { SessionRegistry } from "./session-registry.ts";

/** Logs of agents that are connected to another process, which reads them for us; and the other way round. */
export type LogRelay = {
  /** Ends after a part with `end`, or with the signal. */
  read(serverId: string, request: LogRequest, signal: AbortSignal): AsyncGenerator<LogPart, void, undefined>;
  /** Takes what another process said: "<server id> <process id> <message as JSON>". */
  receive(payload: string): void;
  stop(): void;
};

type Message =
  | { is: "open"; id: string; request: LogRequest }
  | { is: "part"; id: string; to: string; data: string; whole: boolean }
  | { is: "more"; id: string; to: string }
  | { is: "close"; id: string; to: string }
  | { is: "alive"; id: string; to: string };

/** PostgreSQL's NOTIFY takes 8,000 bytes. */
const mostPayload = 7_400;
/** Parts that may be under way; the next one goes when the reader took one. */
const ahead = 4;
const answerMs = 3_000;
const aliveMs = 10_000;
const lostMs = 35_000;
const mostPart = 4 << 20;

type Reading = {
  from: string | undefined;
  parts: LogPart[];
  pieces: string[];
  heardAt: number;
  wake: () => void;
};
type Serving = { to: string; underWay: number; heardAt: number; stop: AbortController; wake: () => void };

const nobody = "no Fairlead process holds the agent's connection now: try again in a moment";
const lost = "the agent's connection broke off: the Fairlead process that held it is gone";

export function createLogRelay(needs: {
  logs: LogStreams;
  sessions: Pick<SessionRegistry, "get">;
  bridge: () => Pick<NotifyBridge, "id" | "tell">;
  log: Logger;
}): LogRelay {
  const { logs, sessions, bridge, log } = needs;
  const readings = new Map<string, Reading>();
  const servings = new Map<string, Serving>();

  function tell(serverId: string, message: Message): Promise<void> {
    const { id, tell: send } = bridge();
    return send("logs", `${serverId} ${id} ${JSON.stringify(message)}`);
  }

  function say(serverId: string, message: Message): void {
    tell(serverId, message).catch((error) => log.warn({ err: error }, "tell another process of a log"));
  }

  async function* read(serverId: string, request: LogRequest, signal: AbortSignal): AsyncGenerator<LogPart, void> {
    const id = randomUUID();
    const reading: Reading = { from: undefined, parts: [], pieces: [], heardAt: performance.now(), wake: () => {} };
    const wake = () => reading.wake();
    readings.set(id, reading);
    signal.addEventListener("abort", wake, { once: true });
    const beat = setInterval(() => {
      if (reading.from !== undefined) say(serverId, { is: "alive", id, to: reading.from });
      wake();
    }, aliveMs);
    const patience = setTimeout(wake, answerMs);
    try {
      await tell(serverId, { is: "open", id, request });
      while (!signal.aborted) {
        const part = reading.parts.shift();
        if (part !== undefined) {
          yield part;
          if (part.end !== undefined) return;
          if (reading.from !== undefined) say(serverId, { is: "more", id, to: reading.from });
          continue;
        }
        const silent = performance.now() - reading.heardAt;
        if (reading.from === undefined ? silent >= answerMs - 10 : silent > lostMs) {
          yield { lines: [], skipped: 0, end: reading.from === undefined ? nobody : lost };
          return;
        }
        await new Promise<void>((resolve) => {
          reading.wake = resolve;
        });
      }
    } finally {
      clearInterval(beat);
      clearTimeout(patience);
      signal.removeEventListener("abort", wake);
      readings.delete(id);
      if (reading.from !== undefined) say(serverId, { is: "close", id, to: reading.from });
    }
  }

  async function serve(serverId: string, to: string, id: string, request: LogRequest): Promise<void> {
    const session = sessions.get(serverId);
    if (session === undefined || servings.has(id)) return;
    const stop = new AbortController();
    const serving: Serving = { to, underWay: 0, heardAt: performance.now(), stop, wake: () => {} };
    servings.set(id, serving);
    stop.signal.addEventListener("abort", () => serving.wake(), { once: true });
    const beat = setInterval(() => {
      if (performance.now() - serving.heardAt > lostMs) stop.abort();
      else say(serverId, { is: "alive", id, to });
    }, aliveMs);
    try {
      await tell(serverId, { is: "alive", id, to });
      for await (const part of partsOf(session, request, stop.signal)) {
        // Counted first: the reader's answer may be here before the last piece is known to be told.
        serving.underWay++;
        // One message after the other: their order is that of the pieces.
        for (const { data, whole } of piecesOf(part)) await tell(serverId, { is: "part", id, to, data, whole });
        while (serving.underWay >= ahead && !stop.signal.aborted) {
          await new Promise<void>((resolve) => {
            serving.wake = resolve;
          });
        }
      }
    } finally {
      clearInterval(beat);
      stop.abort();
      servings.delete(id);
    }
  }

  async function* partsOf(
    session: Parameters<LogStreams["read"]>[0],
    request: LogRequest,
    signal: AbortSignal,
  ): AsyncGenerator<LogPart> {
    try {
      yield* logs.read(session, request, signal);
    } catch (error) {
      yield { lines: [], skipped: 0, end: (error as Error).message };
    }
  }

  function take(serverId: string, from: string, message: Message): void {
    const reading = readings.get(message.id);
    const serving = servings.get(message.id);
    const now = performance.now();
    if (reading !== undefined && (message.is === "part" || message.is === "alive")) {
      reading.from ??= from;
      if (reading.from !== from) return;
      reading.heardAt = now;
      if (message.is === "part") {
        reading.pieces.push(message.data);
        if (message.whole) reading.parts.push(partOf(reading.pieces.splice(0)));
      }
      reading.wake();
    } else if (serving !== undefined && serving.to === from) {
      serving.heardAt = now;
      if (message.is === "more") serving.underWay = Math.max(0, serving.underWay - 1);
      if (message.is === "close") serving.stop.abort();
      serving.wake();
    } else if (reading === undefined && serving === undefined && message.is !== "close" && message.is !== "more") {
      // The reader left before it knew whom to tell.
      say(serverId, { is: "close", id: message.id, to: from });
    }
  }

  return {
    read,
    receive(payload) {
      const [serverId = "", from = ""] = payload.split(" ", 2);
      try {
        const message = JSON.parse(payload.slice(serverId.length + from.length + 2)) as Message;
        if (message.is !== "open") {
          if (message.to === bridge().id) take(serverId, from, message);
          return;
        }
        serve(serverId, from, message.id, message.request).catch((error) =>
          log.warn({ err: error, serverId }, "read a log for another process"),
        );
      } catch (error) {
        log.warn({ err: error }, "another process told of a log in words that are not understood");
      }
    },
    stop() {
      for (const { stop } of servings.values()) stop.abort();
    },
  };
}

function piecesOf(part: LogPart): { data: string; whole: boolean }[] {
  const text = deflateRawSync(JSON.stringify(part)).toString("base64");
  const count = Math.max(1, Math.ceil(text.length / mostPayload));
  return Array.from({ length: count }, (_, i) => ({
    data: text.slice(i * mostPayload, (i + 1) * mostPayload),
    whole: i === count - 1,
  }));
}

function partOf(pieces: readonly string[]): LogPart {
  const raw = inflateRawSync(Buffer.from(pieces.join(""), "base64"), { maxOutputLength: mostPart });
  return JSON.parse(raw.toString("utf8")) as LogPart;
}
