import { readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";
import * as z from "zod/mini";
import { backupRemedies, backupsSchema } from "./backups/settings.ts";
import { databaseProbesSchema, databaseRemedies, databasesSchema, guardPasswords } from "./databases/settings.ts";
import { composeFilesRemedies, composeFilesSchema } from "./executor/update/compose-files-mode.ts";
import { errorText, logLevels } from "./log.ts";
import { runtimeRemedies, runtimesSchema } from "./runtimes/settings.ts";
import { driveRemedies, drivesSchema } from "./smart/settings.ts";

export const defaultConfigPath = "/etc/fairlead-agent.yaml";

/** Command types that this agent can run; `allow` picks from them. */
export const commandTypes = [
  "agent.ping",
  "host.refresh",
  "container.start",
  "container.stop",
  "container.restart",
  "container.pause",
  "container.unpause",
  "container.kill",
  "container.remove",
  "container.update",
  "project.update",
  "container.rollback",
  "container.backup",
  "container.restore",
  "backup.verify",
  "backup.delete",
  "image.pull",
  "image.remove",
  "runtime.prune",
  "drive.selftest",
  "drive.acknowledge",
  "pool.scrub",
  "database.configure",
] as const;

const schema = z.strictObject({
  server: z.optional(z.string().check(z.refine((text) => parseServer(text) !== undefined))),
  caSha256: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
  stateDir: z._default(z.string().check(z.startsWith("/")), "/var/lib/fairlead-agent"),
  allow: z._default(z.array(z.enum(commandTypes)), [...commandTypes]),
  readOnly: z._default(z.boolean(), false),
  containerLogs: z._default(z.boolean(), true),
  docker: z._default(z.strictObject({ socket: z.optional(z.string().check(z.regex(/^(unix:\/\/)?\//))) }), {}),
  runtimes: runtimesSchema,
  disabledCollectors: z._default(z.array(z.string().check(z.regex(/^[a-z][a-z0-9-]*$/))), []),
  spool: z._default(
    z.strictObject({
      maxBytes: z._default(z.int().check(z.gte(1 << 20), z.lte(2 ** 40)), 256 * 2 ** 20),
      maxAgeHours: z._default(z.number().check(z.gte(0.1), z.lte(8784)), 168),
    }),
    { maxBytes: 256 * 2 ** 20, maxAgeHours: 168 },
  ),
  databases: databasesSchema,
  databaseProbes: databaseProbesSchema,
  drives: drivesSchema,
  backups: backupsSchema,
  composeFiles: composeFilesSchema,
  logLevel: z._default(z.enum(logLevels), "info"),
  labels: z._default(
    z.record(z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,62}$/)), z.string().check(z.maxLength(256))),
    {},
  ),
});

/** The agent's own settings. `server` and `caSha256` are absent on a host that was never told where to report. */
export type AgentConfig = z.infer<typeof schema> & {
  /** The configuration file as it was found; absent where none was read. */
  file?: string;
};

/** One line for each wrong value: key, value, remedy. */
export class ConfigError extends Error {}

type Setting = { variable: string; path: readonly string[]; read: (text: string) => unknown };

const settings: readonly Setting[] = [
  { variable: "SERVER", path: ["server"], read: (t) => t },
  { variable: "CA_SHA256", path: ["caSha256"], read: (t) => t },
  { variable: "STATE_DIR", path: ["stateDir"], read: (t) => t },
  { variable: "ALLOW", path: ["allow"], read: list },
  { variable: "READ_ONLY", path: ["readOnly"], read: flag },
  { variable: "CONTAINER_LOGS", path: ["containerLogs"], read: flag },
  { variable: "DOCKER_SOCKET", path: ["docker", "socket"], read: (t) => t },
  { variable: "DISABLED_COLLECTORS", path: ["disabledCollectors"], read: list },
  { variable: "SPOOL_MAX_BYTES", path: ["spool", "maxBytes"], read: (t) => t },
  { variable: "SPOOL_MAX_AGE_HOURS", path: ["spool", "maxAgeHours"], read: number },
  { variable: "BACKUPS_FOLDER", path: ["backups", "folder"], read: (t) => t },
  { variable: "COMPOSE_FILES", path: ["composeFiles"], read: (t) => t },
  { variable: "LOG_LEVEL", path: ["logLevel"], read: (t) => t },
  { variable: "LABELS", path: ["labels"], read: pairs },
];

const remedies: Record<string, string> = {
  server: 'give host:port, like "monitor.example.net:8443"',
  caSha256: "give the 64 hex digits that the install line shows after --ca-sha256",
  stateDir: "give an absolute path",
  allow: `give a list out of ${commandTypes.join(", ")}`,
  readOnly: "give true or false",
  containerLogs: "give true or false",
  docker: "give a mapping with socket",
  "docker.socket":
    "give the absolute path of the engine's socket; without it DOCKER_HOST counts, then /var/run/docker.sock",
  disabledCollectors: "give a list of collector names as `fairlead-agent collect` shows them",
  spool: "give a mapping with maxBytes and maxAgeHours",
  "spool.maxBytes": 'give 1 MiB to 1 TiB, as bytes or like "256MiB"',
  "spool.maxAgeHours": "give hours, 0.1 to 8784",
  logLevel: `give one of ${logLevels.join(", ")}`,
  ...databaseRemedies,
  ...driveRemedies,
  ...runtimeRemedies,
  ...backupRemedies,
  ...composeFilesRemedies,
  labels: "give a mapping of names (letters, digits, _ . -) to texts of at most 256 characters",
};

/**
 * Reads the configuration file and the FAIRLEAD_AGENT_* variables, which win. A file that was not asked for by path may
 * be missing. Throws ConfigError.
 */
export function loadConfig(path: string | undefined, env: Record<string, string | undefined>): AgentConfig {
  const asked = path ?? env.FAIRLEAD_AGENT_CONFIG;
  const file = asked ?? defaultConfigPath;
  let text = "";
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (!missing || asked !== undefined) {
      throw new ConfigError(`config file ${file}: ${missing ? "does not exist" : errorText(error)}: check --config`);
    }
  }
  const config = parseConfig(text, env, file);
  return { ...config, databases: guardPasswords(config.databases, file), file };
}

/** Parses YAML text and variables into the configuration. Throws ConfigError. */
export function parseConfig(text: string, env: Record<string, string | undefined> = {}, file = "config"): AgentConfig {
  let raw: unknown;
  try {
    raw = parseYaml(text) ?? {};
  } catch (error) {
    throw new ConfigError(`${file}: not YAML: ${faultOnly(error)}`);
  }
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    throw new ConfigError(`${file}: ${show(raw)}: give a mapping, like "server: monitor.example.net:8443"`);
  }
  const from = new Map<string, string>();
  for (const { variable, path, read } of settings) {
    const value = env[`FAIRLEAD_AGENT_${variable}`];
    if (value === undefined || value === "") continue;
    put(raw as Record<string, unknown>, path, read(value));
    from.set(path.join("."), `FAIRLEAD_AGENT_${variable}`);
  }
  normalise(raw as Record<string, unknown>);
  const parsed = z.safeParse(schema, raw);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => explain(issue, raw, from, file)).join("\n"));
}

