import { execFileSync } from "node:child_process";
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

const { COMMAND_STATUS_SUCCEEDED: succeeded, COMMAND_STATUS_FAILED: failed } = pb.CommandStatus;
const forever = 'CMD ["/bin/busybox","sh","-c","trap \\"exit 0\\" TERM; while :; do /bin/busybox sleep 0.1; done"]';

// biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes
type Output = Record<string, any>;
type Result = {
  id: string;
  status: pb.CommandStatus;
  reason: string;
  output: Output;
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

  /** Everything that a folder of the host holds, with owners, modes, links, attributes and holes, as one checksum. */
  function treeOf(path: string): string {
    const times = "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime";
    const tar = `tar -C "$1" --sort=name --format=posix ${times} --sparse --xattrs --acls --numeric-owner -cf - . | sha256sum`;
    return execFileSync("sh", ["-c", tar, "sh", path], { encoding: "utf8" });
  }
  const mountpoint = async (volume: string) => (await engine.docker.getVolume(volume).inspect()).Mountpoint;
  const volumeAt = async (container: string, path: string) => {
    const { Mounts } = await engine.docker.getContainer(container).inspect();
    return Mounts.find(({ Destination }) => Destination === path)?.Name ?? "";
  };

  /** Owners, modes, links, odd names, a hole, attributes, many small files. */
  async function fillOddly(volume: string): Promise<string> {
    const path = await mountpoint(volume);
    const script = `cd "$1"
umask 022
mkdir -p many deep/a/b empty; for i in $(seq 1 3000); do echo $i >many/$i; done
printf x >"odd
name"; printf x >"  blanks "; printf x >'q"uo\\te'; printf x >-rf
ln -s /etc/passwd absolute; ln -s ../../../../etc up; ln -s nowhere dangling; ln ./-rf hard
mkfifo pipe; mknod device c 1 3
truncate -s 300M hole; printf end >>hole
printf s >setuid; chmod 6755 setuid; chown 1234:5678 deep deep/a; chmod 1777 empty; chmod 000 "  blanks "
touch -d 2001-02-03T04:05:06.789Z deep/a/b; chown 70:71 .; chmod 2750 .`;
    execFileSync("sh", ["-c", script, "sh", path]);
    execFileSync("python3", [
      "-c",
      "import os,sys; os.setxattr(sys.argv[1], b'user.mark', b'\\x00\\xff')",
      `${path}/-rf`,
    ]);
    return path;
  }

  test("volumes, anonymous ones too, and a bind: saved while paused, made again beside the original", async () => {
    const bind = join(folder, "bind");
    mkdirSync(bind);
    writeFileSync(join(bind, "f"), "bound");
    await make("odd", {
      Labels: { "com.docker.compose.project": "p", mine: "yes" },
      HostConfig: { Binds: ["named:/data", `${bind}:/bound`] },
    });
    await inside("odd", "$B echo anon >/anon/g");
    const path = await fillOddly("named");
    const before = treeOf(path);
    const { status, output, reason } = await agent.run({
      containerBackup: { container: "odd", options: { volumes: true, binds: ["/bound"] } },
    });
    expect([status, reason]).toEqual([succeeded, ""]);
    expect(output).toMatchObject({ container: "odd", consistency: "pause" });
    expect(output.warnings).toEqual(["named: 1 device nodes"]);
    expect(output.compressedBytes).toBeLessThan(1_000_000);
    const at = join(backups, output.backup);
    expect(readdirSync(at).sort()).toEqual(
      ["bind-1.tar.zst", "config.json", "manifest.json", "volume-1.tar.zst", "volume-2.tar.zst"].sort(),
    );
    expect(statSync(at).mode & 0o777).toBe(0o700);
    expect(statSync(join(at, "config.json")).mode & 0o777).toBe(0o600);
    expect(await state("odd")).toBe("running");
    expect(await agent.run({ backupVerify: { backup: output.backup } })).toMatchObject({ status: succeeded });

    const copy = await agent.run({ containerRestore: { backup: output.backup, name: "copy" } });
    expect([copy.status, copy.reason]).toEqual([succeeded, ""]);
    expect(copy.output.notes).toContain("the copy belongs to no compose project: its labels were left out");
    const named = await volumeAt("copy", "/data");
    expect(named).toMatch(/^named-restored-/);
    expect(treeOf(await mountpoint(named))).toBe(before);
    expect(await inside("copy", "$B cat /anon/g /bound/f")).toBe("anon\nbound");
    const made = await engine.docker.getContainer("copy").inspect();
    expect(made.Config.Labels).toEqual({ mine: "yes" });
    expect(made.State.Running).toBe(true);
    expect(treeOf(path)).toBe(before);
    expect(await agent.run({ containerRestore: { backup: output.backup, name: "copy" } })).toMatchObject({
      status: failed,
      reason: "name: there is a container copy: give another name, or none; nothing was changed",
    });
  });

  test("in place: new volumes beside the present ones, or over them", async () => {
    await make("place", {
      Env: ["A=1"],
      HostConfig: { Binds: ["place-data:/data"], RestartPolicy: { Name: "always" } },
    });
    await inside("place", "$B echo first >/data/f");
    const { output } = await agent.run({ containerBackup: { container: "place", options: { volumes: true } } });
    await inside("place", "$B echo second >/data/f; $B touch /data/later");
    const beside = await agent.run({ containerRestore: { backup: output.backup } });
    expect([beside.status, beside.reason]).toEqual([succeeded, ""]);
    expect(await inside("place", "$B cat /data/f; $B ls /data")).toBe("first\nf");
    expect(readdirSync(await mountpoint("place-data")).sort()).toEqual(["f", "later"]);
    expect((await engine.docker.getContainer("place").inspect()).HostConfig.RestartPolicy?.Name).toBe("always");

    const again = await agent.run({ containerBackup: { container: "place", options: { volumes: true } } });
    await inside("place", "$B echo third >/data/f; $B touch /data/more");
    const volume = await volumeAt("place", "/data");
    const over = await agent.run({ containerRestore: { backup: again.output.backup, overwriteVolumes: true } });
    expect([over.status, over.reason]).toEqual([succeeded, ""]);
    expect(await volumeAt("place", "/data")).toBe(volume);
    expect(await inside("place", "$B cat /data/f; $B ls /data")).toBe("first\nf");
    // What was overwritten has been saved before.
    const undo = await agent.run({ containerRestore: { backup: over.output.before, overwriteVolumes: true } });
    expect([undo.status, undo.reason]).toEqual([succeeded, ""]);
    expect(await inside("place", "$B cat /data/f; $B ls /data")).toBe("third\nf\nmore");
    const names = (await engine.docker.listContainers({ all: true })).map(({ Names }) => Names[0]);
    expect(names.filter((name) => name?.includes("fairlead"))).toEqual([]);
  });
});
