import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differences } from "./compare-inspects.ts";
import { type Dockerd, noDockerd, noEngine, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";
import { type Stage, stage } from "./update-stage.ts";

const versions = [undefined, "26", "28"] as const;
const loop = ["/bin/busybox", "sh", "-c", "trap 'exit 0' TERM; while :; do /bin/busybox sleep 0.1; done"];
// What the image itself says, so that there is something to take away again.
const imageSettings = [
  `CMD ${JSON.stringify(loop)}`,
  "ENV IMAGE_ENV=a=b IMAGE_TWO=two",
  "LABEL image.label=x image.second=y",
  "EXPOSE 80/tcp 443/tcp",
  "VOLUME /image-volume",
  "WORKDIR /data",
  "USER 0",
  'HEALTHCHECK --interval=1s --timeout=2s --retries=9 CMD ["/bin/busybox","true"]',
];

type Body = Record<string, unknown> & { HostConfig?: Record<string, unknown>; NetworkingConfig?: object };
type Case = { name: string; body: (folder: string) => Body; join?: Record<string, object>; stopped?: true };

const endpoints = (EndpointsConfig: object) => ({ NetworkingConfig: { EndpointsConfig } });

/** Containers of every kind, by what the engine is asked for. */
const cases: readonly Case[] = [
  { name: "plain", body: () => ({}) },
  {
    name: "every kind of mount",
    body: (folder) => ({
      Volumes: { "/declared": {} },
      HostConfig: {
        Binds: [`${folder}:/bound:ro`, "named:/named", "named-ro:/named-ro:ro", `${folder}:/private:rprivate`],
        Mounts: [
          {
            Type: "volume",
            Source: "mounted",
            Target: "/mounted",
            VolumeOptions: { NoCopy: true, Labels: { a: "b" } },
          },
          { Type: "volume", Target: "/unnamed" },
          {
            Type: "bind",
            Source: folder,
            Target: "/mount-bind",
            ReadOnly: true,
            BindOptions: { Propagation: "rprivate" },
          },
          { Type: "tmpfs", Target: "/mount-tmpfs", TmpfsOptions: { SizeBytes: 1 << 20, Mode: 0o1770 } },
        ],
        Tmpfs: { "/tmpfs": "rw,size=64k,mode=700" },
      },
    }),
  },
  {
    name: "several networks with aliases and addresses of their own",
    body: () => ({
      HostConfig: { NetworkMode: "front" },
      ...endpoints({
        front: {
          Aliases: ["www", "web"],
          IPAMConfig: { IPv4Address: "10.231.1.9" },
          DriverOpts: { "com.example.x": "y" },
        },
      }),
    }),
    // Older engines take one network at the creation.
    join: { back: { Aliases: ["api"] } },
  },
  {
    name: "one network with aliases, an address and a hostname",
    body: () => ({
      Hostname: "own",
      Domainname: "example.org",
      HostConfig: {
        NetworkMode: "front",
        Dns: ["10.0.0.1"],
        DnsSearch: ["x.y"],
        DnsOptions: ["ndots:2"],
        ExtraHosts: ["a:10.0.0.2"],
      },
      ...endpoints({ front: { Aliases: ["www"], IPAMConfig: { IPv4Address: "10.231.1.10" } } }),
    }),
  },
  { name: "a MAC address", body: () => ({ MacAddress: "02:42:ac:11:00:77", HostConfig: { NetworkMode: "front" } }) },
  { name: "no network", body: () => ({ HostConfig: { NetworkMode: "none" } }) },
  {
    name: "the host's network",
    body: () => ({ HostConfig: { NetworkMode: "host", UTSMode: "host", PidMode: "host", IpcMode: "host" } }),
  },
  {
    name: "ports",
    body: () => ({
      ExposedPorts: { "80/tcp": {}, "8080/udp": {}, "9000/tcp": {} },
      HostConfig: {
        NetworkMode: "front",
        PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }], "8080/udp": [{ HostPort: "" }] },
      },
    }),
  },
  {
    name: "capabilities, devices, limits",
    body: () => ({
      HostConfig: {
        CapAdd: ["NET_ADMIN", "SYS_TIME"],
        CapDrop: ["MKNOD"],
        Devices: [{ PathOnHost: "/dev/null", PathInContainer: "/dev/own-null", CgroupPermissions: "rw" }],
        DeviceCgroupRules: ["c 1:3 rwm"],
        Ulimits: [{ Name: "nofile", Soft: 100, Hard: 200 }],
        Sysctls: { "net.ipv4.ip_forward": "1" },
        SecurityOpt: ["no-new-privileges"],
        Memory: 64 << 20,
        MemoryReservation: 32 << 20,
        MemorySwap: 128 << 20,
        NanoCpus: 500_000_000,
        CpuShares: 512,
        CpusetCpus: "0",
        PidsLimit: 100,
        OomScoreAdj: 100,
        ShmSize: 1 << 20,
        GroupAdd: ["100"],
        BlkioWeight: 0,
      },
    }),
  },
  // Older engines can't start one under newer kernels.
  { name: "privileged", stopped: true, body: () => ({ HostConfig: { Privileged: true } }) },
  { name: "read-only with init", body: () => ({ HostConfig: { ReadonlyRootfs: true, Tmpfs: { "/run": "" } } }) },
  {
    name: "an own health check",
    body: () => ({
      Healthcheck: {
        Test: ["CMD", "/bin/busybox", "true"],
        Interval: 2e9,
        Timeout: 1e9,
        Retries: 5,
        StartPeriod: 1e9,
      },
    }),
  },
  { name: "a health check of its own times", body: () => ({ Healthcheck: { Interval: 3e9 } }) },
  { name: "no health check", body: () => ({ Healthcheck: { Test: ["NONE"] } }) },
  { name: "an own command", body: () => ({ Cmd: [...loop, "arg"] }) },
  { name: "an own entrypoint without command", body: () => ({ Entrypoint: loop }) },
  { name: "an own entrypoint with command", body: () => ({ Entrypoint: loop.slice(0, 2), Cmd: loop.slice(2) }) },
  { name: "a command that is the image's", body: () => ({ Cmd: loop }) },
  {
    name: "environment",
    body: () => ({
      Env: ["A=b=c", "MULTI=line one\nline two", "EMPTY=", "IMAGE_TWO=mine", "IMAGE_ENV=a=b", "UNICODE=ü", "SPACE= x "],
    }),
  },
  {
    name: "labels",
    body: () => ({
      Labels: {
        "image.label": "mine",
        own: "1",
        "image.second": "y",
        "com.docker.compose.project": "p",
        "com.docker.compose.service": "s",
        "com.docker.compose.config-hash": "h",
      },
    }),
  },
  {
    name: "log driver and options",
    body: () => ({ HostConfig: { LogConfig: { Type: "json-file", Config: { "max-size": "1m", "max-file": "2" } } } }),
  },
  { name: "another log driver", body: () => ({ HostConfig: { LogConfig: { Type: "none", Config: {} } } }) },
  {
    name: "restart on failure",
    body: () => ({ HostConfig: { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 } } }),
  },
  { name: "restart always", body: () => ({ HostConfig: { RestartPolicy: { Name: "always" } } }) },
  { name: "removed when stopped", body: () => ({ HostConfig: { AutoRemove: true } }) },
  {
    name: "a user, a folder, signals",
    body: () => ({
      User: "1000:1000",
      WorkingDir: "/tmp",
      StopSignal: "SIGINT",
      StopTimeout: 3,
      Cmd: ["/bin/busybox", "sh", "-c", "trap 'exit 0' INT; while :; do /bin/busybox sleep 0.1; done"],
    }),
  },
  { name: "a terminal", body: () => ({ Tty: true, OpenStdin: true, StdinOnce: false, AttachStdout: true }) },
  {
    name: "namespaces of its own",
    body: () => ({ HostConfig: { IpcMode: "private", CgroupnsMode: "private", PidMode: "" } }),
  },
  { name: "volumes of another", body: () => ({ HostConfig: { VolumesFrom: ["provider:ro"] } }) },
  { name: "the network of another", body: () => ({ HostConfig: { NetworkMode: "container:provider" } }) },
];

