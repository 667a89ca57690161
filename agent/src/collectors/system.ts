import { type HostHardware, readAddresses, readHardware, readIdentity, seesFirstNamespace } from "../host/facts.ts";
import type { Host } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere } from "./collector.ts";
import { countCores } from "./load.ts";
import { integerAfter, lineAfter } from "./proc-text.ts";
import { missing, slots } from "./values.ts";

export const system: CollectorFactory = {
  name: "system",
  help: "Uptime, processes, open files, TCP connections, and who the host is",
  kinds: ["host"],
  deadlineMs: 1000,
  create,
};

const slot = slots("host");
const factsEveryMs = 300_000;
// The kernel derives the boot time from the clock, which is set a little all the time.
const bootTimeSlackMs = 2000;

function create(machine: Host): Collector {
  const countProcesses = createProcessCount(machine);
  let hardware: HostHardware | undefined;
  let facts: Record<string, unknown> | undefined;
  let factsAt = Number.NEGATIVE_INFINITY;
  return {
    collect() {
      const uptime = Number.parseFloat(machine.readText("/proc/uptime") ?? "");
      if (Number.isNaN(uptime)) throw new NotHere("/proc/uptime");
      if (performance.now() - factsAt >= factsEveryMs) {
        hardware ??= readHardware(machine);
        facts = readFacts(machine, hardware, facts);
        factsAt = performance.now();
      }
      const values = missing("host");
      values[slot.uptime_seconds] = uptime;
      values[slot.processes] = countProcesses();
      values[slot.file_descriptors] = parseFileNumber(machine.readText("/proc/sys/fs/file-nr") ?? "");
      values[slot.tcp_connections] = parseEstablished(machine.readText("/proc/net/snmp") ?? "");
      return [{ kind: "host", key: "host", attributes: facts ?? {}, values }];
    },
  };
}

/**
 * Counts processes without listing them each time: procfs counts them in the links of its root (proc_root_getattr), beside
 * its fixed folders, which one listing tells. Only where the agent sees the first pid namespace; elsewhere it lists.
 */
function createProcessCount(machine: Host): () => number {
  let folders = Number.NaN;
  const isFirst = seesFirstNamespace(machine);
  return () => {
    const links = machine.linkCount("/proc") ?? Number.NaN;
    if (isFirst && links > folders) return links - folders;
    const count = machine.readDir("/proc")?.filter((name) => /^\d+$/.test(name)).length ?? Number.NaN;
    folders = links - count;
    return count;
  };
}

function readFacts(machine: Host, hardware: HostHardware, before: Record<string, unknown> | undefined) {
  const { hostname, bootId, bootedAt, kernel, os, arch } = readIdentity(machine);
  const lastBoot = before?.boot_id === bootId ? Number(before?.booted_at) : Number.NaN;
  const sameBoot = Math.abs(lastBoot - (bootedAt ?? Number.NaN)) <= bootTimeSlackMs;
  const cores = countCores(machine.readText("/sys/devices/system/cpu/online") ?? "");
  const memoryBytes = integerAfter(machine.readText("/proc/meminfo") ?? "", "MemTotal:") * 1024;
  return {
    boot_id: bootId,
    booted_at: sameBoot ? lastBoot : bootedAt,
    hostname,
    kernel,
    os,
    arch,
    virtualisation: hardware.virtualisation,
    cpu_model: hardware.cpuModel,
    cores: Number.isNaN(cores) ? undefined : cores,
    memory_bytes: Number.isNaN(memoryBytes) ? undefined : memoryBytes,
    addresses: readAddresses(),
  };
}

/** Open file descriptors from /proc/sys/fs/file-nr (allocated, free, most); NaN where it holds none. */
export function parseFileNumber(text: string): number {
  const [allocated, free] = text.trim().split(/\s+/).map(Number);
  return allocated === undefined || free === undefined ? Number.NaN : allocated - free;
}

/** Established TCP connections, IPv4 and IPv6 together, from /proc/net/snmp; NaN where it does not tell. */
export function parseEstablished(text: string): number {
  const head = lineAfter(text, "Tcp:");
  if (head < 0) return Number.NaN;
  const values = text.indexOf("\nTcp:", head);
  const names = text.slice(head, text.indexOf("\n", head)).trim().split(" ");
  const numbers =
    text
      .slice(values + 5)
      .split("\n", 1)[0]
      ?.trim()
      .split(" ") ?? [];
  return values < 0 ? Number.NaN : Number(numbers[names.indexOf("CurrEstab")] ?? Number.NaN);
}
