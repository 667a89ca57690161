import { statSync } from "node:fs";
import * as z from "zod/mini";
import { serverNameSchema } from "./credentials.ts";
import { engines, tlsModes } from "./probe.ts";

const line = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
const path = z.string().check(z.startsWith("/"), z.maxLength(4096));

const entrySchema = z
  .strictObject({
    name: z.optional(z.string().check(z.regex(/^[\w.-]{1,100}$/))),
    engine: z.enum(engines),
    host: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_.:-]{1,253}$/))),
    port: z.optional(z.int().check(z.gte(1), z.lte(65535))),
    socket: z.optional(path),
    container: z.optional(z.string().check(z.regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/))),
    user: z.optional(line(256)),
    password: z.optional(line(4096)),
    passwordFile: z.optional(path),
    database: z.optional(line(256)),
    tls: z.optional(
      z.strictObject({
        mode: z.enum(tlsModes),
        ca: z.optional(path),
        serverName: z.optional(serverNameSchema),
      }),
    ),
    enabled: z._default(z.boolean(), true),
    intervalSeconds: z.optional(z.number().check(z.gte(10), z.lte(3600))),
    timeoutSeconds: z.optional(z.number().check(z.gte(1), z.lte(60))),
  })
  .check(
    z.refine(({ password, passwordFile }) => password === undefined || passwordFile === undefined),
    z.refine(({ host, socket, container }) => [host, socket, container].filter((one) => one !== undefined).length <= 1),
  );

/** `databases` and `databaseProbes` of the configuration, parts of its schema. */
export const databasesSchema = z._default(z.array(entrySchema).check(z.maxLength(200)), []);
export const databaseProbesSchema = z._default(
  z.strictObject({
    enabled: z._default(z.boolean(), true),
    intervalSeconds: z._default(z.number().check(z.gte(10), z.lte(3600)), 30),
    timeoutSeconds: z._default(z.number().check(z.gte(1), z.lte(60)), 5),
  }),
  { enabled: true, intervalSeconds: 30, timeoutSeconds: 5 },
);

/** An entry of `databases`. `problem`: why its password is not used. */
export type DatabaseEntry = z.infer<typeof entrySchema> & { problem?: string };

/** What the configuration says of databases. */
export type DatabaseSettings = {
  entries: readonly DatabaseEntry[];
  probes: z.infer<typeof databaseProbesSchema>;
  /** The configuration file, for messages. */
  file?: string;
};

export const defaultDatabaseSettings: DatabaseSettings = {
  entries: [],
  probes: { enabled: true, intervalSeconds: 30, timeoutSeconds: 5 },
};

/** The parts of a configuration that concern databases. */
export function databaseSettings(config: {
  databases: readonly DatabaseEntry[];
  databaseProbes: DatabaseSettings["probes"];
  file?: string;
}): DatabaseSettings {
  const { databases, databaseProbes, file } = config;
  return { entries: databases, probes: databaseProbes, ...(file === undefined ? {} : { file }) };
}

/** Why passwords of the configuration are not used, each reason once. */
export function passwordProblems(entries: readonly DatabaseEntry[]): string[] {
  return [...new Set(entries.flatMap(({ problem }) => problem ?? []))];
}

/** What to write for each key, in the words of the configuration's other remedies. */
export const databaseRemedies: Record<string, string> = {
  databases:
    "give a list of {engine, and one of host, socket, container; port, user, password or passwordFile, database, tls}",
  "databases.*": "give one of host, socket and container, and one of password and passwordFile",
  "databases.*.name": "give 1 to 100 letters, digits, _ . -",
  "databases.*.engine": `give one of ${engines.join(", ")}`,
  "databases.*.host": "give a name or an address, without the port",
  "databases.*.port": "give a port, 1 to 65535",
  "databases.*.socket": "give the absolute path of the unix socket",
  "databases.*.container": "give the container's name",
  "databases.*.user": "give a name of 1 to 256 characters",
  "databases.*.password": "give a text in quotes, or a passwordFile",
  "databases.*.passwordFile": "give the absolute path of a file that only its owner can read",
  "databases.*.database": "give a name of 1 to 256 characters",
  "databases.*.tls": `give a mapping with mode (${tlsModes.join(", ")}) ; ca, the path of a PEM file; serverName`,
  "databases.*.tls.mode": `give one of ${tlsModes.join(", ")}`,
  "databases.*.tls.ca": "give the absolute path of a PEM file",
  "databases.*.tls.serverName": "give the name in the server's certificate, without the port",
  "databases.*.enabled": "give true or false",
  "databases.*.intervalSeconds": "give seconds, 10 to 3600",
  "databases.*.timeoutSeconds": "give seconds, 1 to 60",
  databaseProbes: "give a mapping with enabled, intervalSeconds and timeoutSeconds",
  "databaseProbes.enabled": "give true or false",
  "databaseProbes.intervalSeconds": "give seconds, 10 to 3600",
  "databaseProbes.timeoutSeconds": "give seconds, 1 to 60",
};

/** The entries with their passwords taken away where others can read the file that they stand in. */
export function guardPasswords(entries: readonly DatabaseEntry[], file: string): DatabaseEntry[] {
  if (!entries.some(({ password }) => password !== undefined)) return [...entries];
  const problem = exposure(file);
  if (problem === undefined) return [...entries];
  return entries.map(({ password, ...entry }) => (password === undefined ? entry : { ...entry, problem }));
}

/** Why a file must not hold a secret: others can read or replace it. Undefined where all is well, or there is no file. */
export function exposure(file: string): string | undefined {
  try {
    const { mode, uid } = statSync(file);
    if ((mode & 0o077) !== 0) {
      return `${file} can be read by others (mode ${(mode & 0o777).toString(8).padStart(4, "0")}), its password is not used: chmod 600 ${file}`;
    }
    const own = process.getuid?.();
    if (uid !== 0 && uid !== own) return `${file} belongs to uid ${uid}, its password is not used: chown root ${file}`;
    return undefined;
  } catch {
    return undefined;
  }
}
