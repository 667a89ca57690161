import { execFileSync, spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { docker } from "../src/collectors/docker.ts";
import { createHost } from "../src/host/host.ts";
import { type Dockerd, noDockerd, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";
import {
  type Ended,
  endedOf,
  forever,
  left,
  pulled,
  type RegistryProxy,
  registryProxy,
  type Stage,
  shell,
  stage,
  waits,
} from "./update-stage.ts";

describe.skipIf(noDockerd !== undefined)(`updates under attack${noDockerd ? `: ${noDockerd}` : ""}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-chaos-"));
  const opened: Stage[] = [];
  let engine: Dockerd;
  let registry: Registry;
  let proxy: RegistryProxy;
  let app = "";

  beforeAll(async () => {
    [engine, registry] = await Promise.all([startDockerd(), startRegistry()]);
    proxy = await registryProxy(registry.address);
    app = `${registry.address}/app`;
    const images: [tag: string, changes: string[]][] = [
      ["1", [forever, "ENV RELEASE=1", "VOLUME /data"]],
      ["2", [forever, "ENV RELEASE=2", "VOLUME /data"]],
      ["3", [forever, "ENV RELEASE=3", "VOLUME /data"]],
      ["bad", ['CMD ["/bin/busybox","false"]', "VOLUME /data"]],
    ];
    for (const [tag, changes] of images) {
      await engine.image("made:x", changes);
      await push(engine.docker, "made:x", `${app}:${tag}`);
    }
    await pulled(engine, `${app}:1`);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(opened.map(({ executor }) => executor.stop()));
    proxy?.close();
    await Promise.all([engine?.close(), registry?.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function set(stateDir = mkdtempSync(join(folder, "state-"))): Promise<Stage> {
    const made = await stage(engine, stateDir);
    opened.push(made);
    return made;
  }

  async function make(name: string, more: Record<string, unknown> = {}): Promise<string> {
    const { HostConfig, ...rest } = more;
    const made = await engine.docker.createContainer({
      name,
      Image: `${app}:1`,
      ...rest,
      HostConfig: { NetworkMode: "none", ...(HostConfig as object) },
    });
    await made.start();
    return made.id;
  }

  const update = (container: string, tag = "2", more: object = {}) => ({
    containerUpdate: { container, image: `${app}:${tag}`, stableSeconds: 1, ...more },
  });
  const inspect = (name: string) => engine.docker.getContainer(name).inspect();
  const releaseOf = async (name: string) =>
    (await inspect(name)).Config.Env.find((entry) => entry.startsWith("RELEASE="))?.slice(8);

  describe("by others", { concurrent: true, timeout: 60_000 }, () => {
    test.for([
      ["the old one is removed", "start", "SUCCEEDED", /^$/, "new"],
      ["the old one is renamed", "stop", "SUCCEEDED", /^$/, "new"],
      ["the new one is removed", "fitness", "ROLLED_BACK", /^someone removed the new container of fitness-/, "old"],
      ["the new one is stopped", "fitness", "ROLLED_BACK", /the new container is exited/, "old"],
    ] as const)("%s (before %s)", async ([what, call, status, reason, outcome], { expect }) => {
      const name = `${call}-${what.replaceAll(" ", "-")}`;
      const id = await make(name);
      await shell(engine, name, "echo precious > /data/x");
      const { before, run } = await set();
      before(call, async () => {
        const all = await engine.docker.listContainers({ all: true });
        const mine = all.filter(({ Names }) => Names[0]?.startsWith(`/${name}`));
        const old = engine.docker.getContainer(id);
        const made = engine.docker.getContainer(mine.find(({ Id }) => Id !== id)?.Id ?? "");
        if (what === "the old one is removed") await old.remove({ force: true });
        if (what === "the old one is renamed") await old.rename({ name: `${name}-elsewhere` });
        if (what === "the new one is removed") await made.remove({ force: true });
        if (what === "the new one is stopped") await made.stop({ t: 0 });
      });
      const ended = await run(update(name));
      expect([ended.status, ended.reason]).toEqual([status, expect.stringMatching(reason)]);
      expect(await left(engine, name)).toEqual([`${name} running`]);
      expect((await inspect(name)).Id === id).toBe(outcome === "old");
      expect(await shell(engine, name, "cat /data/x")).toBe("precious");
    });

    test("the new one is removed between the gate and the commit", async ({ expect }) => {
      const id = await make("late-loss");
      const { onPhase, before, run } = await set();
      onPhase((phase) => {
        if (phase !== "commit") return;
        before("find", async () => {
          await engine.docker.getContainer("late-loss").remove({ force: true });
        });
      });
      const ended = await run(update("late-loss"));
      expect(ended).toMatchObject({
        status: "ROLLED_BACK",
        reason: "someone removed the new container of late-loss",
      });
      expect([await left(engine, "late-loss"), (await inspect("late-loss")).Id]).toEqual([["late-loss running"], id]);
    });

    test("the new one is renamed during the gate: it gets its name again, and the result tells", async ({ expect }) => {
      await make("renamed");
      const { before, run } = await set();
      before("fitness", () => engine.docker.getContainer("renamed").rename({ name: "renamed-by-hand" }));
      const ended = await run(update("renamed"));
      const warning = "someone renamed the new container of renamed to renamed-by-hand meanwhile: it is renamed again";
      expect(ended).toMatchObject({ status: "SUCCEEDED", output: { warning } });
      expect(await left(engine, "renamed")).toEqual(["renamed running"]);
    });

    test("another container takes the name: the old one runs, and the result tells", async ({ expect }) => {
      const id = await make("squat");
      const { before, run } = await set();
      before("create", () => {
        before("rename", () => {
          before("rename", async () => {
            await engine.docker.createContainer({ name: "squat", Image: `${app}:1` });
          });
        });
      });
      const ended = await run(update("squat"));
      expect(ended.status).toBe("FAILED");
      const old = (await inspect(id)).Name.slice(1);
      expect(ended.reason).toMatch(/The container name "\/squat" is already in use by container "[0-9a-f]{12}"/);
      expect(ended.reason).toContain(`the old squat is running as ${old}: docker rename ${old} squat`);
      expect((await inspect(id)).State.Running).toBe(true);
      expect((await left(engine, "squat")).map((line) => line.replace(/-old-\w+/, "-old"))).toEqual([
        "squat created",
        "squat-fairlead-old running",
      ]);
    });

    test("the network that both need goes between stop and start: the result says which", async ({ expect }) => {
      const network = await engine.docker.createNetwork({ Name: "short-lived" });
      await make("netless", { HostConfig: { NetworkMode: "short-lived" } });
      const { before, run } = await set();
      before("start", () => network.remove());
      const ended = await run(update("netless"));
      expect(ended.status).toBe("FAILED");
      expect(ended.reason).toMatch(
        /^can't start the container: network short-lived not found; roll-back: .*not found; the old netless is exited: docker start netless$/,
      );
      expect(await left(engine, "netless")).toEqual(["netless exited"]);
      expect((await inspect("netless")).Image).toBe((await engine.docker.getImage(`${app}:1`).inspect()).Id);
    });

    test("the host's port is taken between stop and start, and is free again soon", async ({ expect }) => {
      const network = await engine.docker.createNetwork({ Name: "ported" });
      const thief = createServer();
      const port = await new Promise<number>((resolve) => {
        const probe = createServer().listen(0, "127.0.0.1", () => {
          const bound = probe.address();
          probe.close(() => resolve(typeof bound === "object" && bound ? bound.port : 0));
        });
      });
      const id = await make("ported", {
        HostConfig: {
          NetworkMode: "ported",
          PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: `${port}` }] },
        },
      });
      const { before, run } = await set();
      before("start", async () => {
        await new Promise<void>((resolve) => thief.listen(port, "127.0.0.1", resolve));
        before("start", () => {
          // The old one meets it too, once.
          setTimeout(() => thief.close(), 300);
        });
      });
      const ended = await run(update("ported"));
      expect(ended).toMatchObject({ status: "ROLLED_BACK", reason: expect.stringMatching(/address already in use/) });
      expect([await left(engine, "ported"), (await inspect("ported")).Id]).toEqual([["ported running"], id]);
      await engine.docker.getContainer("ported").remove({ force: true });
      await network.remove();
    });

    test("the tag moves while it is used: another image than the one that was looked at is not run", async ({
      expect,
    }) => {
      const id = await make("moved");
      const { before, run } = await set();
      before("create", async () => {
        await pulled(engine, `${app}:bad`);
        await engine.docker.getImage(`${app}:bad`).tag({ repo: app, tag: "3" });
      });
      const ended = await run(update("moved", "3"));
      expect(ended).toMatchObject({
        status: "ROLLED_BACK",
        reason: `${app}:3 was moved while it was being used`,
      });
      expect([await left(engine, "moved"), (await inspect("moved")).Id]).toEqual([["moved running"], id]);
    });

    test("a registry that cuts or stalls: nothing was changed, and a cancel gets through", async ({ expect }) => {
      const name = `${proxy.address}/app`;
      await engine.image("flaky:x", [forever, "ENV RELEASE=flaky"]);
      await push(engine.docker, "flaky:x", `${app}:flaky`);
      await engine.docker.getImage("flaky:x").remove();
      const id = await make("distant");
      const { executor, onPhase, run } = await set();
      const pull = { containerUpdate: { container: "distant", image: `${name}:flaky`, stableSeconds: 1 } };
      proxy.mode = (path) => (path.includes("/blobs/") ? "cut" : "pass");
      const cut = await run(pull);
      expect([cut.status, cut.reason]).toEqual([
        "FAILED",
        expect.stringMatching(/pull|EOF|blob.*nothing was changed$/),
      ]);
      const stalled = new Promise<void>((resolve) => {
        proxy.mode = (path) => {
          if (!path.includes("/blobs/")) return "pass";
          resolve();
          return "stall";
        };
      });
      onPhase((phase, command) => {
        if (phase === "pull") void stalled.then(() => executor.cancel(command));
      });
      const cancelled = await run(pull);
      expect(cancelled).toMatchObject({ status: "CANCELLED", reason: "cancelled; nothing was changed" });
      expect((await inspect("distant")).Id).toBe(id);
    });

    test("an image for another machine: refused, and its name means what it meant before", async ({ expect }) => {
      const id = await make("foreign", { Image: `${app}:1` });
      const good = (await engine.docker.getImage(`${app}:1`).inspect()).Id;
      await engine.docker.getImage(`${app}:1`).tag({ repo: app, tag: "arm" });
      await pushForeign(registry.address, "app", "arm", "arm64");
      const { run } = await set();
      for (const dryRun of [true, false]) {
        const ended = await run(update("foreign", "arm", { dryRun }));
        expect(ended.status).toBe("FAILED");
        expect(ended.reason).toMatch(/linux\/arm64.*the container runs linux\/amd64; nothing was changed|no matching/);
        expect((await engine.docker.getImage(`${app}:arm`).inspect()).Id).toBe(good);
      }
      expect((await inspect("foreign")).Id).toBe(id);
    });

    test("a dry run leaves the tag where it was", async ({ expect }) => {
      await make("dry");
      const good = (await engine.docker.getImage(`${app}:1`).inspect()).Id;
      await engine.image("made:dry", [forever, "ENV RELEASE=4"]);
      await push(engine.docker, "made:dry", `${app}:floating`);
      await engine.docker.getImage(`${app}:1`).tag({ repo: app, tag: "floating" });
      const { run } = await set();
      expect(await run(update("dry", "floating", { dryRun: true }))).toMatchObject({ status: "SUCCEEDED" });
      expect((await engine.docker.getImage(`${app}:floating`).inspect()).Id).toBe(good);
    });

    test("what only compares well by name is refused by name, and labels of any shape come through", async ({
      expect,
    }) => {
      const { run } = await set();
      const reasons = async (action: object) => (await run(action)).reason;
      for (const bad of ["a;reboot", "../../etc", "$(id)", "a b", "x\ny", "ü", "-rf", "a".repeat(10_000), ""]) {
        expect(await reasons(update(bad))).toMatch(/^container: /);
      }
      for (const bad of ["app:1;id", "../app", "app:$(id)", "app\n:1", "äpp:1", "app:".padEnd(10_000, "1"), ""]) {
        expect(await reasons({ containerUpdate: { container: "x", image: bad } })).toMatch(/^image: /);
      }
      for (const service of ["__proto__", "constructor", "toString"]) {
        const images = Object.fromEntries([[service, `${app}:2`]]);
        expect(await reasons({ projectUpdate: { project: "none", images } })).toMatch(/no compose project|is empty/);
      }
      const labels = {
        "com.docker.compose.project": "odd; $(reboot) ../..",
        "com.docker.compose.service": "constructor",
        "com.docker.compose.depends_on": "constructor:x:true,__proto__:y:true,:::,",
        "x\ny": "line\nfeed",
        ünï: "\u202e🙂",
        long: "v".repeat(10_000),
      };
      await make("odd", { Labels: labels });
      const odd = await run({
        projectUpdate: { project: labels["com.docker.compose.project"], images: { toString: `${app}:2` } },
      });
      expect(odd.reason).toMatch(/^images.toString: the project .* has no such service: it has constructor/);
      expect(await run(update("odd"))).toMatchObject({ status: "SUCCEEDED", reason: "" });
      expect((await inspect("odd")).Config.Labels).toEqual(labels);
      await make("mistyped", { Labels: { "fairlead.gate.exec": "true; $(id)" } });
      expect(await reasons(update("mistyped"))).toMatch(/fairlead.gate.exec.*nothing was changed/);
    });

    test("two updates of one component at once come one after the other", async ({ expect }) => {
      await make("twice");
      await make("twice-rider", { HostConfig: { NetworkMode: "container:twice" } });
      const { run } = await set();
      const [a, b] = await Promise.all([run(update("twice", "2")), run(update("twice-rider", "3"))]);
      expect([a, b]).toMatchObject([{ status: "SUCCEEDED" }, { status: "SUCCEEDED" }]);
      expect(await left(engine, "twice")).toEqual(["twice running", "twice-rider running"]);
      expect([await releaseOf("twice"), await releaseOf("twice-rider")]).toEqual(["2", "3"]);
      const { HostConfig } = await inspect("twice-rider");
      expect(HostConfig.NetworkMode).toBe(`container:${(await inspect("twice")).Id}`);
    });

    test("of four that go together one does not get well: all are put back", async ({ expect }) => {
      const well = { Test: ["CMD", "/bin/busybox", "test", "-e", "/flag"], Interval: 200e6, Retries: 2 };
      const ids = [
        await make("four"),
        await make("four-a", { HostConfig: { NetworkMode: "container:four" } }),
        await make("four-b", { HostConfig: { VolumesFrom: ["four"] } }),
      ];
      // What it needs to be healthy it has written itself, so a new one lacks it.
      ids.push(await make("four-c", { Healthcheck: well, HostConfig: { NetworkMode: "container:four-b" } }));
      await shell(engine, "four-c", "touch /flag");
      await shell(engine, "four-b", "echo precious > /data/x");
      const { run } = await set();
      const ended = await run(update("four"));
      expect(ended).toMatchObject({
        status: "ROLLED_BACK",
        reason: expect.stringMatching(/^four-c: the new container is unhealthy/),
      });
      const names = ["four", "four-a", "four-b", "four-c"];
      expect(await left(engine, "four")).toEqual(names.map((name) => `${name} running`));
      expect(await Promise.all(names.map(async (name) => (await inspect(name)).Id))).toEqual(ids);
      expect(await shell(engine, "four", "cat /data/x")).toBe("precious");
      // And when it does get well, all four are new, each in the right company.
      const touched = [...waits.slice(0, 3), `/bin/busybox touch /flag; ${waits[3]}`];
      await engine.docker.getContainer("four-c").remove({ force: true });
      await make("four-c", { Healthcheck: well, Cmd: touched, HostConfig: { NetworkMode: "container:four-b" } });
      expect(await run(update("four"))).toMatchObject({ status: "SUCCEEDED", reason: "" });
      const made = await Promise.all(names.map(async (name) => await inspect(name)));
      expect(made[3]?.HostConfig.NetworkMode).toBe(`container:${made[2]?.Id}`);
      expect(made[1]?.HostConfig.NetworkMode).toBe(`container:${made[0]?.Id}`);
      expect(await shell(engine, "four-b", "cat /data/x")).toBe("precious");
    });

    test.for(["inspect", "pull", "create", "rename", "stop", "start", "gate"])(
      "cancelled in the phase %s with dependents: all are put back",
      async (phase, { expect }) => {
        const name = `cancel-${phase}`;
        const ids = [
          await make(name),
          await make(`${name}-net`, { HostConfig: { NetworkMode: `container:${name}` } }),
          await make(`${name}-vol`, { HostConfig: { VolumesFrom: [name] } }),
        ];
        const { executor, onPhase, run } = await set();
        onPhase((now, command) => {
          if (now === phase) executor.cancel(command);
        });
        const ended = await run(update(name, "2", { stableSeconds: 60 }));
        expect(ended.status).toBe("CANCELLED");
        expect(await left(engine, name)).toEqual([`${name} running`, `${name}-net running`, `${name}-vol running`]);
        const now = await Promise.all([name, `${name}-net`, `${name}-vol`].map(async (one) => (await inspect(one)).Id));
        expect(now).toEqual(ids);
      },
    );

    test("many volumes and networks", async ({ expect }) => {
      const networks = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          engine.docker.createNetwork({
            Name: `many-${i}`,
            IPAM: { Config: [{ Subnet: `10.249.${i}.0/24` }] },
          }),
        ),
      );
      const Binds = Array.from({ length: 200 }, (_, i) => `many-${i}:/v/${i}`);
      const made = await engine.docker.createContainer({
        name: "many",
        Image: `${app}:1`,
        HostConfig: { NetworkMode: "many-0", Binds },
      });
      for (const network of networks.slice(1)) await network.connect({ Container: made.id });
      await made.start();
      const { run } = await set();
      expect(await run(update("many"))).toMatchObject({ status: "SUCCEEDED", reason: "" });
      const now = await inspect("many");
      expect(Object.keys(now.NetworkSettings.Networks)).toHaveLength(12);
      expect(now.Mounts).toHaveLength(201);
      await engine.docker.getContainer("many").remove({ force: true });
      for (const network of networks) await network.remove();
    });
  });

  describe("by the death of the engine", { timeout: 60_000 }, () => {
    const project = (name: string, tag: string) => ({
      projectUpdate: { project: name, images: { always: `${app}:${tag}`, no: `${app}:${tag}` }, stableSeconds: 1 },
    });
    const labels = (name: string, service: string) => ({
      Labels: { "com.docker.compose.project": name, "com.docker.compose.service": service },
    });

    async function makeProject(name: string): Promise<string[]> {
      await Promise.all([
        make(`${name}-always`, { ...labels(name, "always"), HostConfig: { RestartPolicy: { Name: "always" } } }),
        make(`${name}-no`, labels(name, "no")),
      ]);
      await make(`${name}-rider`, { HostConfig: { NetworkMode: `container:${name}-no` } });
      await shell(engine, `${name}-no`, "echo precious > /data/x");
      return ["always", "no", "rider"].map((service) => `${name}-${service}`);
    }

    /** Each is there once, up, and all are of the same age. */
    async function whole(name: string, names: string[]): Promise<string> {
      expect(await left(engine, name)).toEqual(names.map((one) => `${one} running`));
      expect(await shell(engine, `${name}-no`, "cat /data/x")).toBe("precious");
      const [always, no, rider] = await Promise.all(names.map(async (one) => await inspect(one)));
      expect(rider?.HostConfig.NetworkMode).toBe(`container:${no?.Id}`);
      expect(always?.HostConfig.RestartPolicy?.Name).toBe("always");
      const releases = [await releaseOf(names[0] ?? ""), await releaseOf(names[1] ?? "")];
      expect(releases[0]).toBe(releases[1]);
      return releases[0] ?? "";
    }

    async function remove(names: string[]): Promise<void> {
      await Promise.all(names.map((name) => engine.docker.getContainer(name).remove({ force: true, v: true })));
    }

    test.for([
      ["pull", "2", "FAILED"],
      ["create", "2", "ROLLED_BACK"],
      ["rename", "2", "ROLLED_BACK"],
      ["stop", "2", "ROLLED_BACK"],
      ["start", "2", "ROLLED_BACK"],
      ["gate", "2", "ROLLED_BACK|SUCCEEDED"],
      ["commit", "2", "SUCCEEDED"],
      ["rollback", "bad", "ROLLED_BACK"],
    ] as const)("killed in the phase %s", async ([phase, tag, status]) => {
      const names = await makeProject(`die-${phase}`);
      const { onPhase, run, executor } = await set();
      let reborn: Promise<void> | undefined;
      onPhase((now) => {
        if (now === phase) reborn ??= engine.halt("SIGKILL").then(() => engine.start());
      });
      const ended = await run(project(`die-${phase}`, tag));
      await reborn;
      expect([ended.status, ended.reason]).toEqual([expect.stringMatching(new RegExp(`^(${status})$`)), ended.reason]);
      if (phase === "pull") {
        // Nothing of ours was begun: what its own policy does not start again is down as it would be without us.
        expect((await left(engine, `die-${phase}`)).map((line) => line.split(" ")[0])).toEqual(names);
      } else expect(await whole(`die-${phase}`, names)).toBe(ended.status === "SUCCEEDED" ? tag : "1");
      await executor.stop();
      await remove(names);
    });

    test.for(["after rename", "after stop", "during gate", "after remove"])(
      "killed together with the agent %s",
      async (point) => {
        const name = `both-${point.replace(" ", "-")}`;
        const names = await makeProject(name);
        const stateDir = mkdtempSync(join(folder, "state-"));
        await dying(stateDir, project(name, "2"), point);
        await engine.halt("SIGKILL");
        // The agent comes back first, as it may on a real host.
        const back = set(stateDir);
        await engine.start();
        const { executor } = await back;
        await expect.poll(() => executor.unconfirmed().length, { timeout: 30_000 }).toBe(1);
        const ended = endedOf(executor.unconfirmed()[0] ?? {});
        expect([ended.status, ended.reason]).toEqual([
          expect.stringMatching(/^(ROLLED_BACK|SUCCEEDED)$/),
          ended.reason,
        ]);
        expect(await whole(name, names)).toBe(ended.status === "SUCCEEDED" ? "2" : "1");
        await executor.stop();
        await remove(names);
      },
    );
  });

  async function dying(stateDir: string, action: object, point: string): Promise<number> {
    const script = join(import.meta.dirname, "executor-child.ts");
    const args = [script, stateDir, engine.socket, randomUUID(), "", "", point, JSON.stringify(action)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    const [code, signal] = await once(child, "exit");
    if (code !== 0 && signal !== "SIGKILL") throw new Error(`the child ended with ${code} ${signal}`);
    return code === 0 ? 0 : 1;
  }

  describe("by the death of the agent", { concurrent: true, timeout: 60_000 }, () => {
    // From the first phase to the commit; a point behind the last write is an end like any other.
    test.for(Array.from({ length: 13 }, (_, i) => i + 3))(
      "killed after write %i of its journal",
      async (n, { expect }) => {
        const name = `write-${n}`;
        const names = [name, `${name}-net`, `${name}-vol`];
        await make(name);
        await make(`${name}-net`, { HostConfig: { NetworkMode: `container:${name}` } });
        await make(`${name}-vol`, { HostConfig: { VolumesFrom: [name] } });
        await shell(engine, name, "echo precious > /data/x");
        const stateDir = mkdtempSync(join(folder, "state-"));
        await dying(stateDir, update(name), `write ${n}`);
        const { executor } = await set(stateDir);
        await expect.poll(() => executor.unconfirmed().length, { timeout: 40_000 }).toBe(1);
        const ended = endedOf(executor.unconfirmed()[0] ?? {});
        expect([ended.status, ended.reason]).toEqual([
          expect.stringMatching(/^(SUCCEEDED|ROLLED_BACK|FAILED)$/),
          ended.status === "FAILED" ? expect.stringMatching(/nothing was changed$/) : ended.reason,
        ]);
        expect(await left(engine, name)).toEqual(names.map((one) => `${one} running`));
        expect(await releaseOf(name)).toBe(ended.status === "SUCCEEDED" ? "2" : "1");
        expect(await shell(engine, `${name}-vol`, "cat /data/x")).toBe("precious");
        const [root, net] = await Promise.all(names.map(async (one) => await inspect(one)));
        expect(net?.HostConfig.NetworkMode).toBe(`container:${root?.Id}`);
        await executor.stop();
      },
    );
  });
});

describe.skipIf(noDockerd !== undefined)("updates on full disks", { timeout: 60_000 }, () => {
  const disks: string[] = [];
  let engine: Dockerd;
  let registry: Registry;
  let app = "";

  /** A filesystem of so many MiB of its own. */
  function disk(size: number): string {
    const made = mkdtempSync(join(tmpdir(), "fairlead-disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}m`, "tmpfs", made]);
    disks.push(made);
    return made;
  }

  beforeAll(async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = disk(96);
    try {
      engine = await startDockerd();
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    registry = await startRegistry();
    app = `${registry.address}/app`;
    for (const tag of ["1", "2", "bad"]) {
      const command = tag === "bad" ? 'CMD ["/bin/busybox","false"]' : forever;
      await engine.image("made:x", [command, `ENV RELEASE=${tag}`]);
      await push(engine.docker, "made:x", `${app}:${tag}`);
    }
    await pulled(engine, `${app}:1`);
  }, 60_000);

  afterAll(async () => {
    await Promise.all([engine?.close(), registry?.close()]);
    for (const path of disks) {
      execFileSync("umount", ["-l", path]);
      rmSync(path, { recursive: true, force: true });
    }
  });

  function fill(folder: string): () => void {
    const file = join(folder, "filler");
    for (const size of [1 << 20, 4096]) {
      try {
        for (;;) appendFileSync(file, Buffer.alloc(size));
      } catch {
        // Full.
      }
    }
    return () => rmSync(file, { force: true });
  }

  /** The same, and what becomes free is taken at once. */
  function keepFull(folder: string): () => void {
    const frees = [fill(folder)];
    const timer = setInterval(() => frees.push(fill(folder)), 10);
    return () => {
      clearInterval(timer);
      for (const free of frees) free();
    };
  }

  test.for(["create", "stop", "start", "fitness"])("of the engine, before %s: the old one runs", async (call) => {
    const made = await engine.docker.createContainer({
      name: call,
      Image: `${app}:1`,
      HostConfig: { NetworkMode: "none" },
    });
    await made.start();
    const { run, before, executor } = await stage(engine, mkdtempSync(join(tmpdir(), "fairlead-state-")));
    let free = () => {};
    let later: NodeJS.Timeout | undefined;
    before(call, () => {
      free = fill(disks[0] ?? "");
      // Somebody makes room while it is being put back.
      later = setTimeout(() => free(), 2_500);
    });
    const forceReason = "the guard for space would see it";
    const ended = await run({
      containerUpdate: { container: call, image: `${app}:2`, stableSeconds: 1, forceReason },
    });
    clearTimeout(later);
    free();
    expect([ended.status, ended.reason]).toEqual([expect.stringMatching(/^(SUCCEEDED|ROLLED_BACK)$/), ended.reason]);
    expect(await left(engine, call)).toEqual([`${call} running`]);
    expect((await engine.docker.getContainer(call).inspect()).Config.Image).toBe(
      `${app}:${ended.status === "SUCCEEDED" ? 2 : 1}`,
    );
    await executor.stop();
    await engine.docker.getContainer(call).remove({ force: true });
  });

  test("of the engine, for longer than anybody waits: tried until there is room, or until a person has had enough", async () => {
    const names = ["patient", "ended"] as const;
    const images = { image: `${app}:bad`, stableSeconds: 1, forceReason: "the guard for space would see it" };
    const stages = new Map<string, { stage: Stage; stateDir: string; ended: Promise<Ended> }>();
    let free = () => {};
    // All are at their gates, whose containers have fallen, before the disk is full.
    let atGate = 0;
    const full = Promise.withResolvers<void>();
    for (const name of names) {
      const HostConfig = { NetworkMode: "none", RestartPolicy: { Name: "always" } };
      const made = await engine.docker.createContainer({ name, Image: `${app}:1`, HostConfig });
      await made.start();
      const stateDir = mkdtempSync(join(tmpdir(), "fairlead-state-"));
      const one = await stage(engine, stateDir);
      one.before("fitness", async () => {
        if (++atGate === names.length) {
          free = keepFull(disks[0] ?? "");
          full.resolve();
        }
        await full.promise;
      });
      const ended = one.run({ containerUpdate: { container: name, ...images } }, randomUUID());
      stages.set(name, { stage: one, stateDir, ended });
    }
    const of = (name: string) => stages.get(name) as NonNullable<ReturnType<typeof stages.get>>;
    const shownOf = async (name: string) => {
      const collector = docker.create({ ...createHost(), dockerSocket: engine.socket, stateDir: of(name).stateDir });
      const readings = await collector.collect(Date.now(), AbortSignal.timeout(10_000));
      return readings
        .filter(({ key }) => key.startsWith(name))
        .map(({ key, state, attributes }) => [key, attributes?.name, state]);
    };
    const waits = (name: string) => () =>
      of(name).stage.messages.find((text) => /; tried \d+ times, again in/.test(text));
    onTestFinished(() => free());
    for (const name of names) await expect.poll(waits(name), { timeout: 60_000 }).toBeDefined();
    const said = waits("ended")() ?? "";
    expect(said).toMatch(
      /no space left on device; the old ended is exited.*docker start ended; tried \d+ times, again in/,
    );
    expect(await left(engine, "ended")).toEqual([expect.stringMatching(/^ended(-fairlead-old-\w+)? exited$/)]);
    // A person has had enough.
    of("ended").stage.cancel();
    const given = await of("ended").ended;
    expect(given).toMatchObject({
      status: "FAILED",
      reason: expect.stringMatching(/docker start ended; cancelled, it is not tried again$/),
      output: { downtimeMs: null, leftovers: [{ container: "ended", state: "exited" }] },
    });
    // What is still tried is the container that people know; a stop of the agent does not end it.
    expect((await shownOf("patient"))[0]?.slice(0, 2)).toEqual(["patient", "patient"]);
    await of("patient").stage.executor.stop();
    free();
    const again = await stage(engine, of("patient").stateDir);
    await expect.poll(() => again.executor.unconfirmed().length, { timeout: 60_000 }).toBe(1);
    const patient = endedOf(again.executor.unconfirmed()[0] ?? {});
    expect(patient).toMatchObject({ status: "ROLLED_BACK", reason: expect.stringMatching(/^the new container/) });
    expect(patient.output.downtimeMs).toBeGreaterThan(1_000);
    expect(await left(engine, "patient")).toEqual(["patient running"]);
    expect((await engine.docker.getContainer("patient").inspect()).HostConfig.RestartPolicy?.Name).toBe("always");
    // What nobody works at any more is shown as what it is.
    const old = "ended-fairlead-old-x1";
    await engine.docker.getContainer(String(given.output.oldId)).rename({ name: old });
    expect(await shownOf("ended")).toEqual([[old, old, "exited"]]);
    await Promise.all([again, ...[...stages.values()].map((one) => one.stage)].map(({ executor }) => executor.stop()));
    for (const name of ["patient", old]) await engine.docker.getContainer(name).remove({ force: true });
  });

  test("of the engine, when the new one is made: nothing of the old one was touched, and nothing else is said", async () => {
    const HostConfig = { NetworkMode: "none" };
    const made = await engine.docker.createContainer({ name: "unmade", Image: `${app}:1`, HostConfig });
    await made.start();
    const { run, before, executor } = await stage(engine, mkdtempSync(join(tmpdir(), "fairlead-state-")));
    let free = () => {};
    before("create", () => {
      free = fill(disks[0] ?? "");
    });
    const forceReason = "the guard for space would see it";
    const ended = await run({
      containerUpdate: { container: "unmade", image: `${app}:2`, stableSeconds: 1, forceReason },
    });
    free();
    expect(ended.status).toBe("ROLLED_BACK");
    expect(ended.reason).toMatch(/^can't create .*no space left on device$/);
    expect(await left(engine, "unmade")).toEqual(["unmade running"]);
    await executor.stop();
    await made.remove({ force: true });
  });

  test.for(["pull", "rename", "start", "commit"])(
    "of the journal, in the phase %s: the old one runs",
    async (phase) => {
      const name = `journal-${phase}`;
      const made = await engine.docker.createContainer({
        name,
        Image: `${app}:1`,
        HostConfig: { NetworkMode: "none" },
      });
      await made.start();
      const state = disk(1);
      const { run, onPhase, executor } = await stage(engine, state);
      let free = () => {};
      onPhase((now) => {
        if (now === phase) free = fill(state);
      });
      const forceReason = "too small for the guard";
      const ended = await run({
        containerUpdate: { container: name, image: `${app}:2`, stableSeconds: 1, forceReason },
      });
      if (phase === "commit") expect(ended).toMatchObject({ status: "SUCCEEDED" });
      else
        expect([ended.status, ended.reason]).toEqual([
          phase === "pull" ? "FAILED" : "ROLLED_BACK",
          expect.stringContaining(`the journal of commands in ${state}/commands can't be written: ENOSPC`),
        ]);
      expect(await left(engine, name)).toEqual([`${name} running`]);
      await executor.stop();
      // The end found room in place of the plan: nothing is done, or told, a second time.
      free();
      const again = await stage(engine, state);
      expect(again.executor.unconfirmed().map((result) => endedOf(result).reason)).toEqual([ended.reason]);
      expect(again.phases).toEqual([]);
      expect(await left(engine, name)).toEqual([`${name} running`]);
      await again.executor.stop();
      await engine.docker.getContainer(name).remove({ force: true });
    },
  );
});

