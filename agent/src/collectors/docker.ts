import { catalogue } from "@fairlead/shared/catalogue";
import type { Host } from "../host/host.ts";
import { realPath } from "../host/real-path.ts";
import {
  type CgroupFiles,
  type CgroupMounts,
  locateCgroup,
  parseCgroupMounts,
  parseNetDev,
  readCgroup,
} from "../runtimes/cgroup.ts";
import { stateReason } from "../runtimes/container-table.ts";
import { containersOf, type HostContainer } from "../runtimes/host-containers.ts";
import { baseName } from "../runtimes/replacement-names.ts";
import type { ContainerInfo, MountSource, UsageCounters } from "../runtimes/runtime.ts";
import { type Collector, type CollectorFactory, NotHere, Partly, type Reading } from "./collector.ts";

/** Containers of Docker and Podman: state, health, image, and what each uses. */
export const docker: CollectorFactory = {
  name: "docker",
  help: "Containers of Docker and Podman",
  kinds: ["container"],
  deadlineMs: 8_000,
  create: createDockerCollector,
};

type Sample = UsageCounters & { at: number };

/** What is kept of a running container between passes; made anew for each start. */
type Track = { startedAt: number; files: CgroupFiles | undefined; last: Sample | undefined };

function createDockerCollector(host: Host): Collector {
  const table = containersOf(host);
  const usage = createUsageReader(host);
  const sources = createSourceReader(host);
  return {
    async collect(now, signal) {
      const failure = await table.refresh(now, signal).catch((error: Error) => error);
      const runtimes = table.runtimes();
      const lost = runtimes.filter((one) => one.failure !== undefined);
      if (runtimes.length === 0) throw new NotHere(failure?.message ?? "no container engine");
      if (failure && lost.length === runtimes.length) throw failure;
      const dead = new Set(lost.map(({ name }) => name));
      const containers = table.list().filter(({ runtime }) => !dead.has(runtime));
      const used = await usage.read(containers, signal);
      const readings = containers.map((one, i) => {
        return reading(one, used[i], usage.memoryTotal, now, sources(one.info));
      });
      if (failure) throw new Partly(failure.message, readings, (_, key) => isOfOne(key, lost, runtimes));
      return readings;
    },
    watch(emit, signal) {
      void table.follow((change) => emit({ kind: "container", ...change }), signal);
    },
  };
}

/** True for the key of a resource of one of `some`: its prefix is theirs, where it has one. */
export function isOfOne(key: string, some: readonly { prefix: string }[], all: readonly { prefix: string }[]): boolean {
  const longest = all.filter(({ prefix }) => prefix !== "" && key.startsWith(prefix))[0]?.prefix ?? "";
  return some.some(({ prefix }) => prefix === longest);
}

/** Where a container's data lies, links resolved; looked up once for each description of it. */
function createSourceReader(host: Host): (info: ContainerInfo) => MountSource[] {
  const known = new WeakMap<ContainerInfo, MountSource[]>();
  return (info) => {
    const before = known.get(info);
    if (before !== undefined) return before;
    const sources = info.mountSources.map((one) => ({ ...one, source: realPath(host, one.source) }));
    known.set(info, sources);
    return sources;
  };
}

type Rates = Record<
  "cpuCores" | "memoryBytes" | "pids" | "readPerSecond" | "writePerSecond" | "receivePerSecond" | "transmitPerSecond",
  number
>;

function createUsageReader(host: Host) {
  const tracks = new Map<string, Track>();
  const memoryTotal = Number(/^MemTotal:\s+(\d+)/m.exec(host.readText("/proc/meminfo") ?? "")?.[1]) * 1024;
  let mounts: CgroupMounts | undefined;

  function track(info: ContainerInfo): Track {
    const known = tracks.get(info.id);
    if (known && known.startedAt === info.startedAt) return known;
    mounts ??= parseCgroupMounts(host.readText("/proc/1/mounts") ?? host.readText("/proc/mounts") ?? "");
    const text = host.readText(`/proc/${info.pid}/cgroup`);
    const files = text === undefined ? undefined : locateCgroup(text, info.id, mounts);
    const readable = files && readCgroup(host, files) ? files : undefined;
    const made: Track = { startedAt: info.startedAt, files: readable, last: undefined };
    tracks.set(info.id, made);
    return made;
  }

  async function sample({ info, engine }: HostContainer, signal: AbortSignal): Promise<Sample | undefined> {
    const { files } = track(info);
    if (!files) {
      const counters = await engine?.usage(info.id, signal);
      return counters && { ...counters, at: performance.now() };
    }
    const counters = readCgroup(host, files);
    if (!counters) return undefined;
    // In another network namespace than its own the numbers would be someone else's.
    const shared = info.networkMode === "host" || info.networkMode.startsWith("container:");
    const net = shared ? undefined : readNet(info.pid);
    return { ...counters, ...net, at: performance.now() };
  }

  function readNet(pid: number): { receiveBytes: number; transmitBytes: number } | undefined {
    try {
      const text = host.readText(`/proc/${pid}/net/dev`);
      return text === undefined ? undefined : parseNetDev(text);
    } catch {
      return undefined;
    }
  }

  async function one(container: HostContainer, signal: AbortSignal): Promise<Rates | undefined> {
    const { info } = container;
    if (info.pid === 0) return undefined;
    const next = await sample(container, signal).catch(() => undefined);
    const kept = tracks.get(info.id);
    if (!next || !kept) return undefined;
    const made = rates(kept.last, next);
    kept.last = next;
    return made;
  }

  return {
    memoryTotal,
    async read(containers: HostContainer[], signal: AbortSignal): Promise<(Rates | undefined)[]> {
      const made = new Array<Rates | undefined>(containers.length);
      let at = 0;
      const worker = async () => {
        for (let i = at++; i < containers.length; i = at++) {
          const container = containers[i];
          if (container) made[i] = await one(container, signal);
        }
      };
      await Promise.all([worker(), worker(), worker(), worker()]);
      const running = new Set(containers.filter(({ info }) => info.pid > 0).map(({ info }) => info.id));
      for (const id of tracks.keys()) if (!running.has(id)) tracks.delete(id);
      return made;
    },
  };
}

