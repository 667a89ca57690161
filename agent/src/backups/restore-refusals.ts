import { lstatSync } from "node:fs";
import { Refusal } from "../executor/run-context.ts";
import { nameOf } from "../executor/update/component.ts";
import type { Engine } from "../executor/update/engine.ts";
import { gather } from "../executor/update/gather.ts";
import type { EngineContainer } from "../runtimes/docker/engine-types.ts";
import type { SavedConfig } from "./config.ts";
import type { Manifest } from "./manifest.ts";
import { isElsewhere } from "./restore-places.ts";

const orchestrators = [
  "com.docker.swarm.service.id",
  "com.docker.swarm.task.id",
  "io.kubernetes.pod.name",
  "io.kubernetes.pod.uid",
];

/** Containers that can't be replaced or made by a restore. Throws Refusal. */
export function refuseUnfit(
  name: string,
  present: EngineContainer | undefined,
  copy: boolean,
  { snapshot }: SavedConfig,
  { runtime }: Engine,
  all: readonly EngineContainer[],
): void {
  if (copy && present !== undefined)
    throw new Refusal(`name: there is a container ${name}: give another name, or none`);
  const labels = (snapshot.inspect as EngineContainer).Config.Labels ?? {};
  const orchestrated = orchestrators.find((label) => label in labels);
  if (orchestrated !== undefined) {
    throw new Refusal(
      `${snapshot.name} belonged to a Swarm service or a Kubernetes pod (label ${orchestrated}): restore the workload there`,
    );
  }
  const pod = (snapshot.inspect as EngineContainer).Pod ?? present?.Pod;
  if (pod !== undefined) {
    throw new Refusal(
      `${snapshot.name} belongs to the Podman pod ${pod.slice(0, 100)}, which its API can't put containers into: make the pod again`,
    );
  }
  if (present === undefined) return;
  const unit = present.Config.Labels?.PODMAN_SYSTEMD_UNIT?.slice(0, 100);
  if (unit !== undefined) {
    throw new Refusal(
      `${name} is run by the systemd unit ${unit}, which would fight with the restored one: systemctl stop ${unit} first, or restore under another name`,
    );
  }
  if (present.Id === runtime.ownContainerId) {
    throw new Refusal(`${name} is the container that this agent runs in: restore it under another name`);
  }
  if (["removing", "dead"].includes(present.State.Status ?? ""))
    throw new Refusal(`${name} is ${present.State.Status}`);
  if (present.HostConfig.AutoRemove && present.State.Running) {
    throw new Refusal(`${name} was started with --rm and would be gone as soon as it stops: remove it first`);
  }
  const riders = gather([present], all).filter(({ role }) => role === "recreate");
  if (riders.length > 0) {
    const names = riders.map(({ raw }) => nameOf(raw)).join(", ");
    throw new Refusal(
      `${names} hang on ${name} by namespaces, volumes or links: remove them first, or restore under another name`,
    );
  }
}

/** Volumes that are emptied must be nobody else's. */
export function refuseShared(
  manifest: Manifest,
  { volumes }: SavedConfig,
  all: readonly EngineContainer[],
  present: EngineContainer | undefined,
): void {
  const mounts = (raw: EngineContainer, volume: string) =>
    (raw.Mounts ?? []).some(({ Type, Name }) => Type === "volume" && Name === volume);
  for (const { what, source } of manifest.files) {
    if (what !== "volume") continue;
    const known = volumes.find((one) => one.name === source);
    if (isElsewhere(known)) {
      throw new Refusal(
        `the volume ${source} lies outside of the engine's own folders and can't be emptied: restore without overwriteVolumes`,
      );
    }
    const user = all.find((raw) => raw !== present && mounts(raw, source));
    if (user !== undefined) {
      throw new Refusal(
        `the volume ${source} is also used by ${nameOf(user)}: remove that one first, or restore without overwriteVolumes`,
      );
    }
  }
}

/** Two of the same program must not write into one folder of the host. */
export function refuseSharedBinds(
  manifest: Manifest,
  { snapshot }: SavedConfig,
  all: readonly EngineContainer[],
): void {
  const saved = new Set(manifest.files.filter(({ what }) => what === "bind").map(({ source }) => source));
  for (const { Type, Source = "", RW, Destination } of (snapshot.inspect as EngineContainer).Mounts ?? []) {
    if (Type !== "bind" || RW === false || saved.has(Source) || !mayBeFolder(Source)) continue;
    const user = all.find(
      (raw) => raw.State.Running && (raw.Mounts ?? []).some((mount) => mount.Source === Source && mount.RW !== false),
    );
    if (user === undefined) continue;
    throw new Refusal(
      `${Source} of the host (${Destination}) is not in the backup, and ${nameOf(user)} writes to it: stop that one first, or restore without starting`,
    );
  }
}

function mayBeFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return true;
  }
}

/** Networks are not made: whoever made them knows how. Throws Refusal. */
export async function refuseMissingNetworks(
  { snapshot, networks }: SavedConfig,
  { runtime }: Engine,
  signal: AbortSignal,
) {
  const raw = snapshot.inspect as EngineContainer;
  const mode = raw.HostConfig.NetworkMode ?? "default";
  if (["host", "none"].includes(mode) || mode.startsWith("container:")) return;
  const there = new Set((await runtime.networks(signal)).map(({ name }) => name));
  for (const name of Object.keys(raw.NetworkSettings?.Networks ?? {})) {
    if (there.has(name)) continue;
    const known = networks.find((network) => network.name === name);
    const was = known === undefined ? "" : ` (${[known.driver, ...known.subnets].join(", ")})`;
    throw new Refusal(`the network ${name}${was} is missing: create it first`);
  }
}
