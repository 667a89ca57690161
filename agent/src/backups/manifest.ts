import { createHash, randomBytes } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import type { Host } from "../host/host.ts";
import { errorText } from "../log.ts";
import { writeFileAtomic } from "../state-file.ts";
import { backupFolder } from "./settings.ts";

const plainName = z.string().check(z.regex(/^[a-z][a-z0-9.-]{0,80}$/));
const size = z.int().check(z.gte(0));

const fileSchema = z.strictObject({
  /** In the backup's folder. */
  name: plainName,
  what: z.enum(["config", "volume", "bind", "dump"]),
  /** Name of the volume, path on the host, kind of the database; empty for the configuration. */
  source: z.string(),
  /** Where the container saw it. */
  destination: z.string(),
  /** Before compression. */
  bytes: size,
  compressedBytes: size,
  /** Of the file as it lies there. */
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  compression: z.enum(["zstd", "none"]),
  /** Of a tar: the name that all its entries begin with, how many they are, and who read it. */
  root: z.optional(z.string().check(z.regex(/^[^/\0]{1,255}$/))),
  entries: z.optional(size),
  /** Of a tar: whether the root is a folder and no file. */
  folder: z.optional(z.boolean()),
  via: z.optional(z.enum(["host", "engine"])),
});

const schema = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  /** Name of the container on that runtime. */
  container: z.string(),
  runtime: z.string(),
  containerId: z.string(),
  image: z.string(),
  imageId: z.string(),
  digest: z.nullable(z.string()),
  /** Unix ms. */
  created: z.number(),
  expires: z.number(),
  /** The command that made it, and its type. */
  command: z.string(),
  reason: z.string(),
  running: z.boolean(),
  /** How its volumes were read; "stopped": it did not run. */
  consistency: z.enum(["pause", "stop", "live", "stopped"]),
  /** Of the engine: type, version, operating system. */
  engine: z.strictObject({ type: z.string(), version: z.string(), api: z.string() }),
  files: z.array(fileSchema),
  warnings: z.array(z.string()),
});

export type BackupFile = z.infer<typeof fileSchema>;
/** What a backup says of itself: manifest.json in its folder. It holds no secret; config.json does. */
export type Manifest = z.infer<typeof schema>;

/** The backup can't be used: its manifest is missing, of another version or was changed. One line. */
export class BadBackup extends Error {
  override readonly name = "BadBackup";
}

export const manifestName = "manifest.json";
export const configName = "config.json";
const verdictName = "verdict.json";
const idPattern = /^\d{8}t\d{6}z-[0-9a-f]{8}$/;
const temporaryPrefix = ".unfinished-";
const mostManifestBytes = 4 << 20;

/** A new id: its time for people, and chance. */
export function newBackupId(now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  return `${time.toLowerCase()}-${randomBytes(4).toString("hex")}`;
}

/** Folder of a backup while it is being made; what is left there by a crash counts for nothing. */
export function temporaryFolder(folder: string, id: string): string {
  return join(folder, `${temporaryPrefix}${id}`);
}

/** Ids of backups that were begun and not finished. */
export function unfinished(folder: string): string[] {
  return entriesOf(folder).flatMap((name) =>
    name.startsWith(temporaryPrefix) ? [name.slice(temporaryPrefix.length)] : [],
  );
}

