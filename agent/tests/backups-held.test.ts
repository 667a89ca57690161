import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { containersOf, forever } from "./backup-agent.ts";
import { type Dockerd, noDockerd, startDockerd } from "./dockerd.ts";

const main = join(import.meta.dirname, "../src/main.ts");
const patient = { timeout: 90_000 };

describe.skipIf(noDockerd !== undefined)(
  `containers held for a backup${noDockerd ? `: ${noDockerd}` : ""}`,
  { timeout: 180_000 },
  () => {
    let engine: Dockerd;
    const folder = mkdtempSync(join(tmpdir(), "fairlead-held-"));
    const programs = join(folder, "bin");
    const { make, state } = containersOf(() => engine);

    beforeAll(async () => {
      engine = await startDockerd();
      await engine.image("app:1", [forever]);
      // One that reads for ever.
      mkdirSync(programs);
      const script = '#!/bin/sh\ncase "$*" in *--help*) exec /bin/tar --help ;; esac\nexec tail -f /dev/null\n';
      writeFileSync(join(programs, "tar"), script);
      chmodSync(join(programs, "tar"), 0o755);
    });

    afterAll(async () => {
      await engine?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** The agent's program as it saves that container, where no other agent runs that would look after it later. */
    function saving(name: string, consistency: "pause" | "stop") {
      const args = [main, "containers", "backup", name, "volumes", "--consistency", consistency];
      const env = {
        PATH: `${programs}:${process.env.PATH}`,
        FAIRLEAD_AGENT_CONFIG: "/dev/null",
        FAIRLEAD_AGENT_DOCKER_SOCKET: engine.socket,
        FAIRLEAD_AGENT_STATE_DIR: join(folder, name),
      };
      return spawn(process.execPath, args, { env, stdio: "ignore" });
    }

    const reads = (name: string) =>
      readdirSync(join(folder, name, "commands")).some((file) => {
        const entry = JSON.parse(readFileSync(join(folder, name, "commands", file), "utf8"));
        return entry.phases?.some(({ phase }: { phase: string }) => phase === "read");
      });

    /** Guards of that agent. */
    const guards = (agent: number) =>
      readdirSync("/proc").filter((pid) => {
        try {
          const [line, stat] = ["cmdline", "stat"].map((file) => readFileSync(`/proc/${pid}/${file}`, "utf8"));
          return line?.includes("internal-child\0guard") && stat?.split(") ")[1]?.split(" ")[1] === String(agent);
        } catch {
          return false;
        }
      });

    test.each([
      ["pause", "paused"],
      ["stop", "exited"],
    ] as const)(
      "the agent killed, and never started again: %s ends",
      async (consistency, held) => {
        const name = `held-${consistency}`;
        await make(name, { StopTimeout: 1, HostConfig: { Binds: [`${name}:/data`] } });
        const agent = saving(name, consistency);
        await expect.poll(() => state(name), patient).toBe(held);
        await expect.poll(() => reads(name), patient).toBe(true);
        const [guard = ""] = guards(agent.pid ?? 0);
        process.kill(agent.pid ?? 0, "SIGKILL");
        // As systemd does with what is left of a service.
        process.kill(Number(guard), "SIGTERM");
        await expect.poll(() => state(name), patient).toBe("running");
        await expect.poll(() => existsSync(`/proc/${guard}`), patient).toBe(false);
      },
      60_000,
    );

    test("a backup that is given up lets go itself, and its guard goes", async () => {
      const name = "held-not";
      await make(name, { StopTimeout: 1, HostConfig: { Binds: [`${name}:/data`] } });
      const agent = saving(name, "pause");
      await expect.poll(() => state(name), patient).toBe("paused");
      await expect.poll(() => reads(name), patient).toBe(true);
      const [guard = ""] = guards(agent.pid ?? 0);
      // Its own end, not a kill: it lets go itself.
      process.kill(agent.pid ?? 0, "SIGINT");
      await expect.poll(() => state(name), patient).toBe("running");
      await expect.poll(() => existsSync(`/proc/${guard}`), patient).toBe(false);
      expect(readdirSync(join(folder, name, "backups"))).toEqual([]);
    });
  },
);