// The parser shows the line that it stumbled over, and a password may stand in it.
function faultOnly(error: unknown): string {
  const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return errorText(first.replace(/(alias .*?):.*$/, "$1").replace(/:$/, ""));
}

/** Splits "host:port" ("[v6]:port" too), or undefined. */
export function parseServer(text: string): { host: string; port: number } | undefined {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?):(\d{1,5})$/.exec(text);
  if (!match) return undefined;
  const port = Number(match[2]);
  const host = match[1] as string;
  return port >= 1 && port <= 65535 ? { host: host.startsWith("[") ? host.slice(1, -1) : host, port } : undefined;
}

function explain(issue: z.core.$ZodIssue, raw: unknown, from: Map<string, string>, file: string): string {
  if (issue.code === "unrecognized_keys") {
    const where = issue.path.length > 0 ? `${issue.path.join(".")}.` : "";
    return issue.keys.map((key) => `${file}: ${where}${key}: unknown key: remove it or mend its spelling`).join("\n");
  }
  const names = issue.path.map(String);
  let key = names.join(".");
  const source = from.get(key) ?? from.get(names[0] ?? "");
  const value = names.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], raw);
  const shown = key;
  while (remedyOf(key) === undefined && names.pop() !== undefined) key = names.join(".");
  const text = names.at(-1) === "password" ? "***" : show(value);
  return `${source ?? `${file}: ${shown}`}: ${text}: ${remedyOf(key) ?? "not valid"}`;
}

// Of a list's entries by their common name: "databases.0.port" is "databases.*.port".
function remedyOf(key: string): string | undefined {
  return remedies[key] ?? remedies[key.replaceAll(/\.\d+(?=\.|$)/g, ".*")];
}

function normalise(raw: Record<string, unknown>): void {
  if (typeof raw.caSha256 === "string") raw.caSha256 = raw.caSha256.replaceAll(":", "").toLowerCase();
  for (const part of [raw.spool, raw.backups] as (Record<string, unknown> | undefined)[]) {
    if (typeof part === "object" && part !== null && typeof part.maxBytes === "string") {
      part.maxBytes = bytes(part.maxBytes) ?? part.maxBytes;
    }
  }
}

function bytes(text: string): number | undefined {
  const match = /^(\d+)\s*(B|KiB|MiB|GiB|TiB)?$/i.exec(text.trim());
  if (!match) return undefined;
  const power = ["b", "kib", "mib", "gib", "tib"].indexOf((match[2] ?? "b").toLowerCase());
  return Number(match[1]) * 1024 ** power;
}

function put(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) {
    into[head] = value;
    return;
  }
  const inner = into[head];
  into[head] = typeof inner === "object" && inner !== null ? inner : {};
  put(into[head] as Record<string, unknown>, rest, value);
}

function list(text: string): string[] {
  return text.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
}

function number(text: string): unknown {
  return Number.isNaN(Number(text)) ? text : Number(text);
}

function flag(text: string): unknown {
  return ({ true: true, "1": true, false: false, "0": false } as Record<string, unknown>)[text.toLowerCase()] ?? text;
}

function pairs(text: string): unknown {
  const parts = list(text).map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]);
  return list(text).every((part) => part.indexOf("=") > 0) ? Object.fromEntries(parts) : text;
}

function show(value: unknown): string {
  const secret = (key: string, inner: unknown) => (key === "password" ? "***" : inner);
  const text = value === undefined ? "missing" : JSON.stringify(value, secret);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
