import { constants } from "node:os";
import { formatReference, parseImageReference } from "@fairlead/shared/image-reference";
import type {
  EngineConfig,
  EngineContainer,
  EngineEndpoint,
  EngineHostConfig,
  EngineImage,
  Healthcheck,
} from "../docker/engine-types.ts";

/** What Podman's own inspect tells beside the one that is like Docker's. */
export type PodmanExtra = {
  /** Id of its pod; empty without. */
  Pod?: string;
  /** Ids of the containers that have to be there as long as it is. */
  Dependencies?: string[] | null;
  Config?: {
    /** The words that it was made with; those of the service where it was made through an API. */
    CreateCommand?: string[] | null;
    Annotations?: Record<string, string> | null;
  };
};

// Words of Podman that Docker has others for.
const states: Record<string, string> = {
  configured: "created",
  initialized: "created",
  stopped: "exited",
  stopping: "running",
  unknown: "dead",
};
const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const second = 1_000_000_000;

/** "docker.io/library/nginx:1" as Docker names it: "nginx:1". Names of other registries, and no names, stay. */
export function familiar(name: string): string {
  const parsed = name.startsWith("docker.io/") ? parseImageReference(name) : undefined;
  return parsed?.ok ? formatReference(parsed.reference) : name;
}

/** The name in full, as Podman would not need to guess it; ids stay. */
export function qualified(idOrReference: string): string {
  if (/^(sha256:)?[0-9a-f]{12,64}$/.test(idOrReference)) return idOrReference;
  const parsed = parseImageReference(idOrReference);
  if (!parsed.ok) return idOrReference;
  const { domain, path, tag, digest } = parsed.reference;
  return `${domain}/${path}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** An id with its algorithm in front. */
export function imageId(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? `sha256:${id}` : id;
}

/** Podman's word for a state as Docker's. */
export function stateName(word: string): string {
  return states[word.toLowerCase()] ?? word;
}

/** A container of Podman's compatible API with Docker's words for states, health and names. */
export function likeDocker(raw: EngineContainer): EngineContainer {
  const state = raw.State as EngineContainer["State"] & { Healthcheck?: EngineContainer["State"]["Health"] };
  return {
    ...raw,
    Image: imageId(raw.Image),
    Name: raw.Name.startsWith("/") ? raw.Name : `/${raw.Name}`,
    State: { ...state, Status: stateName(state.Status ?? ""), Health: state.Health ?? state.Healthcheck ?? null },
    Config: { ...raw.Config, Image: familiar(raw.Config.Image ?? "") },
  };
}

/** An image of Podman's compatible API as Docker's. */
export function imageLikeDocker(raw: EngineImage): EngineImage {
  return {
    ...raw,
    Id: imageId(raw.Id),
    RepoDigests: (raw.RepoDigests ?? []).map(familiar),
    ...(raw.Config ? { Config: { ...raw.Config, ...signalOf(raw.Config) } } : {}),
  };
}

/**
 * A container as its user asked for it: Podman's inspect tells the engine's own settings as if they were the user's, and
 * some in words that its create does not take.
 */
export function forRecreation(raw: EngineContainer, image: EngineImage, extra: PodmanExtra): EngineContainer {
  const imageConfig = image.Config ?? {};
  const config: EngineConfig = { ...raw.Config, ...signalOf(raw.Config) };
  config.Env = (raw.Config.Env ?? []).filter((entry) => !isInjected(entry, raw, imageConfig));
  if (config.StopSignal === "SIGTERM" && !imageConfig.StopSignal) delete config.StopSignal;
  if (config.WorkingDir === "/" && !imageConfig.WorkingDir) delete config.WorkingDir;
  if (config.Entrypoint?.length === 0) config.Entrypoint = imageConfig.Entrypoint?.length ? [""] : null;
  if (config.Healthcheck && imageConfig.Healthcheck) {
    config.Healthcheck = withoutDefaults(config.Healthcheck, imageConfig.Healthcheck);
  }
  const host: EngineHostConfig = { ...raw.HostConfig };
  // Inspect always says "oci"; which of its programs that was is the service's setting.
  delete host.Runtime;
  if (host.MemorySwappiness === 0 || host.MemorySwappiness === -1) delete host.MemorySwappiness;
  // Inspect derives the one from the other, create takes only one of them.
  if (Number(host.CpuQuota) > 0) delete host.NanoCpus;
  if (host.RestartPolicy && !host.RestartPolicy.Name) host.RestartPolicy = { Name: "no" };
  host.Ulimits = ((host.Ulimits ?? []) as { Name: string }[]).map((one) => ({
    ...one,
    Name: one.Name.replace(/^RLIMIT_/, "").toLowerCase(),
  }));
  // Exposed but not published.
  host.PortBindings = Object.fromEntries(Object.entries(host.PortBindings ?? {}).filter(([, to]) => to?.length));
  if (extra.Config?.Annotations?.["io.podman.annotations.init"] === "TRUE") host.Init = true;
  const Networks = withAddresses(raw, wordsOf(extra));
  return { ...raw, Config: config, HostConfig: host, NetworkSettings: { ...raw.NetworkSettings, Networks } };
}

type Endpoint = EngineEndpoint & { IPAddress?: string; GlobalIPv6Address?: string };

/**
 * Inspect does not tell whether an address was asked for. Where the words that it was made with are known they count; what
 * was made through an API keeps the addresses that it has, except in the default network, which takes no wishes.
 */
function withAddresses(raw: EngineContainer, words: readonly string[]): Record<string, EngineEndpoint | null> {
  const wished = words.some((word) => /^--ip6?(=|$)/.test(word) || /[:,]ip6?=/.test(word));
  const found = Object.entries(raw.NetworkSettings?.Networks ?? {}) as [string, Endpoint | null][];
  return Object.fromEntries(
    found.map(([name, endpoint]) => {
      const { IPAddress, GlobalIPv6Address, IPAMConfig } = endpoint ?? {};
      const keeps = name !== "podman" && (words.length === 0 || wished) && !IPAMConfig;
      const address = {
        ...(IPAddress ? { IPv4Address: IPAddress } : {}),
        ...(GlobalIPv6Address ? { IPv6Address: GlobalIPv6Address } : {}),
      };
      return [name, keeps && Object.keys(address).length > 0 ? { ...endpoint, IPAMConfig: address } : endpoint];
    }),
  );
}

// Settings that the compatible API neither tells nor takes: the new container would silently be another one.
const lost = [
  ...["annotation", "cgroups", "chrootdirs", "gidmap", "group-entry", "health-on-failure", "health-startup-cmd"],
  ...["hostuser", "image-volume", "no-hosts", "passwd-entry", "personality", "requires", "rootfs", "sdnotify"],
  ...["seccomp-policy", "secret", "subgidname", "subuidname", "sysctl", "systemd", "timezone", "tz", "uidmap"],
  ...["umask", "unsetenv", "unsetenv-all", "userns"],
];

/** Options that it was made with and that would be lost if it were made again through the API. */
export function lostOptions(extra: PodmanExtra, host: EngineHostConfig): string[] {
  const words = wordsOf(extra);
  const found = new Set(words.flatMap((word) => /^--([a-z-]+)(?:=|$)/.exec(word)?.[1] ?? []));
  const shared = [host.NetworkMode, host.IpcMode, host.PidMode, host.UTSMode].filter((mode) => mode !== undefined);
  // Also of one that another program made through Podman's own API.
  if (extra.Dependencies?.some((id) => !shared.includes(`container:${id}`))) found.add("requires");
  return lost.filter((name) => found.has(name)).map((name) => `--${name}`);
}

// Of what was made through the API it names the service's own.
function wordsOf({ Config }: PodmanExtra): readonly string[] {
  const words = Config?.CreateCommand ?? [];
  const at = words.indexOf("system");
  return at >= 0 && words[at + 1] === "service" ? [] : words;
}

function isInjected(entry: string, raw: EngineContainer, image: EngineConfig): boolean {
  if (image.Env?.includes(entry)) return false;
  const own = entry === `HOSTNAME=${raw.Config.Hostname}` || entry === `HOSTNAME=${raw.Id.slice(0, 12)}`;
  return (
    own || entry === "container=podman" || entry === "container=oci" || entry === "TERM=xterm" || entry === defaultPath
  );
}

// Podman fills in what neither image nor user said.
function withoutDefaults(check: Healthcheck, image: Healthcheck): Healthcheck {
  const kept = { ...check };
  const defaults: Healthcheck = { Interval: 30 * second, Timeout: 30 * second, Retries: 3, StartPeriod: 0 };
  for (const name of ["Interval", "Timeout", "Retries", "StartPeriod"] as const) {
    if (!image[name] && kept[name] === defaults[name]) delete kept[name];
  }
  return kept;
}

// "15" is "SIGTERM".
function signalOf({ StopSignal }: EngineConfig): { StopSignal?: string } {
  if (!StopSignal || !/^\d+$/.test(StopSignal)) return {};
  const name = Object.entries(constants.signals).find(([, number]) => number === Number(StopSignal))?.[0];
  return name === undefined ? {} : { StopSignal: name };
}
