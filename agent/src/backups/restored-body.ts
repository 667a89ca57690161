import type { EngineEndpoint, EngineHostConfig } from "../runtimes/docker/engine-types.ts";
import type { CreatePlan } from "../runtimes/runtime.ts";

/** What becomes of a saved container's request when it is made again. */
export type Changes = {
  /** New name by the old one. */
  volumes: ReadonlyMap<string, string>;
  /** New path on the host by the old one. */
  binds: ReadonlyMap<string, string>;
  /** It comes beside the original, which may still run. */
  copy: boolean;
  /** "tcp/8080" of the host that others publish. */
  takenPorts: ReadonlySet<string>;
};

/** The request with those changes, and a sentence for each thing that was left out. */
export function restoredBody(plan: CreatePlan, changes: Changes): { plan: CreatePlan; notes: string[] } {
  const notes: string[] = [];
  const create = structuredClone(plan.create) as Record<string, unknown>;
  const host = (create.HostConfig ?? {}) as EngineHostConfig;
  host.Binds = host.Binds?.map((bind) => renamed(bind, changes)) ?? null;
  host.Mounts = host.Mounts?.map((mount) => remounted(mount, changes)) ?? null;
  if (host.Binds === null) delete host.Binds;
  if (host.Mounts === null) delete host.Mounts;
  create.HostConfig = host;
  let networks = plan.networks;
  if (changes.copy) {
    dropPorts(host, changes.takenPorts, notes);
    dropOwners(create, notes);
    dropMac(create);
    const endpoints = (create.NetworkingConfig as { EndpointsConfig?: Record<string, EngineEndpoint> } | undefined)
      ?.EndpointsConfig;
    for (const endpoint of Object.values(endpoints ?? {})) dropAddresses(endpoint, notes);
    networks = networks.map(({ name, endpoint }) => {
      const own = structuredClone(endpoint) as EngineEndpoint;
      dropAddresses(own, notes);
      return { name, endpoint: own as Record<string, unknown> };
    });
  }
  return { plan: { create, networks }, notes: [...new Set(notes)] };
}

/** Host ports that a request publishes, as in Changes.takenPorts. */
export function publishedPorts(host: EngineHostConfig): string[] {
  return Object.entries(host.PortBindings ?? {}).flatMap(([port, bindings]) =>
    (bindings ?? []).flatMap(({ HostPort }) => (HostPort ? [`${port.split("/")[1] ?? "tcp"}/${HostPort}`] : [])),
  );
}

// "name:/path:ro", "/host/path:/path"
function renamed(bind: string, { volumes, binds }: Changes): string {
  const at = bind.indexOf(":");
  if (at < 0) return bind;
  const source = bind.slice(0, at);
  const next = source.startsWith("/") ? binds.get(source) : volumes.get(source);
  return next === undefined ? bind : next + bind.slice(at);
}

type Mount = NonNullable<EngineHostConfig["Mounts"]>[number];

function remounted(mount: Mount, { volumes, binds }: Changes): Mount {
  const source = mount.Source ?? "";
  const next = mount.Type === "bind" ? binds.get(source) : mount.Type === "volume" ? volumes.get(source) : undefined;
  if (next === undefined) return mount;
  const { VolumeOptions: _, ...rest } = mount;
  // Driver and labels were told when the volume was made.
  return { ...(mount.Type === "volume" ? rest : mount), Source: next };
}

function dropPorts(host: EngineHostConfig, taken: ReadonlySet<string>, notes: string[]): void {
  for (const [port, bindings] of Object.entries(host.PortBindings ?? {})) {
    const protocol = port.split("/")[1] ?? "tcp";
    const free = (bindings ?? []).filter(({ HostPort }) => !HostPort || !taken.has(`${protocol}/${HostPort}`));
    if (free.length === (bindings ?? []).length) continue;
    notes.push(`port ${port} is not published: another container has its port of the host`);
    if (host.PortBindings) {
      if (free.length > 0) host.PortBindings[port] = free;
      else delete host.PortBindings[port];
    }
  }
}

// Compose would take the copy for the service's own container, and remove one of them; systemd has nothing to do with it.
function dropOwners(create: Record<string, unknown>, notes: string[]): void {
  const labels = create.Labels as Record<string, string> | undefined;
  const compose = Object.keys(labels ?? {}).filter((name) => name.startsWith("com.docker.compose."));
  for (const name of compose) delete labels?.[name];
  if (labels && "PODMAN_SYSTEMD_UNIT" in labels) {
    delete labels.PODMAN_SYSTEMD_UNIT;
    notes.push("the copy is run by no systemd unit: its label was left out");
  }
  if (compose.length > 0) notes.push("the copy belongs to no compose project: its labels were left out");
}

function dropMac(create: Record<string, unknown>): void {
  delete create.MacAddress;
}

// The original may have them, and clients that look for it by an alias must not find the copy.
function dropAddresses(endpoint: EngineEndpoint, notes: string[]): void {
  const { IPAMConfig, Aliases, MacAddress } = endpoint;
  if (IPAMConfig && Object.keys(IPAMConfig).length > 0) notes.push("static addresses were left out of the copy");
  if (Aliases?.length) notes.push(`network aliases were left out of the copy: ${Aliases.join(", ")}`);
  if (MacAddress) notes.push("its MAC address was left out of the copy");
  delete endpoint.IPAMConfig;
  delete endpoint.Aliases;
  delete endpoint.MacAddress;
}
