import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import { inOrder } from "./order.ts";

/** Why a container has to go with another one that is replaced. */
export type Tie = "network" | "ipc" | "pid" | "volumes" | "link" | "requires" | "depends_on";

/**
 * A container that has to go along. "recreate": what it shares is gone with the old one. "restart": its own settings ask
 * to be restarted with what it depends on (compose: depends_on.restart).
 */
export type Dependent = { id: string; name: string; how: "recreate" | "restart"; ties: { to: string; by: Tie }[] };

/** The target's dependents, each behind all that it hangs on; or the ring that they form. */
export type Component = { dependents: Dependent[] } | { cycle: string[] };

const projectLabel = "com.docker.compose.project";
const serviceLabel = "com.docker.compose.service";
const dependsLabel = "com.docker.compose.depends_on";

/** All containers that have to be replaced or restarted with that one, over any number of steps. */
export function componentOf(target: EngineContainer, all: readonly EngineContainer[]): Component {
  const found = new Map<string, Dependent>();
  const queue = [target];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const restarted = found.get(at.Id)?.how === "restart";
    for (const other of all) {
      if (other.Id === at.Id || other.Id === target.Id) continue;
      // One that is only restarted keeps its volumes and its name, yet its namespaces are new ones.
      const ties = tiesBetween(other, at).filter((by) => !restarted || (by !== "volumes" && by !== "link"));
      if (ties.length === 0) continue;
      const how = ties.some((by) => by !== "depends_on") && !restarted ? "recreate" : "restart";
      const known = found.get(other.Id);
      const entries = ties.map((by) => ({ to: nameOf(at), by }));
      if (known === undefined) found.set(other.Id, { id: other.Id, name: nameOf(other), how, ties: entries });
      else {
        if (entries.every((one) => known.ties.some((tie) => tie.to === one.to && tie.by === one.by))) continue;
        known.ties.push(...entries);
        if (known.how === how || how === "restart") continue;
        known.how = how;
      }
      queue.push(other);
    }
  }
  return sorted(target, [...found.values()]);
}

function sorted(target: EngineContainer, dependents: Dependent[]): Component {
  const own = nameOf(target);
  const found = inOrder(
    dependents.map((one) => ({ ...one, after: one.ties.map(({ to }) => to).filter((to) => to !== own) })),
  );
  if ("cycle" in found) return found;
  return { dependents: found.ordered.map(({ after: _, ...one }) => one) };
}

function tiesBetween(other: EngineContainer, target: EngineContainer): Tie[] {
  const { NetworkMode, IpcMode, PidMode, VolumesFrom, Links } = other.HostConfig;
  const ties: Tie[] = [];
  if (sharesWith(NetworkMode, target)) ties.push("network");
  if (sharesWith(IpcMode, target)) ties.push("ipc");
  if (sharesWith(PidMode, target)) ties.push("pid");
  if ((VolumesFrom ?? []).some((from) => isNamed(from.split(":")[0] ?? "", target))) ties.push("volumes");
  if ((Links ?? []).some((link) => link.split(":")[0]?.replace(/^\//, "") === nameOf(target))) ties.push("link");
  // Podman's --requires; namespaces and volumes stand among these, too.
  if (ties.length === 0 && other.Requires?.includes(target.Id)) ties.push("requires");
  if (restartsWith(other, target)) ties.push("depends_on");
  return ties;
}

function sharesWith(mode: string | undefined, target: EngineContainer): boolean {
  return mode?.startsWith("container:") === true && isNamed(mode.slice("container:".length), target);
}

// compose writes "db:service_healthy:true,cache:service_started:false": service, condition, restart.
function restartsWith(other: EngineContainer, target: EngineContainer): boolean {
  const mine = other.Config.Labels ?? {};
  const its = target.Config.Labels ?? {};
  if (mine[projectLabel] === undefined || mine[projectLabel] !== its[projectLabel]) return false;
  return dependenciesOf(other).some(({ service, restart }) => restart && service === its[serviceLabel]);
}

/** What a compose service depends on, from the label that compose writes; empty for what is no such thing. */
export function dependenciesOf(container: EngineContainer): { service: string; condition: string; restart: boolean }[] {
  const text = container.Config.Labels?.[dependsLabel] ?? "";
  return text
    .slice(0, 10_000)
    .split(",")
    .flatMap((entry) => {
      const [service = "", condition = "", restart = ""] = entry.trim().split(":");
      return service === ""
        ? []
        : [{ service, condition: condition || "service_started", restart: restart === "true" }];
    });
}

function isNamed(name: string, container: EngineContainer): boolean {
  return name === nameOf(container) || (name.length >= 12 && container.Id.startsWith(name));
}

/** Its name without the slash that the engine puts before it. */
export function nameOf(container: EngineContainer): string {
  return container.Name.replace(/^\//, "");
}
