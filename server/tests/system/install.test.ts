import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildAgent } from "../../../scripts/build-agent.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

let world: World;
/** Hands on what the server answers, but one byte of the agent is another. */
let damaging: Server;
let folder: string;

beforeAll(async () => {
  await buildAgent(["x64"]);
  world = await World.start();
  damaging = createServer(async (request, answer) => {
    const found = await fetch(`${world.url}${request.url}`);
    const body = Buffer.from(await found.arrayBuffer());
    if (request.url?.endsWith("/linux-x64")) body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
    answer.writeHead(found.status).end(body);
  });
  await new Promise<void>((resolve) => damaging.listen(0, "127.0.0.1", resolve));
  folder = mkdtempSync(join(tmpdir(), "fairlead-install-"));
}, 240_000);

afterAll(async () => {
  damaging?.close();
  await world?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}, 60_000);

type Done = { code: number | null; output: string; commands: string[] };

/** Runs the script as a pipe from curl would; notes the command line of every process below it. */
async function install(
  shell: readonly string[],
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Done> {
  const script = await (await fetch(`${world.url}/install.sh`)).text();
  const [program = "", ...first] = shell;
  const child = spawn(program, [...first, "-s", "--", ...args], { env: { ...process.env, ...env } });
  let output = "";
  let code: number | null | undefined;
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  child.on("close", (exit) => {
    code = exit;
  });
  child.stdin.end(script);
  const commands = new Set<string>();
  await until(
    "install.sh ends",
    () => {
      for (const command of commandLines(child)) commands.add(command);
      return code !== undefined;
    },
    { patienceMs: 90_000, everyMs: 5, explain: () => output },
  );
  return { code: code ?? null, output, commands: [...commands] };
}

/** Command lines of a process and those below it. */
function commandLines(root: ChildProcess): string[] {
  const found: string[] = [];
  const queue = [root.pid];
  for (const pid of queue) {
    try {
      found.push(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim());
      for (const task of readdirSync(`/proc/${pid}/task`)) {
        const children = readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim();
        if (children !== "") queue.push(...children.split(" ").map(Number));
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

async function token(maxUses = 1): Promise<{ token: string; args: string[] }> {
  const made = await world.api("POST", "infrastructure/enrolment-tokens", {
    name: "install",
    maxUses,
    expiresInHours: 1,
    labels: {},
    group: "",
  });
  const ca = /--ca-sha256 ([0-9a-f]{64})/.exec(made.installCommand)?.[1] ?? "";
  return { token: made.token, args: ["--server", `localhost:${world.grpcPort}`, "--ca-sha256", ca] };
}

/** Every file below a folder with its content's sum, mode and time. */
function snapshot(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const { mode, mtimeMs } = statSync(file);
      const sum = entry.isFile() ? createHash("sha256").update(readFileSync(file)).digest("hex") : "";
      return `${file} ${mode.toString(8)} ${mtimeMs} ${sum}`;
    })
    .sort();
}

function has(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}

const shells = [["dash"], ["busybox", "sh"]].map((shell) => {
  const [program = ""] = shell;
  const missing = has(program) ? (has("curl") || has("wget") ? undefined : "neither curl nor wget") : `no ${program}`;
  return { name: shell.join(" "), shell, missing };
});

for (const { name, shell, missing } of shells) {
  describe.skipIf(missing !== undefined)(
    `install.sh under ${name}${missing === undefined ? "" : ` (${missing})`}`,
    () => {
      let prefix: string;
      beforeAll(() => {
        prefix = join(folder, name.replace(" ", "-"));
        mkdirSync(prefix);
        chmodSync(prefix, 0o755);
      });
      const at = (path: string) => join(prefix, path);

      test("--dry-run changes nothing", async () => {
        const { args } = await token();
        const { code, output } = await install(shell, [...args, "--prefix", prefix, "--dry-run"]);
        expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("would download") });
        expect(snapshot(prefix)).toEqual([]);
      });

      test("a download with a flipped byte is refused", async () => {
        const { token: secret, args } = await token();
        const url = `http://127.0.0.1:${(damaging.address() as AddressInfo).port}`;
        const { code, output } = await install(shell, [...args, "--prefix", prefix, "--url", url], {
          FAIRLEAD_TOKEN: secret,
        });
        expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining("damaged or was tampered with") });
        expect(snapshot(prefix)).toEqual([]);
      });

      test("installs and enrols with the token in no argument, then a second run keeps everything", async () => {
        const { token: secret, args } = await token();
        const first = await install(shell, [...args, "--prefix", prefix], { FAIRLEAD_TOKEN: secret });
        expect(first).toMatchObject({ code: 0, output: expect.stringMatching(/enrolled as [0-9a-f-]{36}/) });
        expect(first.commands.some((command) => command.includes("enroll"))).toBe(true);
        expect(first.commands.filter((command) => command.includes(secret))).toEqual([]);
        expect(first.output).not.toContain(secret);
        expect(readFileSync(at("etc/fairlead-agent.yaml"), "utf8")).not.toContain(secret);
        expect(statSync(at("var/lib/fairlead-agent/key.pem")).mode & 0o777).toBe(0o600);
        expect(statSync(at("var/lib/fairlead-agent")).mode & 0o777).toBe(0o700);
        const id = /enrolled as ([0-9a-f-]{36})/.exec(first.output)?.[1];
        expect((await world.api("GET", `infrastructure/servers/${id}`)).state).toBe("never_seen");

        const config = readFileSync(at("etc/fairlead-agent.yaml"), "utf8");
        const identity = snapshot(at("var"));
        const again = await install(shell, [...args, "--prefix", prefix]);
        expect(again).toMatchObject({ code: 0, output: expect.stringMatching(/up to date[\s\S]*enrolled already/) });
        expect(snapshot(at("var"))).toEqual(identity);
        expect(readFileSync(at("etc/fairlead-agent.yaml"), "utf8")).toBe(config);
      });

      test("--enroll-again gets a new identity", async () => {
        const before = readFileSync(at("var/lib/fairlead-agent/key.pem"), "utf8");
        const { token: secret, args } = await token();
        const { code, output } = await install(shell, [...args, "--prefix", prefix, "--enroll-again"], {
          FAIRLEAD_TOKEN: secret,
        });
        expect({ code, output }).toMatchObject({ code: 0, output: expect.stringMatching(/enrolled as/) });
        expect(readFileSync(at("var/lib/fairlead-agent/key.pem"), "utf8")).not.toBe(before);
      });

      test("a wrong pin, and what else a user can get wrong, is named", async () => {
        const { token: secret, args } = await token();
        const [, server = "", , ca = ""] = args;
        const other = join(folder, `${name.replace(" ", "-")}-other`);
        const wrong = await install(shell, ["--server", server, "--ca-sha256", "0".repeat(64), "--prefix", other], {
          FAIRLEAD_TOKEN: secret,
        });
        expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining("0".repeat(64)) });
        expect(existsSync(join(other, "var/lib/fairlead-agent/cert.pem"))).toBe(false);
        const cases: [string[], RegExp][] = [
          [["--server", server, "--ca-sha256", ca.slice(1)], /--ca-sha256 .*63/],
          [["--ca-sha256", ca], /--server is missing/],
          [["--server", "host", "--ca-sha256", ca], /--server host: must be HOST:PORT/],
          [[...args, "--token", "x"], /process list/],
          [[...args, "--colour"], /unknown option --colour/],
        ];
        for (const [given, said] of cases) {
          const { code, output } = await install(shell, [...given, "--prefix", other]);
          expect({ code, output: output.trim() }).toEqual({ code: 2, output: expect.stringMatching(said) });
          expect(output.trim().split("\n")).toHaveLength(1);
        }
      });

      test("--uninstall keeps identity and settings, --purge takes them", async () => {
        const kept = await install(shell, ["--uninstall", "--prefix", prefix]);
        expect(kept).toMatchObject({ code: 0, output: expect.stringContaining("are kept") });
        expect(existsSync(at("usr/local/bin/fairlead-agent"))).toBe(false);
        expect(existsSync(at("var/lib/fairlead-agent/key.pem"))).toBe(true);
        const gone = await install(shell, ["--uninstall", "--purge", "--prefix", prefix]);
        expect(gone.code).toBe(0);
        expect(readdirSync(prefix, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toEqual(
          [],
        );
      });
    },
  );
}
