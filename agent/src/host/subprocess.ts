import { spawn } from "node:child_process";
import { Hung } from "./guard.ts";
import type { Finished, RunOptions } from "./host.ts";

/** When each flight began that has not ended, by performance.now(). */
const inFlight = new Map<string, number>();

/** Where programs are looked for when our environment has no PATH. */
export const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Runs a program in a process group of its own, without a shell and with nothing of our environment but PATH. At the
 * deadline, the abort or past `maxBytes` of output (1 MB) the whole group is killed and the promise rejects at once, even
 * when the kernel can't end the program yet; while it lives, its flight is taken: the next of that name rejects with Hung.
 */
export function runProgram(file: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  const { deadlineMs, maxBytes = 1 << 20, signal, flight } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new Error(`${file}: aborted`));
      return;
    }
    const before = flight === undefined ? undefined : inFlight.get(flight);
    if (before !== undefined) {
      const seconds = Math.round((performance.now() - before) / 1000);
      reject(new Hung(`${file}: the one started ${seconds} s ago has not ended`));
      return;
    }
    const child = spawn(file, args, {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH || defaultPath, LC_ALL: "C" },
    });
    if (flight !== undefined) {
      inFlight.set(flight, performance.now());
      child.on("exit", () => inFlight.delete(flight));
    }
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => give(`${file}: no end within ${deadlineMs} ms`), deadlineMs);
    const onAbort = () => give(`${file}: aborted`);
    signal?.addEventListener("abort", onAbort, { once: true });

    function settle(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
    function give(message: string): void {
      settle();
      reject(new Error(message));
      if (child.pid !== undefined) killGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
    }
    function keep(into: Buffer[]): (chunk: Buffer) => void {
      return (chunk) => {
        bytes += chunk.length;
        if (bytes > maxBytes) give(`${file}: more than ${maxBytes} bytes of output`);
        else into.push(chunk);
      };
    }
    child.stdout.on("data", keep(stdout));
    child.stderr.on("data", keep(stderr));
    child.on("error", (error) => {
      settle();
      if (flight !== undefined && child.pid === undefined) inFlight.delete(flight);
      reject(new Error(`${file}: can't be started`, { cause: error }));
    });
    child.on("close", (code, killedBy) => {
      settle();
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString("utf8");
      resolve({ code, signal: killedBy, stdout: text(stdout), stderr: text(stderr) });
    });
  });
}

/** Ends a process and all it started. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}
