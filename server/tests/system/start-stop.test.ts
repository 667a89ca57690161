import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readStatus } from "../../../agent/src/control.ts";
import { npmStart, processesOf, type Start } from "./npm-start.ts";
import { until } from "./until.ts";
import { Api, alivePostmaster, freePorts } from "./world.ts";

const admin = { email: "admin@test.example", password: "correct horse battery" };
let folder: string;
let starts: Start[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fairlead-start-"));
  chmodSync(folder, 0o755);
  starts = [];
});

afterEach(async () => {
  for (const { pid } of processesOf(folder)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone meanwhile.
    }
  }
  await until("all ends", () => processesOf(folder).length === 0);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function start(env: Record<string, string>): Start {
  const started = npmStart(env);
  starts.push(started);
  return started;
}

function settings(dataDir: string, [http, grpc]: readonly [number, number]): Record<string, string> {
  return {
    FAIRLEAD_DATA_DIR: dataDir,
    FAIRLEAD_HTTP_PORT: String(http),
    FAIRLEAD_GRPC_PORT: String(grpc),
    FAIRLEAD_ADMIN_EMAIL: admin.email,
    FAIRLEAD_ADMIN_PASSWORD: admin.password,
  };
}

async function announced(started: Start): Promise<void> {
  await until(
    "npm start says that it runs, or ends",
    () => started.output().includes("Fairlead is running") || started.exitCode() !== undefined,
    { patienceMs: 90_000, explain: started.output },
  );
  expect({ code: started.exitCode(), output: started.output() }).toMatchObject({ code: undefined });
}

/** This host's server as the API shows it, once it has reported. */
async function thisHost(api: Api, since: number): Promise<{ id: string; state: string }> {
  return await until(
    "this host is shown",
    async () => {
      const { items } = await api.call("GET", "infrastructure/servers");
      return items.length === 1 && Date.parse(items[0].lastReportAt ?? "") > since ? items[0] : undefined;
    },
    { patienceMs: 60_000 },
  );
}

async function hostTimes(api: Api, serverId: string): Promise<number[]> {
  const { items } = await api.call("GET", `resources?server=${serverId}&kind=host`);
  const query = `series=${items[0].id}:load1&from=-1h&to=${Date.now() + 60_000}&resolution=raw&maxPoints=10000`;
  const { series } = await api.call("GET", `metrics?${query}`);
  const { at, avg } = series[0] as { at: number[]; avg: (number | null)[] };
  return at.filter((_, i) => avg[i] !== null);
}

test("npm start: runs, holds its directory, ends cleanly, comes back after kill -9", { timeout: 300_000 }, async () => {
  const dataDir = join(folder, "data");
  const ports = await freePorts();
  const env = settings(dataDir, ports);
  const url = `http://127.0.0.1:${ports[0]}`;
  let began = Date.now();
  const first = start(env);
  await announced(first);
  const page = await fetch(url);
  expect(page.headers.get("content-type")).toContain("text/html");
  expect(await page.text()).toContain("<title>");
  let api = await Api.signIn(url, admin);
  const { id } = await thisHost(api, began);
  await api.call("PATCH", `infrastructure/servers/${id}`, { intervalSeconds: 1 });

  // Another start on the same directory, and one on the same ports.
  const [second, third] = [
    start({ ...settings(dataDir, await freePorts()) }),
    start(settings(join(folder, "other"), ports)),
  ];
  const holder = readFileSync(join(dataDir, "server.lock"), "utf8").split(" ")[0];
  expect(await second.ended()).toBe(1);
  expect(lines(second)).toEqual([expect.stringMatching(`data is held by process ${holder} .*FAIRLEAD_DATA_DIR`)]);
  expect(await third.ended()).toBe(1);
  expect(lines(third)).toEqual([expect.stringMatching(`FAIRLEAD_HTTP_PORT .*port ${ports[0]} .*is taken`)]);

  const before = await until("some reports", async () => {
    const times = await hostTimes(api, id);
    return times.length > 3 ? times : undefined;
  });
  first.interrupt();
  expect(await first.ended()).toBe(0);
  expect(processesOf(folder)).toEqual([]);
  expect(alivePostmaster(dataDir)).toBeUndefined();

  began = Date.now();
  const again = start(env);
  await announced(again);
  api = await Api.signIn(url, admin);
  expect((await thisHost(api, began)).id).toBe(id);
  const after = await hostTimes(api, id);
  expect(after).toEqual(expect.arrayContaining(before));

  // kill -9 leaves the database and the agent behind.
  const server = Number(readFileSync(join(dataDir, "server.lock"), "utf8").split(" ")[0]);
  const postmaster = alivePostmaster(dataDir);
  const agent = (await readStatus(join(dataDir, "local-agent")))?.pid;
  const killedAt = Date.now();
  process.kill(server, "SIGKILL");
  await again.ended();
  expect(alivePostmaster(dataDir)).toBe(postmaster);
  began = Date.now();
  const last = start(env);
  await announced(last);
  const backAt = Date.now();
  expect(alivePostmaster(dataDir)).toBe(postmaster);
  api = await Api.signIn(url, admin);
  expect((await thisHost(api, began)).id).toBe(id);
  expect((await readStatus(join(dataDir, "local-agent")))?.pid).toBe(agent);
  await until("all is sent", async () => (await readStatus(join(dataDir, "local-agent")))?.spool.records === 0, {
    everyMs: 20,
  });
  // What was measured while no server was there has come, too.
  expect((await hostTimes(api, id)).filter((at) => at > killedAt && at < backAt).length).toBeGreaterThan(0);

  // Of the agent that it did not start itself it sees the end, too.
  process.kill(agent ?? 0, "SIGKILL");
  await until("another agent runs", async () => {
    const pid = await readStatus(join(dataDir, "local-agent")).then(
      (status) => status?.pid,
      () => undefined,
    );
    return pid !== undefined && pid !== agent;
  });

  last.interrupt();
  expect(await last.ended()).toBe(0);
  // The killed start's build of the agent binaries may still be at work: it ends by itself.
  expect(processesOf(folder).filter(({ command }) => !/build-agent|esbuild|build-sea/.test(command))).toEqual([]);
});

test("npm start: a wrong setting names itself", { timeout: 60_000 }, async () => {
  const started = start({ ...settings(join(folder, "data"), [1, 2]), FAIRLEAD_HTTP_PORT: "abc" });
  expect(await started.ended()).toBe(2);
  expect(lines(started)).toEqual([expect.stringMatching(/FAIRLEAD_HTTP_PORT.*"abc"/)]);
});

test.skipIf(process.getuid?.() !== 0)(
  "npm start: the database finds its way below a folder that is root's alone",
  { timeout: 180_000 },
  async () => {
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o700 });
    const ports = await freePorts();
    const started = start(settings(join(closed, "data"), ports));
    await announced(started);
    const api = await Api.signIn(`http://127.0.0.1:${ports[0]}`, admin);
    await thisHost(api, 0);
    started.interrupt();
    expect(await started.ended()).toBe(0);
    const cluster = readFileSync(join(closed, "data/cluster-id"), "utf8").trim();
    rmSync(join("/var/lib/fairlead", cluster), { recursive: true, force: true });
  },
);

/** What the program itself said, without npm's lines and the log. */
function lines(started: Start): string[] {
  return started
    .output()
    .split("\n")
    .filter((line) => line.startsWith("fairlead: "));
}
