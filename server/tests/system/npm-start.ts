import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./until.ts";
import { top } from "./world.ts";

export type Start = {
  /** All that it printed. */
  output(): string;
  /** Undefined while it runs. */
  exitCode(): number | null | undefined;
  /** As the terminal does at Ctrl-C: to npm and all its children that are of its group. */
  interrupt(): void;
  /** Resolves with the exit code. */
  ended(patienceMs?: number): Promise<number | null>;
};

/** `npm start` in a process group of its own. */
export function npmStart(env: Record<string, string>): Start {
  let output = "";
  let code: number | null | undefined;
  const child: ChildProcess = spawn("npm", ["start"], {
    cwd: top,
    env: { ...process.env, DATABASE_URL: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    output += chunk;
  });
  child.on("exit", (exit) => {
    code = exit;
  });
  return {
    output: () => output,
    exitCode: () => code,
    interrupt: () => void process.kill(-(child.pid as number), "SIGINT"),
    async ended(patienceMs = 60_000) {
      await until("npm start ends", () => code !== undefined, { patienceMs, explain: () => output });
      return code as number | null;
    },
  };
}

/** Processes that name the folder in their command line or environment: pid and command. */
export function processesOf(folder: string): { pid: number; command: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const command = readFileSync(join("/proc", name, "cmdline"), "utf8")
          .replaceAll("\0", " ")
          .trim();
        const environment = readFileSync(join("/proc", name, "environ"), "utf8");
        // A zombie has neither.
        return `${command} ${environment}`.includes(folder) ? [{ pid: Number(name), command }] : [];
      } catch {
        return [];
      }
    });
}