describe.for(versions)("engine %s", (version) => {
  const missing = version === undefined ? noDockerd : noEngine(version);
  describe.skipIf(missing !== undefined)(
    `a container is the same after an update to an equal image${missing ? `: ${missing}` : ""}`,
    () => {
      let engine: Dockerd;
      let registry: Registry;
      let executor: Stage["executor"];
      let run: Stage["run"];
      let app = "";
      const folder = mkdtempSync(join(tmpdir(), "fairlead-fidelity-"));

      beforeAll(async () => {
        [engine, registry] = await Promise.all([startDockerd(version), startRegistry()]);
        app = `${registry.address}/app`;
        await engine.image("made:1", imageSettings);
        await push(engine.docker, "made:1", `${app}:1`);
        await engine.image("made:2", [...imageSettings, "LABEL build=2"]);
        await push(engine.docker, "made:2", `${app}:2`);
        await engine.docker.createNetwork({ Name: "front", IPAM: { Config: [{ Subnet: "10.231.1.0/24" }] } });
        await engine.docker.createNetwork({ Name: "back", IPAM: { Config: [{ Subnet: "10.231.2.0/24" }] } });
        await pull("1");
        const provider = await engine.docker.createContainer({
          name: "provider",
          Image: `${app}:1`,
          HostConfig: { NetworkMode: "front", Binds: ["provided:/provided"] },
        });
        await provider.start();
        ({ run, executor } = await stage(engine, mkdtempSync(join(folder, "state-"))));
      }, 60_000);

      afterAll(async () => {
        await executor?.stop();
        await Promise.all([engine?.close(), registry?.close()]);
        rmSync(folder, { recursive: true, force: true });
      });

      async function pull(tag: string): Promise<void> {
        for await (const _ of await engine.docker.pull(`${app}:${tag}`));
      }

      test.concurrent.for(cases)("$name", async ({ name, body, join: others, stopped }) => {
        const slug = name.replaceAll(/[^a-z]+/g, "-");
        const own = join(engine.folder, slug);
        mkdirSync(own, { recursive: true });
        writeFileSync(join(own, "file"), "x");
        const asked = { NetworkMode: "none", ...body(own).HostConfig };
        const made = await engine.docker.createContainer({
          name: slug,
          Image: `${app}:1`,
          ...body(own),
          HostConfig: asked,
        } as object);
        for (const [network, EndpointConfig] of Object.entries(others ?? {})) {
          await engine.docker.getNetwork(network).connect({ Container: made.id, EndpointConfig });
        }
        if (!stopped) await made.start();
        const before = await made.inspect();
        const containerUpdate = { container: slug, image: `${app}:2`, stableSeconds: 1 };
        expect(await run({ containerUpdate })).toMatchObject({ status: "SUCCEEDED", reason: "" });
        const after = await engine.docker.getContainer(slug).inspect();
        expect(after.Id).not.toBe(before.Id);
        expect(differences(before, after)).toEqual([
          `Config.Image: ${JSON.stringify(`${app}:1`)} -> ${JSON.stringify(`${app}:2`)}`,
          'Config.Labels.build: undefined -> "2"',
        ]);
        await engine.docker.getContainer(slug).remove({ force: true });
      });
    },
  );
});
