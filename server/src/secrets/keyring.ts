import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Kysely } from "kysely";
import { ConfigError } from "../config.ts";
import type { Database } from "../db/schema.ts";
import { type MasterKey, masterKey } from "./seal.ts";

/** The master keys, newest first. New secrets are sealed by the first; the others only open what they sealed. */
export type Keyring = {
  keys(): readonly MasterKey[];
  current(): MasterKey;
  find(id: string): MasterKey | undefined;
  /** Reads the file again where another process changed it (a rotation). */
  refresh(): void;
  /** Replaces the ring durably, or undefined where it comes from the environment and only its owner can. */
  replace: ((keys: readonly MasterKey[]) => void) | undefined;
  /** Where it comes from, for people. */
  source: string;
};

export const keyFileName = "master.key";

/**
 * The ring from `masterKey` (base64 of 32 bytes; several separated by commas, newest first), else from
 * `<dataDir>/master.key`, made where there is none. With `db`, refuses a ring that lacks the key of a stored secret.
 * Throws ConfigError with one line for people.
 */
export async function loadKeyring(options: {
  dataDir: string;
  masterKey?: string | undefined;
  db?: Kysely<Database> | undefined;
}): Promise<Keyring> {
  const { dataDir, masterKey: given, db } = options;
  const used = db === undefined ? [] : await db.selectFrom("secret").select("key_id").distinct().execute();
  const ring = given === undefined ? fileRing(join(dataDir, keyFileName), used.length > 0) : environmentRing(given);
  const missing = used.find((row) => ring.find(row.key_id) === undefined);
  if (missing !== undefined)
    throw new ConfigError(
      `${ring.source}: lacks master key ${missing.key_id}, which sealed stored secrets; add it after the new one`,
    );
  return ring;
}

/** A fresh random key. */
export function freshKey(): MasterKey {
  return masterKey(randomBytes(32));
}

function environmentRing(text: string): Keyring {
  const source = "FAIRLEAD_MASTER_KEY";
  const keys = parseKeys(text.split(","), source);
  return ringOf(
    () => keys,
    source,
    undefined,
    () => {},
  );
}

function fileRing(file: string, sealed: boolean): Keyring {
  if (!exists(file)) {
    if (sealed)
      throw new ConfigError(
        `${file}: is missing, but the database holds secrets sealed by it; put it back from the backup or set FAIRLEAD_MASTER_KEY`,
      );
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeKeys(file, [freshKey()], "create");
  }
  let stamp = stampOf(file);
  let keys = readKeys(file);
  return ringOf(
    () => keys,
    file,
    (next) => {
      writeKeys(file, next, "replace");
      keys = next;
      stamp = stampOf(file);
    },
    () => {
      const now = stampOf(file);
      if (now === stamp) return;
      keys = readKeys(file);
      stamp = now;
    },
  );
}

function ringOf(
  read: () => readonly MasterKey[],
  source: string,
  replace: Keyring["replace"],
  refresh: () => void,
): Keyring {
  return {
    keys: read,
    current: () => read()[0] as MasterKey,
    find: (id) => read().find((key) => key.id === id),
    refresh,
    replace,
    source,
  };
}

function readKeys(file: string): readonly MasterKey[] {
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) !== 0)
    throw new ConfigError(`${file}: others may read it (mode 0${mode.toString(8)}); run chmod 600 on it`);
  const lines = readFileSync(file, "utf8").split("\n");
  return parseKeys(
    lines.filter((line) => line.trim() !== "" && !line.startsWith("#")),
    file,
  );
}

function parseKeys(texts: readonly string[], source: string): readonly MasterKey[] {
  const keys = texts.map((text, i) => {
    const trimmed = text.trim();
    const bytes = Buffer.from(trimmed, "base64");
    if (bytes.length !== 32 || bytes.toString("base64") !== trimmed)
      throw new ConfigError(`${source}: key ${i + 1} is malformed; it must be 32 bytes in base64 (44 characters)`);
    return masterKey(bytes);
  });
  if (keys.length === 0) throw new ConfigError(`${source}: holds no key; it must hold 32 bytes in base64`);
  return keys;
}

/** Whole and durable, or not there: a temporary file is synced, then linked (create) or renamed (replace) into place. */
function writeKeys(file: string, keys: readonly MasterKey[], how: "create" | "replace"): void {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const text = [
    "# Master key of the sealed secrets, newest first. Back it up apart from the database: without it they are lost.",
    ...keys.map((key) => Buffer.from(key.bytes).toString("base64")),
    "",
  ].join("\n");
  const fd = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  try {
    if (how === "replace") renameSync(temporary, file);
    else linkSync(temporary, file);
  } catch (error) {
    // Another process made the key at the same moment: its key holds.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  const folder = openSync(dirname(file), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) throw new ConfigError(`${file}: is gone; put it back from the backup`);
  return `${stat.ino}.${stat.mtimeNs}`;
}
