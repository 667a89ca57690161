import type { CreatePlan } from "../runtime.ts";
import type {
  EngineConfig,
  EngineContainer,
  EngineEndpoint,
  EngineHostConfig,
  EngineImage,
  EngineMount,
} from "./engine-types.ts";
import { subtract } from "./subtract.ts";

/** What the daemon fills in where the user said nothing. */
export type DaemonDefaults = {
  apiVersion: string;
  runtime: string;
  logDriver: string;
  /** Mounts of the containers in its VolumesFrom, as "NAME:DESTINATION": they come along by themselves. */
  provided?: ReadonlySet<string>;
};

const masked = ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"];
const readOnly = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
const composeImage = "com.docker.compose.image";

/**
 * The request that makes the same container from another image: user settings without the old image's defaults, all
 * volumes by name, networks as they were asked for. `reference` names the new image, `imageId` is what it resolved to.
 */
export function createBody(
  old: EngineContainer,
  oldImage: EngineImage,
  reference: string,
  imageId: string,
  daemon: DaemonDefaults,
): CreatePlan {
  const user = subtract(old.Config, oldImage.Config ?? {});
  const host = hostConfig(old, daemon);
  user.Image = reference;
  if (user.Labels && composeImage in user.Labels) user.Labels[composeImage] = imageId;
  if (user.Hostname === shortId(old.Id) || sharesNetwork(host) || host.UTSMode === "host") delete user.Hostname;
  // Told with the host's own name, refused when given.
  if (host.UTSMode === "host" || (host.NetworkMode === "host" && user.Hostname === undefined)) delete user.Domainname;
  if (sharesNetwork(host)) delete user.ExposedPorts;
  // A published port is exposed by definition, even if the image exposed it too.
  for (const port of Object.keys(host.PortBindings ?? {})) user.ExposedPorts = { ...user.ExposedPorts, [port]: {} };
  dropCoveredVolumes(user, host);
  const endpoints = endpointsOf(old, host, user, daemon.apiVersion);
  const mac = user.MacAddress;
  if (atLeast(daemon.apiVersion, "1.52")) delete user.MacAddress;
  if (mac === "") delete user.MacAddress;

  const names = Object.keys(endpoints);
  const primary = names.find((name) => name === host.NetworkMode) ?? names[0];
  const first = atLeast(daemon.apiVersion, "1.44") ? names : primary === undefined ? [] : [primary];
  return {
    create: {
      ...user,
      HostConfig: host,
      NetworkingConfig: { EndpointsConfig: Object.fromEntries(first.map((name) => [name, endpoints[name]])) },
    },
    networks: names
      .filter((name) => !first.includes(name))
      .map((name) => ({ name, endpoint: (endpoints[name] ?? {}) as Record<string, unknown> })),
  };
}

/** True where API version `a` is `b` or newer. */
export function atLeast(a: string, b: string): boolean {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA !== majorB ? majorA > majorB : minorA >= minorB;
}

function hostConfig(old: EngineContainer, daemon: DaemonDefaults): EngineHostConfig {
  const host: EngineHostConfig = { ...old.HostConfig };
  delete host.ContainerIDFile;
  if (host.Runtime === daemon.runtime) delete host.Runtime;
  if (host.LogConfig?.Type === daemon.logDriver && !Object.keys(host.LogConfig.Config ?? {}).length) {
    delete host.LogConfig;
  }
  // null asks for the default; only [] says "none" (systempaths=unconfined).
  if (isDefault(host.MaskedPaths, masked) || host.Privileged) delete host.MaskedPaths;
  if (isDefault(host.ReadonlyPaths, readOnly) || host.Privileged) delete host.ReadonlyPaths;
  if (host.Links) host.Links = host.Links.map(linkArgument);
  host.NetworkMode = networkMode(old);
  const unnamed = new Map(unnamedVolumes(old, daemon.provided ?? new Set()).map((one) => [one.Destination, one]));
  host.Mounts = (host.Mounts ?? []).map((mount) => {
    const target = clean(mount.Target ?? "");
    const volume = mount.Type === "volume" && !mount.Source ? unnamed.get(target) : undefined;
    if (volume === undefined) return mount;
    unnamed.delete(target);
    return { ...mount, Source: volume.Name as string };
  });
  if (host.Mounts.length === 0) delete host.Mounts;
  if (unnamed.size > 0) host.Binds = [...(host.Binds ?? []), ...[...unnamed.values()].map(bindArgument)];
  return host;
}

