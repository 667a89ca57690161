import { parseImageReference, repoDigest } from "@fairlead/shared/image-reference";
import type { ContainerInfo, ContainerStateName, Fitness, Health, MountSource } from "../runtime.ts";
import type { EngineContainer, EngineMount, Healthcheck } from "./engine-types.ts";

const states: readonly string[] = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];
const maxLabel = 1024;
const maxSources = 64;

/** What the engine's inspect says of a container; `repoDigests` are those of its image. */
export function describeContainer(raw: EngineContainer, repoDigests: readonly string[]): ContainerInfo {
  const image = raw.Config.Image ?? "";
  const parsed = parseImageReference(image);
  const reference = parsed.ok ? parsed.reference : undefined;
  return {
    id: raw.Id,
    name: raw.Name.replace(/^\//, ""),
    image,
    imageId: raw.Image,
    digest: reference && (repoDigest(reference, repoDigests) ?? reference.digest),
    tag: reference?.tag ?? (reference && !reference.digest ? "latest" : undefined),
    state: stateOf(raw),
    health: healthOf(raw),
    healthOutput: healthOutputOf(raw),
    exitCode: raw.State.ExitCode ?? 0,
    oomKilled: raw.State.OOMKilled ?? false,
    restartCount: raw.RestartCount ?? 0,
    pid: raw.State.Pid ?? 0,
    createdAt: time(raw.Created),
    startedAt: time(raw.State.StartedAt),
    finishedAt: time(raw.State.FinishedAt),
    ports: portsOf(raw),
    labels: Object.fromEntries(
      Object.entries(raw.Config.Labels ?? {}).map(([key, value]) => [key, value.slice(0, maxLabel)]),
    ),
    mounts: (raw.Mounts ?? []).map(mountText).sort(),
    mountSources: mountSourcesOf(raw),
    networks: Object.keys(raw.NetworkSettings?.Networks ?? {}).sort(),
    networkMode: raw.HostConfig.NetworkMode ?? "",
    restartPolicy: raw.HostConfig.RestartPolicy?.Name || "no",
    memoryLimit: raw.HostConfig.Memory ?? 0,
  };
}

/** How a container fares, for the gate of a replacement. */
export function fitnessOf(raw: EngineContainer): Fitness {
  const health = healthOf(raw);
  return {
    state: stateOf(raw),
    restartCount: raw.RestartCount ?? 0,
    exitCode: raw.State.ExitCode ?? 0,
    oomKilled: raw.State.OOMKilled ?? false,
    health,
    healthOutput: healthOutputOf(raw),
    healthTimeoutMs: health ? healthTimeoutMs(raw.Config.Healthcheck ?? {}) : 0,
    error: raw.State.Error ?? "",
  };
}

/** How long a container may take until its health check has decided: all retries after the start period, and a margin. */
export function healthTimeoutMs(check: Healthcheck): number {
  const ms = (nanoseconds: number | undefined, otherwise: number) =>
    nanoseconds ? Math.ceil(nanoseconds / 1e6) : otherwise;
  const timeout = ms(check.Timeout, 30_000);
  return ms(check.StartPeriod, 0) + (ms(check.Interval, 30_000) + timeout) * (check.Retries || 3) + 5_000;
}

function stateOf(raw: EngineContainer): ContainerStateName {
  const status = raw.State.Status ?? "";
  return states.includes(status) ? (status as ContainerStateName) : raw.State.Running ? "running" : "exited";
}

function healthOf(raw: EngineContainer): Health | undefined {
  const status = raw.State.Health?.Status;
  return status === "starting" || status === "healthy" || status === "unhealthy" ? status : undefined;
}

function healthOutputOf(raw: EngineContainer): string {
  return (raw.State.Health?.Log?.at(-1)?.Output ?? "").trim().replace(/\s+/g, " ").slice(0, 200);
}

// The engine writes year 1 for "never".
function time(text: string | undefined): number {
  const at = text ? Date.parse(text) : 0;
  return at > 0 ? at : 0;
}

function portsOf(raw: EngineContainer): string[] {
  const live = raw.NetworkSettings?.Ports ?? {};
  const ports = Object.keys(live).length > 0 ? live : (raw.HostConfig.PortBindings ?? {});
  const made = new Set<string>();
  for (const [port, bindings] of Object.entries(ports)) {
    if (!bindings?.length) made.add(port);
    for (const { HostIp: ip, HostPort: hostPort } of bindings ?? []) {
      const everywhere = !ip || ip === "0.0.0.0" || ip === "::";
      const address = everywhere ? "" : ip.includes(":") ? `[${ip}]:` : `${ip}:`;
      made.add(`${address}${hostPort || "?"}->${port}`);
    }
  }
  return [...made].sort();
}

function mountText(mount: EngineMount): string {
  const source = mount.Type === "tmpfs" ? "tmpfs" : mount.Type === "volume" ? (mount.Name ?? "") : (mount.Source ?? "");
  return `${source}:${mount.Destination}${mount.RW === false ? ":ro" : ""}`;
}

function mountSourcesOf(raw: EngineContainer): MountSource[] {
  const { UpperDir, Dir } = raw.GraphDriver?.Data ?? {};
  const layer = [UpperDir, Dir, raw.HostsPath].find(isPath);
  const mounted = (raw.Mounts ?? []).flatMap(({ Type, Source, Destination }) =>
    Type !== "tmpfs" && isPath(Source) ? [{ source: Source, destination: Destination }] : [],
  );
  const found = layer === undefined ? mounted : [{ source: layer, destination: "/" }, ...mounted];
  return found.slice(0, maxSources).sort((a, b) => (a.destination < b.destination ? -1 : 1));
}

function isPath(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("/");
}
