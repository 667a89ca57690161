import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Logger } from "pino";
import type { Bus, Events, Point } from "../bus.ts";

/** What the evaluator needs to hear of other processes. */
const relayed = ["committed", "resource", "server", "configured", "command", "rules", "forecasts"] as const;
type Relayed = (typeof relayed)[number];

const channel = "fairlead_evaluator";
const gatherMs = 100;
/** PostgreSQL takes less than 8000 bytes. */
const mostBytes = 7_500;
/** Of payloads, while the database is away. */
const mostWaiting = 2_000;

export type Relay = {
  /** The own bus, with what other processes send. For the evaluator only: their events are not news for anyone else. */
  bus: Bus;
  stop(): Promise<void>;
};

/**
 * One process evaluates alert rules, but each one takes in reports of its own agents: those that do not evaluate send
 * what happens to the one that does, over NOTIFY. With one process nothing is sent.
 */
export function startRelay(options: { pool: pg.Pool; bus: Bus; log: Logger; isActive: () => boolean }): Relay {
  const { pool, bus, log, isActive } = options;
  const id = randomUUID();
  const listeners = new Map<string, Set<(event: never) => void>>();
  let waiting: string[] = [];
  let sending = false;
  let timer: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let client: pg.PoolClient | undefined;
  let stopped = false;

  const off = relayed.map((name) =>
    bus.on(name, (event) => {
      if (isActive() || stopped) return;
      for (const text of written(name, event)) if (waiting.length < mostWaiting) waiting.push(`${id} ${name} ${text}`);
      if (!sending) timer ??= setTimeout(send, gatherMs).unref();
    }),
  );

  function send(): void {
    timer = undefined;
    const payloads = waiting;
    waiting = [];
    sending = true;
    pool
      .query("SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload", [channel, payloads])
      .catch((error) => log.warn({ err: error }, "tell the evaluating process"))
      .finally(() => {
        sending = false;
        if (waiting.length > 0 && !stopped) timer ??= setTimeout(send, gatherMs).unref();
      });
  }

  function receive(payload: string): void {
    const [sender = "", name = ""] = payload.split(" ", 2);
    if (sender === id || (name === "committed" && !isActive())) return;
    const event = read(name, payload.slice(sender.length + name.length + 2));
    for (const listener of listeners.get(name) ?? []) listener(event as never);
  }

  async function listen(): Promise<void> {
    const fresh = await pool.connect();
    if (stopped) return fresh.release(true);
    fresh.on("notification", (message) => receive(message.payload ?? ""));
    fresh.once("error", (error) => {
      if (fresh !== client) return;
      client = undefined;
      fresh.release(true);
      again(error);
    });
    try {
      await fresh.query(`LISTEN ${channel}`);
    } catch (error) {
      fresh.release(true);
      throw error;
    }
    client = fresh;
    // What others said meanwhile is unknown: rules are read again.
    for (const listener of listeners.get("rules") ?? []) listener({} as never);
  }

  function again(error: unknown): void {
    if (stopped) return;
    log.warn({ err: error }, "hear other processes for the evaluator");
    retry = setTimeout(() => listen().catch(again), 500 + Math.random() * 1500).unref();
  }

  listen().catch(again);
  return {
    bus: {
      emit: bus.emit,
      on(name, listener) {
        const end = bus.on(name, listener);
        const others = listeners.get(name) ?? new Set();
        listeners.set(name, others.add(listener as (event: never) => void));
        return () => {
          end();
          others.delete(listener as (event: never) => void);
        };
      },
    },
    async stop() {
      stopped = true;
      for (const end of off) end();
      clearTimeout(timer);
      clearTimeout(retry);
      const last = client;
      client = undefined;
      last?.release(true);
    },
  };
}

/** The event as texts that fit a notification each. */
function written<K extends Relayed>(name: K, event: Events[K]): string[] {
  if (name !== "committed") return [JSON.stringify(event)].filter((text) => Buffer.byteLength(text) < mostBytes);
  const { serverId, at, late, points } = event as Events["committed"];
  const texts: string[] = [];
  let part: unknown[] = [];
  let size = 0;
  const close = () => {
    if (part.length > 0) texts.push(JSON.stringify({ serverId, at, late, points: part }));
    part = [];
    size = 0;
  };
  for (const { resourceId, kind, key, values } of points) {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
    const one = [resourceId, kind, key, bytes];
    const length = Buffer.byteLength(JSON.stringify(one)) + 1;
    if (size + length > mostBytes - 200) close();
    if (length > mostBytes - 200) continue;
    part.push(one);
    size += length;
  }
  close();
  return texts;
}

function read(name: string, text: string): unknown {
  const event = JSON.parse(text);
  if (name !== "committed") return event;
  const points = (event.points as [number, string, string, string][]).map(([resourceId, kind, key, bytes]): Point => {
    const raw = Uint8Array.from(Buffer.from(bytes, "base64"));
    return { resourceId, kind, key, values: new Float32Array(raw.buffer) };
  });
  return { ...event, points };
}
