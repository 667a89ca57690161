import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { makePrivateFolder, writeFileAtomic } from "../state-file.ts";
import { tlsModes } from "./probe.ts";

const text = (most: number) => z.string().check(z.maxLength(most));

/** The name in a server's certificate. */
export const serverNameSchema = z.string().check(z.regex(/^[A-Za-z0-9_.-]{1,253}$/));

/** How to sign in. `ca` is PEM text. */
export const credentialsSchema = z.strictObject({
  user: z.optional(text(256)),
  password: z.optional(text(4096)),
  database: z.optional(text(256)),
  tls: z.optional(
    z.strictObject({
      mode: z.enum(tlsModes),
      ca: z.optional(text(32 * 1024)),
      serverName: z.optional(serverNameSchema),
    }),
  ),
});
export type Credentials = z.infer<typeof credentialsSchema>;

const fileSchema = z.object({ version: z.literal(1), credentials: z.record(z.string(), credentialsSchema) });
const fileName = "databases.json";
const mostDatabases = 1000;

/**
 * Credentials that the server sent, by key of the database: stateDir/databases.json, mode 0600. They stand there opened: the
 * key that could open them is in the same folder under the same mode, and may be another one after the next enrolment.
 */
export type CredentialStore = {
  all(): ReadonlyMap<string, Credentials>;
  /** Durable when it returns; undefined forgets. Throws what the file system throws. */
  set(key: string, credentials: Credentials | undefined): void;
};

/** The store of that folder; without one nothing is kept. Reads the file anew when it changed. */
export function openCredentials(stateDir: string | undefined): CredentialStore {
  const path = stateDir === undefined ? undefined : join(stateDir, fileName);
  let stamp = "";
  let known: ReadonlyMap<string, Credentials> = new Map();

  function all(): ReadonlyMap<string, Credentials> {
    if (path === undefined) return known;
    try {
      const { mtimeMs, ino, size } = statSync(path);
      const now = `${mtimeMs} ${ino} ${size}`;
      if (now !== stamp) known = read(path);
      stamp = now;
    } catch {
      known = new Map();
      stamp = "";
    }
    return known;
  }

  return {
    all,
    set(key, credentials) {
      if (path === undefined || stateDir === undefined) throw new Error("no folder to keep credentials in");
      const next = new Map(all());
      if (credentials === undefined) next.delete(key);
      else next.set(key, credentials);
      if (next.size > mostDatabases) throw new Error(`credentials of ${mostDatabases} databases are kept already`);
      makePrivateFolder(stateDir);
      writeFileAtomic(path, `${JSON.stringify({ version: 1, credentials: Object.fromEntries(next) })}\n`);
    },
  };
}

/** Credentials out of what the server sealed. Throws an Error with field and remedy, without any value. */
export function parseCredentials(json: string): Credentials {
  let raw: unknown;
  try {
    // A field that is null is one that was left out.
    raw = JSON.parse(json, (_, value) => value ?? undefined);
  } catch {
    throw new Error("sealed: holds no JSON: send it again");
  }
  const parsed = z.safeParse(credentialsSchema, raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.code === "unrecognized_keys" ? issue.keys.join(", ") : (issue?.path.join(".") ?? "");
  throw new Error(
    `${(field || "sealed").slice(0, 100)}: not valid: give user, password, database and tls {mode, ca, serverName}`,
  );
}

function read(path: string): ReadonlyMap<string, Credentials> {
  try {
    const { credentials } = z.parse(fileSchema, JSON.parse(readFileSync(path, "utf8")));
    return new Map(Object.entries(credentials));
  } catch {
    return new Map();
  }
}
