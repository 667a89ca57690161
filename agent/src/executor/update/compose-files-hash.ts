import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findTool } from "../../host/find-tool.ts";
import { errorText } from "../../log.ts";
import type { RunContext } from "../run-context.ts";
import { imageIn, parseCompose, sameReference, withImage } from "./compose-files-text.ts";

/** A compose project as the labels of its containers tell it. Paths are absolute. */
export type ComposeProject = { name: string; folder: string; files: string[]; envFiles: string[] };

/** The image that compose reads for a service as its files stand, and its hashes with the old and with the new image. */
export type ServiceHash = { image: string; before: string; after: string };

type Change = { from: string; to: string };

// https://github.com/docker/cli/blob/master/cli-plugins/manager/manager_unix.go
const plugins = ["/usr/local/lib", "/usr/local/libexec", "/usr/lib", "/usr/libexec"].map(
  (folder) => `${folder}/docker/cli-plugins/docker-compose`,
);
const deadlineMs = 15_000;
const mostBytes = 512 << 10;
/** What it may take of memory: its files are what a label names. */
const mostMemory = 512 << 20;

/**
 * The hashes that compose will compare its containers' labels with, by service; a text says why they can't be known. The
 * project is rendered first and hashed as rendered: hashed directly, services with an env_file come out otherwise than `up`
 * has them. Never throws.
 */
export async function composeHashes(
  project: ComposeProject,
  images: ReadonlyMap<string, Change>,
  { host, entry }: Pick<RunContext, "host" | "entry">,
  signal: AbortSignal,
): Promise<Map<string, ServiceHash> | string> {
  const plugin = findTool(host, plugins);
  const env = findTool(host, ["env"]);
  if (plugin === undefined || env === undefined || host.stateDir === undefined)
    return "the docker compose plugin is not on this host";
  // Rendered, it holds the values of env files. Swept at the agent's next start where this process is killed.
  const folder = join(host.stateDir, `compose-${entry.id}.${process.pid}.tmp`);
  const limit = findTool(host, ["prlimit"]);
  const clean = [
    "-i",
    "PATH=/usr/bin:/bin",
    "HOME=/nonexistent",
    "COMPOSE_EXPERIMENTAL_GIT_REMOTE=false",
    "COMPOSE_EXPERIMENTAL_OCI_REMOTE=false",
  ];
  const ask = async (files: readonly string[], args: readonly string[]) => {
    const names = ["-p", project.name, "--project-directory", project.folder, "--profile", "*"];
    const chosen = [
      ...files.flatMap((file) => ["-f", file]),
      ...project.envFiles.flatMap((file) => ["--env-file", file]),
    ];
    const line = [env, ...clean, plugin, ...names, ...chosen, "config", ...args];
    const [program = env, ...rest] = limit === undefined ? line : [limit, `--data=${mostMemory}`, "--", ...line];
    const done = await host.run(program, rest, { deadlineMs, maxBytes: mostBytes, signal });
    // What it has to say may quote the files.
    if (done.code !== 0)
      throw new Error(`docker compose can't read the project (exit code ${done.code ?? done.signal})`);
    return done.stdout;
  };
  try {
    const rendered = await ask(project.files, []);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
    const [before, after] = [join(folder, "before.yaml"), join(folder, "after.yaml")];
    writeFileSync(before, edited(rendered, images, "from"), { mode: 0o600 });
    writeFileSync(after, edited(rendered, images, "to"), { mode: 0o600 });
    const services = [...images.keys()].join(",");
    const hashes = [
      parseHashes(await ask([before], ["--hash", services])),
      parseHashes(await ask([after], ["--hash", services])),
    ];
    const compose = parseCompose(rendered);
    const found = new Map<string, ServiceHash>();
    for (const service of images.keys()) {
      const image = compose === undefined ? undefined : imageIn(compose, service)?.says;
      const [old, next] = hashes.map((all) => all.get(service));
      if (image !== undefined && old !== undefined && next !== undefined)
        found.set(service, { image, before: old, after: next });
    }
    return found;
  } catch (error) {
    return errorText(error).slice(0, 300);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// A file that has one of the two already keeps its own way of writing it.
function edited(rendered: string, images: ReadonlyMap<string, Change>, which: "from" | "to"): string {
  let text = rendered;
  for (const [service, change] of images) {
    const compose = parseCompose(text);
    const says = compose === undefined ? undefined : imageIn(compose, service)?.says;
    if (says !== undefined && sameReference(says, change[which])) continue;
    const next = compose === undefined ? undefined : withImage(compose, service, change[which]);
    if (next === undefined) throw new Error(`docker compose tells no image of ${service}`);
    text = next;
  }
  return text;
}

/** "NAME HASH" a line. */
export function parseHashes(text: string): Map<string, string> {
  const lines = text.split("\n").map((line) => /^(\S+) ([0-9a-f]{64})$/.exec(line.trim()));
  return new Map(lines.flatMap((match) => (match?.[1] && match[2] ? [[match[1], match[2]] as const] : [])));
}
