import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { alone } from "./alone.ts";

const top = join(import.meta.dirname, "..");
const web = join(top, "server/web");
const stamp = ".sources";

/** What the page is built from; the lock file stands for the versions of everything it imports. */
const sources = ["server/web", "shared", "package-lock.json"];
const skipped = /^(dist|node_modules|\.cache)$|\.test\.tsx?$/;

/** Builds the page into server/web/dist, unless its sources are those of the last build. Of several at once, one builds. */
export async function buildWeb(options: { force?: boolean } = {}): Promise<{ built: boolean; folder: string }> {
  await mkdir(join(web, ".cache"), { recursive: true });
  return await alone(join(web, ".cache/build.lock"), () => buildStale(options));
}

async function buildStale(options: { force?: boolean }): Promise<{ built: boolean; folder: string }> {
  const folder = join(web, "dist");
  const hash = await hashSources();
  if (!options.force && (await readFile(join(folder, stamp), "utf8").catch(() => "")) === hash)
    return { built: false, folder };
  const fresh = join(web, ".cache", `dist-${process.pid}`);
  try {
    await build(fresh);
    await writeFile(join(fresh, stamp), hash);
    // Swapped at once, so that a server that runs meanwhile never serves half a page.
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return { built: true, folder };
}

/** React's development form is taken unless NODE_ENV says production; tests and shells may say something else. */
async function build(outDir: string): Promise<void> {
  const vite = await import("vite");
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  try {
    const configFile = join(web, "vite.config.ts");
    await vite.build({ root: web, configFile, logLevel: "warn", build: { outDir, emptyOutDir: true } });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

async function hashSources(): Promise<string> {
  const hash = createHash("sha256");
  const files = (await Promise.all(sources.map((path) => listFiles(join(top, path))))).flat().sort();
  const contents = await Promise.all(files.map((file) => readFile(file)));
  files.forEach((file, i) => {
    hash.update(`${relative(top, file)}\0${contents[i]?.length}\0`).update(contents[i] ?? "");
  });
  return hash.digest("hex");
}

async function listFiles(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const inner = entries
    .filter((entry) => !skipped.test(entry.name))
    .map((entry) => (entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)]));
  return (await Promise.all(inner)).flat();
}

if (import.meta.main) {
  const started = performance.now();
  const { built } = await buildWeb({ force: process.argv.includes("--force") });
  const took = Math.round(performance.now() - started);
  process.stdout.write(built ? `The page is built (${took} ms).\n` : `The page is up to date (${took} ms).\n`);
}
