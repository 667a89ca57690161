import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, chmodSync, chownSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { end, freePort } from "./processes.ts";

/** A Redis of its own on 127.0.0.1; its data lie in `folder`. Run as nobody where we are root. */
export type Redis = {
  port: number;
  folder: string;
  pid: number;
  /** Runs a command over a plain connection of its own; the answer as the protocol has it, without the framing of bulks. */
  send(...words: string[]): Promise<string>;
  /** Ends it and removes its files; at once with SIGKILL. */
  close(signal?: NodeJS.Signals): Promise<void>;
};

export type RedisOptions = {
  /** Further arguments: ["--requirepass", "x"]. */
  args?: string[];
  port?: number;
  /** Text of a configuration file. */
  config?: string;
  /** The program; redis-server unless told. */
  program?: string;
  /** For `send`, where it asks for one. */
  password?: string;
  /** False where it does not answer there (TLS alone). */
  wait?: boolean;
};

const nobody = 65534;

/** Path of redis-server, or undefined. */
export const redisProgram: string | undefined = [
  ...(process.env.PATH ?? "").split(delimiter),
  "/usr/bin",
  "/usr/local/bin",
]
  .map((folder) => join(folder, "redis-server"))
  .find(isExecutable);

/** Why there can be no private Redis here, or undefined. */
export const noRedis: string | undefined = redisProgram === undefined ? "redis-server is not installed" : undefined;

/** Starts one without snapshots; waits until it answers. */
export async function startRedis(options: RedisOptions = {}): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-redis-"));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, nobody, nobody);
  chmodSync(folder, 0o755);
  const port = options.port ?? (await freePort());
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--daemonize", "no"];
  const file = join(folder, "redis.conf");
  if (options.config !== undefined) {
    writeFileSync(file, options.config);
    if (isRoot) chownSync(file, nobody, nobody);
  }
  const args = [
    ...(options.config === undefined ? [] : [file]),
    ...place,
    "--logfile",
    join(folder, "log"),
    ...(options.args ?? []),
  ];
  const child = spawn(options.program ?? redisProgram ?? "redis-server", args, {
    stdio: "ignore",
    ...(isRoot ? { uid: nobody, gid: nobody } : {}),
  });
  const atExit = () => child.kill("SIGKILL");
  process.once("exit", atExit);
  const redis: Redis = {
    port,
    folder,
    pid: child.pid ?? 0,
    send: (...words) => send(port, options.password, words),
    async close(signal = "SIGTERM") {
      process.off("exit", atExit);
      // One that can't save at its end stays.
      await end(child, signal, 2_000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    if (options.wait !== false) await answers(redis, child);
  } catch (error) {
    await redis.close("SIGKILL");
    throw error;
  }
  return redis;
}

async function answers({ send, folder }: Redis, child: ChildProcess): Promise<void> {
  const until = Date.now() + 10_000;
  for (;;) {
    const answer = await send("PING").catch(() => "");
    if (answer !== "" && !answer.startsWith("-LOADING")) return;
    if (child.exitCode !== null || Date.now() > until) {
      throw new Error(`redis-server did not start: ${readFileSync(join(folder, "log"), "utf8").slice(-1000)}`);
    }
    await delay(20);
  }
}

function send(port: number, password: string | undefined, words: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = dial({ host: "127.0.0.1", port });
    const command = (all: string[]) =>
      `*${all.length}\r\n${all.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`;
    // QUIT ends the answer whatever its form is.
    const text = [...(password === undefined ? [] : [["AUTH", password]]), words, ["QUIT"]].map(command).join("");
    let answer = "";
    socket.setTimeout(10_000, () => socket.destroy(new Error("redis does not answer")));
    socket.on("connect", () => socket.write(text));
    socket.on("error", reject);
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("close", () => {
      const whole = answer.replace(/\+OK\r\n$/, "");
      const own = password === undefined ? whole : whole.replace(/^\+OK\r\n/, "");
      resolve(own.replaceAll(/^\$-?\d+\r\n/gm, "").trim());
    });
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