/** Writes the manifest with a checksum over itself, durably. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const text = JSON.stringify({ ...manifest, sum: sumOf(manifest) }, null, 2);
  writeFileAtomic(join(folder, manifestName), `${text}\n`);
}

/** Reads the manifest of that backup. Throws BadBackup. */
export function readManifest(folder: string, id: string): Manifest {
  const fail = (why: string): never => {
    throw new BadBackup(`the backup ${id} can't be used: ${why}`);
  };
  if (!idPattern.test(id)) fail("that is no id of a backup");
  let raw: Record<string, unknown>;
  try {
    const path = join(folder, id, manifestName);
    if (lstatSync(path).size > mostManifestBytes) fail("its manifest is too large");
    raw = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof BadBackup) throw error;
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return fail(missing ? "there is none of that id" : `its manifest can't be read (${errorText(error)})`);
  }
  if (typeof raw !== "object" || raw === null) fail("its manifest is no mapping");
  if (raw.version !== 1)
    fail(`its manifest is of version ${JSON.stringify(raw.version)?.slice(0, 20)}, this agent knows 1`);
  const { sum, ...rest } = raw;
  const parsed = z.safeParse(schema, rest);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fail(`its manifest is not as it was written (${issue?.path.join(".") ?? ""})`);
  }
  if (parsed.data.id !== id) fail("its manifest is of another backup");
  if (sum !== sumOf(parsed.data)) fail("its manifest was changed after it was written");
  return parsed.data;
}

/** Name of the container that a backup is of; undefined where it can't be used. */
export function containerOfBackup(host: Pick<Host, "backups" | "stateDir">, id: string): string | undefined {
  try {
    return readManifest(backupFolder(host) ?? "", id).container;
  } catch {
    return undefined;
  }
}

export type ListedBackup = {
  id: string;
  /** Undefined where the manifest can't be read; `problem` says why. */
  manifest: Manifest | undefined;
  state: "complete" | "damaged" | "expired";
  problem: string;
  /** Size of all its files on disk. */
  bytes: number;
  /** When it was last read whole, Unix ms; 0 = never. */
  verifiedAt: number;
};

/** The backups of that folder, newest first. A folder that does not exist holds none. */
export function listBackups(folder: string, now: number): ListedBackup[] {
  const ids = entriesOf(folder).filter((name) => idPattern.test(name));
  return ids
    .sort()
    .reverse()
    .map((id) => lookAt(folder, id, now));
}

/** Notes what reading a backup whole has shown; "" = nothing wrong. */
export function noteVerdict(folder: string, id: string, verdict: { at: number; problem: string }): void {
  writeFileAtomic(join(folder, id, verdictName), JSON.stringify(verdict));
}

/** Path of a file of a backup. */
export function fileOf(folder: string, id: string, { name }: { name: string }): string {
  return join(folder, id, name);
}

function lookAt(folder: string, id: string, now: number): ListedBackup {
  const verdict = readVerdict(folder, id);
  const seen = { id, bytes: sizeOf(join(folder, id)), verifiedAt: verdict.at };
  try {
    const manifest = readManifest(folder, id);
    const problem = verdict.problem || missingFile(folder, manifest);
    const state = problem !== "" ? "damaged" : manifest.expires <= now ? "expired" : "complete";
    return { ...seen, manifest, state, problem };
  } catch (error) {
    return { ...seen, manifest: undefined, state: "damaged", problem: errorText(error) };
  }
}

function missingFile(folder: string, { id, files }: Manifest): string {
  for (const file of files) {
    try {
      const { size } = lstatSync(fileOf(folder, id, file));
      if (size !== file.compressedBytes) return `${file.name} has ${size} bytes instead of ${file.compressedBytes}`;
    } catch {
      return `${file.name} is missing`;
    }
  }
  return "";
}

function readVerdict(folder: string, id: string): { at: number; problem: string } {
  try {
    const { at, problem } = JSON.parse(readFileSync(join(folder, id, verdictName), "utf8"));
    return { at: Number(at) || 0, problem: String(problem) };
  } catch {
    return { at: 0, problem: "" };
  }
}

function sizeOf(folder: string): number {
  let sum = 0;
  for (const name of entriesOf(folder)) {
    try {
      sum += lstatSync(join(folder, name)).size;
    } catch {
      // Removed meanwhile.
    }
  }
  return sum;
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

// Against hands and half-written files, not against an enemy: who may write here is root.
function sumOf(manifest: Manifest): string {
  return createHash("sha256").update(stable(manifest)).digest("hex");
}

function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${stable(inner)}`)
    .join(",")}}`;
}
