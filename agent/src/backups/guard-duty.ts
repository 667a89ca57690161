import { request as ask } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** What the guard is asked. `startedAt`: when the container was started before it was held, Unix ms. */
export type GuardRequest =
  | { do: "guard"; socket: string; id: string; by: "pause" | "stop"; startedAt: number }
  /** Answered never: it keeps the guard's process. */
  | { do: "stay" };

type Duty = Extract<GuardRequest, { do: "guard" }>;

const answerMs = 10_000;
const patienceMs = 10 * 60_000;
/** systemd starts the agent again when all of its processes have ended, and kills what is left after 90 s. */
const hurriedMs = 20_000;
/** What the agent asked for last may still be on its way. */
const calmLooks = 3;
/** And a stop takes as long as the container is given, which is this where it says nothing. */
const stopSeconds = 10;
const mostAnswer = 8 << 20;

let duty: Duty | undefined;
let hurried = false;
let until = 0;

/** Takes the duty; from then on a signal that ends the agent does not end the guard. */
export async function takeGuard(input: unknown): Promise<unknown> {
  const asked = input as GuardRequest;
  if (asked.do === "stay") return await new Promise(() => undefined);
  duty = asked;
  return null;
}

/** Has this process live through what ends the agent's: signals, and pipes whose other end is gone. */
export function outliveAgent(): void {
  for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on("error", () => undefined);
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(name, () => {
      if (duty === undefined) process.exit(0);
      hurried = true;
      if (until > 0) until = Math.min(until, performance.now() + hurriedMs);
    });
  }
}

/** The agent is gone: the container goes on, if it is still held. */
export async function fulfilGuard(): Promise<void> {
  if (duty === undefined) return;
  const began = performance.now();
  until = began + (hurried ? hurriedMs : patienceMs);
  let calm = 0;
  for (let wait = 100; performance.now() < until && calm < calmLooks; wait = Math.min(1_000, wait * 2)) {
    try {
      const found = await release(duty, (performance.now() - began) / 1000);
      if (found === "over") return;
      calm = found === "goes on" ? calm + 1 : 0;
    } catch {
      // The engine is silent, and nobody is there to be told.
    }
    await delay(wait);
  }
}

/** Has it go on where it is held. "over": it is gone, or someone else has taken it in hand. */
async function release({ socket, id, by, startedAt }: Duty, passed: number): Promise<"goes on" | "held" | "over"> {
  const path = `/containers/${encodeURIComponent(id)}`;
  const { status, body } = await call(socket, "GET", `${path}/json`);
  if (status === 404) return "over";
  const { State, Config } = JSON.parse(body) as Inspect;
  if (status !== 200 || State === undefined) return "held";
  if (by === "pause") {
    if (State.Paused !== true && State.Status !== "paused") return "goes on";
    await call(socket, "POST", `${path}/unpause`);
    return "held";
  }
  const since = Date.parse(State.StartedAt ?? "");
  // It was started since, and who stops it now means it.
  if (Number.isFinite(since) && Math.abs(since - startedAt) > 1) return "over";
  if (State.Status === "running") return passed > (Config?.StopTimeout ?? stopSeconds) + calmLooks ? "over" : "held";
  await call(socket, "POST", `${path}/start`);
  return "held";
}

type Inspect = {
  State?: { Status?: string; Paused?: boolean; StartedAt?: string };
  Config?: { StopTimeout?: number | null };
};

function call(socketPath: string, method: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(answerMs);
    const asked = ask({ socketPath, method, path, signal, headers: { Host: "engine" } }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
        if (body.length > mostAnswer) asked.destroy(new Error("the answer is too long"));
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
      answer.on("error", reject);
    });
    asked.on("error", reject);
    asked.end();
  });
}
