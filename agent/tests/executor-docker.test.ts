import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pb } from "@fairlead/proto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StateEvent } from "../src/collectors/collector.ts";
import { docker } from "../src/collectors/docker.ts";
import { createExecutor } from "../src/executor/create-executor.ts";
import type { Executor } from "../src/executor/executor.ts";
import { createHost } from "../src/host/host.ts";
import { createLog } from "../src/log.ts";
import { openDocker } from "../src/runtimes/docker.ts";
import { type Dockerd, noDockerd, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";

const status = pb.CommandStatus;
const cmd = (script: string) => `CMD ${JSON.stringify(["/bin/busybox", "sh", "-c", script])}`;
const forever = "trap 'exit 0' TERM; while :; do /bin/busybox sleep 0.1; done";
const check = `HEALTHCHECK --interval=300ms --timeout=2s --retries=2 CMD ["/bin/busybox", "test", "-e", "/`;

describe.skipIf(noDockerd !== undefined)(
  `container commands on a real engine (${noDockerd ?? "private dockerd"})`,
  { concurrent: true },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "fairlead-executor-"));
    const opened: Executor[] = [];
    let engine: Dockerd;
    let registry: Registry;
    let app: string;

    beforeAll(async () => {
      [engine, registry] = await Promise.all([startDockerd(), startRegistry()]);
      app = `${registry.address}/app`;
      const images: [string, string[]][] = [
        ["1", [cmd(forever), "ENV COLOUR=red", "ENV KEEP=1", "VOLUME /data", "LABEL release=1"]],
        ["2", [cmd(forever), "ENV COLOUR=blue", "VOLUME /data", "LABEL release=2"]],
        ["exits", [cmd("echo no configuration >&2; exit 3"), "VOLUME /data"]],
        ["sick", [cmd(forever), `${check}missing"]`, "VOLUME /data"]],
        ["well", [cmd(forever), `${check}data"]`, "VOLUME /data"]],
      ];
      for (const [tag, changes] of images) {
        await engine.image(`local:${tag}`, changes);
        await push(engine.docker, `local:${tag}`, `${app}:${tag}`);
      }
    });

    afterAll(async () => {
      await Promise.all(opened.map((executor) => executor.stop()));
      await Promise.all([engine?.close(), registry?.close()]);
      rmSync(folder, { recursive: true, force: true });
    });

    async function container(name: string, more: object = {}): Promise<string> {
      await pulled(`${app}:1`);
      const settings = { name, Image: `${app}:1`, Env: ["MINE=yes"], Labels: { owner: "me" }, ...more };
      const made = await engine.docker.createContainer(settings);
      await made.start();
      return made.id;
    }

    async function pulled(image: string): Promise<void> {
      const stream = await engine.docker.pull(image);
      for await (const _ of stream);
    }

    async function executor(stateDir = mkdtempSync(join(folder, "state-")), containerLogs = true) {
      const seen = { phases: [] as string[], results: new Map<string, pb.CommandResult.$Properties>() };
      const waiting = new Map<string, (result: pb.CommandResult.$Properties) => void>();
      let onPhase: (phase: string, id: string) => void = () => {};
      const made = createExecutor({
        stateDir,
        config: {
          allow: ["agent.ping", "container.start", "container.stop", "container.restart", "container.update"],
          readOnly: false,
        },
        runtime: () => openDocker({ socket: engine.socket }, AbortSignal.timeout(5_000)),
        refresh: async () => ({}),
        host: { ...createHost(), containerLogs },
        events: {
          progress: ({ id, phase }) => {
            if (phase && seen.phases.at(-1) !== phase) seen.phases.push(phase);
            onPhase(phase ?? "", id ?? "");
          },
          result: (result) => {
            seen.results.set(result.id ?? "", result);
            waiting.get(result.id ?? "")?.(result);
          },
        },
        log: createLog("error"),
        now: Date.now,
      });
      opened.push(made);
      await made.recover();
      return {
        made,
        seen,
        stateDir,
        atPhase: (act: typeof onPhase) => {
          onPhase = act;
        },
        run: (action: object, id: string = randomUUID()) =>
          new Promise<pb.CommandResult.$Properties>((resolve) => {
            waiting.set(id, resolve);
            made.handle({ id, deadlineUnixMs: Date.now() + 60_000, ...action } as never);
          }),
      };
    }

    const update = (name: string, tag: string, more: object = {}) => ({
      containerUpdate: { container: name, image: `${app}:${tag}`, stableSeconds: 1, ...more },
    });

    async function named(name: string) {
      const all = await engine.docker.listContainers({ all: true });
      const mine = all.filter(({ Names }) => Names.some((n) => n.startsWith(`/${name}`)));
      return mine.map(({ Names, State }) => `${Names[0]?.slice(1)} ${State}`);
    }

    async function volumeText(id: string): Promise<string> {
      const exec = await engine.docker
        .getContainer(id)
        .exec({ Cmd: ["/bin/busybox", "cat", "/data/x"], AttachStdout: true });
      const stream = await exec.start({});
      let text = "";
      for await (const chunk of stream) text += chunk.toString();
      return text.replace(/[^a-z]/g, "");
    }

    async function write(id: string): Promise<void> {
      const exec = await engine.docker
        .getContainer(id)
        .exec({ Cmd: ["/bin/busybox", "sh", "-c", "echo precious > /data/x"], AttachStdout: true });
      const stream = await exec.start({});
      for await (const _ of stream);
    }

    test("an update keeps what the user set, volumes too, and takes the new image's defaults", async () => {
      const network = await engine.docker.createNetwork({
        Name: "front",
        IPAM: { Config: [{ Subnet: "10.250.7.0/24" }] },
      });
      const id = await container("web", {
        HostConfig: { RestartPolicy: { Name: "unless-stopped" }, NetworkMode: "front", Memory: 64 << 20 },
        NetworkingConfig: {
          EndpointsConfig: { front: { Aliases: ["www"], IPAMConfig: { IPv4Address: "10.250.7.9" } } },
        },
      });
      await write(id);
      const collector = docker.create({ ...createHost("/"), dockerSocket: engine.socket });
      const told: StateEvent[] = [];
      const watching = new AbortController();
      collector.watch?.((event) => told.push(event), watching.signal);
      const keys = async () => (await collector.collect(Date.now(), AbortSignal.timeout(10_000))).map(({ key }) => key);
      await expect.poll(keys).toContain("web");
      const { run, seen } = await executor();
      const result = await run(update("web", "2"));
      expect(result).toMatchObject({ status: status.COMMAND_STATUS_SUCCEEDED, reason: "" });
      const output = JSON.parse(result.outputJson ?? "");
      expect(output).toMatchObject({ fromImage: `${app}:1`, toImage: `${app}:2`, oldId: id, changed: true });
      expect(output.fromDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(output.toDigest).not.toBe(output.fromDigest);
      expect(output.downtimeMs).toBeGreaterThan(0);
      expect(seen.phases).toEqual(["inspect", "pull", "create", "rename", "stop", "start", "gate", "commit"]);
      expect(await named("web")).toEqual(["web running"]);
      const made = await engine.docker.getContainer("web").inspect();
      expect(made.Id).toBe(output.newId);
      expect(made.Config.Env.filter((e) => !e.startsWith("PATH"))).toEqual(["MINE=yes", "COLOUR=blue"]);
      expect(made.Config.Labels).toEqual({ owner: "me", release: "2" });
      expect(made.HostConfig).toMatchObject({ RestartPolicy: { Name: "unless-stopped" }, Memory: 64 << 20 });
      expect(made.NetworkSettings.Networks.front).toMatchObject({ IPAddress: "10.250.7.9" });
      expect(made.NetworkSettings.Networks.front?.Aliases).toEqual(["www", made.Id.slice(0, 12)]);
      expect(await volumeText("web")).toBe("precious");
      // For whoever watches it is one container all the time.
      const own = () => told.filter(({ key }) => key.startsWith("web"));
      await expect.poll(() => own().at(-1)?.to).toBe("running");
      expect(own().map(({ key, to }) => `${key} ${to}`)).not.toContain("web gone");
      expect(new Set(own().map(({ key }) => key))).toEqual(new Set(["web"]));
      expect((await keys()).filter((key) => key.startsWith("web"))).toEqual(["web"]);
      watching.abort();
      await engine.docker.getContainer("web").remove({ force: true });
      await network.remove();
    });

    test("no line of the new container leaves a host that keeps its logs to itself", async () => {
      await container("discreet", {});
      const { run } = await executor(undefined, false);
      const result = await run(update("discreet", "exits"));
      expect(result.status).toBe(status.COMMAND_STATUS_ROLLED_BACK);
      expect(JSON.parse(result.outputJson ?? "").logs).toEqual([]);
      expect(result.outputJson).not.toContain("no configuration");
    });

    test.for([
      [
        "exits",
        /^the new container (is \w+ after [\d.]+ s \(exit code 3\)|restarted after [\d.]+ s( \(exit code 3\))?)$/,
        ["no configuration"],
      ],
      ["sick", /^the new container is unhealthy/, []],
      ["gone", /manifest.*not found|manifest unknown/i, undefined],
    ] as const)("a new image that is bad (%s) leaves the old container running", async ([tag, reason, logs]) => {
      const name = `bad-${tag}`;
      const id = await container(name, { HostConfig: { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 4 } } });
      await write(id);
      const { run } = await executor();
      const result = await run(update(name, tag));
      expect(result.reason).toMatch(reason);
      expect(result.status).toBe(logs ? status.COMMAND_STATUS_ROLLED_BACK : status.COMMAND_STATUS_FAILED);
      // The engine may have restarted it before the gate looked: then it said so twice.
      if (logs) expect([...new Set(JSON.parse(result.outputJson ?? "").logs)]).toEqual(logs);
      expect(await named(name)).toEqual([`${name} running`]);
      const old = await engine.docker.getContainer(name).inspect();
      expect(old.Id).toBe(id);
      expect(old.HostConfig.RestartPolicy).toEqual({ Name: "on-failure", MaximumRetryCount: 4 });
      expect(await volumeText(name)).toBe("precious");
    });

    test("a health check that passes lets the update through; an image may be named by its digest", async () => {
      await container("checked");
      const { run } = await executor();
      const well = await run(update("checked", "well"));
      expect(well.status).toBe(status.COMMAND_STATUS_SUCCEEDED);
      const { fromDigest } = JSON.parse(well.outputJson ?? "");
      const image = `${app}@${fromDigest}`;
      const back = await run({ containerUpdate: { container: "checked", image, stableSeconds: 1 } });
      expect(JSON.parse(back.outputJson ?? "")).toMatchObject({ toImage: image, toDigest: fromDigest, changed: true });
      expect((await engine.docker.getContainer("checked").inspect()).Config.Healthcheck).toBeUndefined();
    });

    test("a journal that can no longer be written stops the update, not the way back", async () => {
      const id = await container("full");
      const { run, atPhase, stateDir } = await executor();
      atPhase((phase) => {
        if (phase === "stop") rmSync(join(stateDir, "commands"), { recursive: true });
      });
      const result = await run(update("full", "2"));
      expect(result).toMatchObject({
        status: status.COMMAND_STATUS_ROLLED_BACK,
        reason: expect.stringMatching(/ENOENT/),
      });
      expect(await named("full")).toEqual(["full running"]);
      expect((await engine.docker.getContainer("full").inspect()).Id).toBe(id);
    });

    test("the same image changes nothing, a stopped container stays stopped", async () => {
      const id = await container("still");
      const { run } = await executor();
      const same = await run(update("still", "1"));
      expect(same.status).toBe(status.COMMAND_STATUS_SUCCEEDED);
      expect(JSON.parse(same.outputJson ?? "")).toMatchObject({ changed: false, newId: id });
      expect((await run({ containerStop: { container: "still", timeoutSeconds: 5 } })).status).toBe(
        status.COMMAND_STATUS_SUCCEEDED,
      );
      expect((await run(update("still", "2"))).status).toBe(status.COMMAND_STATUS_SUCCEEDED);
      expect(await named("still")).toEqual(["still created"]);
      expect((await run({ containerStart: { container: "still" } })).status).toBe(status.COMMAND_STATUS_SUCCEEDED);
      expect((await run({ containerRestart: { container: "still" } })).status).toBe(status.COMMAND_STATUS_SUCCEEDED);
      expect(await named("still")).toEqual(["still running"]);
    });

    test("what shares with a container goes along, one started with --rm is replaced too", async () => {
      await container("base");
      await container("rider", { HostConfig: { NetworkMode: "container:base", VolumesFrom: ["base"] } });
      await container("brief", { HostConfig: { AutoRemove: true } });
      await write("brief");
      const { run } = await executor();
      const results = await Promise.all(["base", "brief", "nobody"].map((n) => run(update(n, "2"))));
      expect(results.map(({ reason }) => reason)).toEqual([
        "",
        "",
        expect.stringContaining("No such container: nobody"),
      ]);
      const base = await engine.docker.getContainer("base").inspect();
      const rider = await engine.docker.getContainer("rider").inspect();
      expect(rider.HostConfig.NetworkMode).toBe(`container:${base.Id}`);
      expect(rider.State.Running).toBe(true);
      expect([base.Config.Image, rider.Config.Image]).toEqual([`${app}:2`, `${app}:1`]);
      expect(rider.Mounts.map(({ Name }) => Name)).toEqual(base.Mounts.map(({ Name }) => Name));
      expect(JSON.parse(results[0]?.outputJson ?? "").containers.map(({ role }: { role: string }) => role)).toEqual([
        "target",
        "recreate",
      ]);
      expect(await volumeText("brief")).toBe("precious");
      expect(await named("brief")).toEqual(["brief running"]);
    });

    test("one started with --rm comes back when the new image is bad, and so does what shares with it", async () => {
      await container("flash", { HostConfig: { AutoRemove: true } });
      await container("pillion", { HostConfig: { NetworkMode: "container:flash" } });
      await write("flash");
      const before = await engine.docker.getContainer("flash").inspect();
      const { run } = await executor();
      const result = await run(update("flash", "exits"));
      expect(result.status).toBe(status.COMMAND_STATUS_ROLLED_BACK);
      expect([await named("flash"), await named("pillion")]).toEqual([["flash running"], ["pillion running"]]);
      const after = await engine.docker.getContainer("flash").inspect();
      expect(after.Image).toBe(before.Image);
      expect(await volumeText("flash")).toBe("precious");
      const pillion = await engine.docker.getContainer("pillion").inspect();
      expect(pillion.HostConfig.NetworkMode).toBe(`container:${after.Id}`);
    });

    test.for(["inspect", "create", "gate"])("cancelled in the phase %s, everything is put back", async (phase) => {
      const name = `stop-${phase}`;
      const id = await container(name);
      const { made, run, atPhase } = await executor();
      atPhase((now, command) => {
        if (now === phase) made.cancel(command);
      });
      const result = await run(update(name, "2", { stableSeconds: 60 }));
      expect(result.status).toBe(status.COMMAND_STATUS_CANCELLED);
      expect(await named(name)).toEqual([`${name} running`]);
      expect((await engine.docker.getContainer(name).inspect()).Id).toBe(id);
    });

    test("two commands for one container run one after the other, a repeated id is answered from the journal", async () => {
      await container("queue");
      const { made, run, seen, stateDir } = await executor();
      const id = randomUUID();
      const [first, second] = await Promise.all([
        run(update("queue", "2"), id),
        run({ containerRestart: { container: "queue" } }),
      ]);
      expect(second.status).toBe(status.COMMAND_STATUS_SUCCEEDED);
      expect(second.startedUnixMs ?? 0).toBeGreaterThanOrEqual(first.finishedUnixMs ?? 0);
      expect(await run(update("queue", "1"), id)).toEqual(first);
      expect(
        made
          .unconfirmed()
          .map((r) => r.id)
          .sort(),
      ).toEqual([...seen.results.keys()].sort());
      made.confirm(id);
      expect(made.unconfirmed().map((r) => r.id)).not.toContain(id);
      const again = await executor(stateDir);
      expect(await again.run(update("queue", "1"), id)).toEqual(first);
      for (const file of readdirSync(join(stateDir, "commands"))) {
        expect(readFileSync(join(stateDir, "commands", file), "utf8")).not.toContain("MINE=yes");
      }
    });

    const points: [point: string, image: "1" | "2"][] = [
      ["during pull", "1"],
      ["during create", "1"],
      ["after create", "1"],
      ["after setRestartPolicy", "1"],
      ["after rename", "1"],
      ["during stop", "1"],
      ["after stop", "1"],
      // Started before it is journaled: a write between stop and start would be time without service.
      ["after start", "1"],
      ["during start", "2"],
      ["during gate", "2"],
      ["during commit", "2"],
      ["after remove", "2"],
    ];
    test.for(points)("killed %s, the next start leaves exactly one running", async ([point, image]) => {
      const name = `kill-${point.replace(" ", "-")}`;
      const id = await container(name, { HostConfig: { RestartPolicy: { Name: "always" } } });
      await write(id);
      const stateDir = mkdtempSync(join(folder, "state-"));
      const command = randomUUID();
      const script = join(import.meta.dirname, "executor-child.ts");
      const args = [script, stateDir, engine.socket, command, name, `${app}:2`, point];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
      expect((await once(child, "exit"))[1]).toBe("SIGKILL");
      const { made } = await executor(stateDir);
      const [result] = made.unconfirmed();
      expect(result?.id).toBe(command);
      const expected = image === "2" ? "SUCCEEDED" : point === "during pull" ? "FAILED" : "ROLLED_BACK";
      expect([expected, result?.reason]).toEqual([
        status[result?.status ?? 0]?.replace("COMMAND_STATUS_", ""),
        result?.reason,
      ]);
      expect(await named(name)).toEqual([`${name} running`]);
      const left = await engine.docker.getContainer(name).inspect();
      expect([left.Config.Image, left.HostConfig.RestartPolicy?.Name]).toEqual([`${app}:${image}`, "always"]);
      expect(await volumeText(name)).toBe("precious");
      await engine.docker.getContainer(name).remove({ force: true });
    });
  },
);
