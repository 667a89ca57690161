import { short } from "../argument-checks.ts";
import type { BackupRequest, GateSpec } from "../container-command.ts";
import type { ComposeFilesMode } from "../update/compose-files-mode.ts";

/** What a container's own labels ask of updates. Seconds, 0 = default. */
export type LabelWishes = {
  /** "never": it is not updated without force; "manual": only when a person asks. */
  update: "allowed" | "manual" | "never";
  gates: GateSpec[];
  stableSeconds: number;
  /** Undefined where no label speaks of it. */
  backup: BackupRequest | undefined;
  /** What it asks for its compose file. Undefined where no label speaks of it. */
  composeFile: ComposeFilesMode | undefined;
};

const prefix = "fairlead.";
// Other names below ours are free, but for what may be a slip.
const ourPrefixes = ["fairlead.update", "fairlead.stable", "fairlead.gate", "fairlead.backup", "fairlead.compose"];

/** All that are read; docs/containers-labels.md tells of each. */
export const knownLabels: readonly string[] = [
  "fairlead.update",
  "fairlead.stable",
  "fairlead.gate.http",
  "fairlead.gate.http.status",
  "fairlead.gate.http.contains",
  "fairlead.gate.tcp",
  "fairlead.gate.exec",
  "fairlead.gate.timeout",
  "fairlead.backup",
  "fairlead.backup.binds",
  "fairlead.backup.consistency",
  "fairlead.backup.keep",
  "fairlead.compose-file",
];
const longest = 4096;

/** Thrown with one line for the first label that can't be read: label, value, remedy. */
export class LabelError extends Error {}

/** Reads the labels that are meant for us. Throws LabelError: a gate that is misspelt must not count as passed. */
export function readLabels(labels: Readonly<Record<string, string>>): LabelWishes {
  for (const [name, value] of Object.entries(labels)) {
    if (!name.startsWith(prefix)) continue;
    const isOurs = ourPrefixes.some((ours) => name.startsWith(ours));
    if (isOurs && !knownLabels.includes(name)) fail(name, value, `no such label: there are ${knownLabels.join(", ")}`);
    if (knownLabels.includes(name) && value.length > longest) fail(name, value, `give at most ${longest} characters`);
  }
  const of = (name: string) => (Object.hasOwn(labels, name) ? labels[name] : undefined);
  return {
    update: updateOf(of("fairlead.update")),
    gates: gatesOf(of),
    stableSeconds: secondsOf("fairlead.stable", of("fairlead.stable")),
    backup: backupOf(of),
    composeFile: composeFileOf(of("fairlead.compose-file")),
  };
}

type Of = (name: string) => string | undefined;

function updateOf(value: string | undefined): LabelWishes["update"] {
  if (value === undefined) return "allowed";
  const word = value.trim().toLowerCase();
  if (word === "never" || word === "false" || word === "no") return "never";
  if (word === "manual") return "manual";
  if (["", "allowed", "auto", "true", "yes"].includes(word)) return "allowed";
  return fail("fairlead.update", value, "give never, manual or auto");
}

function composeFileOf(value: string | undefined): ComposeFilesMode | undefined {
  const word = (value ?? "").trim().toLowerCase();
  if (word === "") return undefined;
  if (word === "edit" || word === "warn" || word === "ignore") return word;
  return fail("fairlead.compose-file", value, "give edit, warn or ignore");
}

function gatesOf(of: Of): GateSpec[] {
  const timeoutSeconds = secondsOf("fairlead.gate.timeout", of("fairlead.gate.timeout"));
  const gates: GateSpec[] = [];
  const http = of("fairlead.gate.http");
  const status = of("fairlead.gate.http.status") ?? "";
  const contains = of("fairlead.gate.http.contains") ?? "";
  if (http !== undefined)
    gates.push({ kind: "http", ...addressOf(http), status: statusOf(status), contains, timeoutSeconds });
  else if (status !== "" || contains !== "") fail("fairlead.gate.http", undefined, 'give it too, like ":8080/healthz"');
  const tcp = of("fairlead.gate.tcp");
  if (tcp !== undefined)
    gates.push({ kind: "tcp", port: portOf("fairlead.gate.tcp", tcp, tcp.replace(/^:/, "")), timeoutSeconds });
  const exec = of("fairlead.gate.exec");
  if (exec !== undefined) gates.push({ kind: "exec", command: commandOf(exec), timeoutSeconds });
  return gates;
}

