import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { until } from "./until.ts";

export type Command = {
  name: string;
  /** Program and arguments. */
  argv: readonly string[];
  env?: Record<string, string>;
  cwd?: string;
  /** Output of all its lives, appended. */
  log: string;
};

/** One life of a process, Unix ms. `to` is absent while it lives. */
export type Life = { pid: number; from: number; to?: number; killed: boolean; code?: number | null };

/** A process and what a supervisor such as systemd does for it: whatever ends it, it is started again at once. */
export class Supervised {
  readonly lives: Life[] = [];
  readonly #command: Command;
  #child: ChildProcess | undefined;
  #wanted = false;
  #again: NodeJS.Timeout | undefined;

  constructor(command: Command) {
    this.#command = command;
  }

  get pid(): number {
    return this.lives.at(-1)?.pid ?? 0;
  }

  /** Ends that nobody asked for. */
  get crashes(): Life[] {
    return this.lives.filter(({ to, killed }) => to !== undefined && !killed);
  }

  start(): void {
    this.#wanted = true;
    const { argv, env, cwd, log } = this.#command;
    const out = openSync(log, "a", 0o600);
    const [program = "", ...args] = argv;
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", out, out] });
    closeSync(out);
    const life: Life = { pid: child.pid ?? 0, from: Date.now(), killed: false };
    this.#child = child;
    this.lives.push(life);
    child.on("error", () => {});
    child.on("exit", (code) => {
      life.to = Date.now();
      life.code = code;
      this.#child = undefined;
      if (this.#wanted) this.#again = setTimeout(() => this.#wanted && this.start(), 100);
    });
  }

  /** kill -9; it is started again. */
  kill(): void {
    const life = this.lives.at(-1);
    if (life === undefined || this.#child === undefined) return;
    life.killed = true;
    this.#child.kill("SIGKILL");
  }

  /** SIGTERM, then SIGKILL after the patience; for good. Returns the exit code. */
  async stop(patienceMs = 20_000): Promise<number | null | undefined> {
    this.#wanted = false;
    clearTimeout(this.#again);
    const life = this.lives.at(-1);
    if (this.#child === undefined || life === undefined) return life?.code;
    life.killed = true;
    this.#child.kill("SIGTERM");
    const hard = setTimeout(() => this.#child?.kill("SIGKILL"), patienceMs);
    await until(`${this.#command.name} ends`, () => life.to !== undefined, {
      patienceMs: patienceMs + 5000,
      everyMs: 20,
    });
    clearTimeout(hard);
    return life.code;
  }

  /** The end of its log, for messages. */
  tail(lines = 15): string {
    try {
      return readFileSync(this.#command.log, "utf8").trim().split("\n").slice(-lines).join("\n");
    } catch {
      return "";
    }
  }

  /** Lines of its log that are no JSON: what it said before it ended. */
  plain(): string[] {
    return readFileSync(this.#command.log, "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("{"));
  }
}
