import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { ApiError } from "../api/client.ts";
import { LogBuffer, type LogLine } from "./log-buffer.ts";
import { readLog } from "./log-source.ts";

/** `again`: it broke off and is being tried again. */
export type LogState =
  | { is: "loading" }
  | { is: "open" }
  | { is: "ended"; reason: string }
  | { is: "again"; reason: string }
  | { is: "failed"; error: unknown };

const againMs = 5_000;

/** The log of a container, read anew whenever what is asked for changes, and again when a followed one breaks off. */
export function useLog(id: number, tail: number, follow: boolean) {
  const store = useRef<Store>(null);
  store.current ??= new Store();
  const { buffer, changed, subscribe, version } = store.current;
  const [state, setState] = useState<LogState>({ is: "loading" });
  const [attempt, setAttempt] = useState(0);
  useSyncExternalStore(subscribe, version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an attempt reads again
  useEffect(() => {
    const stop = new AbortController();
    buffer.clear();
    changed();
    setState({ is: "loading" });
    void keepReading({ id, tail, follow, buffer, changed, setState, signal: stop.signal });
    return () => stop.abort();
  }, [id, tail, follow, attempt, buffer, changed]);
  return { buffer, state, changed, retry: () => setAttempt((count) => count + 1) };
}

type Reading = {
  id: number;
  tail: number;
  follow: boolean;
  buffer: LogBuffer;
  changed: () => void;
  setState: (state: LogState) => void;
  signal: AbortSignal;
};

async function keepReading({ id, tail, follow, buffer, changed, setState, signal }: Reading): Promise<void> {
  let opened = false;
  while (!signal.aborted) {
    const since = buffer.newest;
    const fresh = (lines: LogLine[]) => (since === "" ? lines : lines.filter(({ at }) => at > since));
    try {
      const reason = await readLog(
        id,
        { tail: since === "" ? tail : 10_000, follow, ...(since !== "" && { since }) },
        {
          onOpen: () => {
            opened = true;
            setState({ is: "open" });
          },
          onLines: (lines) => {
            buffer.add(fresh(lines));
            changed();
          },
          onSkipped: (count) => {
            buffer.add([note(`${count.toLocaleString("en")} lines left out: more is written than can be sent`)]);
            changed();
          },
        },
        signal,
      );
      if (signal.aborted) return;
      if (!follow || (reason !== undefined && !/connection broke off/.test(reason))) {
        return setState({ is: "ended", reason: reason ?? "" });
      }
      setState({ is: "again", reason: reason ?? "the connection to the server broke off" });
    } catch (error) {
      if (signal.aborted) return;
      const passing = error instanceof ApiError && (error.status === 0 || error.status === 503);
      if (!follow || !opened || !passing) return setState({ is: "failed", error });
      setState({ is: "again", reason: error.message });
    }
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}

function note(text: string): LogLine {
  return { at: "", stream: "note", text };
}

/** Tells at most once a frame that the buffer changed. */
class Store {
  readonly buffer = new LogBuffer();
  #version = 0;
  #frame = 0;
  readonly #listeners = new Set<() => void>();

  readonly version = (): number => this.#version;

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly changed = (): void => {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#version++;
      for (const listener of this.#listeners) listener();
    });
  };
}
