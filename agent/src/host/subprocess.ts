import { spawn } from "node:child_process";
import type { Finished } from "./host.ts";

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Runs a program in a process group of its own, without a shell and with nothing of our environment but PATH. At the
 * deadline, the abort or past `maxBytes` of output (1 MB) the whole group is killed and the promise rejects at once, even
 * when the kernel can't end the program yet.
 */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { deadlineMs: number; maxBytes?: number; signal?: AbortSignal },
): Promise<Finished> {
  const { deadlineMs, maxBytes = 1 << 20, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new Error(`${file}: aborted`));
      return;
    }
    const child = spawn(file, args, {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH || defaultPath, LC_ALL: "C" },
    });
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
      reject(new Error(`${file}: can't be started`, { cause: error }));
    });
    child.on("close", (code, killedBy) => {
      settle();
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString("utf8");
      resolve({ code, signal: killedBy, stdout: text(stdout), stderr: text(stderr) });
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}
