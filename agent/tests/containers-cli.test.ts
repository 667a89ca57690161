import { execFileSync, type SpawnOptions, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommanderError } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CliError, type Io } from "../src/cli/command.ts";
import { createProgram } from "../src/cli/index.ts";
import { type AgentStatus, readStatus, serveControl } from "../src/control.ts";
import { createExecutor } from "../src/executor/create-executor.ts";
import type { JournalEntry } from "../src/executor/journal.ts";
import { createLog, errorText } from "../src/log.ts";
import { createRuntimes } from "../src/runtimes/index.ts";
import { lockFolder } from "../src/state-folder.ts";
import { type Dockerd, noDockerd, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";

type Ran = { code: number; out: string; err: string };

const forever = (says: string) =>
  `CMD ["/bin/busybox","sh","-c","trap \\"exit 0\\" TERM; ${says}; while :; do /bin/busybox sleep 0.05; done"]`;
const main = join(import.meta.dirname, "../src/main.ts");
const soon = { interval: 50 };

describe.skipIf(noDockerd !== undefined)(`containers at the terminal${noDockerd ? `: ${noDockerd}` : ""}`, () => {
  let engine: Dockerd;
  let registry: Registry;
  let app = "";
  const folders: string[] = [];
  let stateDir = "";

  beforeAll(async () => {
    [engine, registry] = await Promise.all([startDockerd(), startRegistry()]);
    app = `${registry.address}/app`;
    const images: [tag: string, changes: string[]][] = [
      ["1", [forever("echo out; echo err >&2"), "ENV RELEASE=1", "VOLUME /data"]],
      ["2", [forever(":"), "ENV RELEASE=2", "VOLUME /data", "EXPOSE 8080"]],
      ["bad", ['CMD ["/bin/busybox","sh","-c","echo I am broken; exit 3"]', "VOLUME /data"]],
    ];
    for (const [tag, changes] of images) {
      await engine.image("made:x", changes);
      await push(engine.docker, "made:x", `${app}:${tag}`);
    }
    for await (const _ of await engine.docker.pull(`${app}:1`));
    stateDir = newFolder();
  }, 60_000);

  afterEach(() => {
    process.exitCode = 0;
  });

  afterAll(async () => {
    await Promise.all([engine?.close(), registry?.close()]);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    process.exitCode = 0;
  });

  function newFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), "fairlead-containers-cli-"));
    folders.push(folder);
    return folder;
  }

  const envOf = (folder = stateDir) => ({
    PATH: process.env.PATH,
    FAIRLEAD_AGENT_CONFIG: "/dev/null",
    FAIRLEAD_AGENT_DOCKER_SOCKET: engine.socket,
    FAIRLEAD_AGENT_STATE_DIR: folder,
  });

  /** Runs a command in this process, as main.ts would. */
  async function cli(args: readonly string[], more: Partial<Io> & { folder?: string } = {}): Promise<Ran> {
    const { folder, ...io } = more;
    let out = "";
    process.exitCode = 0;
    const program = createProgram({
      out: (text) => {
        out += text;
      },
      env: envOf(folder),
      columns: 200,
      colour: false,
      signal: new AbortController().signal,
      ...io,
    });
    program.configureOutput({ writeErr: () => undefined });
    try {
      await program.parseAsync(["containers", ...args], { from: "user" });
      return { code: Number(process.exitCode), out, err: "" };
    } catch (error) {
      const code = error instanceof CliError ? error.code : error instanceof CommanderError ? 2 : 1;
      return { code, out, err: errorText(error) };
    }
  }

  /** Runs it as the program that it is. */
  function start(args: readonly string[], options: SpawnOptions & { folder?: string } = {}) {
    const child = spawn(process.execPath, [main, "containers", ...args], {
      env: envOf(options.folder),
      stdio: ["ignore", "pipe", "pipe"],
      ...options,
    });
    let out = "";
    let err = "";
    child.stdout?.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      err += chunk;
    });
    const ended = new Promise<Ran>((resolve) => {
      child.once("close", (code) => resolve({ code: code ?? -1, out, err }));
    });
    return { child, ended, output: () => out };
  }

  /** Runs it in this process; `press` presses Ctrl-C so often once it waits for the gate. */
  function atGate(args: readonly string[], folder: string) {
    let out = "";
    let interrupt = () => {};
    const ended = cli(args, {
      folder,
      out: (text) => {
        out += text;
      },
      hold: (onInterrupt) => {
        interrupt = onInterrupt;
        return () => undefined;
      },
    }).then((ran) => ({ ...ran, out }));
    const press = async (times: number) => {
      await expect.poll(() => out, soon).toMatch(/ gate /);
      for (let i = 0; i < times; i++) interrupt();
    };
    return { ended, press };
  }

  async function make(name: string, options: object = {}): Promise<string> {
    const made = await engine.docker.createContainer({
      name,
      Image: `${app}:1`,
      HostConfig: { NetworkMode: "none" },
      ...options,
    });
    await made.start();
    return made.id;
  }

  const inspect = (name: string) => engine.docker.getContainer(name).inspect();
  const imageOf = async (name: string) => (await inspect(name)).Config.Image;
  const remove = (name: string) => engine.docker.getContainer(name).remove({ force: true, v: true });
  const json = (ran: Ran) => JSON.parse(ran.out);

  function journal(folder = stateDir): JournalEntry[] {
    const dir = join(folder, "commands");
    const names = existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith(".json")) : [];
    return names.map((name) => JSON.parse(readFileSync(join(dir, name), "utf8")));
  }

  test("list, inspect and logs", async () => {
    await make("look", {
      Env: ["API_TOKEN=hidden-token", "URL=postgres://me:hidden-word@db/x"],
      Labels: { "fairlead.gate.tcp": ":8080", "com.docker.compose.project": "shop", "fairlead.update": "never" },
    });
    await make("look-rider", { HostConfig: { NetworkMode: "container:look" } });
    await engine.docker.createContainer({ name: "look-off", Image: `${app}:1` });

    const list = await cli([]);
    expect(list).toMatchObject({ code: 0, err: "" });
    expect(list.out).toMatch(new RegExp(`^look +running +${app}:1 +\\d+ m?s +\\d.* shop +- +[0-9a-f]{12}$`, "m"));
    expect(list.out).toContain("1 stopped: --all shows it");
    expect(list.out).not.toContain("look-off");
    const all = json(await cli(["--all", "--json"]));
    const states = all.containers.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`);
    expect(states).toEqual(["look running", "look-off created", "look-rider running"]);
    expect(await cli(["--runtime", "podman"])).toMatchObject({ code: 2, err: expect.stringMatching(/of docker$/) });
    expect((await cli(["ls", "--runtime", "docker"])).out).toContain("look-rider");

    const seen = await cli(["inspect", "look"]);
    expect(seen).toMatchObject({ code: 0, err: "" });
    for (const part of [
      "API_TOKEN=(not shown)",
      "postgres://me:(not shown)@db/x",
      "RELEASE=1",
      "(of the image)",
      "tcp :8080 within 60 s",
      "look-rider is recreated (network of look)",
      "look is labelled fairlead.update=never (label_never)",
      "anonymous volume",
    ]) {
      expect(seen.out).toContain(part);
    }
    expect(`${seen.out}${(await cli(["inspect", "look", "--json"])).out}`).not.toMatch(/hidden/);
    expect(json(await cli(["inspect", "look", "--raw"])).Config.Env).toContain("API_TOKEN=hidden-token");

    const log = await cli(["logs", "look"]);
    expect(log.out).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z out$/m);
    expect((await cli(["logs", "look", "--stream", "stderr", "--no-times"])).out).toBe("err\n");
    expect((await cli(["logs", "look", "--tail", "0"])).out).toBe("");
    expect((await cli(["logs", "look", "--since", "1970-01-02"])).out).toContain("out");
    expect(json(await cli(["logs", "look", "--stream", "stdout", "--json"]))).toMatchObject({
      stream: "stdout",
      text: "out",
    });
    await Promise.all(["look-rider", "look-off", "look"].map(remove));
  });

  test("one that needs somebody to look makes the list fail", async () => {
    const Healthcheck = { Test: ["CMD", "/bin/busybox", "sh", "-c", "echo no way; exit 1"], Interval: 1e8, Retries: 1 };
    await make("ill", { Healthcheck });
    await expect.poll(async () => (await inspect("ill")).State.Health?.Status, soon).toBe("unhealthy");
    const list = await cli([]);
    expect(list.code).toBe(1);
    expect(list.out).toMatch(/^ill +unhealthy/m);
    expect(list.out).toContain("ill:  unhealthy: no way");
    expect(await cli(["inspect", "ill"])).toMatchObject({ code: 1, out: expect.stringContaining("no way") });
    await remove("ill");
  });

  test("lines of a container do not steer the terminal", async () => {
    const says = "/bin/busybox printf '\\033[31mred\\tx\\r\\n\\033]0;title\\007\\n'; sleep 60";
    await make("rude", { Cmd: ["/bin/busybox", "sh", "-c", says] });
    await expect.poll(async () => (await cli(["logs", "rude", "--no-times"])).out, soon).not.toBe("");
    const { out } = await cli(["logs", "rude", "--no-times"]);
    expect(out).toBe("\\u001b[31mred\tx\n\\u001b]0;title\\u0007\n");
    expect((await cli(["logs", "rude", "--no-times", "--raw"])).out).toContain("\u001b[31mred\tx");
    await remove("rude");
  });

  test("following ends with Ctrl-C, and quietly when nobody reads", async () => {
    await make("talks", {
      Cmd: ["/bin/busybox", "sh", "-c", "while :; do echo tick; /bin/busybox usleep 20000; done"],
    });
    const { child, ended, output } = start(["logs", "-f", "talks"]);
    await expect.poll(output, soon).toContain("tick");
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 0, err: "" });
    const shell = `"${process.execPath}" "${main}" containers logs -f --no-times talks | head -n 2`;
    expect(execFileSync("sh", ["-c", shell], { env: envOf(), encoding: "utf8" })).toBe("tick\ntick\n");
    await remove("talks");
  });

  test("start, stop, pause, kill, remove", async () => {
    await make("power");
    const steps: [args: string[], code: number, said: RegExp][] = [
      [["pause", "power"], 0, /^power paused: paused$/m],
      [["unpause", "power"], 0, /^power goes on: running$/m],
      [["restart", "power", "--timeout", "5s"], 0, /^power restarted: running$/m],
      [["kill", "power", "-s", "hup"], 0, /^power signalled: /m],
      [["stop", "power"], 0, /^power stopped: exited$/m],
      [["start", "power", "--json"], 0, /^\{"ok":true,.*"state":"running"/m],
      [["rm", "power"], 2, /add --yes/],
      [["rm", "power", "--json"], 2, /add --yes/],
      [["rm", "power", "--yes"], 1, /running container/],
      [["rm", "power", "--yes", "--force", "-v"], 0, /^power removed$/m],
      [["start", "power"], 1, /No such container: power/],
    ];
    for (const [args, code, said] of steps) {
      const ran = await cli(args);
      expect([args, ran.code]).toEqual([args, code]);
      expect(`${ran.out}${ran.err}`).toMatch(said);
    }
    expect(journal().every(({ local, confirmedAt }) => local === true && confirmedAt > 0)).toBe(true);
  });

  test.for<[args: string[], said: RegExp]>([
    [["inspect"], /missing required argument 'name'/],
    [["inspect", "none-such"], /^no container "none-such": /],
    [["inspect", "a b"], /^NAME: "a b" is no container name/],
    [["logs", "none-such"], /^no container "none-such": /],
    [["logs", "x", "--tail", "-3"], /^--tail: "-3": give a number of lines, or all$/],
    [["logs", "x", "--since", "soon"], /^--since: "soon": give a time/],
    [["logs", "x", "--stream", "both"], /^--stream: "both": give stdout or stderr$/],
    [["stop", "x", "--timeout", "long"], /^--timeout: "long": give a time/],
    [["update", "x"], /missing required argument 'image'/],
    [["update", "x", "No Image"], /^IMAGE: "No Image" .*: give a reference like nginx:1.27$/],
    [["update", "x", "y:1", "--gate-http", "nowhere"], /^--gate-http: "nowhere": give the container's own port/],
    [["update", "x", "y:1", "--gate-http-status", "ok", "--gate-http", ":80"], /^--gate-http-status: "ok"/],
    [["update", "x", "y:1", "--gate-http-status", "200"], /^--gate-http: missing: give it too/],
    [["update", "x", "y:1", "--gate-tcp", "0"], /^--gate-tcp: "0": give the container's own port/],
    [["update", "x", "y:1", "--gate-exec", "a | b"], /^--gate-exec: "a \| b": .*JSON array/],
    [["update", "x", "y:1", "--stable", "1y"], /^--stable: "1y": give a time/],
    [["update", "x", "y:1", "--backup", "all"], /^--backup: "all": give a list out of volumes/],
    [["update", "x", "y:1", "--binds", "data"], /^--binds: "data": give paths/],
    [["update", "x", "y:1", "--force"], /^--force: needs its reason/],
    [["update", "x", "y:1", "--reason", "so"], /^--reason: is that of --force/],
    [["update", "x", "y:1"], /add --yes/],
    [["update", "x", "y:1", "--json"], /^with --json nobody is asked/],
    [["update-project", "shop", "web"], /^"web": give SERVICE=IMAGE/],
    [["update-project", "shop", "web=a", "web=b"], /^"web": is given twice/],
    [["restore", "../x", "--yes"], /^backup: "\.\.\/x" is no id/],
    [["no-such"], /unknown command|too many arguments/],
  ])("wrong use: %j", async ([args, said]) => {
    const ran = await cli(args);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(said);
    expect(ran.err).not.toContain("\n");
  });

  test("an engine that is not there is one line", async () => {
    const env = { ...envOf(), FAIRLEAD_AGENT_DOCKER_SOCKET: "/nonexistent/docker.sock" };
    for (const args of [[], ["inspect", "x"], ["logs", "x"], ["start", "x"]]) {
      const ran = await cli(args, { env });
      expect(ran.code).toBe(1);
      expect(ran.err).toMatch(/nonexistent|no container/);
    }
    const { code, err } = await start(["inspect", "x"], { env }).ended;
    expect(code).toBe(1);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  test("an update: plan, question, progress, end; then the way back", async () => {
    await make("web", { Env: ["DB_PASSWORD=hidden"], Labels: { "fairlead.stable": "1s" } });
    const plan = await cli(["update", "web", `${app}:2`, "--dry-run", "--gate-tcp", ":8080"]);
    expect(plan).toMatchObject({ code: 0, err: "" });
    for (const part of ["web        is updated", "~ env RELEASE: 1 -> 2", "+ exposedPort 8080/tcp", "pass tcp :8080"]) {
      expect(plan.out).toContain(part);
    }
    expect(plan.out).not.toContain("hidden");
    expect(json(await cli(["update", "web", `${app}:2`, "--dry-run", "--json"])).output.dryRun).toBe(true);
    expect(await imageOf("web")).toBe(`${app}:1`);

    const asked: string[] = [];
    const answering = (answer: string) => ({
      ask: async (question: string) => {
        asked.push(question);
        return answer;
      },
    });
    const no = await cli(["update", "web", `${app}:2`, "--stable", "1s"], answering("n"));
    expect(no).toMatchObject({ code: 1, err: "nothing was changed" });
    expect(asked).toEqual(["update web? [y/N] "]);
    const yes = await cli(["update", "web", `${app}:2`, "--stable", "1s"], answering("yes"));
    expect(yes).toMatchObject({ code: 0, err: "" });
    for (const phase of ["inspect", "pull", "create", "rename", "stop", "start", "gate", "commit"]) {
      expect(yes.out).toMatch(new RegExp(`^ *\\d+ m?s  ${phase}`, "m"));
    }
    expect(yes.out).toMatch(/^updated in \d+ s, it was down for \d+ m?s$/m);
    expect(await imageOf("web")).toBe(`${app}:2`);
    expect((await cli(["update", "web", `${app}:2`, "--yes"])).out).toContain("nothing to do");

    expect((await cli(["inspect", "web"])).out).toMatch(/roll-back +\d+ m?s ago: .*:1 -> .*:2, kept for 7 d/);
    const back = await cli(["rollback", "web", "--stable", "1s", "--yes"]);
    expect(back).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringMatching(/^rolled back to the image of before in/m),
    });
    expect(await imageOf("web")).toBe(`${app}:1`);
    expect(await cli(["rollback", "web"])).toMatchObject({ code: 2, err: expect.stringMatching(/add --yes/) });
    const entries = journal().filter(({ type }) => type === "container.update");
    expect(entries.every(({ local }) => local)).toBe(true);
    await remove("web");
  }, 20_000);

  test("a failing gate rolls back: exit 1, why, the last lines", async () => {
    const id = await make("stays");
    const broken = await cli(["update", "stays", `${app}:bad`, "--yes", "--stable", "1s"]);
    expect(broken.code).toBe(1);
    expect(broken.err).toMatch(/^the new container is exited after .* \(exit code 3\)$/);
    expect(broken.out).toMatch(/^rolled back after \d+ m?s, it was down for/m);
    expect(broken.out).toContain("I am broken");
    const gated = await cli(
      ["update", "stays", `${app}:2`, "--yes", "--stable", "1s", "--gate-exec", '["/bin/busybox","false"]'].concat([
        "--gate-timeout",
        "1s",
        "--json",
      ]),
    );
    expect(gated.code).toBe(1);
    expect(json(gated)).toMatchObject({ ok: false, status: "ROLLED_BACK", output: { gates: [{ passed: false }] } });
    expect((await inspect("stays")).Id).toBe(id);
    const missing = await cli(["update", "stays", `${app}:none`, "--yes"]);
    expect(missing).toMatchObject({ code: 1, err: expect.stringMatching(/nothing was changed$/) });
    await remove("stays");
  }, 20_000);

  test("a guard shows in the plan and gives way to force with a reason", async () => {
    await make("kept", { Labels: { "fairlead.update": "never" } });
    const refused = await cli(["update", "kept", `${app}:2`, "--yes"]);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/label_never\): force it with --force --reason TEXT/);
    const forced = await cli([
      "update",
      "kept",
      `${app}:2`,
      "--yes",
      "--stable",
      "1s",
      "--force",
      "--reason",
      "tried it elsewhere",
    ]);
    expect(forced).toMatchObject({ code: 0, err: "" });
    expect(forced.out).toContain("passed over: kept is labelled fairlead.update=never");
    await remove("kept");
  }, 20_000);

  test("a project", async () => {
    const labels = (service: string) => ({
      "com.docker.compose.project": "shop",
      "com.docker.compose.service": service,
    });
    await make("shop-web", { Labels: labels("web") });
    await make("shop-db", { Labels: labels("db") });
    const args = ["update-project", "shop", `web=${app}:2`, "--yes", "--stable", "1s"];
    expect(await cli(args)).toMatchObject({ code: 0, out: expect.stringContaining("shop-web  updated") });
    expect([await imageOf("shop-web"), await imageOf("shop-db")]).toEqual([`${app}:2`, `${app}:1`]);
    const wrong = await cli(["update-project", "shop", `cache=${app}:2`, "--yes"]);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/has no such service: it has .*db, web/) });
    await Promise.all(["shop-web", "shop-db"].map(remove));
  }, 20_000);

  test("backups: made, listed, read, put back, removed", async () => {
    const write = (text: string) => [
      "/bin/busybox",
      "sh",
      "-c",
      `echo ${text} > /data/note; trap "exit 0" TERM; while :; do /bin/busybox sleep 0.05; done`,
    ];
    await make("saves", { Cmd: write("precious") });
    const made = await cli(["backup", "saves", "--consistency", "live"]);
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(made.out).toMatch(/^saved in .*\n {2}backup +\S+\n {2}container +saves\n/m);
    expect(made.out).toMatch(/holds +volume [0-9a-f]{64}/);
    const id = /backup +(\S+)/.exec(made.out.slice(made.out.indexOf("saved in")))?.[1] ?? "";
    expect((await cli(["backups"])).out).toMatch(new RegExp(`^${id} +saves +complete .*config, volume`, "m"));
    expect((await cli(["backups", "other"])).out).toBe("no backups\n");
    expect((await cli(["inspect", "saves"])).out).toContain(id);
    expect(await cli(["verify", id])).toMatchObject({ code: 0, out: expect.stringMatching(/^sound in/m) });
    expect((await cli(["backups", "saves", "--json"])).out).toMatch(/"verifiedAt":1/);
    expect(await cli(["restore", id, "--name", "again"])).toMatchObject({ code: 2 });
    const restored = await cli(["restore", id, "--name", "again", "--no-start", "--yes"]);
    expect(restored).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringMatching(/^restored in .*\n(.*\n)* +container +again/m),
    });
    expect((await inspect("again")).State.Running).toBe(false);
    expect(await cli(["backup-rm", id, "--yes"])).toMatchObject({ code: 0, out: expect.stringContaining("removed") });
    expect(await cli(["verify", id])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/there is none of that id/),
    });
    await Promise.all(["saves", "again"].map(remove));
  }, 30_000);

  test("Ctrl-C in the middle puts everything back; further ones wait for it", async () => {
    const id = await make("cut");
    const { child, ended, output } = start(["update", "cut", `${app}:2`, "--yes", "--stable", "60s"]);
    await expect.poll(output, soon).toMatch(/ gate /);
    child.kill("SIGINT");
    child.kill("SIGINT");
    const { code, out, err } = await ended;
    expect(code).toBe(1);
    expect(out).toContain("cancelling: what was changed is put back");
    expect(out).toMatch(/^cancelled after /m);
    expect(err).toBe("fairlead-agent: cancelled\n");
    expect(await inspect("cut")).toMatchObject({ Id: id, State: { Running: true } });
    await remove("cut");
  }, 30_000);

  test("a terminal that goes away does not end it", async () => {
    await make("hung");
    const { child, ended, output } = start(["update", "hung", `${app}:2`, "--yes", "--stable", "2s"]);
    await expect.poll(output, soon).toMatch(/ stop /);
    child.kill("SIGHUP");
    child.stdout?.destroy();
    expect((await ended).code).toBe(0);
    expect(await imageOf("hung")).toBe(`${app}:2`);
    await remove("hung");
  }, 30_000);

  test("what a killed one left half-done is finished by the next", async () => {
    const folder = newFolder();
    await make("torn");
    const { child, ended, output } = start(["update", "torn", `${app}:2`, "--yes", "--stable", "3s"], { folder });
    await expect.poll(output, soon).toMatch(/ gate /);
    child.kill("SIGKILL");
    await ended;
    expect(await cli(["restart", "torn", "-t", "1s"], { folder })).toMatchObject({ code: 0 });
    expect(
      journal(folder)
        .map(({ type, outcome }) => `${type} ${outcome?.status}`)
        .sort(),
    ).toEqual([
      "container.restart SUCCEEDED",
      // The plan.
      "container.update SUCCEEDED",
      "container.update SUCCEEDED",
    ]);
    const all = await engine.docker.listContainers({ all: true, filters: { name: ["torn"] } });
    expect(all.map(({ Names }) => Names[0])).toEqual(["/torn"]);
    await remove("torn");
  }, 30_000);

  test.skipIf(!existsSync("/usr/bin/script"))("a person at a terminal is asked", async () => {
    await make("asked");
    const line = `"${process.execPath}" "${main}" containers rm asked --force`;
    const child = spawn("script", ["-qec", line, "/dev/null"], { env: envOf(), stdio: ["pipe", "pipe", "ignore"] });
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    const code = new Promise((resolve) => child.once("exit", resolve));
    await expect.poll(() => out, soon).toContain("remove asked? This can't be undone [y/N]");
    child.stdin.write("n\n");
    expect(await code).toBe(1);
    expect(out).toContain("fairlead-agent: nothing was changed");
    await remove("asked");
  });

  describe("where an agent runs", () => {
    const log = createLog("error");
    let stop: (() => Promise<void>) | undefined;
    let told: unknown[] = [];

    afterEach(async () => {
      await stop?.();
      stop = undefined;
    });

    async function agent(config: { allow: string[]; readOnly: boolean }) {
      const folder = newFolder();
      told = [];
      const runtimes = createRuntimes({ dockerSocket: engine.socket });
      const unlock = lockFolder(folder);
      const tell = (one: unknown) => void told.push(one);
      const executor = createExecutor({
        stateDir: folder,
        config,
        runtime: () => runtimes.get(""),
        runtimes,
        refresh: async () => ({}),
        events: { progress: tell, result: tell },
        log,
        now: Date.now,
      });
      const status = () => ({ version: "1.2.3", pid: process.pid }) as AgentStatus;
      const control = await serveControl(folder, {
        status,
        run: (command, events) => {
          executor.handleLocal(command, events);
          return () => executor.cancel(command.id ?? "");
        },
      });
      await executor.recover();
      stop = async () => {
        await executor.stop();
        await control.close();
        unlock();
      };
      return { folder, executor, control };
    }

    const allowAll = { allow: ["container.update", "container.restart", "container.rollback"], readOnly: false };

    test("it runs the command, journals it as local and tells the server nothing", async () => {
      await make("by-agent");
      const { folder, executor } = await agent(allowAll);
      const ran = await cli(["update", "by-agent", `${app}:2`, "--yes", "--stable", "1s"], { folder });
      expect(ran).toMatchObject({ code: 0, err: "" });
      expect(ran.out).toMatch(/ gate .*\n(.*\n)*updated in /);
      expect(await imageOf("by-agent")).toBe(`${app}:2`);
      expect(journal(folder).map(({ local }) => local)).toEqual([true, true]);
      expect(executor.unconfirmed()).toEqual([]);
      expect(told).toEqual([]);
      const back = await cli(["restart", "by-agent", "-t", "1s"], { folder });
      expect(back).toMatchObject({ code: 0, out: "by-agent restarted: running\n" });
      await remove("by-agent");
    }, 20_000);

    test("what the host does not allow is refused here too", async () => {
      const { folder } = await agent({ allow: ["container.start"], readOnly: false });
      const ran = await cli(["stop", "x"], { folder });
      expect(ran).toMatchObject({
        code: 1,
        err: expect.stringMatching(/^container.stop is refused: add it to "allow"/),
      });
      await stop?.();
      const readOnly = await agent({ ...allowAll, readOnly: true });
      const update = await cli(["update", "x", "y:1", "--yes"], { folder: readOnly.folder });
      expect(update).toMatchObject({ code: 1, err: expect.stringMatching(/this host is read-only/) });
    });

    test("Ctrl-C cancels there; a second one leaves it to the agent", async () => {
      const id = await make("cancelled");
      const { folder } = await agent(allowAll);
      for (const presses of [1, 2]) {
        const { ended, press } = atGate(["update", "cancelled", `${app}:2`, "--yes", "--stable", "60s"], folder);
        await press(presses);
        const { code, out, err } = await ended;
        expect([code, err.split(",")[0]]).toEqual([1, presses === 1 ? "cancelled" : "left to the agent"]);
        expect(out).toContain("cancelling: what was changed is put back");
        await expect.poll(() => journal(folder).every(({ outcome }) => outcome), soon).toBe(true);
        expect(await inspect("cancelled")).toMatchObject({ Id: id, State: { Running: true } });
      }
      await remove("cancelled");
    }, 30_000);

    test("one that is stopped meanwhile says so", async () => {
      await make("left");
      const { folder, executor, control } = await agent(allowAll);
      const { ended, press } = atGate(["update", "left", `${app}:2`, "--yes", "--stable", "60s"], folder);
      await press(0);
      await control.close();
      const { code, err } = await ended;
      expect(code).toBe(1);
      expect(err).toMatch(/the agent was stopped meanwhile: it finishes or undoes/);
      for (const { id } of journal(folder)) executor.cancel(id);
      await expect.poll(() => journal(folder).every(({ outcome }) => outcome), soon).toBe(true);
      await remove("left");
    }, 30_000);

    test("the socket answers those who ask otherwise", async () => {
      const { folder } = await agent(allowAll);
      expect(await readStatus(folder)).toMatchObject({ version: "1.2.3" });
      const answers = ["", "\n", '{"request":"status"}\n', "x\n", '{"request":"command","command":"!!!"}\n'].map(
        (line) => ask(folder, line),
      );
      const texts = await Promise.all(answers);
      expect(texts.slice(0, 4).every((text) => JSON.parse(text).version === "1.2.3")).toBe(true);
      expect(texts[4]).toMatch(/refused|unknown|does not know/);
      expect(await ask(folder, "y".repeat(3 << 20))).toBe("");
      expect(await readStatus(folder)).toBeDefined();
    });
  });

  function ask(folder: string, line: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(join(folder, "control.sock"));
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(text));
      if (line !== "") socket.write(line);
    });
  }

  test("where another one is at work, it says which", async () => {
    const folder = newFolder();
    const unlock = lockFolder(folder);
    const ran = await cli(["stop", "busy"], { folder });
    expect(ran).toMatchObject({
      code: 1,
      err: expect.stringContaining(`(pid ${process.pid}) is at work on ${folder}`),
    });
    unlock();
  });
});
