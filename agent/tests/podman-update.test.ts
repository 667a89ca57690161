import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pb } from "@fairlead/proto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createExecutor } from "../src/executor/create-executor.ts";
import type { Executor } from "../src/executor/executor.ts";
import { createLog } from "../src/log.ts";
import { openDocker } from "../src/runtimes/docker.ts";
import { createRuntimes } from "../src/runtimes/index.ts";
import { noDockerd, push, type Registry, startRegistry } from "./dockerd.ts";
import { noPodman, type Podman, startPodman } from "./podman.ts";

const missing = noPodman ?? noDockerd;
const {
  COMMAND_STATUS_SUCCEEDED: succeeded,
  COMMAND_STATUS_FAILED: failed,
  COMMAND_STATUS_ROLLED_BACK: rolledBack,
} = pb.CommandStatus;
const forever = 'CMD ["/bin/busybox","sh","-c","trap \\"exit 0\\" TERM; while :; do /bin/busybox sleep 0.05; done"]';

describe.skipIf(missing !== undefined)(`containers of Podman are replaced (${missing ?? "private podman"})`, () => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-podman-update-"));
  const waiting = new Map<string, (result: pb.CommandResult.$Properties) => void>();
  let engine: Podman;
  let registry: Registry;
  let executor: Executor;
  let app = "";

  beforeAll(async () => {
    const root = join(folder, "root");
    mkdirSync(join(root, "run/podman"), { recursive: true });
    [engine, registry] = await Promise.all([
      startPodman({ socket: join(root, "run/podman/podman.sock") }),
      startRegistry(),
    ]);
    app = `${registry.address}/app`;
    const images: [tag: string, changes: string[]][] = [
      ["1", [forever, "ENV RELEASE=1", "ENV KEEP=1", "VOLUME /anon", "LABEL release=1", "STOPSIGNAL SIGTERM"]],
      ["2", [forever, "ENV RELEASE=2", "ENV ADDED=x", "VOLUME /anon", "LABEL release=2"]],
      ["bad", ['CMD ["/bin/busybox","sh","-c","echo no configuration >&2; exit 3"]', "VOLUME /anon"]],
    ];
    for (const [tag, changes] of images) {
      await engine.image("made:x", changes);
      await push(engine.docker, "localhost/made:x", `${app}:${tag}`);
    }
    const runtimes = createRuntimes({ root, env: {} });
    executor = createExecutor({
      stateDir: join(folder, "state"),
      config: { allow: ["container.update", "container.rollback"], readOnly: false },
      runtime: () => runtimes.get(""),
      runtimes,
      refresh: async () => ({}),
      events: { progress: () => {}, result: (result) => waiting.get(result.id ?? "")?.(result) },
      log: createLog("error"),
      now: Date.now,
    });
    await executor.recover();
  }, 60_000);

  afterAll(async () => {
    await executor?.stop();
    await Promise.all([engine?.close(), registry?.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(action: object) {
    const id = randomUUID();
    const result = await new Promise<pb.CommandResult.$Properties>((resolve) => {
      waiting.set(id, resolve);
      executor.handle({ id, deadlineUnixMs: Date.now() + 60_000, ...action } as never);
    });
    const { status, reason, outputJson } = result;
    return { status, reason: reason ?? "", output: outputJson ? JSON.parse(outputJson) : {} };
  }

  const update = (container: string, tag: string, more: object = {}) =>
    run({ containerUpdate: { container, image: `${app}:${tag}`, stableSeconds: 1, ...more } });

  async function make(name: string, more: object = {}, host: object = {}): Promise<string> {
    for await (const _ of await engine.docker.pull(`${app}:1`));
    const HostConfig = { NetworkMode: "none", Binds: ["named:/named"], ...host };
    const made = await engine.docker.createContainer({ name, Image: `${app}:1`, ...more, HostConfig });
    await made.start();
    for (const { Source } of (await made.inspect()).Mounts) writeFileSync(join(Source, name), name);
    return made.id;
  }

  /** What its volumes hold of what `make` wrote, by where they are mounted. */
  async function data(name: string): Promise<string[]> {
    const { Mounts } = await inspect(name);
    return Mounts.map(({ Source, Destination }) => `${Destination} ${readFileSync(join(Source, name), "utf8")}`).sort();
  }

  const inspect = (name: string) => engine.docker.getContainer(name).inspect();

  async function named(name: string): Promise<string[]> {
    const all = await engine.docker.listContainers({ all: true });
    const mine = all.filter(({ Names }) => Names.some((one) => one.startsWith(`/${name}`)));
    return mine.map(({ Names, State }) => `${Names[0]?.slice(1)} ${State}`);
  }

  test("an update keeps what the user set, all volumes, and takes the new image's defaults", async () => {
    const id = await make(
      "web",
      {
        Env: ["MINE=a=b c"],
        Labels: { owner: "me", "fairlead.stable": "1s" },
        StopTimeout: 3,
        Hostname: "webhost",
        User: "0:0",
      },
      {
        Memory: 64 << 20,
        NanoCpus: 5e8,
        RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 },
        Tmpfs: { "/scratch": "size=1m" },
        CapAdd: ["NET_ADMIN"],
        CapDrop: ["MKNOD"],
        Ulimits: [
          { Name: "nofile", Soft: 100, Hard: 200 },
          { Name: "nproc", Soft: 100, Hard: 200 },
        ],
        ShmSize: 32 << 20,
        ReadonlyRootfs: true,
        SecurityOpt: ["no-new-privileges"],
        GroupAdd: ["5"],
        Init: false,
      },
    );
    const before = await inspect("web");
    const { status, reason, output } = await update("web", "2");
    expect([reason, status]).toEqual(["", succeeded]);
    expect(output).toMatchObject({ fromImage: `${app}:1`, toImage: `${app}:2`, oldId: id, changed: true });
    expect(output.downtimeMs).toBeGreaterThan(0);
    expect(await named("web")).toEqual(["web running"]);
    const after = await inspect("web");
    expect(after.Config.Env.sort()).toEqual(
      ["ADDED=x", "HOSTNAME=webhost", "MINE=a=b c", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        .concat(["RELEASE=2", "TERM=xterm", "container=podman"])
        .sort(),
    );
    expect(after.Config.Labels).toEqual({ owner: "me", "fairlead.stable": "1s", release: "2" });
    const same = ({ HostConfig, Config, Mounts }: typeof after) => ({
      HostConfig,
      Mounts: Mounts.map(({ Name, Destination, RW }) => `${Name}:${Destination}:${RW}`).sort(),
      Config: { ...Config, Env: [], Labels: {}, Image: "" },
    });
    expect(same(after)).toEqual(same(before));
    expect(await data("web")).toEqual(["/anon web", "/named web"]);
    // And back, by command.
    const back = await run({ containerRollback: { container: "web" } });
    expect([back.reason, back.status]).toEqual(["", succeeded]);
    expect((await inspect("web")).Config.Env).toContain("RELEASE=1");
    expect(same(await inspect("web"))).toEqual(same(before));
    await engine.docker.getContainer("web").remove({ force: true });
  });

  test("a bad image is rolled back to the old container as it was", async () => {
    const id = await make("bad");
    const { status, reason, output } = await update("bad", "bad");
    expect(status).toBe(rolledBack);
    expect(reason).toMatch(/exit code 3/);
    expect(JSON.stringify(output)).toContain("no configuration");
    expect(await named("bad")).toEqual(["bad running"]);
    expect((await inspect("bad")).Id).toBe(id);
    expect(await data("bad")).toEqual(["/anon bad", "/named bad"]);
    await engine.docker.getContainer("bad").remove({ force: true });
  });

  test("a setting that is refused costs nothing", async () => {
    const id = await make("full");
    const { status, reason } = await update("full", "none");
    expect(status).toBe(failed);
    expect(reason).toMatch(/manifest unknown.*nothing was changed/);
    expect((await inspect("full")).Id).toBe(id);
    await engine.docker.getContainer("full").remove({ force: true });
  });

  test("what systemd or a pod runs, or what the API would change, is refused with the way to do it", async () => {
    await make("quadlet", { Labels: { PODMAN_SYSTEMD_UNIT: "web.service" } });
    expect(await update("quadlet", "2")).toMatchObject({
      status: failed,
      reason: expect.stringMatching(/systemd unit web\.service: pull the image and restart the unit/),
    });
    const infra = ["--infra-image", "localhost/made:x", "--infra-command", "/bin/busybox sleep 1000"];
    engine.cli("pod", "create", "--name", "together", ...infra, "--network", "none");
    engine.cli("create", "--pod", "together", "--name", "inside", `${app}:1`);
    const { reason } = await update("inside", "2");
    expect(reason).toMatch(/belongs to the Podman pod [0-9a-f]{12}/);
    engine.cli("create", "--name", "tuned", "--net", "none", "--sysctl", "kernel.shm_rmid_forced=1", `${app}:1`);
    expect((await update("tuned", "2")).reason).toMatch(
      /was made with --sysctl.*make it again with podman itself; nothing/,
    );
    for (const name of ["quadlet", "tuned"]) await engine.docker.getContainer(name).remove({ force: true });
    engine.cli("pod", "rm", "-f", "together");
  });

  test.for(["after rename", "during start", "during commit"])(
    "killed %s, the next start leaves one container that runs, with its data",
    { timeout: 60_000 },
    async (dieAt) => {
      const name = `kill-${dieAt.replace(" ", "-")}`;
      await make(name);
      const state = join(folder, name);
      const child = async (at: string) => {
        const args = [state, engine.socket, randomUUID(), name, `${app}:2`, at];
        const started = spawn(process.execPath, [join(import.meta.dirname, "executor-child.ts"), ...args], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        const [code, signal] = (await once(started, "exit")) as [number | null, string | null];
        return { code, signal };
      };
      expect((await child(dieAt)).signal).toBe("SIGKILL");
      // Its recovery comes first; what it is asked then finds the update done, or does it.
      expect((await child("never")).code).toBe(0);
      expect(await named(name)).toEqual([`${name} running`]);
      expect(await data(name)).toEqual([`/anon ${name}`, `/named ${name}`]);
      await engine.docker.getContainer(name).remove({ force: true });
    },
  );
});

describe.skipIf(missing !== undefined)(`networks of Podman (${missing ?? "private podman"})`, () => {
  const signal = () => AbortSignal.timeout(20_000);
  let engine: Podman;

  beforeAll(async () => {
    engine = await startPodman({ isolated: true });
    for (const tag of ["1", "2"]) await engine.image(`app:${tag}`, [forever, "EXPOSE 80"]);
    await engine.docker.createNetwork({ Name: "lan", IPAM: { Config: [{ Subnet: "10.252.3.0/24" }] } });
    await engine.docker.createNetwork({ Name: "dmz", IPAM: { Config: [{ Subnet: "10.252.4.0/24" }] } });
  }, 60_000);
  afterAll(() => engine?.close());

  test("several with aliases and addresses, ports, the default one", async () => {
    const EndpointsConfig = {
      lan: { Aliases: ["www"], IPAMConfig: { IPv4Address: "10.252.3.9" } },
      dmz: { Aliases: ["ext"] },
    };
    await engine.docker.createContainer({
      name: "web",
      Image: "localhost/app:1",
      ExposedPorts: { "80/tcp": {}, "90/tcp": {} },
      HostConfig: {
        NetworkMode: "lan",
        PortBindings: { "90/tcp": [{ HostIp: "127.0.0.1", HostPort: "8090" }] },
        ExtraHosts: ["db:10.0.0.1"],
        Dns: ["10.9.9.9"],
      },
      NetworkingConfig: { EndpointsConfig },
    });
    await engine.docker.createContainer({ name: "plain", Image: "localhost/app:1" });
    const { recreation, ...runtime } = await openDocker({ socket: engine.socket }, signal());
    if (recreation === undefined) throw new Error("Podman recreates containers");
    const shape = async (name: string) => {
      const { NetworkSettings, HostConfig, Config, Id } = await engine.docker.getContainer(name).inspect();
      const networks = Object.entries(NetworkSettings.Networks).map(([network, { Aliases, IPAddress }]) => {
        const aliases = (Aliases ?? []).filter((alias: string) => alias !== Id.slice(0, 12));
        return [network, aliases, network === "podman" ? "" : IPAddress];
      });
      const { PortBindings, ExtraHosts, Dns } = HostConfig;
      return { networks, PortBindings, ExtraHosts, Dns, exposed: Config.ExposedPorts };
    };
    for (const name of ["web", "plain"]) {
      await engine.docker.getContainer(name).start();
      const before = await shape(name);
      const old = await recreation.snapshot(name, signal());
      const { id: imageId } = await recreation.image("localhost/app:2", signal());
      const plan = await recreation.plan(old, "localhost/app:2", imageId, signal());
      const id = await recreation.create(`${name}-new`, plan, signal());
      await runtime.stop(old.id, 1, signal());
      await runtime.start(id, signal());
      expect(await shape(`${name}-new`)).toEqual(before);
      expect((await recreation.reach(id, signal())).addresses.length).toBeGreaterThan(0);
    }
  });
});
