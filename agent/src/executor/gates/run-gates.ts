import { setTimeout as delay } from "node:timers/promises";
import type { ContainerRuntime, Reach } from "../../runtimes/runtime.ts";
import type { GateSpec } from "../container-command.ts";
import { tryGate } from "./probe.ts";

export type GateOutcome = { gate: string; passed: boolean; attempts: number; ms: number; said: string };

const betweenMs = 500;
/** A try that gets less would say no more than that it was cut off. */
const leastMs = 400;
const defaultSeconds = 60;

/**
 * Tries each gate until it passes or its time is over, which ends the try at hand; the first that fails ends it all. `reach`
 * is asked for anew each time: a container that restarts gets other addresses. Rejects when the signal aborts, and with
 * Refusal where a gate can't be tried at all.
 */
export async function runGates(
  gates: readonly GateSpec[],
  runtime: ContainerRuntime,
  reach: () => Promise<Reach>,
  onProgress: (message: string) => void,
  signal: AbortSignal,
): Promise<GateOutcome[]> {
  const outcomes: GateOutcome[] = [];
  for (const gate of gates) {
    const outcome = await runGate(gate, runtime, reach, onProgress, signal);
    outcomes.push(outcome);
    if (!outcome.passed) break;
  }
  return outcomes;
}

async function runGate(
  gate: GateSpec,
  runtime: ContainerRuntime,
  reach: () => Promise<Reach>,
  onProgress: (message: string) => void,
  signal: AbortSignal,
): Promise<GateOutcome> {
  const started = performance.now();
  const until = started + (gate.timeoutSeconds || defaultSeconds) * 1000;
  const name = gateName(gate);
  for (let attempts = 1; ; attempts++) {
    signal.throwIfAborted();
    const where = await reach();
    const said = await tryGate(gate, where, runtime, until - performance.now(), signal);
    signal.throwIfAborted();
    const now = performance.now();
    const ms = Math.round(now - started);
    if (said === undefined) return { gate: name, passed: true, attempts, ms, said: "" };
    onProgress(`${name}: ${said}`);
    if (now + betweenMs + leastMs > until) return { gate: name, passed: false, attempts, ms, said };
    await delay(betweenMs, undefined, { signal });
  }
}

/** A gate in a few words: "http :8080/healthz". */
export function gateName(gate: GateSpec): string {
  switch (gate.kind) {
    case "tcp":
      return `tcp :${gate.port}`;
    case "http":
      return `${gate.tls ? "https" : "http"} :${gate.port}${gate.path}`;
    case "exec":
      return `exec ${gate.command.join(" ")}`.slice(0, 120);
    default:
      return gate satisfies never;
  }
}
