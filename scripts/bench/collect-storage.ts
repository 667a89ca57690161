import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { fakeSmartctl, noCorpus, smartCorpus } from "../../agent/tests/fake-smartctl.ts";
import { buildAgent, execArgv } from "../build-agent.ts";

const drives = 24;
const pools = 4;
const rounds = 5;
/** How often a drive and a pool are read, seconds. */
const smartSeconds = 300;
const zfsSeconds = 60;

/**
 * CPU that a pass over 24 drives and 4 pools takes, all processes together: of drives by the built agent's own child, of
 * pools by the collector under the agent's flags. smartctl and zpool are scripts that replay recorded outputs, so that what
 * they take of it is told apart.
 */
export default async function bench(): Promise<Record<string, unknown>> {
  if (noCorpus !== "") return { skipped: noCorpus };
  const built = await buildAgent([process.arch === "arm64" ? "arm64" : "x64"]);
  const agent = Object.values(built)[0] as string;
  const smartctl = fakeSmartctl();
  const tools = mkdtempSync(join(tmpdir(), "fairlead-bench-storage-"));
  try {
    const recorded = readdirSync(smartCorpus)
      .filter((name) => name.endsWith(".json"))
      .map((name) => readFileSync(join(smartCorpus, name), "utf8"))
      .filter((text) => text.includes('"serial_number"'));
    const devices = Array.from({ length: drives }, (_, i) => ({
      name: `/dev/sd${letters(i)}`,
      type: "sat",
      protocol: "ATA",
    }));
    smartctl.scan(devices);
    for (const [i, { name }] of devices.entries()) {
      const out = JSON.parse(recorded[i % recorded.length] ?? "{}");
      // Each a drive of its own.
      smartctl.drive(name, { out: { ...out, serial_number: `BENCH-${i}`, device: { ...out.device, name } } });
    }
    writeZpool(tools);
    const root = join(tools, "root");
    for (const { name } of devices) put(root, `/sys/block/${name.slice("/dev/".length)}/size`, "7814037168");
    for (let i = 0; i < pools; i++) put(root, `/proc/spl/kstat/zfs/tank${i}/state`, "ONLINE");
    const env = { ...process.env, PATH: `${tools}:${process.env.PATH}` };
    const place = { program: smartctl.program, root, stateDir: null };
    const pass = JSON.stringify({ id: 1, input: { ...place, action: "pass", rescan: true, keep: false, only: null } });
    const child = (task: string, line: string) => medianOf(() => childCost(agent, task, line, env));
    const started = await child("echo", JSON.stringify({ id: 1, input: null }));
    const smart = await child("smart", pass);
    // Bundled: without a compiler Node can't strip types either.
    const zfsPass = join(tools, "zfs-pass.cjs");
    const entry = join(import.meta.dirname, "collect-storage-zfs.ts");
    await build({
      entryPoints: [entry],
      outfile: zfsPass,
      bundle: true,
      platform: "node",
      format: "cjs",
      logLevel: "error",
    });
    const times = (n: number) => median(() => cpuOf(process.execPath, [...execArgv, zfsPass, root, `${n}`], env));
    const zfs = (times(21) - times(1)) / 20;
    const scripts = scriptsCost(smartctl.program, join(tools, "zpool"), devices[0]?.name ?? "", env);
    return {
      drives,
      pools,
      smart_pass_cpu_ms: round(smart),
      of_that: { start_of_the_child_ms: round(started), replaying_smartctl_ms: round(scripts.smartctl * (drives + 1)) },
      zfs_pass_cpu_ms: round(zfs),
      of_that_replaying_zpool_ms: round(scripts.zpool * 2),
      share_of_a_core: Number((smart / 1000 / smartSeconds + zfs / 1000 / zfsSeconds).toFixed(5)),
    };
  } finally {
    smartctl.dispose();
    rmSync(tools, { recursive: true, force: true });
  }
}

/** CPU of a program and all it started, ms. */
function cpuOf(program: string, args: readonly string[], env: NodeJS.ProcessEnv): number {
  const script = 'TIMEFORMAT="%U %S"; { time "$@" >/dev/null; } 2>&1';
  const text = execFileSync("bash", ["-c", script, "bash", program, ...args], { env, encoding: "utf8" });
  const [user = 0, system = 0] = (text.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  return (user + system) * 1000;
}

/** CPU of a child of the agent that answers one line, and of all that it started, ms. */
async function childCost(agent: string, task: string, line: string, env: NodeJS.ProcessEnv): Promise<number> {
  const script = 'TIMEFORMAT="%U %S"; time "$@"';
  const run = spawn("bash", ["-c", script, "bash", agent, "internal-child", task], { env });
  let answer = "";
  let times = "";
  run.stderr.on("data", (chunk) => {
    times += chunk;
  });
  run.stdout.on("data", (chunk) => {
    answer += chunk;
    // It ends when nothing more can come.
    if (answer.endsWith("\n")) run.stdin.end();
  });
  run.stdin.write(`${line}\n`);
  await once(run, "close");
  if (!answer.includes('"result"')) throw new Error(`${task}: ${answer.slice(0, 300) || times}`);
  const [user = 0, system = 0] = (times.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  return (user + system) * 1000;
}

function scriptsCost(smartctl: string, zpool: string, device: string, env: NodeJS.ProcessEnv) {
  const call = ["--json=c", "-x", "-n", "standby,3", "-d", "sat", device];
  const many = (program: string, args: string[]) =>
    cpuOf("bash", ["-c", 'for i in 1 2 3 4 5 6 7 8 9 10; do "$@"; done', "bash", program, ...args], env) / 10;
  return { smartctl: many(smartctl, call), zpool: many(zpool, ["status"]) };
}

/** A zpool that knows four pools of raidz2, in the text form that all versions share. */
function writeZpool(folder: string): void {
  const names = Array.from({ length: pools }, (_, i) => `tank${i}`);
  const status = names.map(statusOf).join("\n\n");
  const rest = "95995948990464\t47997974495232\t47997974495232\t12\t1.00\tONLINE\t1234567890123456789";
  const list = names.map((name) => `${name}\t${rest}`).join("\n");
  const script = `#!/bin/sh
case "$1" in
  version|-V) echo zfs-2.1.11-1; exit 0 ;;
  status) case "$*" in *-j*) echo "invalid option 'j'" >&2; exit 2 ;; esac; cat <<'EOF'
${status}
EOF
  ;;
  list) cat <<'EOF'
${list}
EOF
  ;;
esac
`;
  for (const name of ["zpool", "zfs"]) {
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  }
}

function statusOf(name: string): string {
  const disks = Array.from({ length: 6 }, (_, i) => `\t    ata-DISK_${name}_${i}  ONLINE       0     0     0`);
  return `  pool: ${name}
 state: ONLINE
  scan: scrub repaired 0B in 05:12:41 with 0 errors on Sun Nov  8 05:36:42 2026
config:

\tNAME        STATE     READ WRITE CKSUM
\t${name}       ONLINE       0     0     0
\t  raidz2-0  ONLINE       0     0     0
${disks.join("\n")}

errors: No known data errors`;
}

function letters(i: number): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz";
  return alphabet[i] ?? `a${alphabet[i - 26]}`;
}

function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let i = 0; i < rounds; i++) values.push(await measure());
  return values.sort((a, b) => a - b)[rounds >> 1] ?? Number.NaN;
}

function median(measure: () => number): number {
  const values = Array.from({ length: rounds }, measure).sort((a, b) => a - b);
  return values[rounds >> 1] ?? Number.NaN;
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
