import { dirname, isAbsolute, resolve } from "node:path";
import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import { readLabels } from "../gates/labels.ts";
import type { RunContext } from "../run-context.ts";
import { nameOf } from "./component.ts";
import { type ComposeProject, composeHashes } from "./compose-files-hash.ts";
import { isWhole, type Located, locate, type ReadProject, readProject, sharedBy } from "./compose-files-locate.ts";
import { type ComposeFilesMode, modeFor } from "./compose-files-mode.ts";
import { realPlace } from "./compose-files-place.ts";
import { sameReference } from "./compose-files-text.ts";
import type { Engine } from "./engine.ts";
import { type Member, targetsOf, type UpdatePlan } from "./plan.ts";

/**
 * A line that is to be written when the update has been committed: the image of a service, or the variable of an env file
 * that decides it.
 */
export type ComposeEdit = {
  containers: string[];
  service: string;
  file: string;
  line: number;
  variable?: string;
  from: string;
  to: string;
};

/** What an update means for the compose files of its targets; `notes` for people. */
export type ComposePlan = { edits: ComposeEdit[]; notes: string[] };

/** One service of one project, with all of its containers that get that image. */
type Site = {
  project: ComposeProject;
  service: string;
  members: Member[];
  from: string;
  to: string;
  mode: ComposeFilesMode;
  obstacle?: string;
  located?: Located;
};

const label = {
  project: "com.docker.compose.project",
  service: "com.docker.compose.service",
  files: "com.docker.compose.project.config_files",
  folder: "com.docker.compose.project.working_dir",
  envFiles: "com.docker.compose.project.environment_file",
  hash: "com.docker.compose.config-hash",
  once: "com.docker.compose.oneoff",
};
const mostFiles = 10;
const orElse = 'else the next "docker compose up" goes back';

/**
 * Finds what the compose files say of the plan's targets, decides what will be written there, and has the new containers
 * labelled with the hash that compose will compare. Changes no file; undefined where there is nothing to tell. Throws what the engine throws.
 */
export async function planComposeFiles(
  plan: UpdatePlan,
  { runtime, recreation }: Engine,
  context: RunContext,
  signal: AbortSignal,
): Promise<ComposePlan | undefined> {
  const sites = sitesOf(plan, context);
  if (sites.length === 0) return undefined;
  // What an engine of another user says is no reason to open a file.
  const own = await context.runtimes.all().catch(() => []);
  if (!own.some(({ name }) => name === runtime.name)) return undefined;
  const all = await recreation.all(signal);
  const notes: string[] = [];
  const edits: ComposeEdit[] = [];
  for (const group of Map.groupBy(sites, ({ project }) => JSON.stringify(project)).values()) {
    const [{ project }] = group as [Site];
    const read = await readProject(project, context.host);
    for (const site of group) notes.push(...(await settle(site, read, all, context)));
    refuseShared(group, read);
    const hashed = await fitHashes(group, read, context, signal);
    for (const site of group) {
      const edit = editOf(site);
      if (edit !== undefined) edits.push(edit);
      else notes.push(...staleNote(site));
    }
    notes.push(...hashed);
  }
  return edits.length + notes.length > 0 ? { edits, notes } : undefined;
}

/** For people: a line that could not be written, and why. */
export function leftText({ file, line, variable, from, to }: ComposeEdit, why: string): string {
  const says = variable === undefined ? `image: ${from}` : `${variable}=${from}`;
  return `${file}:${line} still says ${says} (${why}): write ${to} there, ${orElse}`;
}

function sitesOf(plan: UpdatePlan, { host }: RunContext): Site[] {
  const sites = new Map<string, Site>();
  for (const member of targetsOf(plan)) {
    const labels = (member.snapshot.inspect as EngineContainer).Config.Labels ?? {};
    const mode = modeFor(host.composeFiles, readLabels(labels).composeFile);
    const project = projectOf(labels);
    const service = labels[label.service];
    if (mode.mode === "ignore" || project === undefined || service === undefined) continue;
    const key = JSON.stringify([project, service]);
    const known = sites.get(key);
    if (known !== undefined) {
      known.members.push(member);
      if (known.to !== member.image || known.from !== member.snapshot.image || known.mode !== mode.mode) {
        known.obstacle ??= "its containers are not all the same";
      }
      continue;
    }
    sites.set(key, { project, service, members: [member], from: member.snapshot.image, to: member.image, ...mode });
  }
  return [...sites.values()];
}

/** Undefined where the labels name no project whose files could be looked for. */
function projectOf(labels: Readonly<Record<string, string>>): ComposeProject | undefined {
  const [files = "", folder = dirname(files), envFiles = ""] = [
    labels[label.files],
    labels[label.folder],
    labels[label.envFiles],
  ];
  const name = labels[label.project] ?? "";
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name) || !isAbsolute(folder)) return undefined;
  const lists = [files, envFiles].map((list) => list.split(",").filter((path) => path !== ""));
  const [first = [], second = []] = lists;
  if (first.length === 0 || lists.some((list) => list.length > mostFiles || !list.every(isPath))) return undefined;
  const absolute = (path: string) => resolve(folder, path);
  return { name, folder: resolve(folder), files: first.map(absolute), envFiles: second.map(absolute) };
}

// They stand in texts for people.
function isPath(path: string): boolean {
  return path.length <= 1_000 && !/\p{Cc}/u.test(path);
}

