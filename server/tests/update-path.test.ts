import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Dockerd,
  noDockerd,
  push,
  type Registry,
  startDockerd,
  startRegistry,
} from "../../agent/tests/dockerd.ts";

const root = join(import.meta.dirname, "../..");
const forever = 'CMD ["/bin/busybox", "sh", "-c", "trap \'exit 0\' TERM; while :; do /bin/busybox sleep 0.1; done"]';
const check = (file: string) =>
  `HEALTHCHECK --interval=500ms --timeout=2s --retries=2 CMD ["/bin/busybox", "test", "-e", "${file}"]`;

type Command = {
  id: string;
  status: string;
  reason: string;
  output: Record<string, unknown> | null;
  events: { phase: string }[];
};
type Alert = { id: string; ruleName: string; resourceKey: string | null; state: string };
type Container = { name: string; image: string; state: string; health: string | null };

/** `npm start` on this machine with a private engine: an update that works, one that is broken, the alert about it. */
describe.skipIf(noDockerd !== undefined)(
  `an update end to end (${noDockerd ?? "npm start, dockerd, registry"})`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "fairlead-update-"));
    const composeFile = join(folder, "compose.yaml");
    chmodSync(folder, 0o755);
    const messages: { event: string; text: string }[] = [];
    const hook = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        messages.push({ event: (JSON.parse(body) as { event?: string }).event ?? "", text: body });
        response.end();
      });
    });
    let engine: Dockerd;
    let registry: Registry;
    let app: string;
    let start: ChildProcess;
    let base: string;
    let token: string;
    let server: string;

    beforeAll(async () => {
      [engine, registry] = await Promise.all([startDockerd(), startRegistry()]);
      app = `${registry.address}/shop/web`;
      for (const [tag, changes] of [
        ["1.0", [forever, check("/bin/busybox"), "VOLUME /data"]],
        ["1.1", [forever, check("/bin/busybox"), "VOLUME /data"]],
        ["1.2", [forever, check("/missing"), "VOLUME /data"]],
      ] as const) {
        await engine.image(`local:${tag}`, [...changes, `LABEL release=${tag}`]);
        await push(engine.docker, `local:${tag}`, `${app}:${tag}`);
      }
      await pull(`${app}:1.0`);
      writeFileSync(composeFile, `services:\n  web:\n    image: ${app}:1.0\n`);
      const made = await engine.docker.createContainer({
        name: "web",
        Image: `${app}:1.0`,
        Labels: {
          "com.docker.compose.project": "shop",
          "com.docker.compose.service": "web",
          "com.docker.compose.project.config_files": composeFile,
        },
        HostConfig: { RestartPolicy: { Name: "unless-stopped" } },
      });
      await made.start();
      await exec("echo kept > /data/order");

      hook.listen(0, "127.0.0.1");
      await once(hook, "listening");
      start = spawn(process.execPath, [join(root, "scripts/start.ts"), "--port", "0", "--grpc-port", "0"], {
        env: {
          ...process.env,
          FAIRLEAD_DATA_DIR: join(folder, "data"),
          FAIRLEAD_ADMIN_EMAIL: "ops@example.org",
          FAIRLEAD_ADMIN_PASSWORD: "correct horse battery",
          FAIRLEAD_LOG_LEVEL: "warn",
          DOCKER_HOST: `unix://${engine.socket}`,
        },
        stdio: ["ignore", "pipe", "inherit"],
      });
      base = await pageOf(start);
      const login = await fetch(`${base}/api/v1/auth/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: "ops@example.org", password: "correct horse battery" }),
      });
      const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
      const made2 = await fetch(`${base}/api/v1/auth/tokens`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie },
        body: JSON.stringify({ name: "test", expiresInDays: 1 }),
      });
      token = ((await made2.json()) as { token: string }).token;
      await api("POST", "/infrastructure/receivers", {
        name: "hook",
        kind: "webhook",
        config: { url: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/` },
      });
      server = (
        await until(async () => (await api<{ items: { id: string }[] }>("GET", "/infrastructure/servers")).items[0])
      ).id;
    }, 120_000);

    afterAll(async () => {
      start?.kill("SIGINT");
      if (start?.exitCode === null) await once(start, "exit");
      hook.close();
      await Promise.all([engine?.close(), registry?.close()]);
      rmSync(folder, { recursive: true, force: true });
    });

    test("the container is seen with its image, state, health and project", async () => {
      const web = await until(async () => {
        const found = await container();
        return found?.health === "healthy" ? found : undefined;
      });
      expect(web).toMatchObject({ name: "web", image: `${app}:1.0`, state: "running", composeProject: "shop" });
    });

    test("a newer tag replaces it, its data stays", async () => {
      const done = await update("1.1");
      expect(done).toMatchObject({ status: "succeeded", reason: "" });
      expect(done.events.map((e) => e.phase)).toEqual(
        expect.arrayContaining(["pull", "create", "stop", "start", "gate"]),
      );
      expect(JSON.stringify(done.output)).toContain(`${composeFile}:3`);
      expect(await exec("cat /data/order")).toContain("kept");
      await until(async () => (await container())?.image === `${app}:1.1`);
    }, 60_000);

    test("a broken tag is rolled back; an alert fires and clears, each told once", async () => {
      const done = await update("1.2");
      expect(done.status).toBe("rolled_back");
      expect(done.reason).toMatch(/health/);
      const web = await until(async () => {
        const found = await container();
        return found?.image === `${app}:1.1` && found.state === "running" ? found : undefined;
      });
      expect(web.name).toBe("web");
      expect((await engine.docker.listContainers({ all: true })).length).toBe(1);
      expect(await exec("cat /data/order")).toContain("kept");

      const fired = await until(async () =>
        (await alerts()).find((a) => a.resourceKey === "web" && a.state !== "pending"),
      );
      const cleared = await until(
        async () => (await alerts()).find((a) => a.id === fired.id && a.state === "resolved"),
        90_000,
      );
      expect(cleared.state).toBe("resolved");
      await until(async () => messages.filter((m) => m.text.includes("web")).length >= 2, 60_000);
      expect(messages.filter((m) => m.text.includes(fired.id) && m.text.includes('"firing"')).length).toBe(1);
      expect(messages.filter((m) => m.text.includes(fired.id) && m.text.includes('"resolved"')).length).toBe(1);
    }, 180_000);

    test.each([
      ["no such container", { container: "nope", image: "x:1" }, "failed", /nope/],
      ["no such image", { container: "web", image: "127.0.0.1:1/none:9" }, "failed", /127\.0\.0\.1:1\/none:9/],
    ])("%s is said in one line", async (_name, args, status, reason) => {
      const done = await run("container.update", args);
      expect(done.status).toBe(status);
      expect(done.reason).toMatch(reason);
      expect(done.reason).not.toContain("\n");
    });

    async function update(tag: string): Promise<Command> {
      return run("container.update", { container: "web", image: `${app}:${tag}`, stableSeconds: 2 });
    }

    async function run(type: string, args: Record<string, unknown>): Promise<Command> {
      const { id } = await api<Command>("POST", "/commands", { serverId: server, type, args });
      return until(async () => {
        const command = await api<Command>("GET", `/commands/${id}`);
        return ["succeeded", "failed", "rolled_back", "expired", "cancelled"].includes(command.status)
          ? command
          : undefined;
      }, 60_000);
    }

    async function container(): Promise<Container | undefined> {
      const { items } = await api<{ items: Container[] }>("GET", "/containers");
      return items.find((c) => c.name === "web");
    }

    async function alerts(): Promise<Alert[]> {
      return (await api<{ items: Alert[] }>("GET", "/infrastructure/alerts")).items;
    }

    async function api<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
      const answer = await fetch(`${base}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return JSON.parse(text) as T;
    }

    async function pull(image: string): Promise<void> {
      const stream = await engine.docker.pull(image);
      await new Promise((resolve, reject) =>
        engine.docker.modem.followProgress(stream, (error: Error | null) =>
          error ? reject(error) : resolve(undefined),
        ),
      );
    }

    async function exec(script: string): Promise<string> {
      const made = await engine.docker.getContainer("web").exec({
        Cmd: ["/bin/busybox", "sh", "-c", `PATH=/bin; ${script.replace(/^(cat|echo)/, "/bin/busybox $1")}`],
        AttachStdout: true,
      });
      const stream = await made.start({});
      let text = "";
      for await (const chunk of stream) text += chunk;
      return text;
    }
  },
);

function pageOf(start: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    start.stdout?.on("data", (chunk) => {
      text += chunk;
      const url = /Page\s+(http:\S+)/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    });
    start.on("exit", (code) => reject(new Error(`npm start ended with ${code}: ${text}`)));
  });
}

async function until<T>(probe: () => Promise<T | undefined | false>, patienceMs = 30_000): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`did not happen within ${patienceMs / 1000} s: ${probe}`);
    await delay(100);
  }
}
