import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pb } from "@fairlead/proto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createExecutor } from "../src/executor/create-executor.ts";
import type { Executor } from "../src/executor/executor.ts";
import { createHost } from "../src/host/host.ts";
import { createLog } from "../src/log.ts";
import { openDocker } from "../src/runtimes/docker.ts";
import { type Dockerd, noDockerd, startDockerd } from "./dockerd.ts";

const { COMMAND_STATUS_SUCCEEDED: succeeded } = pb.CommandStatus;
const forever = 'CMD ["/bin/busybox","sh","-c","trap \\"exit 0\\" TERM; while :; do /bin/busybox sleep 0.1; done"]';

type Result = {
  id: string;
  status: pb.CommandStatus;
  reason: string;
  output: Record<string, never> & { backup: string };
};

/** An executor on that engine with everything it keeps in a folder of its own. */
async function startExecutor(engine: Dockerd, stateDir: string, more: object = {}) {
  const waiting = new Map<string, (result: pb.CommandResult.$Properties) => void>();
  const progress: pb.CommandProgress.$Properties[] = [];
  const executor: Executor = createExecutor({
    stateDir,
    config: {
      allow: ["container.backup", "container.restore", "container.update", "backup.verify", "backup.delete"],
      readOnly: false,
    },
    runtime: () => openDocker({ socket: engine.socket }, AbortSignal.timeout(5_000)),
    refresh: async () => ({}),
    host: { ...createHost(), ...more },
    events: {
      progress: (one) => void progress.push(one),
      result: (result) => waiting.get(result.id ?? "")?.(result),
    },
    log: createLog("error"),
    now: Date.now,
  });
  await executor.recover();
  return {
    executor,
    progress,
    async run(action: object, id: string = randomUUID()): Promise<Result> {
      const result = await new Promise<pb.CommandResult.$Properties>((resolve) => {
        waiting.set(id, resolve);
        executor.handle({ id, deadlineUnixMs: Date.now() + 60_000, ...action } as never);
      });
      const { status, reason, outputJson } = result;
      return { id, status: status as never, reason: reason ?? "", output: outputJson ? JSON.parse(outputJson) : {} };
    },
  };
}

describe.skipIf(noDockerd !== undefined)(`backups of containers${noDockerd ? `: ${noDockerd}` : ""}`, () => {
  let engine: Dockerd;
  let agent: Awaited<ReturnType<typeof startExecutor>>;
  const folder = mkdtempSync(join(tmpdir(), "fairlead-backups-"));
  const backups = join(folder, "backups");

  beforeAll(async () => {
    engine = await startDockerd();
    await engine.image("app:1", [forever, "VOLUME /anon"]);
    agent = await startExecutor(engine, folder);
  }, 60_000);

  afterAll(async () => {
    await agent?.executor.stop();
    await engine?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function make(name: string, options: object = {}): Promise<string> {
    const made = await engine.docker.createContainer({
      name,
      Image: "app:1",
      ...options,
      HostConfig: { NetworkMode: "none", ...(options as { HostConfig?: object }).HostConfig },
    });
    await made.start();
    return made.id;
  }

  const inside = (name: string, script: string) =>
    engine.docker
      .getContainer(name)
      .exec({
        Cmd: ["/bin/busybox", "sh", "-c", `export PATH=/bin; B=/bin/busybox; ${script}`],
        AttachStdout: true,
        AttachStderr: true,
      })
      .then((made) => made.start({}))
      .then(async (stream) => {
        const parts: Buffer[] = [];
        for await (const chunk of stream) parts.push((chunk as Buffer).subarray(8));
        return Buffer.concat(parts).toString().trim();
      });
  const state = async (name: string) => (await engine.docker.getContainer(name).inspect()).State.Status;

  test("volumes, anonymous ones too, and a bind are saved while the container is paused", async () => {
    const bind = join(folder, "bind");
    mkdirSync(bind);
    writeFileSync(join(bind, "f"), "bound");
    await make("odd", { HostConfig: { NetworkMode: "none", Binds: ["named:/data", `${bind}:/bound`] } });
    await inside("odd", "$B echo data >/data/f; $B echo anon >/anon/g; $B chown 70:71 /data; $B chmod 2750 /data");
    const { status, output, reason } = await agent.run({
      containerBackup: { container: "odd", options: { volumes: true, binds: ["/bound"] } },
    });
    expect([status, reason]).toEqual([succeeded, ""]);
    expect(output).toMatchObject({ container: "odd", consistency: "pause", warnings: [] });
    const path = join(backups, output.backup);
    expect(readdirSync(path).sort()).toEqual(
      ["bind-1.tar.zst", "config.json", "manifest.json", "volume-1.tar.zst", "volume-2.tar.zst"].sort(),
    );
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, "config.json")).mode & 0o777).toBe(0o600);
    expect(await state("odd")).toBe("running");
    expect(await agent.run({ backupVerify: { backup: output.backup } })).toMatchObject({ status: succeeded });
  });
});
