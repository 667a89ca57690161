// What belongs to the instance: ids, times, names of files, addresses that the engine gave.
const instance: readonly RegExp[] = [
  /^(Id|Created|Image|State|ResolvConfPath|HostnamePath|HostsPath|LogPath|GraphDriver|Storage|ExecIDs|RestartCount|ImageManifestDescriptor)(\.|$)/,
  /^NetworkSettings\.(SandboxID|SandboxKey|EndpointID|Gateway|IPAddress|IPPrefixLen|MacAddress|Ports|Bridge|HairpinMode|LinkLocal\w+|Secondary\w+|IPv6Gateway|GlobalIPv6\w+)(\.|$)/,
  /^NetworkSettings\.Networks\.[^.]+\.(NetworkID|EndpointID|Gateway|IPAddress|IPPrefixLen|MacAddress|IPv6Gateway|GlobalIPv6\w+)$/,
];

/**
 * A volume without a name can only be taken along by the id that it got: the new container's
 * binds or mounts name it. Its mode then
 * reads as that of a bind.
 */
function withoutAnonymous(inspect: object): object {
  const { HostConfig, Mounts, ...rest } = inspect as {
    HostConfig: { Binds?: string[] | null; Mounts?: { Source?: string }[] | null };
    Mounts: { Name?: string; Mode?: string }[];
  };
  const own = /^[0-9a-f]{64}(:|$)/;
  const Binds = (HostConfig.Binds ?? []).filter((bind) => !own.test(bind));
  const mounts = Mounts.map((mount) => (own.test(mount.Name ?? "") ? { ...mount, Mode: "" } : mount));
  const asked = (HostConfig.Mounts ?? []).map(({ Source, ...mount }) =>
    Source === undefined || own.test(Source) ? mount : { ...mount, Source },
  );
  return { ...rest, HostConfig: { ...HostConfig, Binds, Mounts: asked }, Mounts: mounts };
}

/** Every field of two inspects that differs, sorted, without what differs between any two instances: "path: old -> new". */
export function differences(before: object, after: object): string[] {
  const [old, next] = [before, after].map((one) => flat(withoutAnonymous(one), shortId(one))) as [Flat, Flat];
  const paths = [...new Set([...old.keys(), ...next.keys()])].sort();
  return paths
    .filter((path) => old.get(path) !== next.get(path) && !instance.some((pattern) => pattern.test(path)))
    .map((path) => `${path}: ${old.get(path)} -> ${next.get(path)}`);
}

type Flat = Map<string, string>;

function flat(value: unknown, own: string, path = "", into = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value)) {
    // null and [] mean the same, and the order of mounts, aliases and binds means nothing.
    const items = value.map((one) => JSON.stringify(one).replaceAll(own, "(own id)")).sort();
    if (items.length > 0) into.set(path, `[${items.join(",")}]`);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, one] of Object.entries(value)) flat(one, own, path === "" ? name : `${path}.${name}`, into);
  } else if (value !== null && value !== "" && value !== undefined) {
    into.set(path, JSON.stringify(value).replaceAll(own, "(own id)"));
  }
  return into;
}

// Engines put it among the aliases and take it for the hostname.
function shortId(inspect: object): string {
  return String((inspect as { Id?: unknown }).Id ?? "").slice(0, 12);
}