// Inspect answers the daemon's whole default list, which grows from version to version; these were always in it.
function isDefault(paths: string[] | null | undefined, always: readonly string[]): boolean {
  return paths == null || always.every((path) => paths.includes(path));
}

// "/child:/parent/alias" comes back for "child:alias".
function linkArgument(link: string): string {
  const [child = "", alias = ""] = link.split(":");
  return alias === "" ? link : `${child.replace(/^\//, "")}:${alias.slice(alias.lastIndexOf("/") + 1)}`;
}

function networkMode(old: EngineContainer): string {
  const mode = old.HostConfig.NetworkMode ?? "default";
  if (mode === "default") return "bridge";
  const networks = old.NetworkSettings?.Networks ?? {};
  if (mode in networks) return mode;
  const byId = Object.entries(networks).find(([, endpoint]) => endpoint?.NetworkID?.startsWith(mode));
  return byId?.[0] ?? mode;
}

// Volumes that neither Binds nor HostConfig.Mounts name: without this the new container would get empty ones.
function unnamedVolumes(old: EngineContainer, provided: ReadonlySet<string>): EngineMount[] {
  const bound = new Set((old.HostConfig.Binds ?? []).map(bindTarget));
  const named = new Set(
    (old.HostConfig.Mounts ?? []).filter((mount) => mount.Source).map((mount) => clean(mount.Target ?? "")),
  );
  return (old.Mounts ?? []).filter(
    (mount) =>
      mount.Type === "volume" &&
      mount.Name &&
      !bound.has(mount.Destination) &&
      !named.has(mount.Destination) &&
      !provided.has(`${mount.Name}:${mount.Destination}`),
  );
}

function bindArgument(mount: EngineMount): string {
  const mode = mount.Mode || (mount.RW === false ? "ro" : "");
  return `${mount.Name}:${mount.Destination}${mode ? `:${mode}` : ""}`;
}

function bindTarget(bind: string): string {
  const [, target = ""] = bind.split(":");
  return clean(target || bind);
}

function clean(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}

function dropCoveredVolumes(user: EngineConfig, host: EngineHostConfig): void {
  const covered = new Set([
    ...(host.Binds ?? []).map(bindTarget),
    ...(host.Mounts ?? []).map((mount) => clean(mount.Target ?? "")),
    ...Object.keys(host.Tmpfs ?? {}).map(clean),
  ]);
  user.Volumes = Object.fromEntries(Object.entries(user.Volumes ?? {}).filter(([path]) => !covered.has(clean(path))));
}

function endpointsOf(
  old: EngineContainer,
  host: EngineHostConfig,
  user: EngineConfig,
  apiVersion: string,
): Record<string, EngineEndpoint> {
  if (sharesNetwork(host) || host.NetworkMode === "host" || host.NetworkMode === "none") return {};
  const made: Record<string, EngineEndpoint> = {};
  for (const [name, endpoint] of Object.entries(old.NetworkSettings?.Networks ?? {})) {
    made[name] = endpointArgument(endpoint ?? {}, name, old.Id);
    const isPrimary = name === host.NetworkMode;
    if (isPrimary && user.MacAddress && atLeast(apiVersion, "1.44")) made[name].MacAddress = user.MacAddress;
  }
  return made;
}

// Never IPAddress: that was given by the daemon; IPAMConfig holds what the user asked for. The default bridge takes no
// aliases. The short id among the aliases was injected by the daemon and belongs to the old container.
function endpointArgument(endpoint: EngineEndpoint, name: string, id: string): EngineEndpoint {
  const made: EngineEndpoint = {};
  if (endpoint.IPAMConfig && Object.keys(endpoint.IPAMConfig).length > 0) made.IPAMConfig = endpoint.IPAMConfig;
  if (endpoint.Links?.length) made.Links = endpoint.Links;
  if (endpoint.DriverOpts && Object.keys(endpoint.DriverOpts).length > 0) made.DriverOpts = endpoint.DriverOpts;
  if (endpoint.GwPriority) made.GwPriority = endpoint.GwPriority;
  const aliases = (endpoint.Aliases ?? []).filter((alias) => alias !== shortId(id));
  if (aliases.length > 0 && name !== "bridge") made.Aliases = [...new Set(aliases)];
  return made;
}

function sharesNetwork(host: EngineHostConfig): boolean {
  return host.NetworkMode?.startsWith("container:") ?? false;
}

function shortId(id: string): string {
  return id.slice(0, 12);
}
