import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { stringify } from "yaml";
import { readStatus } from "../agent/src/control.ts";
import { caFingerprint, IdentityError, loadIdentity } from "../agent/src/identity.ts";
import { systemActor } from "../server/src/context.ts";
import type { RunningServer } from "../server/src/server.ts";
import { createToken } from "../server/src/services/enrolment/create-token.ts";
import { execArgv } from "./build-agent.ts";

/** Of one that is no child of ours nobody tells us the end. */
const watchEveryMs = 2_000;

/** Enrols this host where it is not yet, and keeps its agent running. */
export async function startLocalAgent(server: RunningServer, bundle: string): Promise<{ stop(): Promise<void> }> {
  const folder = join(server.context.config.dataDir, "local-agent");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const config = join(folder, "agent.yaml");
  const settings = { server: `localhost:${server.grpcPort}`, caSha256: server.ca.sha256, stateDir: folder };
  writeFileSync(config, `# Written by npm start.\n${stringify(settings)}`, { mode: 0o600 });
  const run = [bundle, "--config", config];
  if (!(await isEnrolled(folder, server))) await enrol(server, run);

  let stopping = false;
  let child: ChildProcess | undefined;
  let failures = 0;

  function start(): void {
    const log = openSync(join(folder, "agent.log"), "a", 0o600);
    const started = Date.now();
    child = spawn(process.execPath, [...execArgv, ...run, "run"], {
      stdio: ["ignore", log, log],
      // Not in our terminal's group: a Ctrl-C reaches it through stop(), after which the server still listens.
      detached: true,
    });
    child.on("exit", (code, signal) => {
      child = undefined;
      if (stopping) return;
      failures = Date.now() - started > 60_000 ? 0 : failures + 1;
      server.context.log.warn({ code, signal, log: join(folder, "agent.log") }, "local agent ended, starting it again");
      setTimeout(
        () => {
          if (!stopping) start();
        },
        Math.min(30_000, 500 * 2 ** failures),
      ).unref();
    });
  }

  // One of an earlier server that was killed may still run: it comes back by itself.
  let adopted = (await readStatus(folder).catch(() => undefined))?.pid;
  if (adopted === undefined) start();
  const watch = setInterval(() => {
    if (adopted === undefined || alive(adopted) || stopping) return;
    adopted = undefined;
    server.context.log.warn("local agent of an earlier start ended, starting it again");
    start();
  }, watchEveryMs);
  watch.unref();

  return {
    async stop() {
      stopping = true;
      clearInterval(watch);
      const pid = child?.pid ?? adopted;
      if (pid === undefined) return;
      for (let waited = 0; alive(pid) && waited < 10_000; waited += 50) {
        if (waited === 0) signalTo(pid, "SIGTERM");
        await delay(50);
      }
      if (alive(pid)) signalTo(pid, "SIGKILL");
    },
  };
}

async function enrol(server: RunningServer, run: readonly string[]): Promise<void> {
  const { token } = await createToken(server.context, systemActor, {
    name: "this host",
    maxUses: 1,
    expiresInHours: 1,
    labels: {},
    group: "",
  });
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, [...run, "enroll", "--force"], {
      env: { ...process.env, FAIRLEAD_TOKEN: token },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`this host could not be enrolled: ${errors.trim()}`)),
    );
  });
}

/** True when the identity in the folder is of this server's CA and of a host that it still has. */
async function isEnrolled(folder: string, server: RunningServer): Promise<boolean> {
  try {
    const identity = loadIdentity(folder);
    if (identity === undefined || caFingerprint(identity) !== server.ca.sha256) return false;
    const row = await server.context.db
      .selectFrom("server")
      .select("id")
      .where("id", "=", identity.serverId)
      .executeTakeFirst();
    return row !== undefined;
  } catch (error) {
    if (error instanceof IdentityError) return false;
    throw error;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone meanwhile.
  }
}
