import { join } from "node:path";
import { parseImageReference } from "@fairlead/shared/image-reference";
import type { Host } from "../../host/host.ts";
import type { ComposeProject } from "./compose-files-hash.ts";
import { type Place, readPlace } from "./compose-files-place.ts";
import {
  type ComposeText,
  envFilesIn,
  imageFromElsewhere,
  imageIn,
  includesOthers,
  parseCompose,
  sameReference,
  usersOf,
} from "./compose-files-text.ts";
import {
  type Assignment,
  assignmentsIn,
  decidingVariable,
  interpolate,
  variablesOf,
} from "./compose-files-variables.ts";

/** The compose and env files of a project as far as they can be read from here. */
export type ReadProject = {
  project: ComposeProject;
  /** In the order in which they count; `compose` undefined: it can't be read, or is none. */
  files: { path: string; place: Place | undefined; compose: ComposeText | undefined }[];
  envs: { path: string; place: Place; assignments: Map<string, Assignment | null> | undefined }[];
};

/** Where the image of a service stands. */
export type Located = {
  file: string;
  line: number;
  /** As it is written. */
  says: string;
  /** What that comes to; undefined where it can't be known here. */
  current: string | undefined;
  /** The line to write to; absent where there is none, for which `obstacle` gives the reason. */
  target?: { file: string; line: number; variable?: string; from: string; to: string };
  obstacle?: string;
};

/** Reads all of them. Never throws. */
export async function readProject(project: ComposeProject, host: Host): Promise<ReadProject> {
  const files: ReadProject["files"] = [];
  for (const path of project.files) {
    const place = await readPlace(host, path);
    files.push({ path, place, compose: place === undefined ? undefined : parseCompose(place.text) });
  }
  const envs: ReadProject["envs"] = [];
  const usesVariables = files.some(({ place }) => place?.text.includes("$"));
  for (const path of usesVariables ? envFilesOf(project) : project.envFiles) {
    const place = await readPlace(host, path);
    if (place !== undefined) envs.push({ path, place, assignments: assignmentsIn(place.text) });
  }
  return { project, files, envs };
}

/** True where all that the labels name is small files that can be read, so that another program may be told to. */
export function isWhole({ project, files, envs }: ReadProject): boolean {
  return (
    files.every(({ compose }) => compose !== undefined) &&
    project.envFiles.every((path) => envs.some((env) => env.path === path))
  );
}

/** The place of the service's image, and whether it can be made to say `image`; a text says why there is none. */
export function locate(read: ReadProject, service: string, image: string): Located | string | undefined {
  let unread: string | undefined;
  // The last file that names an image is the one that counts.
  for (const { path, place, compose } of read.files.toReversed()) {
    if (compose === undefined) {
      unread ??= path;
      continue;
    }
    const elsewhere = imageFromElsewhere(compose, service);
    if (elsewhere !== undefined) return `${path}:${elsewhere.line}: the service ${service} ${elsewhere.how}`;
    const found = imageIn(compose, service);
    if (found === undefined) continue;
    const { line, says } = found;
    const at = { file: path, line, says };
    const first = unread === undefined ? (found.obstacle ?? place?.refusal) : `${unread} can't be read`;
    if (!says.includes("$")) {
      if (first !== undefined) return { ...at, current: says, obstacle: first };
      return { ...at, current: says, target: { file: path, line, from: says, to: image } };
    }
    const resolved = byVariable(read, says, image);
    if (first !== undefined) return { ...at, current: resolved.current, obstacle: first };
    return { ...at, ...resolved };
  }
  const including = read.files.find(({ compose }) => compose !== undefined && includesOthers(compose));
  return including === undefined
    ? undefined
    : `${including.path}: the service ${service} may be in a file that it includes`;
}

/**
 * Why a variable of an env file can't be changed: something else than the images of `services` would change with it, or it
 * must not be written to. Undefined: it can.
 */
export function sharedBy(
  read: ReadProject,
  env: string,
  variable: string,
  services: ReadonlySet<string>,
): string | undefined {
  for (const { path, compose } of read.files) {
    if (compose === undefined) continue;
    if (includesOthers(compose)) return `${path} includes other files, which may use ${variable} too`;
    const { images, others } = usersOf(compose, variable);
    if (others) return `${path} uses ${variable} for more than images`;
    const other = images.find((service) => !services.has(service));
    if (other !== undefined) return `the service ${other} uses ${variable} too`;
    const named = envFilesIn(compose).find(
      (file) => file.includes("$") || join(read.project.folder, file) === env || file === env,
    );
    if (named !== undefined) return `${path} hands it on to services as env_file`;
  }
  return undefined;
}

function byVariable(read: ReadProject, says: string, image: string): Pick<Located, "current" | "target" | "obstacle"> {
  const names = variablesOf(says) ?? [];
  const known = new Map(names.map((name) => [name, lastOf(read, name)] as const));
  const lookUp = (name: string) => known.get(name)?.assignment.value;
  const current = interpolate(says, lookUp);
  const deciding = decidingVariable(says);
  if (deciding === undefined) return { current, obstacle: "no variable is the whole of its image or of its tag" };
  const found = known.get(deciding.name);
  if (found === undefined)
    return { current, obstacle: `${deciding.name} is not plainly said in an env file of the project` };
  const { path, place, assignment } = found;
  const to = deciding.part === "image" ? image : tagOf(image);
  const next = to === undefined ? undefined : interpolate(says, (name) => (name === deciding.name ? to : lookUp(name)));
  if (to === undefined || next === undefined || !sameReference(next, image)) {
    return { current, obstacle: `${deciding.name} is its tag alone` };
  }
  if (place.refusal !== undefined) return { current, obstacle: `${path}: ${place.refusal}` };
  return {
    current,
    target: { file: path, line: assignment.line, variable: deciding.name, from: assignment.value, to },
  };
}

/** The assignment that counts: of the last env file that has the variable. */
function lastOf({ envs }: ReadProject, name: string) {
  for (const { path, place, assignments } of envs.toReversed()) {
    if (assignments === undefined) return undefined;
    const assignment = assignments.get(name);
    if (assignment === null) return undefined;
    if (assignment !== undefined) return { path, place, assignment };
  }
  return undefined;
}

function tagOf(image: string): string | undefined {
  const parsed = parseImageReference(image);
  return parsed.ok && parsed.reference.digest === undefined ? (parsed.reference.tag ?? "latest") : undefined;
}

function envFilesOf({ folder, envFiles }: ComposeProject): string[] {
  return envFiles.length > 0 ? envFiles : [join(folder, ".env")];
}
