import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type AgentStatus, readStatus } from "../../../agent/src/control.ts";
import { type Command, Supervised } from "./supervised.ts";
import { until } from "./until.ts";

export const top = join(import.meta.dirname, "../../..");
const agentMain = join(top, "agent/src/main.ts");
/** Of every world. */
export const admin = { email: "admin@test.example", password: "correct horse battery" };

// biome-ignore lint/suspicious/noExplicitAny: tests look into any answer
type Json = any;

export type AgentOptions = {
  name: string;
  /** Put before the program, such as `ip netns exec NAME`. */
  prefix?: readonly string[];
  /** Host that it dials; default 127.0.0.1. */
  host?: string;
  /** Added to its clock, ms. */
  clockMs?: number;
  intervalSeconds?: number;
  /** Socket of the engine whose containers it watches; default: none. */
  dockerSocket?: string;
  /** Node's arguments and the bundle that it runs; default: the sources. */
  program?: readonly string[];
};

export type Agent = {
  name: string;
  serverId: string;
  stateDir: string;
  clockMs: number;
  process: Supervised;
  /** What it says of itself; undefined when it does not run. */
  status(): Promise<AgentStatus | undefined>;
  /** The command line of the agent, with its settings: `fairlead-agent ...`. */
  cli(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }>;
};