/** Pushes an image of that architecture by hand, as no engine here would. */
async function pushForeign(address: string, repository: string, tag: string, architecture: string): Promise<void> {
  const base = `http://${address}/v2/${repository}`;
  const blob = async (content: Buffer) => {
    const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
    const begun = await fetch(`${base}/blobs/uploads/`, { method: "POST" });
    const place = new URL(begun.headers.get("location") ?? "", base);
    place.searchParams.set("digest", digest);
    const done = await fetch(place, { method: "PUT", body: new Uint8Array(content) });
    if (!done.ok) throw new Error(`blob: ${done.status} ${await done.text()}`);
    return { digest, size: content.length };
  };
  const tar = Buffer.alloc(1024);
  const layer = await blob(tar);
  const config = Buffer.from(
    JSON.stringify({
      architecture,
      os: "linux",
      config: { Cmd: ["/bin/true"] },
      rootfs: { type: "layers", diff_ids: [layer.digest] },
    }),
  );
  const types = "application/vnd.docker";
  const manifest = {
    schemaVersion: 2,
    mediaType: `${types}.distribution.manifest.v2+json`,
    config: { mediaType: `${types}.container.image.v1+json`, ...(await blob(config)) },
    layers: [{ mediaType: `${types}.image.rootfs.diff.tar`, ...layer }],
  };
  const body = JSON.stringify(manifest);
  const put = await fetch(`${base}/manifests/${tag}`, {
    method: "PUT",
    headers: { "content-type": manifest.mediaType },
    body,
  });
  if (!put.ok) throw new Error(`manifest: ${put.status} ${await put.text()}`);
}
