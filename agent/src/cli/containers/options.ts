import { pb } from "@fairlead/proto";
import { containerError, imageError, short } from "../../executor/argument-checks.ts";
import type { BackupRequest, GateSpec } from "../../executor/container-command.ts";
import { LabelError, readLabels } from "../../executor/gates/labels.ts";
import { CliError, exitCode } from "../command.ts";

/** Options of updates as they were typed. */
export type UpdateOptions = BackupOptions & {
  dryRun?: boolean;
  yes?: boolean;
  stable?: string;
  healthTimeout?: string;
  gateHttp?: string[];
  gateHttpStatus?: string;
  gateHttpContains?: string;
  gateTcp?: string[];
  gateExec?: string[];
  gateTimeout?: string;
  force?: boolean;
  reason?: string;
  keepImage?: string;
};

/** What is to be saved, as it was typed. */
export type BackupOptions = { backup?: string; binds?: string; consistency?: string; keep?: string };

/** Seconds of "90", "30s", "5m", "7d"; 0 where it is not given. Throws CliError. */
export function secondsOf(option: string, value: string | undefined): number {
  return value === undefined ? 0 : read({ "fairlead.stable": value }, { "fairlead.stable": option }).stableSeconds;
}

/** The gates that are asked for. Throws CliError. */
export function gatesOf(options: UpdateOptions): pb.Gate.$Properties[] {
  const timeout = options.gateTimeout === undefined ? {} : { "fairlead.gate.timeout": options.gateTimeout };
  const answer = {
    ...(options.gateHttpStatus === undefined ? {} : { "fairlead.gate.http.status": options.gateHttpStatus }),
    ...(options.gateHttpContains === undefined ? {} : { "fairlead.gate.http.contains": options.gateHttpContains }),
  };
  const all = [
    ...(options.gateHttp ?? []).map((value) => ({ "fairlead.gate.http": value, ...answer })),
    ...(options.gateTcp ?? []).map((value) => ({ "fairlead.gate.tcp": value })),
    ...(options.gateExec ?? []).map((value) => ({ "fairlead.gate.exec": value })),
  ];
  if (options.gateHttp === undefined) read(answer, gateNames);
  if (all.length === 0) read(timeout, gateNames);
  return all.flatMap((labels) => read({ ...labels, ...timeout }, gateNames).gates.map(toGate));
}

/** What is to be saved; undefined where nothing is asked for. Throws CliError. */
export function backupOf(options: BackupOptions, option = "--backup"): pb.BackupOptions.$Properties | undefined {
  const labels: Record<string, string> = {};
  if (options.backup !== undefined) labels["fairlead.backup"] = options.backup;
  if (options.binds !== undefined) labels["fairlead.backup.binds"] = options.binds;
  if (options.consistency !== undefined) labels["fairlead.backup.consistency"] = options.consistency;
  if (options.keep !== undefined) labels["fairlead.backup.keep"] = options.keep;
  const { backup } = read(labels, {
    "fairlead.backup": option,
    "fairlead.backup.binds": "--binds",
    "fairlead.backup.consistency": "--consistency",
    "fairlead.backup.keep": "--keep",
  });
  return backup && { ...backup, consistency: consistencies[backup.consistency] };
}

/** Why guards are to be passed over, "" where they hold. Throws CliError. */
export function forceOf({ force, reason }: { force?: boolean; reason?: string }): string {
  const text = (reason ?? "").trim();
  if (force === true && text === "") {
    throw new CliError('--force: needs its reason: add --reason "why the guards may be passed over"', exitCode.usage);
  }
  if (force !== true && text !== "") throw new CliError("--reason: is that of --force: give it too", exitCode.usage);
  return text;
}

/** The name as it is; throws CliError where it can't be one. */
export function checkedName(name: string): string {
  const error = containerError(name, "NAME");
  if (error !== undefined) throw new CliError(error, exitCode.usage);
  return name;
}

/** The image as it is; throws CliError where it can't be one. */
export function checkedImage(image: string, argument = "IMAGE"): string {
  const error = imageError(image, argument);
  if (error !== undefined) throw new CliError(error, exitCode.usage);
  return image;
}

/** Images by service of "web=nginx:1.27 db=postgres:17". Throws CliError. */
export function imagesOf(pairs: readonly string[]): Record<string, string> {
  const images: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) throw new CliError(`${short(pair)}: give SERVICE=IMAGE, like web=nginx:1.27`, exitCode.usage);
    const service = pair.slice(0, at);
    if (service in images) throw new CliError(`${short(service)}: is given twice: give one image`, exitCode.usage);
    images[service] = checkedImage(pair.slice(at + 1), service);
  }
  return images;
}

/** Unix ms of "10m" ago or of a time. Throws CliError. */
export function sinceOf(text: string | undefined, now: number): number {
  if (text === undefined) return 0;
  const ago = /^\d+(?:\.\d+)?(?:ms|s|m|h|d|w)$/i.test(text) ? secondsOf("--since", text) * 1000 : undefined;
  const at = ago === undefined ? Date.parse(text) : now - ago;
  if (Number.isFinite(at) && at > 0) return at;
  throw new CliError(`--since: ${short(text)}: give a time like 2026-11-23T08:00:00Z, or 10m, 2h, 1d`, exitCode.usage);
}

const gateNames = {
  "fairlead.gate.http": "--gate-http",
  "fairlead.gate.http.status": "--gate-http-status",
  "fairlead.gate.http.contains": "--gate-http-contains",
  "fairlead.gate.tcp": "--gate-tcp",
  "fairlead.gate.exec": "--gate-exec",
  "fairlead.gate.timeout": "--gate-timeout",
};

/** Options are read as the labels that say the same; what is wrong with them is told of the option. */
function read(labels: Record<string, string>, names: Record<string, string>): ReturnType<typeof readLabels> {
  try {
    return readLabels(labels);
  } catch (error) {
    if (!(error instanceof LabelError)) throw error;
    const text = error.message.replace(/^label "([^"]+)"/, (_, label: string) => names[label] ?? label);
    throw new CliError(text, exitCode.usage);
  }
}

function toGate(gate: GateSpec): pb.Gate.$Properties {
  const { timeoutSeconds } = gate;
  switch (gate.kind) {
    case "tcp":
      return { timeoutSeconds, tcp: { port: gate.port } };
    case "http": {
      const { port, path, status, contains, tls } = gate;
      return { timeoutSeconds, http: { port, path, status, contains, tls } };
    }
    case "exec":
      return { timeoutSeconds, exec: { command: gate.command } };
    default:
      return gate satisfies never;
  }
}

const consistencies: Record<BackupRequest["consistency"], pb.BackupConsistency> = {
  default: pb.BackupConsistency.BACKUP_CONSISTENCY_UNSPECIFIED,
  pause: pb.BackupConsistency.BACKUP_CONSISTENCY_PAUSE,
  stop: pb.BackupConsistency.BACKUP_CONSISTENCY_STOP,
  live: pb.BackupConsistency.BACKUP_CONSISTENCY_LIVE,
};
