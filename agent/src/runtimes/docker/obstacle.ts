import { isReplacementName } from "../replacement-names.ts";
import type { EngineContainer } from "./engine-types.ts";

const swarm = ["com.docker.swarm.service.id", "com.docker.swarm.task.id"];
const kubernetes = ["io.kubernetes.pod.name", "io.kubernetes.pod.uid"];

/** Why a container can't be replaced on its own, in one line, or undefined. `others` are all other containers. */
export function obstacle(
  container: EngineContainer,
  others: readonly EngineContainer[],
  ownContainerId: string | undefined,
): string | undefined {
  const name = nameOf(container);
  const labels = container.Config.Labels ?? {};
  const host = container.HostConfig;
  if (isReplacementName(name)) return `${name} is itself part of an unfinished replacement`;
  if (container.Id === ownContainerId) return `${name} is the container that this agent runs in`;
  if (swarm.some((label) => label in labels)) return `${name} belongs to a Swarm service: update the service instead`;
  if (kubernetes.some((label) => label in labels)) return `${name} belongs to a Kubernetes pod: update the workload`;
  if (host.AutoRemove) return `${name} was started with --rm and would vanish when stopped`;
  for (const [mode, what] of namespacesOf(container)) {
    if (mode.startsWith("container:")) return `${name} shares the ${what} namespace of another container`;
  }
  const status = container.State.Status ?? "";
  if (status === "paused" || status === "removing" || status === "dead") return `${name} is ${status}`;
  for (const other of others) {
    const tie = tieTo(other, container, name);
    if (tie) return `${nameOf(other)} ${tie} ${name} and would have to be replaced with it`;
  }
  return undefined;
}

function tieTo(other: EngineContainer, container: EngineContainer, name: string): string | undefined {
  for (const [mode, what] of namespacesOf(other)) {
    if (mode.startsWith("container:") && names(mode.slice("container:".length), container, name)) {
      return `shares the ${what} namespace of`;
    }
  }
  if ((other.HostConfig.VolumesFrom ?? []).some((from) => names(from.split(":")[0] ?? "", container, name))) {
    return "takes its volumes from";
  }
  if ((other.HostConfig.Links ?? []).some((link) => link.split(":")[0]?.replace(/^\//, "") === name)) {
    return "is linked to";
  }
  return undefined;
}

function namespacesOf({ HostConfig: host }: EngineContainer): [mode: string, what: string][] {
  return [
    [host.NetworkMode ?? "", "network"],
    [host.IpcMode ?? "", "IPC"],
    [host.PidMode ?? "", "process"],
  ];
}

function names(target: string, container: EngineContainer, name: string): boolean {
  return target === name || (target.length >= 12 && container.Id.startsWith(target));
}

function nameOf(container: EngineContainer): string {
  return container.Name.replace(/^\//, "");
}
