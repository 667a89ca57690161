import { EventEmitter } from "node:events";

/** Values of one resource at one time; `values` in catalogue order, NaN = missing. Not to be changed by listeners. */
export type Point = { resourceId: number; kind: string; key: string; values: Float32Array };

/** What happens inside one server process. Payloads are small facts; whoever needs more asks the database. */
export type Events = {
  /** A report is committed. `at` is the agent's time in Unix ms; `late` when older than what was already seen. */
  committed: { serverId: string; at: number; late: boolean; points: readonly Point[] };
  /** A live report came in (not stored) or a stored one was committed: what `/live` streams. */
  live: { serverId: string; at: number; points: readonly Point[] };
  /** A resource appeared, changed labels, attributes or state, or is gone (state "gone"). */
  resource: { serverId: string; resourceId: number; kind: string; key: string; state: string | null; reason: string };
  /** The server's own state changed. */
  server: { serverId: string; state: string; reason: string };
  /** A stream opened or closed. */
  stream: { serverId: string; connected: boolean };
  /** A command's row or its events changed. */
  command: {
    serverId: string;
    commandId: string;
    status: string;
    phase: string;
    message: string;
    percent: number | null;
  };
  /** An alert row changed its state or was acknowledged. */
  alert: { alertId: string; serverId: string; ruleId: string; state: "pending" | "firing" | "resolved" };
  /** A server row was changed by people: interval, labels, pause, collectors; or deleted. */
  configured: { serverId: string; deleted: boolean };
  /** Certificates of a server were revoked. */
  revoked: { serverId: string };
  /** Forecasts of storage were made anew. */
  forecasts: Record<string, never>;
  /** Alert rules or receivers changed. */
  rules: Record<string, never>;
};

export type Bus = {
  emit<K extends keyof Events>(name: K, event: Events[K]): void;
  /** Returns the function that ends the subscription. */
  on<K extends keyof Events>(name: K, listener: (event: Events[K]) => void): () => void;
};

/** A bus; a listener that throws is reported to `onError` and disturbs no other. */
export function createBus(onError: (name: string, error: unknown) => void): Bus {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  return {
    emit: (name, event) => void emitter.emit(name, event),
    on: (name, listener) => {
      const safe = (event: unknown) => {
        try {
          listener(event as Parameters<typeof listener>[0]);
        } catch (error) {
          onError(name, error);
        }
      };
      emitter.on(name, safe);
      return () => void emitter.off(name, safe);
    },
  };
}
