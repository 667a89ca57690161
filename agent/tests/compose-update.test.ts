import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dockerd, noEngine, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";
import { type EngineVersion, engineRoot } from "./engines.ts";
import { forever, pulled, type Stage, stage } from "./update-stage.ts";

const run = promisify(execFile);

describe.each(["26", "28"] as const)("updates beside docker compose, engine %s", (version) => {
  const compose = composeOf(version);
  const missing = noEngine(version) ?? (compose === undefined ? "its compose plugin is missing" : undefined);

  describe.skipIf(missing !== undefined)(missing ?? "real", { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "fairlead-compose-"));
    const file = join(folder, "compose.yaml");
    let engine: Dockerd;
    let registry: Registry;
    let actor: Stage;
    let app = "";

    beforeAll(async () => {
      [engine, registry] = await Promise.all([startDockerd(version), startRegistry()]);
      app = `${registry.address}/app`;
      for (const tag of ["1", "2"]) {
        await engine.image("made:x", [forever, `ENV RELEASE=${tag}`, "VOLUME /data", "LABEL release=x"]);
        await push(engine.docker, "made:x", `${app}:${tag}`);
      }
      await release("1");
      actor = await stage(engine, mkdtempSync(join(folder, "state-")));
    }, 60_000);

    afterAll(async () => {
      await actor?.executor.stop();
      await Promise.all([engine?.close(), registry?.close()]);
      rmSync(folder, { recursive: true, force: true });
    });

    /** Lets the floating tag mean that release in the registry alone. */
    async function release(tag: string): Promise<void> {
      await pulled(engine, `${app}:${tag}`);
      await push(engine.docker, `${app}:${tag}`, `${app}:stable`);
    }

    function write(image: string): void {
      writeFileSync(
        file,
        `name: shop
services:
  web:
    image: ${image}
    environment: {MINE: "yes"}
    volumes: [kept:/kept]
    networks: [inner]
    depends_on: {db: {condition: service_started, restart: true}}
  db:
    image: ${app}:1
    networks: [inner]
  side:
    image: ${app}:1
    network_mode: service:web
volumes: {kept: {}}
networks: {inner: {}}
`,
      );
    }

    async function up(): Promise<string> {
      const { stderr } = await run(compose ?? "", ["-f", file, "--ansi=never", "up", "-d"], {
        env: { ...process.env, DOCKER_HOST: `unix://${engine.socket}`, HOME: folder },
      });
      return stderr;
    }

    const ids = async () =>
      Object.fromEntries(
        (await engine.docker.listContainers({ all: true })).map(({ Names, Id }) => [Names[0]?.slice(1), Id]),
      );

    test("the same tag: what compose finds afterwards it leaves alone", async () => {
      write(`${app}:stable`);
      await up();
      await release("2");
      const image = `${app}:stable`;
      const ended = await actor.run({ projectUpdate: { project: "shop", images: { web: image }, stableSeconds: 1 } });
      expect(ended).toMatchObject({ status: "SUCCEEDED", reason: "" });
      expect(ended.output.warning).toBeUndefined();
      const before = await ids();
      expect(Object.keys(before).sort()).toEqual(["shop-db-1", "shop-side-1", "shop-web-1"]);
      expect(await up()).toMatch(/web-1 +Running/);
      const after = await ids();
      // What shares a namespace has the other one's id in its hash: compose makes it anew whenever that one is new.
      expect({ ...after, "shop-side-1": "" }).toEqual({ ...before, "shop-side-1": "" });
      expect(await up()).not.toMatch(/Recreat|Creat|Start/);
      expect(await ids()).toEqual(after);
      expect((await engine.docker.getContainer("shop-web-1").inspect()).Config.Env).toContain("RELEASE=2");
    });

    test("another tag: the result tells which line of which file says otherwise", async () => {
      const ended = await actor.run({
        projectUpdate: { project: "shop", images: { web: `${app}:1` }, stableSeconds: 1 },
      });
      expect(ended.output.warning).toBe(
        `${file}:4 still says image: ${app}:stable: write ${app}:1 there, else the next "docker compose up" goes back`,
      );
      // Nobody's file is written but by its owner.
      expect(readFileSync(file, "utf8")).toContain(`image: ${app}:stable`);
    });
  });
});

function composeOf(version: EngineVersion): string | undefined {
  const path = join(engineRoot(version) ?? "/nowhere", "usr/libexec/docker/cli-plugins/docker-compose");
  return existsSync(path) ? path : undefined;
}
