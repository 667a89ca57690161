import { createServer } from "node:http";
import { Readable } from "node:stream";
import { parseImageReference } from "@fairlead/shared/image-reference";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDocker } from "../src/runtimes/docker.ts";
import type { ContainerRuntime } from "../src/runtimes/runtime.ts";
import { noDockerd, noEngine, push, startDockerd, startRegistry } from "./dockerd.ts";
import { noPodman, type Podman, startPodman } from "./podman.ts";

const signal = () => AbortSignal.timeout(30_000);
const versions = [undefined, "26", "28", "podman"] as const;

describe.for(versions)("engine %s", (version) => {
  const podman = version === "podman";
  const missing = podman ? (noPodman ?? noDockerd) : version === undefined ? noDockerd : noEngine(version);
  const app = podman ? "localhost/app:1" : "app:1";
  describe.skipIf(missing !== undefined)(`what an engine does beside replacing${missing ? `: ${missing}` : ""}`, () => {
    let engine: Pick<Podman, "socket" | "docker" | "image" | "close">;
    let runtime: ContainerRuntime;
    let id = "";

    beforeAll(async () => {
      engine = version === "podman" ? await startPodman() : await startDockerd(version);
      await engine.image("app:1", ['CMD ["/bin/busybox","sleep","1000"]', "VOLUME /anon"]);
      runtime = await openDocker({ socket: engine.socket }, signal());
      const made = await engine.docker.createContainer({
        name: "web",
        Image: app,
        Cmd: [
          "/bin/busybox",
          "sh",
          "-c",
          "echo one; echo two >&2; trap 'exit 3' HUP; while :; do /bin/busybox sleep 0.1; done",
        ],
        HostConfig: { NetworkMode: "none", Binds: ["named:/named"] },
      });
      id = made.id;
      await made.start();
    }, 60_000);

    afterAll(() => engine?.close());

    test("the log of both streams with its times, followed until it ends", async () => {
      const texts: string[] = [];
      const done = new AbortController();
      const stream = await runtime.logStream(id, { tail: 100, sinceMs: 0, follow: true }, done.signal);
      try {
        for await (const { stream: name, data } of stream) {
          texts.push(`${name} ${Buffer.from(data).toString().trim()}`);
          if (texts.length === 2) done.abort();
        }
      } catch {
        // Aborted.
      }
      expect(texts.map((text) => text.replace(/ \S+Z /, " ")).sort()).toEqual(["stderr two", "stdout one"]);
      const last: string[] = [];
      for await (const { data } of await runtime.logStream(id, { tail: 1, sinceMs: 0, follow: false }, signal())) {
        last.push(Buffer.from(data).toString());
      }
      expect(last).toHaveLength(1);
    });

    test("a program in the container: output apart, input, exit code, none of that name", async () => {
      const out: string[] = [];
      const take = (stream: string, chunk: Uint8Array) => void out.push(`${stream}:${Buffer.from(chunk).toString()}`);
      const command = ["/bin/busybox", "sh", "-c", "/bin/busybox cat; echo no >&2; exit 7"];
      const stdin = Readable.from([Buffer.from("a"), Buffer.alloc(300_000, "b")]);
      const ended = await runtime.exec(id, { command, stdin }, take, signal());
      expect(ended).toEqual({ exitCode: 7 });
      const text = out
        .filter((line) => line.startsWith("stdout:"))
        .map((line) => line.slice(7))
        .join("");
      expect([text.length, text.slice(0, 2)]).toEqual([300_001, "ab"]);
      expect(out.filter((line) => line.startsWith("stderr:"))).toEqual(["stderr:no\n"]);
      const silent = await runtime.exec(id, { command: ["/bin/busybox", "true"], env: ["A=b"] }, take, signal());
      expect(silent).toEqual({ exitCode: 0 });
      const none = await runtime.exec(id, { command: ["/no/such"] }, () => {}, signal()).catch((e: Error) => e);
      if (none instanceof Error) expect(none.message).toMatch(/no such file/);
      else expect(none.exitCode).toBeGreaterThan(100);
    });

    test("a program that does not end is left at the signal", async () => {
      const command = ["/bin/busybox", "sleep", "1000"];
      await expect(runtime.exec(id, { command }, () => {}, AbortSignal.timeout(300))).rejects.toThrow();
    });

    test("files in and out, a stopped container's volumes too", async () => {
      await runtime.exec(
        id,
        { command: ["/bin/busybox", "sh", "-c", "echo data >/named/f; echo anon >/anon/g"] },
        () => {},
        signal(),
      );
      const other = await engine.docker.createContainer({
        name: "other",
        Image: app,
        HostConfig: { NetworkMode: "none", Binds: ["copy:/named"] },
      });
      const tar = await runtime.archiveOut(id, "/named/.", signal());
      await runtime.archiveIn(other.id, "/named", tar, signal());
      const back: Buffer[] = [];
      for await (const chunk of await runtime.archiveOut(other.id, "/named/f", signal())) back.push(Buffer.from(chunk));
      expect(Buffer.concat(back).toString()).toContain("data\n");
      await expect(runtime.archiveOut(id, "/none", signal())).rejects.toMatchObject({ code: "not_found" });
      await runtime.remove(other.id, { force: true, volumes: true }, signal());
      await runtime.remove(other.id, { force: true, volumes: true }, signal());
    });

    test("pause, resume, signals", async () => {
      await runtime.pause(id, signal());
      expect((await runtime.describe(id, signal())).state).toBe("paused");
      await runtime.unpause(id, signal());
      await runtime.kill(id, "SIGHUP", signal());
      await expect.poll(async () => (await runtime.describe(id, signal())).state).toBe("exited");
      expect((await runtime.describe(id, signal())).exitCode).toBe(3);
      await runtime.start(id, signal());
    });

    test("images, volumes, networks and what they take", async () => {
      const images = await runtime.images(signal());
      expect(images.find(({ tags }) => tags.includes(app))?.sizeBytes).toBeGreaterThan(100_000);
      const volumes = await runtime.volumes(signal());
      const named = volumes.find(({ name }) => name === "named");
      expect(named).toMatchObject({ driver: "local", anonymous: false });
      expect(volumes.some(({ anonymous }) => anonymous)).toBe(true);
      const networks = await runtime.networks(signal());
      expect(networks.filter(({ builtin }) => builtin).map(({ name }) => name)).toContain(podman ? "bridge" : "none");
      const usage = await runtime.diskUsage(signal());
      expect(usage.imagesBytes).toBeGreaterThan(100_000);
      expect([...usage.volumes.keys()]).toContain("named");
      expect((await runtime.info(signal())).rootDir).toMatch(/fairlead-(dockerd|podman)/);
    });

    test("pruning takes anonymous volumes and never named ones", async () => {
      await runtime.createVolume({ name: "keep-me", labels: { a: "b" } }, signal());
      expect(await runtime.findVolume("keep-me", signal())).toMatchObject({ labels: { a: "b" } });
      expect(await runtime.findVolume("none-such", signal())).toBeUndefined();
      const lost = await engine.docker.createContainer({ Image: app, HostConfig: { NetworkMode: "none" } });
      const { Mounts } = await lost.inspect();
      await lost.remove();
      expect((await runtime.prune("volumes", signal())).removed).toBeGreaterThan(0);
      expect(await runtime.findVolume(Mounts[0]?.Name ?? "", signal())).toBeUndefined();
      expect(await runtime.findVolume("keep-me", signal())).toBeDefined();
      await runtime.removeVolume("keep-me", signal());
      const gone = await engine.docker.createContainer({ name: "stopped", Image: app });
      expect((await runtime.prune("containers", signal())).removed).toBeGreaterThan(0);
      await expect(runtime.describe(gone.id, signal())).rejects.toMatchObject({ code: "not_found" });
    });

    test("a tag that keeps an image, taken away again", async () => {
      await runtime.tagImage(app, "fairlead/rollback", "x1", signal());
      expect((await runtime.images(signal())).flatMap(({ tags }) => tags)).toContain("fairlead/rollback:x1");
      await runtime.removeImage("fairlead/rollback:x1", { force: false }, signal());
      await runtime.removeImage("fairlead/rollback:x1", { force: false }, signal());
      expect((await runtime.images(signal())).flatMap(({ tags }) => tags)).toContain(app);
    });

    test("pruning takes images that nothing uses", async () => {
      await engine.image("idle:1", ['CMD ["/bin/busybox","true"]']);
      const left = async () => (await runtime.images(signal())).flatMap(({ tags }) => tags);
      expect((await left()).some((tag) => tag.endsWith("idle:1"))).toBe(true);
      await runtime.prune("dangling-images", signal());
      expect((await left()).some((tag) => tag.endsWith("idle:1"))).toBe(true);
      expect((await runtime.prune("unused-images", signal())).removed).toBeGreaterThan(0);
      expect(await left()).toContain(app);
      expect((await left()).some((tag) => tag.endsWith("idle:1"))).toBe(false);
      await runtime.prune("networks", signal());
    });

    test("pull from a registry, with its progress", async () => {
      const registry = await startRegistry();
      try {
        await push(engine.docker, app, `${registry.address}/app:2`);
        const parsed = parseImageReference(`${registry.address}/app:2`);
        if (!parsed.ok) throw new Error(parsed.error);
        let told = 0;
        const pulled = await runtime.pullImage(parsed.reference, () => told++, signal());
        expect(pulled.digests[0]).toMatch(/@sha256:/);
        expect(told).toBeGreaterThan(0);
      } finally {
        await registry.close();
      }
    });
  });
});

test("an engine that sends garbage where frames should be is told of", async () => {
  const server = createServer((request, response) => {
    if (request.url?.includes("/json")) response.end(JSON.stringify({ Id: "x", Name: "/x", Config: { Tty: false } }));
    else if (request.url?.includes("/version")) response.end(JSON.stringify({ Version: "1", ApiVersion: "1.41" }));
    else response.end("this is no frame at all, is it?");
  });
  const socket = `/tmp/fairlead-garbage-${process.pid}.sock`;
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  try {
    const runtime = await openDocker({ socket }, signal());
    const stream = await runtime.logStream("x", { tail: 1, sinceMs: 0, follow: false }, signal());
    const all = async () => {
      for await (const _ of stream);
    };
    await expect(all()).rejects.toThrow("not multiplexed");
    await expect(runtime.images(signal())).rejects.toThrow();
  } finally {
    server.close();
  }
});
