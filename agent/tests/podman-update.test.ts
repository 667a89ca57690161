import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDocker } from "../src/runtimes/docker.ts";
import { type Podman, startPodman } from "./podman.ts";
import {
  failed,
  forever,
  noPodmanStage as missing,
  type PodmanStage,
  rolledBack,
  startPodmanStage,
  succeeded,
} from "./podman-stage.ts";

describe.skipIf(missing !== undefined)(`containers of Podman are replaced (${missing ?? "private podman"})`, () => {
  let stage: PodmanStage;

  beforeAll(async () => {
    stage = await startPodmanStage({
      "1": [forever, "ENV RELEASE=1", "ENV KEEP=1", "VOLUME /anon", "LABEL release=1", "STOPSIGNAL SIGTERM"],
      "2": [forever, "ENV RELEASE=2", "ENV ADDED=x", "VOLUME /anon", "LABEL release=2"],
      bad: ['CMD ["/bin/busybox","sh","-c","echo no configuration >&2; exit 3"]', "VOLUME /anon"],
    });
  }, 60_000);

  afterAll(() => stage?.close());

  test("an update keeps what the user set, all volumes, and takes the new image's defaults", async () => {
    const id = await stage.make(
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
    const before = await stage.inspect("web");
    const { status, reason, output } = await stage.update("web", "2");
    expect([reason, status]).toEqual(["", succeeded]);
    expect(output).toMatchObject({ fromImage: `${stage.app}:1`, toImage: `${stage.app}:2`, oldId: id, changed: true });
    expect(output.downtimeMs).toBeGreaterThan(0);
    expect(await stage.named("web")).toEqual(["web running"]);
    const after = await stage.inspect("web");
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
    expect(await stage.data("web")).toEqual(["/anon web", "/named web"]);
    // And back, by command.
    const back = await stage.run({ containerRollback: { container: "web" } });
    expect([back.reason, back.status]).toEqual(["", succeeded]);
    expect((await stage.inspect("web")).Config.Env).toContain("RELEASE=1");
    expect(same(await stage.inspect("web"))).toEqual(same(before));
    await stage.remove("web");
  });

  test("a bad image is rolled back to the old container as it was", async () => {
    const id = await stage.make("bad");
    const { status, reason, output } = await stage.update("bad", "bad");
    expect(status).toBe(rolledBack);
    expect(reason).toMatch(/exit code 3/);
    expect(JSON.stringify(output)).toContain("no configuration");
    expect(await stage.named("bad")).toEqual(["bad running"]);
    expect((await stage.inspect("bad")).Id).toBe(id);
    expect(await stage.data("bad")).toEqual(["/anon bad", "/named bad"]);
    await stage.remove("bad");
  });

  test("a setting that is refused costs nothing", async () => {
    const id = await stage.make("full");
    const { status, reason } = await stage.update("full", "none");
    expect(status).toBe(failed);
    expect(reason).toMatch(/manifest unknown.*nothing was changed/);
    expect((await stage.inspect("full")).Id).toBe(id);
    await stage.remove("full");
  });

  test("what the API would change is refused with the way to do it", async () => {
    stage.engine.cli(
      "create",
      "--name",
      "tuned",
      "--net",
      "none",
      "--sysctl",
      "kernel.shm_rmid_forced=1",
      `${stage.app}:1`,
    );
    expect((await stage.update("tuned", "2")).reason).toMatch(
      /was made with --sysctl.*make it again with podman itself; nothing/,
    );
    await stage.remove("tuned");
  });

  test.for(["after rename", "during start", "during commit"])(
    "killed %s, the next start leaves one container that runs, with its data",
    { timeout: 60_000 },
    async (dieAt) => {
      const name = `kill-${dieAt.replace(" ", "-")}`;
      await stage.make(name);
      const state = join(stage.folder, name);
      const child = async (at: string) => {
        const args = [state, stage.engine.socket, randomUUID(), name, `${stage.app}:2`, at];
        const started = spawn(process.execPath, [join(import.meta.dirname, "executor-child.ts"), ...args], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        const [code, signal] = (await once(started, "exit")) as [number | null, string | null];
        return { code, signal };
      };
      expect((await child(dieAt)).signal).toBe("SIGKILL");
      // Its recovery comes first; what it is asked then finds the update done, or does it.
      expect((await child("never")).code).toBe(0);
      expect(await stage.named(name)).toEqual([`${name} running`]);
      expect(await stage.data(name)).toEqual([`/anon ${name}`, `/named ${name}`]);
      await stage.remove(name);
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
