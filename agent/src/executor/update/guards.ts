import { parseImageReference } from "@fairlead/shared/image-reference";
import { bytes } from "../../cli/text.ts";
import { errorText } from "../../log.ts";
import type { EngineContainer, EngineImage } from "../../runtimes/docker/engine-types.ts";
import { baseName, isReplacementName } from "../../runtimes/replacement-names.ts";
import { RuntimeFailure, type Snapshot } from "../../runtimes/runtime.ts";
import { readLabels } from "../gates/labels.ts";
import type { RunContext } from "../run-context.ts";
import { majorFinding } from "./database-major.ts";
import { familyOf } from "./database-major-data.ts";
import { databaseOf } from "./database-major-image.ts";
import { dataOf } from "./database-major-read.ts";
import type { Engine } from "./engine.ts";
import type { Guard } from "./plan.ts";
import { swapObstacle } from "./swap.ts";

const swarm = ["com.docker.swarm.service.id", "com.docker.swarm.task.id"];
const kubernetes = ["io.kubernetes.pod.name", "io.kubernetes.pod.uid"];
/** What an engine needs to go on beside what the update takes. */
const spareBytes = 512 << 20;
const statfsMs = 5_000;

/** What speaks against touching the container at all. */
export function containerGuards(snapshot: Snapshot, { runtime }: Engine, stateDir: string | undefined): Guard[] {
  const { name } = snapshot;
  const raw = snapshot.inspect as EngineContainer;
  const labels = raw.Config.Labels ?? {};
  const guards: Guard[] = [];
  const add = (code: Guard["code"], message: string, forcible: boolean) =>
    guards.push({ code, container: name, message, forcible });
  if (isReplacementName(name)) {
    const remedy = `rename it to what it is to be (${runtime.type} rename ${name} ${baseName(name)}), or remove it`;
    add("orchestrated", `${name} is itself part of an unfinished replacement: ${remedy}`, false);
  }
  const obstacle = snapshot.id === runtime.ownContainerId ? swapObstacle(snapshot, runtime, stateDir) : undefined;
  if (obstacle !== undefined) {
    add("own_container", `${name} is the container that this agent runs in, and ${obstacle}`, false);
  }
  if (swarm.some((label) => label in labels)) {
    add("orchestrated", `${name} belongs to a Swarm service: update the service instead`, false);
  }
  if (kubernetes.some((label) => label in labels)) {
    add("orchestrated", `${name} belongs to a Kubernetes pod: update the workload`, false);
  }
  const unit = labels.PODMAN_SYSTEMD_UNIT;
  if (unit !== undefined) {
    const short = unit.slice(0, 100);
    const remedy = `pull the image and systemctl restart ${short}, or use podman auto-update`;
    add("orchestrated", `${name} is run by the systemd unit ${short}: ${remedy}`, false);
  }
  if (raw.Pod) {
    const remedy = "make the pod again, or give the container networks instead";
    add("orchestrated", `${name} belongs to the Podman pod ${raw.Pod.slice(0, 100)}: ${remedy}`, false);
  }
  if (readLabels(labels).update === "never") add("label_never", `${name} is labelled fairlead.update=never`, true);
  return guards;
}

/** A container that was asked for by digest keeps it, unless the command names a digest too. */
export function pinGuard(snapshot: Snapshot, image: string): Guard[] {
  const old = parseImageReference(snapshot.image);
  const next = parseImageReference(image);
  if (!old.ok || old.reference.digest === undefined || !next.ok || next.reference.digest !== undefined) return [];
  const message = `${snapshot.name} is pinned to ${snapshot.image}: name the new digest to pin it anew`;
  return [{ code: "pinned_digest", container: snapshot.name, message, forcible: true }];
}

/** A database whose data another major version would get; `notes`: what can't be told of one. */
export async function majorGuard(
  snapshot: Snapshot,
  { inspect: next, image }: { inspect: EngineImage; image: string },
  { runtime }: Engine,
  signal: AbortSignal,
): Promise<{ guards: Guard[]; notes: string[] }> {
  const { name } = snapshot;
  const raw = snapshot.inspect as EngineContainer;
  const holdsData = (raw.Mounts ?? []).some(({ RW, Type }) => RW !== false && Type !== "tmpfs");
  if (!holdsData) return { guards: [], notes: [] };
  const from = databaseOf((snapshot.imageInspect as EngineImage).Config, snapshot.image);
  const to = databaseOf(next.Config, image);
  const { data, problem } = await dataOf(snapshot, next, { from, to }, runtime, signal);
  const { obstacle, warning } = majorFinding({ data, from, to, image });
  const blind = data.length === 0 && familyOf((to ?? from)?.engine) !== undefined ? problem : undefined;
  const notes = [warning, blind && `the version of its data could not be read: ${blind}`];
  return {
    guards:
      obstacle === undefined ? [] : [{ code: "database_major", container: name, message: obstacle, forcible: true }],
    notes: notes.filter((note) => note !== undefined).map((note) => `${name}: ${note}`),
  };
}

/** Whether the engine answers and has room for so many bytes more where it keeps its images. */
export async function engineGuards(
  { runtime }: Engine,
  neededBytes: number,
  context: RunContext,
  signal: AbortSignal,
): Promise<Guard[]> {
  let rootDir: string;
  try {
    ({ rootDir } = await runtime.info(signal));
  } catch (error) {
    if (error instanceof RuntimeFailure && error.code === "not_found") return [];
    return [{ code: "engine_unhealthy", container: "", message: errorText(error), forcible: true }];
  }
  const free = await freeBytes(rootDir, context);
  if (free === undefined || free >= neededBytes + spareBytes) return [];
  const message = `${rootDir} has ${bytes(free)} free, the update needs ${bytes(neededBytes)} and ${bytes(spareBytes)} to spare`;
  return [{ code: "no_space", container: "", message, forcible: true }];
}

/** Whether a backup of so many bytes has room in its folder. */
export async function roomGuard(folder: string, neededBytes: number, context: RunContext): Promise<Guard[]> {
  const free = await freeBytes(folder, context);
  if (free === undefined || free >= neededBytes + spareBytes) return [];
  const message = `${folder} has ${bytes(free)} free, the backup may take ${bytes(neededBytes)} and ${bytes(spareBytes)} are to be spared`;
  return [{ code: "no_space", container: "", message, forcible: true }];
}

/** Undefined where the folder can't be seen from where the agent runs. */
async function freeBytes(folder: string, { host, log }: RunContext): Promise<number | undefined> {
  if (folder === "") return undefined;
  try {
    const { available, blockSize } = await host.statfs(folder, statfsMs);
    return available * blockSize;
  } catch (error) {
    log.info("free space of the engine not known", { folder, error: errorText(error) });
    return undefined;
  }
}