/** Finds the place; what it answers is for people and final. */
async function settle(
  site: Site,
  read: ReadProject,
  all: readonly EngineContainer[],
  context: RunContext,
): Promise<string[]> {
  const { service, from, to, mode } = site;
  const found = locate(read, service, to);
  const moves = !sameReference(from, to);
  if (found === undefined) {
    const where = read.project.files.join(", ");
    return mode === "edit" && moves
      ? [`${where}: the service ${service} can't be read there: write ${to} there, ${orElse}`]
      : [];
  }
  if (typeof found === "string") return moves ? [`${found}: see that it comes to ${to}, ${orElse}`] : [];
  site.located = found;
  if (mode !== "edit") return [];
  const obstacle = site.obstacle ?? found.obstacle ?? (await siblingOf(site, read, all, context));
  if (obstacle !== undefined) site.obstacle = obstacle;
  return [];
}

/** A container of the same service, by the same files, that would not have the image which the file is to name. */
async function siblingOf(
  { service, members, to }: Site,
  { files }: ReadProject,
  all: readonly EngineContainer[],
  { host }: RunContext,
): Promise<string | undefined> {
  const targets = new Set(members.map(({ snapshot }) => snapshot.id));
  // Labels may name one file by several paths.
  const places = new Set(files.flatMap(({ place }) => place?.at ?? []));
  for (const other of all) {
    const { Id, Config } = other;
    const labels = Config.Labels ?? {};
    if (targets.has(Id) || labels[label.service] !== service || labels[label.once] === "True") continue;
    if (sameReference(Config.Image ?? "", to)) continue;
    for (const file of projectOf(labels)?.files ?? []) {
      const at = await realPlace(host, file);
      if (at !== undefined && places.has(at)) return `${nameOf(other)} is of the same service and keeps its image`;
    }
  }
  return undefined;
}

/** A variable is changed only where all that uses it is meant, and meant alike. */
function refuseShared(group: readonly Site[], read: ReadProject): void {
  const byVariable = group.filter((site) => site.located?.target?.variable !== undefined && editOf(site) !== undefined);
  const keyOf = ({ located }: Site) => `${located?.target?.file}\0${located?.target?.variable}`;
  for (const sites of Map.groupBy(byVariable, keyOf).values()) {
    const { file = "", variable = "" } = sites[0]?.located?.target ?? {};
    const alike = new Set(sites.map(({ located }) => located?.target?.to)).size === 1;
    const services = new Set(sites.map(({ service }) => service));
    const shared = alike ? sharedBy(read, file, variable, services) : `${variable} would have to be several things`;
    if (shared !== undefined) for (const site of sites) site.obstacle = shared;
  }
}

function editOf({ mode, located, members, service, from, to, obstacle }: Site): ComposeEdit | undefined {
  const { target, current } = located ?? {};
  if (mode !== "edit" || obstacle !== undefined || target === undefined || current === undefined) return undefined;
  if (!sameReference(current, from) || sameReference(current, to)) return undefined;
  return { containers: members.map(({ snapshot }) => snapshot.name), service, ...target };
}

/** What people have to do where nothing will be written; none where the file says the new image already. */
function staleNote({ located, from, to, mode, members, obstacle }: Site): string[] {
  if (located === undefined) return [];
  const { file, line, says, current, target } = located;
  if (current !== undefined && sameReference(current, to)) return [];
  const why = obstacle !== undefined && mode === "edit" ? ` (not edited: ${obstacle})` : "";
  if (current === undefined) {
    return [`${file}:${line} says image: ${says}${why}: see that it comes to ${to}, ${orElse}`];
  }
  if (!sameReference(current, from)) {
    const names = members.map(({ snapshot }) => snapshot.name).join(", ");
    const remedy = `write ${to} there, else the next "docker compose up" takes that`;
    return [`${names} runs ${from}, but ${file}:${line} says image: ${says}: ${remedy}`];
  }
  const place = target ?? { file, line, variable: undefined, from: says, to };
  const say = place.variable === undefined ? `image: ${place.from}` : `${place.variable}=${place.from}`;
  return [`${place.file}:${place.line} still says ${say}${why}: write ${place.to} there, ${orElse}`];
}

/** Gives the new containers the hash of their edited files. Answers what will not fit, for people. */
async function fitHashes(
  group: readonly Site[],
  read: ReadProject,
  context: RunContext,
  signal: AbortSignal,
): Promise<string[]> {
  const says = (site: Site) => site.located?.current !== undefined && sameReference(site.located.current, site.to);
  const concerned = group.filter(
    (site) => site.mode === "edit" && !sameReference(site.from, site.to) && (editOf(site) !== undefined || says(site)),
  );
  const [first] = concerned;
  if (first === undefined) return [];
  const images = new Map(concerned.map(({ service, from, to }) => [service, { from, to }]));
  const hashes = isWhole(read)
    ? await composeHashes(first.project, images, context, signal)
    : "not all of its files can be read";
  const notes: string[] = [];
  for (const site of concerned) {
    const hash = typeof hashes === "string" ? undefined : hashes.get(site.service);
    if (hash !== undefined && !sameReference(hash.image, site.located?.current ?? "")) {
      site.obstacle = "docker compose reads another image out of its files";
      continue;
    }
    const unfit = site.members.filter(({ snapshot, create }) => {
      const now = (snapshot.inspect as EngineContainer).Config.Labels?.[label.hash];
      const labels = create.create.Labels as Record<string, string> | undefined;
      if (hash === undefined || labels === undefined || now !== hash.before) return now !== undefined;
      labels[label.hash] = hash.after;
      return false;
    });
    if (unfit.length === 0) continue;
    const names = unfit.map(({ snapshot }) => snapshot.name).join(", ");
    const why = typeof hashes === "string" ? hashes : "it differs from its compose file in more than the image";
    notes.push(`the next "docker compose up" makes ${names} anew once, with the same image: ${why}`);
  }
  return notes;
}