/** ":8080/healthz", "8080", "https://:8443/ready" */
function addressOf(value: string): { port: number; path: string; tls: boolean } {
  const label = "fairlead.gate.http";
  const match = /^(?:(https?):\/\/(?:localhost|127\.0\.0\.1)?)?:?(\d{1,5})?(\/[\x21-\x7e]*)?$/.exec(value.trim());
  if (!match) return fail(label, value, 'give the container\'s own port and a path, like ":8080/healthz"');
  const tls = match[1] === "https";
  const port = match[2] ?? (match[1] === undefined ? "" : tls ? "443" : "80");
  return { port: portOf(label, value, port), path: match[3] ?? "/", tls };
}

function portOf(label: string, value: string, port: string): number {
  const number = Number(port);
  if (/^\d{1,5}$/.test(port.trim()) && number >= 1 && number <= 65_535) return number;
  return fail(label, value, "give the container's own port, 1 to 65535");
}

/** Checks "200", "2xx", "200-399" and lists of them. */
export function statusOf(value: string): string {
  const text = value.replaceAll(" ", "");
  if (text === "" || /^[1-5](\d\d|xx)(-[1-5]\d\d)?(,[1-5](\d\d|xx)(-[1-5]\d\d)?)*$/i.test(text))
    return text.toLowerCase();
  return fail("fairlead.gate.http.status", value, 'give codes like "200", "2xx" or "200-399"');
}

// A JSON array, or words: nothing of a shell's is read into them.
function commandOf(value: string): string[] {
  const label = "fairlead.gate.exec";
  const text = value.trim();
  if (text.startsWith("[")) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = undefined;
    }
    const isWords = Array.isArray(parsed) && parsed.length > 0 && parsed.every((word) => typeof word === "string");
    if (isWords && (parsed as string[])[0] !== "") return parsed as string[];
    return fail(label, value, 'give a JSON array of texts, like ["pg_isready", "-U", "app"]');
  }
  if (text === "") return fail(label, value, "give a program and its arguments");
  if (/["'`$|&;<>(){}*?\\]/.test(text)) {
    return fail(label, value, "quotes and signs of a shell are not read here: give a JSON array of texts");
  }
  return text.split(/\s+/);
}

function backupOf(of: Of): BackupRequest | undefined {
  const what = of("fairlead.backup");
  const binds = of("fairlead.backup.binds");
  const consistency = of("fairlead.backup.consistency");
  const keep = of("fairlead.backup.keep");
  if (what === undefined && binds === undefined && consistency === undefined && keep === undefined) return undefined;
  const parts = (what ?? "")
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((part) => part !== "");
  const wrong = parts.find((part) => !["volumes", "dump", "config", "none", "full"].includes(part));
  if (wrong !== undefined) fail("fairlead.backup", what, "give a list out of volumes, dump, config, full, none");
  const paths = (binds ?? "")
    .split(",")
    .map((path) => path.trim())
    .filter((path) => path !== "");
  const odd = paths.find((path) => !path.startsWith("/"));
  if (odd !== undefined) fail("fairlead.backup.binds", odd, "give paths in the container, separated by commas");
  return {
    volumes: parts.includes("volumes") || parts.includes("full"),
    dump: parts.includes("dump") || parts.includes("full"),
    binds: paths,
    consistency: consistencyOf(consistency),
    keepDays: Math.ceil(secondsOf("fairlead.backup.keep", keep) / 86_400),
  };
}

function consistencyOf(value: string | undefined): BackupRequest["consistency"] {
  const word = (value ?? "").trim().toLowerCase();
  if (word === "") return "default";
  if (word === "pause" || word === "stop" || word === "live") return word;
  return fail("fairlead.backup.consistency", value, "give pause, stop or live");
}

const units: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of "90", "90s", "5m", "7d"; 0 where there is no such label. */
function secondsOf(label: string, value: string | undefined): number {
  if (value === undefined || value.trim() === "") return 0;
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d|w)?$/i.exec(value.trim());
  const seconds = match ? Number(match[1]) * (units[(match[2] ?? "s").toLowerCase()] ?? 1) : Number.NaN;
  if (seconds >= 0 && seconds <= 366 * 86_400) return Math.ceil(seconds);
  return fail(label, value, 'give a time like "90s", "5m" or "7d"');
}

function fail(label: string, value: string | undefined, remedy: string): never {
  throw new LabelError(`label ${short(label)}: ${value === undefined ? "missing" : short(value)}: ${remedy}`);
}
