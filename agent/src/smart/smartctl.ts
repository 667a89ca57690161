import { type Drive, parseScan, parseSmartctl, type ScannedDevice } from "smartctl-parser";
import { NotHere } from "../collectors/collector.ts";
import { Hung } from "../host/guard.ts";
import type { Finished, Host } from "../host/host.ts";
import { errorText } from "../log.ts";
import type { DrivePath } from "./stored-drive.ts";

/** What smartctl said of a drive: `text` is its JSON. Asleep: it was left alone. Failed: in one line why. */
export type Answer =
  | { kind: "read"; drive: Drive; text: string }
  | { kind: "asleep"; unsure?: boolean }
  | { kind: "failed"; reason: string; hung: boolean; drive?: Drive };

export type Smartctl = {
  /** Devices as `smartctl --scan` lists them, which opens no drive. Throws one line. */
  scan(signal: AbortSignal): Promise<{ devices: ScannedDevice[]; version: string | null }>;
  /** All that the drive says, unless it sleeps. Never rejects. */
  read(path: DrivePath, signal: AbortSignal): Promise<Answer>;
  /** Whether there is a drive at all, and who it is. Never rejects. */
  probe(path: DrivePath, signal: AbortSignal): Promise<Answer>;
  /** Any other request; the exit status and what smartctl said. Rejects when it can't be run. */
  ask(path: DrivePath, args: readonly string[], signal: AbortSignal): Promise<{ code: number; said: string }>;
  /** True while a smartctl that was given up still hangs on that device. */
  isStuck(path: DrivePath): boolean;
};

const scanMs = 30_000;
/** A drive that recovers from an error can take most of a minute for one command. */
const usualReadMs = 45_000;
const maxBytes = 4 * 1024 * 1024;
const awake = ["-n", "standby,3"];
const flights = new Map<string, Promise<void>>();
const nothing = () => undefined;

/** smartctl at that path. Versions from 7.0 on: older ones give no JSON. */
export function createSmartctl(host: Host, program: string, readMs = usualReadMs): Smartctl {
  /** Two requests for one device wait for each other; a smartctl that was given up and lives on refuses the next. */
  async function run(
    args: readonly string[],
    flight: string,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<Finished> {
    const before = flights.get(flight) ?? Promise.resolve();
    const mine = before.then(() => host.run(program, args, { deadlineMs, maxBytes, signal, flight }));
    const settled = mine.then(nothing, nothing);
    flights.set(flight, settled);
    try {
      return await mine;
    } finally {
      if (flights.get(flight) === settled) flights.delete(flight);
    }
  }

  async function look(path: DrivePath, what: string, signal: AbortSignal): Promise<Answer> {
    try {
      const args = ["--json=c", what, ...awake, ...typeOf(path), path.name];
      return answerOf(await run(args, flightOf(path), readMs, signal));
    } catch (error) {
      const hung = error instanceof Hung || /: no end within /.test(errorText(error));
      return { kind: "failed", reason: errorText(error).replaceAll(program, "smartctl").slice(0, 300), hung };
    }
  }

  return {
    async scan(signal) {
      const done = await run(["--scan", "--json=c"], "smartctl --scan", scanMs, signal).catch(explainStart);
      const scan = parseScan(done.stdout);
      if (!scan.ok) throw new Error(tooOld(done) ?? `${scan.error}${ending(done)}`);
      return {
        devices: scan.devices,
        version: /"version":\s*\[\s*(\d+),\s*(\d+)/.exec(done.stdout)?.slice(1, 3).join(".") ?? null,
      };
    },

    read: (path, signal) => look(path, "-x", signal),

    probe: (path, signal) => look(path, "-i", signal),

    async ask(path, args, signal) {
      const done = await run(["--json=c", ...args, ...typeOf(path), path.name], flightOf(path), readMs, signal);
      if (done.code === null) throw new Error(`smartctl was ended by ${done.signal}`);
      const parsed = parseSmartctl(done.stdout);
      const said = parsed.ok ? parsed.drive.messages.map(({ text }) => text).join(" ") : parsed.error;
      return { code: done.code, said: said.replace(/\s+/g, " ").slice(0, 300) };
    },

    isStuck(path) {
      const pids = host.readDir("/proc")?.filter((name) => /^\d+$/.test(name)) ?? [];
      return pids.some((pid) => isSmartctlOn(readQuietly(host, `/proc/${pid}/cmdline`), path));
    },
  };
}

/** What the outcome of reading a drive tells. Any exit status but one without data comes with data. */
export function answerOf(done: Finished): Answer {
  const fail = (reason: string, drive?: Drive): Answer => ({
    kind: "failed",
    reason: reason.replace(/\s+/g, " ").trim().slice(0, 300),
    hung: false,
    ...(drive === undefined ? {} : { drive }),
  });
  const parsed = parseSmartctl(done.stdout);
  if (!parsed.ok) return fail(tooOld(done) ?? `${parsed.error}${ending(done)}`);
  const { drive } = parsed;
  if (done.signal !== null) return fail(`smartctl was ended by ${done.signal}`);
  if (drive.power === "standby") return { kind: "asleep" };
  const { model, serial, wwn } = drive.identity;
  const nameless = model === null && serial === null && wwn === null;
  if (!drive.hasData && (drive.exit.noData || nameless)) {
    const error = drive.messages.find(({ severity }) => severity === "error") ?? drive.messages[0];
    return fail(error?.text ?? `smartctl gave no data${ending(done)}`, drive);
  }
  return { kind: "read", drive, text: done.stdout.slice(Math.max(0, done.stdout.indexOf("{"))) };
}

function typeOf({ type }: DrivePath): string[] {
  return type === null ? [] : ["-d", type];
}

export function flightOf({ name, scanned }: DrivePath): string {
  return `smartctl ${name} ${scanned}`;
}

function isSmartctlOn(commandLine: string, { name, type }: DrivePath): boolean {
  const [program = "", ...args] = commandLine.split("\0");
  const isIt = /(^|\/)smartctl$/.test(program) || args.some((arg) => /(^|\/)smartctl$/.test(arg));
  return isIt && args.includes(name) && (type === null || args.includes(type));
}

function readQuietly(host: Host, path: string): string {
  try {
    return host.readText(path) ?? "";
  } catch {
    return "";
  }
}

function explainStart(error: unknown): never {
  const cause = (error as { cause?: NodeJS.ErrnoException }).cause?.code;
  if (cause === "ENOENT") throw new NotHere("smartctl is not installed");
  throw error;
}

/** Before 7.0 smartctl knew no --json. */
function tooOld({ stdout, stderr }: Finished): string | undefined {
  const version = /^smartctl (?:pre-)?(\d+)\.(\d+)/m.exec(`${stdout}\n${stderr}`);
  if (version === null || Number(version[1]) >= 7) return undefined;
  return `smartctl ${version[1]}.${version[2]} is too old, it gives no JSON: update smartmontools to 7.0 or newer`;
}

function ending({ code, signal, stderr }: Finished): string {
  const words = stderr.replace(/\s+/g, " ").trim().slice(0, 150);
  const end = signal === null ? (code === 0 ? "" : ` (exit status ${code})`) : ` (ended by ${signal})`;
  return `${end}${words === "" ? "" : `: ${words}`}`;
}