/** The API as a script uses it: with a token. */
export class Api {
  readonly #url: string;
  readonly #token: string;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  static async signIn(url: string, account: { email: string; password: string }): Promise<Api> {
    const post = (path: string, body: unknown, cookie = "") =>
      fetch(`${url}/api/v1/auth/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie },
        body: JSON.stringify(body),
      });
    const login = await post("login", account);
    if (!login.ok) throw new Error(`sign-in: ${login.status} ${await login.text()}`);
    const cookie = login.headers.get("set-cookie")?.split(";")[0];
    const made = await post("tokens", { name: "test", expiresInDays: 1 }, cookie);
    if (!made.ok) throw new Error(`token: ${made.status} ${await made.text()}`);
    return new Api(url, ((await made.json()) as { token: string }).token);
  }

  /** Calls below /api/v1. Throws for an answer that is no success. */
  async call(method: string, path: string, body?: unknown): Promise<Json> {
    const answer = await fetch(`${this.#url}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(10_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}

/** A real server with its own PostgreSQL and real agents, each a process with folders of its own. */
export class World {
  readonly folder: string;
  readonly dataDir: string;
  readonly agents: Agent[] = [];
  readonly server: Supervised;
  readonly httpPort: number;
  readonly grpcPort: number;
  #api: Api | undefined;
  #pool: pg.Pool | undefined;

  private constructor(folder: string, ports: readonly [number, number], run: (command: Command) => Supervised) {
    this.folder = folder;
    this.dataDir = join(folder, "server");
    [this.httpPort, this.grpcPort] = ports;
    this.server = run({
      name: "server",
      argv: [process.execPath, join(top, "server/src/main.ts")],
      cwd: folder,
      env: {
        FAIRLEAD_DATA_DIR: this.dataDir,
        FAIRLEAD_HTTP_PORT: String(this.httpPort),
        FAIRLEAD_GRPC_PORT: String(this.grpcPort),
        FAIRLEAD_ADMIN_EMAIL: admin.email,
        FAIRLEAD_ADMIN_PASSWORD: admin.password,
        DATABASE_URL: "",
      },
      log: join(folder, "server.log"),
    });
  }

  /** Resolves when the server is ready and an API token of its admin is in hand. `run`: what keeps it running. */
  static async start(run = (command: Command) => new Supervised(command)): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), "fairlead-system-"));
    // PostgreSQL's own account must pass.
    chmodSync(folder, 0o755);
    const world = new World(folder, await freePorts(), run);
    try {
      world.server.start();
      await world.ready();
      world.#api = await Api.signIn(world.url, admin);
      return world;
    } catch (error) {
      const tail = world.server.tail();
      await world.close();
      throw new Error(`server does not start:\n${tail}`, { cause: error });
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.httpPort}`;
  }

  async ready(patienceMs = 60_000): Promise<void> {
    await until("the server is ready", async () => (await fetch(`${this.url}/readyz`)).ok, {
      patienceMs,
      explain: () => `\n${this.server.tail()}`,
    });
  }

  /** Calls the API below /api/v1 as admin. Throws for an answer that is no success. */
  async api(method: string, path: string, body?: unknown): Promise<Json> {
    return await this.#api?.call(method, path, body);
  }

  /**
   * Enrols an agent through the API's token and starts it; resolves when it is connected. One after the other: of two
   * that enrol on one machine the second is a copy only while the first is connected.
   */
  async addAgent(options: AgentOptions): Promise<Agent> {
    const {
      name,
      prefix = [],
      host = "127.0.0.1",
      clockMs = 0,
      intervalSeconds = 1,
      dockerSocket,
      program = [agentMain],
    } = options;
    const stateDir = join(this.folder, name);
    const config = join(this.folder, `${name}.yaml`);
    const enrolment = await this.api("POST", "infrastructure/enrolment-tokens", {
      name,
      maxUses: 1,
      expiresInHours: 1,
      labels: {},
      group: "",
    });
    const caSha256 = /--ca-sha256 ([0-9a-f]{64})/.exec(enrolment.installCommand)?.[1];
    mkdirSync(stateDir, { mode: 0o700 });
    const settings = {
      server: `${host}:${this.grpcPort}`,
      caSha256,
      stateDir,
      docker: { socket: dockerSocket ?? join(this.folder, "none.sock") },
      // Forks other programs: a test of delivery needs none.
      disabledCollectors: dockerSocket === undefined ? ["inventory", "docker", "runtimes"] : ["inventory"],
      logLevel: "debug",
    };
    writeFileSync(config, JSON.stringify(settings));
    const clock = clockMs === 0 ? [] : ["--import", shiftedClock(clockMs)];
    const argv = [...prefix, process.execPath, ...clock, ...program, "--config", config];
    const enrolled = await execute([...argv, "enroll", "--json"], { FAIRLEAD_TOKEN: enrolment.token });
    if (enrolled.code !== 0) throw new Error(`${name} can't enrol: ${enrolled.stderr}`);
    const { serverId } = JSON.parse(enrolled.stdout) as { serverId: string };
    const agent: Agent = {
      name,
      serverId,
      stateDir,
      clockMs,
      process: new Supervised({ name, argv: [...argv, "run"], log: join(this.folder, `${name}.log`) }),
      status: () => readStatus(stateDir),
      cli: (...args) => execute([process.execPath, agentMain, "--config", config, ...args]),
    };
    this.agents.push(agent);
    await this.api("PATCH", `infrastructure/servers/${serverId}`, { name, intervalSeconds });
    agent.process.start();
    await until(`${name} is connected`, async () => (await this.serverRow(agent)).connected === true, {
      patienceMs: 60_000,
      explain: () => `\n${agent.process.tail()}`,
    });
    return agent;
  }

  /** Resolves when the agents' first reports are stored. */
  async reported(agents: readonly Agent[] = this.agents): Promise<void> {
    await Promise.all(
      agents.map((agent) =>
        until(`${agent.name} has reported`, async () => (await this.serverRow(agent)).lastReportAt !== null, {
          patienceMs: 60_000,
          explain: () => `\n${agent.process.tail()}`,
        }),
      ),
    );
  }

  serverRow(agent: Agent): Promise<Json> {
    return this.api("GET", `infrastructure/servers/${agent.serverId}`);
  }

  /** Straight into the server's database. */
  get pool(): pg.Pool {
    if (this.#pool === undefined) {
      const password = readFileSync(join(this.dataDir, "postgres-password"), "utf8").trim();
      const socket = join(this.dataDir, "run");
      this.#pool = new pg.Pool({ host: socket, user: "fairlead", password, database: "fairlead", max: 2 });
      this.#pool.on("error", () => {});
    }
    return this.#pool;
  }

  /** Ends all processes and removes the folder. */
  async close(): Promise<void> {
    await this.#pool?.end();
    await Promise.all(this.agents.map((agent) => agent.process.stop()));
    await this.server.stop(40_000);
    // Where the server could not end its database any more.
    const pid = alivePostmaster(this.dataDir);
    if (pid !== undefined) {
      process.kill(pid, "SIGQUIT");
      await until("PostgreSQL ends", () => alivePostmaster(this.dataDir) === undefined);
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Pid of the PostgreSQL that runs on that data directory. */
export function alivePostmaster(dataDir: string): number | undefined {
  try {
    const data = join(dataDir, "postgresql");
    const pid = Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(data) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Runs a program to its end. */
export function execute(
  argv: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const [program = "", ...args] = argv;
  return new Promise((resolve) => {
    const child = execFile(program, args, { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? (error === null ? 0 : -1), stdout, stderr: stderr || (error?.message ?? "") });
    });
    child.stdin?.end();
  });
}

/** A module that moves the clock of the process that imports it. */
function shiftedClock(ms: number): string {
  const source = `const now = Date.now; Date.now = () => now() + ${ms}; const Real = Date;
    globalThis.Date = class extends Real { constructor(...a) { if (a.length === 0) super(Real.now()); else super(...a); } };`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

/**
 * Two free ports, below those that the kernel gives to outgoing connections: they must still be free when a killed server
 * comes back.
 */
export async function freePorts(): Promise<[number, number]> {
  const found = new Set<number>();
  while (found.size < 2) {
    const port = randomInt(12_000, 32_000);
    if (await isFree(port)) found.add(port);
  }
  return [...found] as [number, number];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "0.0.0.0", () => server.close(() => resolve(true)));
  });
}
