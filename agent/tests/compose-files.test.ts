// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so compose writes its variables
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHost, type Host } from "../src/host/host.ts";
import { type Dockerd, noEngine, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";
import { type EngineVersion, engineRoot } from "./engines.ts";
import { endedOf, forever, type Stage, stage } from "./update-stage.ts";

const run = promisify(execFile);

describe.each(["26", "28"] as const)("compose files are edited, engine %s", (version) => {
  const compose = composeOf(version);
  const missing = noEngine(version) ?? (compose === undefined ? "its compose plugin is missing" : undefined);

  describe.skipIf(missing !== undefined)(missing ?? "real", { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "fairlead-compose-files-"));
    let engine: Dockerd;
    let registry: Registry;
    let app = "";
    let actor: Stage;
    let blind: Stage;

    beforeAll(async () => {
      [engine, registry] = await Promise.all([startDockerd(version), startRegistry()]);
      app = `${registry.address}/app`;
      for (const tag of ["1", "2", "3"]) {
        await engine.image("made:x", [forever, `ENV RELEASE=${tag}`]);
        await push(engine.docker, "made:x", `${app}:${tag}`);
      }
      const edits = { composeFiles: "edit" as const };
      actor = await stage(engine, mkdtempSync(join(folder, "state-")), undefined, { ...hostWith(compose), ...edits });
      blind = await stage(engine, mkdtempSync(join(folder, "state-")), undefined, { ...hostWith(undefined), ...edits });
    }, 60_000);

    afterAll(async () => {
      await Promise.all([actor?.executor.stop(), blind?.executor.stop()]);
      await Promise.all([engine?.close(), registry?.close()]);
      rmSync(folder, { recursive: true, force: true });
    });

    /** A project in a folder of its own, up. */
    async function project(name: string, files: Record<string, string>, args: string[] = []) {
      const at = join(folder, name);
      mkdirSync(at, { recursive: true });
      for (const [file, text] of Object.entries(files)) writeFileSync(join(at, file), text);
      const up = async () => {
        const line = [...args, "--ansi=never", "--progress=plain", "up", "-d"];
        const env = { PATH: process.env.PATH, DOCKER_HOST: `unix://${engine.socket}`, HOME: folder };
        return (await run(compose ?? "", line, { cwd: at, env })).stderr;
      };
      await up();
      const ids = async () => {
        const all = await engine.docker.listContainers({ all: true });
        const own = all.filter(({ Labels }) => Labels["com.docker.compose.project"] === name);
        return Object.fromEntries(own.map(({ Names, Id }) => [Names[0]?.slice(1), Id]));
      };
      /** What the next `up` makes anew. */
      const anew = async () => {
        const before = await ids();
        await up();
        const after = await ids();
        return Object.keys(after).filter((one) => before[one] !== after[one]);
      };
      return { at, ids, anew, text: (file: string) => readFileSync(join(at, file), "utf8") };
    }

    const update = (who: Stage, container: string, image: string, more: object = {}) =>
      who.run({ containerUpdate: { container, image, stableSeconds: 1, ...more } });

    test("the line is written, the next up finds nothing to do; a roll-back writes it back", async () => {
      const text = `\uFEFF# ours\r\nname: plain\r\nservices:\r\n  web:\r\n    image: "${app}:1"   # pinned\r\n    env_file: web.env\r\n    volumes: [kept:/kept]\r\n  db: {image: ${app}:1}\r\nvolumes: {kept: {}}`;
      const { at, anew, text: read } = await project("plain", { "compose.yaml": text, "web.env": "MINE=$$x y\n" });
      const edit = { file: join(at, "compose.yaml"), line: 5, from: `${app}:1`, to: `${app}:2` };

      const planned = await update(actor, "plain-web-1", `${app}:2`, { dryRun: true });
      expect(planned.output.plan).toMatchObject({ composeFiles: [edit], warnings: [] });
      expect(read("compose.yaml")).toBe(text);

      const ended = await update(actor, "plain-web-1", `${app}:2`);
      expect(ended).toMatchObject({ status: "SUCCEEDED", output: { composeFiles: [{ ...edit, changed: true }] } });
      expect(ended.output.warning).toBeUndefined();
      expect(read("compose.yaml")).toBe(text.replace(`"${app}:1"`, `"${app}:2"`));
      expect(await anew()).toEqual([]);

      const back = await actor.run({ containerRollback: { container: "plain-web-1" } });
      expect(back).toMatchObject({ status: "SUCCEEDED", reason: "" });
      expect(read("compose.yaml")).toBe(text);
      expect(await anew()).toEqual([]);
      expect(readdirSync(at).sort()).toEqual(["compose.yaml", "web.env"]);
    });

    test("a variable of the env file that several services share changes with all of them", async () => {
      const text = `services:\n  web:\n    image: ${app}:\${TAG:?}\n  work:\n    image: ${app}:\${TAG}\n    profiles: [more]\n    scale: 2\n`;
      const files = { "compose.yaml": text, "own.env": "# all\nexport TAG='1' # now\nOTHER=2\n" };
      const args = ["--env-file", "own.env", "--profile", "more"];
      const { at, anew, text: read } = await project("shared", files, args);

      const alone = await update(actor, "shared-web-1", `${app}:2`);
      expect(alone.output.warning).toBe(
        `${at}/own.env:2 still says TAG=1 (not edited: the service work uses TAG too): write 2 there, else the next "docker compose up" goes back`,
      );
      expect(await anew()).toEqual(["shared-web-1"]);

      const images = { web: `${app}:2`, work: `${app}:2` };
      const ended = await actor.run({ projectUpdate: { project: "shared", images, stableSeconds: 1 } });
      expect(ended).toMatchObject({ status: "SUCCEEDED", reason: "" });
      expect(ended.output.warning).toBeUndefined();
      expect(read("own.env")).toBe(files["own.env"].replace("'1'", "'2'"));
      expect(read("compose.yaml")).toBe(text);
      expect(await anew()).toEqual([]);
    });

    // What follows is the agent's own doing: one version of compose is enough.
    if (version !== "28") return;

    test("of several files the last that names the image is written", async () => {
      const override = `services:\n  web:\n    image: ${app}:2\n`;
      const files = { "a.yaml": `services:\n  web: {image: ${app}:1}\n`, "b.yaml": override };
      const { anew, text: read } = await project("several", files, ["-f", "a.yaml", "-f", "b.yaml"]);
      const ended = await update(actor, "several-web-1", `${app}:3`);
      expect(ended.output.warning).toBeUndefined();
      expect(read("b.yaml")).toBe(override.replace(":2\n", ":3\n"));
      expect(read("a.yaml")).toBe(files["a.yaml"]);
      expect(await anew()).toEqual([]);
    });

    test("without the plugin the line is written, and the next up makes that container anew, once", async () => {
      const { anew, text: read } = await project("blind", {
        "compose.yaml": `services:\n  web: {image: ${app}:1}\n  db: {image: ${app}:1}\n`,
      });
      const ended = await update(blind, "blind-web-1", `${app}:2`);
      expect(ended.output.warning).toBe(
        'the next "docker compose up" makes blind-web-1 anew once, with the same image: the docker compose plugin is not on this host',
      );
      expect(read("compose.yaml")).toContain(`web: {image: ${app}:2}`);
      expect(await anew()).toEqual(["blind-web-1"]);
      expect(await anew()).toEqual([]);
      const { Config } = await engine.docker.getContainer("blind-web-1").inspect();
      expect(Config.Image).toBe(`${app}:2`);
    });

    test("a file that says otherwise, is changed meanwhile, or names replicas that stay is left alone", async () => {
      const text = `services:\n  web:\n    image: ${app}:1\n    scale: 2\n  db:\n    image: ${app}:1\n`;
      const { at, text: read } = await project("left", { "compose.yaml": text });
      const one = await update(actor, "left-web-1", `${app}:2`);
      expect(one.output.warning).toContain("compose.yaml:3 still says");
      expect(one.output.warning).toContain("(not edited: left-web-2 is of the same service and keeps its image)");

      actor.onPhase((phase) => {
        if (phase === "commit") writeFileSync(join(at, "compose.yaml"), text.replace(/:1\n$/, ":9\n"));
      });
      const raced = await update(actor, "left-db-1", `${app}:2`);
      actor.onPhase(() => {});
      expect(raced).toMatchObject({
        status: "SUCCEEDED",
        output: { changed: true, composeFiles: [{ changed: false }] },
      });
      expect(raced.output.warning).toContain("it says something else by now");
      expect(read("compose.yaml")).toBe(text.replace(/:1\n$/, ":9\n"));

      const drifted = await update(actor, "left-db-1", `${app}:3`, { dryRun: true });
      expect(drifted.output.plan).toMatchObject({
        composeFiles: [],
        warnings: [
          `left-db-1 runs ${app}:2, but ${at}/compose.yaml:6 says image: ${app}:9: write ${app}:3 there, else the next "docker compose up" takes that`,
        ],
      });
    });

    test.each([
      ["before the line was written", "1"],
      ["after it", "2"],
    ])("an agent that ended %s finds it in its journal", async (when, says) => {
      const name = `ended-${says}`;
      const text = (tag: string) => `services:\n  web:\n    image: ${app}:${tag}\n`;
      const { at, anew, text: read } = await project(name, { "compose.yaml": text("1") });
      const [state, again] = [mkdtempSync(join(folder, "state-")), mkdtempSync(join(folder, "state-"))];
      const host = { ...hostWith(compose), composeFiles: "edit" as const };
      const first = await stage(engine, state, undefined, host);
      mkdirSync(join(again, "commands"));
      // As the journal stands when the commit begins.
      first.onPhase((phase, id) => {
        if (phase === "commit") cpSync(join(state, "commands", `${id}.json`), join(again, "commands", `${id}.json`));
      });
      expect(await update(first, `${name}-web-1`, `${app}:2`)).toMatchObject({ status: "SUCCEEDED" });
      await first.executor.stop();
      writeFileSync(join(at, "compose.yaml"), text(says));

      const second = await stage(engine, again, undefined, host);
      const [ended] = second.executor.unconfirmed().map(endedOf);
      await second.executor.stop();
      expect(ended, when).toMatchObject({
        status: "SUCCEEDED",
        output: { composeFiles: [{ changed: true, line: 3 }] },
      });
      expect(read("compose.yaml")).toBe(text("2"));
      expect(await anew()).toEqual([]);
    });

    test("who wrote the new image before the update is spared the second creation too", async () => {
      const {
        at,
        anew,
        text: read,
      } = await project("ahead", { "compose.yaml": `services:\n  web:\n    image: ${app}:1\n` });
      const text = `services:\n  web:\n    image: ${app}:2\n`;
      writeFileSync(join(at, "compose.yaml"), text);
      const ended = await update(actor, "ahead-web-1", `${app}:2`);
      expect(ended.output.warning).toBeUndefined();
      expect(ended.output.composeFiles).toBeUndefined();
      expect(read("compose.yaml")).toBe(text);
      expect(await anew()).toEqual([]);
    });

    test("the label says no, or asks in vain where the settings do not allow it", async () => {
      const web = (label: string) =>
        `services:\n  web:\n    image: ${app}:1\n    labels: {fairlead.compose-file: ${label}}\n`;
      const kept = await project("kept", { "compose.yaml": web("ignore") });
      const silent = await update(actor, "kept-web-1", `${app}:2`);
      expect(silent.output.warning).toBeUndefined();
      expect(kept.text("compose.yaml")).toBe(web("ignore"));

      const strict = await stage(engine, mkdtempSync(join(folder, "state-")), undefined, hostWith(compose));
      const asking = await project("asking", { "compose.yaml": web("edit") });
      const refused = await update(strict, "asking-web-1", `${app}:2`);
      await strict.executor.stop();
      expect(refused.output.warning).toContain(`(not edited: composeFiles of the agent's settings is "warn")`);
      expect(asking.text("compose.yaml")).toBe(web("edit"));
    });

    test("a label that leads to other files opens none of them", async () => {
      const secret = join(folder, "shadow");
      const text = `services:\n  web:\n    image: \${PASSWORD}\n`;
      writeFileSync(secret, "root:$y$secret\nPASSWORD=hunter2\n", { mode: 0o600 });
      writeFileSync(join(folder, "hostile.yaml"), text);
      const labels = {
        "com.docker.compose.project": "hostile",
        "com.docker.compose.service": "web",
        "com.docker.compose.project.config_files": `${join(folder, "hostile.yaml")},/dev/zero,${secret},/proc/self/mem`,
        "com.docker.compose.project.working_dir": folder,
        "com.docker.compose.project.environment_file": secret,
      };
      const hostile = { name: "hostile", Image: `${app}:1`, Labels: labels, HostConfig: { NetworkMode: "none" } };
      await (await engine.docker.createContainer(hostile)).start();
      const ended = await update(actor, "hostile", `${app}:2`);
      expect(ended).toMatchObject({ status: "SUCCEEDED", reason: "" });
      expect(JSON.stringify(ended)).not.toMatch(/hunter2|\$y\$/);
      expect(ended.output.warning).toContain("hostile.yaml:3 says image: ${PASSWORD}");
      expect(readFileSync(secret, "utf8")).toBe("root:$y$secret\nPASSWORD=hunter2\n");
    });
  });
});

/** This machine, where the plugin of that engine lies at its usual place, or none does. */
function hostWith(plugin: string | undefined): Host {
  const host = createHost();
  const place = "/usr/libexec/docker/cli-plugins/docker-compose";
  return {
    ...host,
    linkCount: (path) => {
      if (!path.endsWith("/docker-compose")) return host.linkCount(path);
      return path === place && plugin !== undefined ? 1 : undefined;
    },
    run: (file, args, options) =>
      host.run(
        file,
        args.map((word) => (word === place ? (plugin ?? "") : word)),
        options,
      ),
  };
}

function composeOf(version: EngineVersion): string | undefined {
  const path = join(engineRoot(version) ?? "/nowhere", "usr/libexec/docker/cli-plugins/docker-compose");
  return existsSync(path) ? path : undefined;
}
