import type { Host } from "../host/host.ts";
import type { UsageCounters } from "./runtime.ts";

/** Where the cgroup files of a container are: one folder in v2, one a controller in v1. */
export type CgroupFiles =
  | { version: 2; dir: string }
  | { version: 1; cpu: string; memory: string; pids: string; io: string };

/** Mount points of the cgroup hierarchies by controller; "" is the unified one. */
export type CgroupMounts = Map<string, string>;

/** Reads mount points out of /proc/mounts. */
export function parseCgroupMounts(text: string): CgroupMounts {
  const mounts: CgroupMounts = new Map();
  for (const line of text.split("\n")) {
    const [, point = "", type, options = ""] = line.split(" ");
    if (type === "cgroup2" && !mounts.has("")) mounts.set("", point);
    if (type !== "cgroup") continue;
    for (const option of options.split(",")) if (!mounts.has(option)) mounts.set(option, point);
  }
  return mounts;
}

/**
 * Finds a container's cgroup by /proc/PID/cgroup. The path is cut after the part that names the container: its first
 * process may have moved into a child group. Undefined where it is not visible from here.
 */
export function locateCgroup(text: string, containerId: string, mounts: CgroupMounts): CgroupFiles | undefined {
  const paths = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    const parts = path.split("/");
    const own = parts.findIndex((part) => part.includes(containerId));
    if (own < 0 || path.startsWith("/..")) continue;
    for (const controller of controllers.split(",")) paths.set(controller, parts.slice(0, own + 1).join("/"));
  }
  const at = (controller: string) => {
    const mount = mounts.get(controller);
    const path = paths.get(controller);
    return mount !== undefined && path !== undefined ? mount + path : undefined;
  };
  const [cpu, memory, pids, io] = [at("cpuacct"), at("memory"), at("pids"), at("blkio")];
  if (cpu && memory) return { version: 1, cpu, memory, pids: pids ?? "", io: io ?? "" };
  const dir = at("");
  return dir === undefined ? undefined : { version: 2, dir };
}

/** Raw counters without network; undefined when the cgroup is gone or unreadable. */
export function readCgroup(host: Pick<Host, "readText">, files: CgroupFiles): UsageCounters | undefined {
  try {
    return files.version === 2 ? readV2(host, files.dir) : readV1(host, files);
  } catch {
    return undefined;
  }
}

/** Sums of received and sent bytes of all interfaces but the loopback, from /proc/PID/net/dev. */
export function parseNetDev(text: string): { receiveBytes: number; transmitBytes: number } {
  let receiveBytes = 0;
  let transmitBytes = 0;
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 0 || line.slice(0, colon).trim() === "lo") continue;
    const fields = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/);
    receiveBytes += Number(fields[0] ?? 0);
    transmitBytes += Number(fields[8] ?? 0);
  }
  return { receiveBytes, transmitBytes };
}

/** Sums of io.stat: "8:0 rbytes=1 wbytes=2 ...", one line a device. */
export function parseIoStat(text: string): { readBytes: number; writeBytes: number } {
  let readBytes = 0;
  let writeBytes = 0;
  for (const [, key, value] of text.matchAll(/\b(rbytes|wbytes)=(\d+)/g)) {
    if (key === "rbytes") readBytes += Number(value);
    else writeBytes += Number(value);
  }
  return { readBytes, writeBytes };
}

/** Sums of blkio.throttle.io_service_bytes: "8:0 Read 123", one line a device and kind. */
export function parseServiceBytes(text: string): { readBytes: number; writeBytes: number } {
  let readBytes = 0;
  let writeBytes = 0;
  for (const [, kind, value] of text.matchAll(/^\d+:\d+ (Read|Write) (\d+)$/gm)) {
    if (kind === "Read") readBytes += Number(value);
    else writeBytes += Number(value);
  }
  return { readBytes, writeBytes };
}

function readV2(host: Pick<Host, "readText">, dir: string): UsageCounters | undefined {
  const cpu = host.readText(`${dir}/cpu.stat`);
  const memory = host.readText(`${dir}/memory.current`);
  if (cpu === undefined) return undefined;
  const inactive = field(host.readText(`${dir}/memory.stat`) ?? "", "inactive_file");
  return {
    cpuSeconds: field(cpu, "usage_usec") / 1e6,
    memoryBytes: usedMemory(memory, inactive),
    pids: number(host.readText(`${dir}/pids.current`)),
    ...parseIoStat(host.readText(`${dir}/io.stat`) ?? ""),
    receiveBytes: Number.NaN,
    transmitBytes: Number.NaN,
  };
}

function readV1(host: Pick<Host, "readText">, files: CgroupFiles & { version: 1 }): UsageCounters | undefined {
  const cpu = host.readText(`${files.cpu}/cpuacct.usage`);
  if (cpu === undefined) return undefined;
  const inactive = field(host.readText(`${files.memory}/memory.stat`) ?? "", "total_inactive_file");
  return {
    cpuSeconds: Number(cpu) / 1e9,
    memoryBytes: usedMemory(host.readText(`${files.memory}/memory.usage_in_bytes`), inactive),
    pids: files.pids ? number(host.readText(`${files.pids}/pids.current`)) : Number.NaN,
    ...parseServiceBytes(files.io ? (host.readText(`${files.io}/blkio.throttle.io_service_bytes`) ?? "") : ""),
    receiveBytes: Number.NaN,
    transmitBytes: Number.NaN,
  };
}

function usedMemory(current: string | undefined, inactive: number): number {
  return Math.max(0, number(current) - (Number.isNaN(inactive) ? 0 : inactive));
}

function number(text: string | undefined): number {
  return text === undefined ? Number.NaN : Number(text);
}

// "name value" on a line of its own.
function field(text: string, name: string): number {
  const start = text.startsWith(`${name} `) ? 0 : text.indexOf(`\n${name} `) + 1;
  if (start === 0 && !text.startsWith(`${name} `)) return Number.NaN;
  const end = text.indexOf("\n", start);
  return Number(text.slice(start + name.length + 1, end < 0 ? undefined : end));
}