function rates(last: Sample | undefined, next: Sample): Rates {
  const seconds = last ? (next.at - last.at) / 1000 : Number.NaN;
  const rate = (name: keyof UsageCounters) => {
    const difference = last ? next[name] - last[name] : Number.NaN;
    return difference >= 0 && seconds > 0 ? difference / seconds : Number.NaN;
  };
  return {
    cpuCores: rate("cpuSeconds"),
    memoryBytes: next.memoryBytes,
    pids: next.pids,
    readPerSecond: rate("readBytes"),
    writePerSecond: rate("writeBytes"),
    receivePerSecond: rate("receiveBytes"),
    transmitPerSecond: rate("transmitBytes"),
  };
}

type MetricName = (typeof catalogue)["container"]["metrics"][number]["name"];

function reading(
  { key, info, runtime }: HostContainer,
  used: Rates | undefined,
  memoryTotal: number,
  now: number,
  mountSources: MountSource[],
): Reading {
  const missing = Number.NaN;
  const runs = info.pid > 0;
  const limit = info.memoryLimit > 0 ? info.memoryLimit : missing;
  const memory = used?.memoryBytes ?? missing;
  const values: Record<MetricName, number> = {
    cpu_cores: used?.cpuCores ?? missing,
    memory_used_bytes: memory,
    memory_limit_bytes: limit,
    memory_used_ratio: memory / (limit > 0 && limit < memoryTotal ? limit : memoryTotal),
    receive_bytes_per_second: used?.receivePerSecond ?? missing,
    transmit_bytes_per_second: used?.transmitPerSecond ?? missing,
    read_bytes_per_second: used?.readPerSecond ?? missing,
    write_bytes_per_second: used?.writePerSecond ?? missing,
    pids: used?.pids ?? missing,
    running: runs ? 1 : 0,
    healthy: info.health === "healthy" ? 1 : info.health === "unhealthy" ? 0 : missing,
    restarts: info.restartCount,
    uptime_seconds: runs && info.startedAt > 0 ? Math.max(0, (now - info.startedAt) / 1000) : missing,
  };
  return {
    kind: "container",
    key,
    labels: { ...labelsOf(info), runtime },
    attributes: { ...attributesOf(info), name: nameOf(key, info), runtime, mountSources },
    state: info.state,
    reason: stateReason(info),
    values: catalogue.container.metrics.map(({ name }) => values[name]),
  };
}

const composeProject = "com.docker.compose.project";
const composeService = "com.docker.compose.service";

function labelsOf(info: ContainerInfo): Record<string, string> {
  const labels: Record<string, string> = { image: info.image };
  if (info.labels[composeProject]) labels.compose_project = info.labels[composeProject];
  if (info.labels[composeService]) labels.compose_service = info.labels[composeService];
  if (info.health) labels.health = info.health;
  for (const [name, value] of Object.entries(info.labels)) if (name.startsWith("fairlead.")) labels[name] = value;
  return labels;
}

function attributesOf(info: ContainerInfo): Record<string, unknown> {
  const stopped = info.pid === 0 && info.startedAt > 0;
  return {
    id: info.id,
    image: info.image,
    imageId: info.imageId,
    digest: info.digest ?? null,
    tag: info.tag ?? null,
    status: stateReason(info) ? `${info.state} (${stateReason(info)})` : info.state,
    health: info.health ?? null,
    exitCode: stopped ? info.exitCode : null,
    oomKilled: info.oomKilled,
    restartCount: info.restartCount,
    restartPolicy: info.restartPolicy,
    createdAt: iso(info.createdAt),
    startedAt: iso(info.startedAt),
    finishedAt: stopped ? iso(info.finishedAt) : null,
    ports: info.ports,
    mounts: info.mounts,
    networks: info.networks,
    labels: info.labels,
    composeProject: info.labels[composeProject] ?? null,
    composeService: info.labels[composeService] ?? null,
  };
}

/** During a replacement it is known by the name that it is to have. */
function nameOf(key: string, { name }: ContainerInfo): string {
  return key.endsWith(name) ? name : baseName(name);
}

function iso(at: number): string | null {
  return at > 0 ? new Date(at).toISOString() : null;
}
