import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65535);
const days = z.coerce.number().int().min(1).max(3650);

const schema = z.strictObject({
  host: z.string().min(1).default("0.0.0.0"),
  httpPort: port.default(8080),
  grpcPort: port.default(8443),
  dataDir: z.string().min(1).default(".data"),
  databaseUrl: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must start with postgres://")
    .optional(),
  adminEmail: z.email().optional(),
  adminPassword: z.string().min(10, "needs at least 10 characters").optional(),
  /** How agents and people reach this server from outside; default: http://<host name>:<httpPort>. */
  publicUrl: z.url().optional(),
  /** host:port that agents dial; default: the public URL's host with grpcPort. */
  grpcAddress: z
    .string()
    .regex(/^(\[[\da-fA-F:]+\]|[\w.-]+):\d{1,5}$/, "must be host:port")
    .optional(),
  /** 32 bytes, base64: the master key of the sealed store; default: a file in dataDir. */
  masterKey: z.string().optional(),
  logLevel: z.enum(["fatal", "error", "warn", "info", "debug", "trace"]).default("info"),
  retentionRawDays: days.default(7),
  retention1mDays: days.default(31),
  retention15mDays: days.default(180),
  retention2hDays: days.default(1095),
  retentionAlertDays: days.default(365),
  trustProxy: z.stringbool().default(false),
});

/** The server's settings, parsed once at the start. Paths are absolute. */
export type Config = z.infer<typeof schema>;

/** Environment variable of each setting. DATABASE_URL is read too. */
export const environmentNames: Record<keyof Config, string> = {
  host: "FAIRLEAD_HOST",
  httpPort: "FAIRLEAD_HTTP_PORT",
  grpcPort: "FAIRLEAD_GRPC_PORT",
  dataDir: "FAIRLEAD_DATA_DIR",
  databaseUrl: "DATABASE_URL",
  adminEmail: "FAIRLEAD_ADMIN_EMAIL",
  adminPassword: "FAIRLEAD_ADMIN_PASSWORD",
  publicUrl: "FAIRLEAD_PUBLIC_URL",
  grpcAddress: "FAIRLEAD_GRPC_ADDRESS",
  masterKey: "FAIRLEAD_MASTER_KEY",
  logLevel: "FAIRLEAD_LOG_LEVEL",
  retentionRawDays: "FAIRLEAD_RETENTION_RAW_DAYS",
  retention1mDays: "FAIRLEAD_RETENTION_1M_DAYS",
  retention15mDays: "FAIRLEAD_RETENTION_15M_DAYS",
  retention2hDays: "FAIRLEAD_RETENTION_2H_DAYS",
  retentionAlertDays: "FAIRLEAD_RETENTION_ALERT_DAYS",
  trustProxy: "FAIRLEAD_TRUST_PROXY",
};

/** A setting that is wrong; the message names the setting, the value (secrets left out) and the remedy. */
export class ConfigError extends Error {}

/**
 * Reads settings from flags, then the environment, then `fairlead.yaml` (camelCase keys), the first one that has it.
 * Throws ConfigError.
 */
export function readConfig(
  env: Record<string, string | undefined>,
  flags: Partial<Record<keyof Config, string>> = {},
  file: string | undefined = env.FAIRLEAD_CONFIG,
): Config {
  const merged: Record<string, unknown> = file === undefined ? {} : readFile(file);
  const origin = new Map<string, string>(Object.keys(merged).map((key) => [key, `${key} in ${file}`]));
  for (const [key, name] of Object.entries(environmentNames)) {
    const value = env[name];
    if (value === undefined || value === "") continue;
    merged[key] = value;
    origin.set(key, name);
  }
  for (const [key, value] of Object.entries(flags)) {
    if (value === undefined) continue;
    merged[key] = value;
    origin.set(key, `--${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`);
  }
  const parsed = schema.safeParse(merged);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const key = String(issue?.path[0] ?? (issue?.code === "unrecognized_keys" ? issue.keys[0] : ""));
    const secret = /password|masterKey|databaseUrl/i.test(key);
    const shown = secret || !(key in merged) ? "" : ` (is ${JSON.stringify(merged[key])})`;
    throw new ConfigError(`${origin.get(key) ?? key}${shown}: ${issue === undefined ? "wrong" : remedyOf(issue)}`);
  }
  return { ...parsed.data, dataDir: resolve(parsed.data.dataDir) };
}

function remedyOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `is no setting: known are ${Object.keys(schema.shape).join(", ")}`;
  if (issue.code === "too_small" && issue.origin !== "string") return `must be at least ${issue.minimum}`;
  if (issue.code === "too_big" && issue.origin !== "string") return `must be at most ${issue.maximum}`;
  if (issue.code === "invalid_type")
    return `must be ${issue.expected === "int" ? "a whole number" : `a ${issue.expected}`}`;
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "invalid_format" && issue.format === "email") return "must be an e-mail address";
  if (issue.code === "invalid_format" && issue.format === "url") return "must be a URL";
  return issue.message;
}

function readFile(file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseYaml(readFileSync(file, "utf8"));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new ConfigError(`${file}: there is no such file: correct --config or FAIRLEAD_CONFIG`);
    throw new ConfigError(`${file}: is no YAML: ${message.split("\n")[0]}`);
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== "object" || Array.isArray(value))
    throw new ConfigError(`${file}: must hold settings, one a line`);
  return value as Record<string, unknown>;
}
