import { setTimeout as wait } from "node:timers/promises";
import type { Host } from "./host.ts";

/** One process. `cpuCores` counts busy cores; names are the kernel's (15 bytes), without arguments: they hold secrets. */
export type TopProcess = {
  pid: number;
  name: string;
  state: string;
  cpuCores: number;
  memoryBytes: number;
  threads: number;
};

/** The processes that use most, each list falling. */
export type TopProcesses = { byCpu: TopProcess[]; byMemory: TopProcess[] };

/** What /proc/PID/stat tells; `ticks` of user and kernel time since the process began at `started` ticks after boot. */
export type ProcessStat = {
  pid: number;
  name: string;
  state: string;
  ticks: number;
  started: number;
  threads: number;
  pages: number;
};

// USER_HZ is 100 on every architecture that Linux still runs on but alpha.
const ticksPerSecond = 100;
const passMs = 500;
const yieldEvery = 100;

/** Lists the `count` processes that use most CPU and most memory, from two looks half a second apart. Rejects on abort. */
export async function topProcesses(host: Host, count: number, signal: AbortSignal): Promise<TopProcesses> {
  const before = await readAll(host, signal);
  const start = performance.now();
  await wait(passMs, undefined, { signal });
  const now = await readAll(host, signal);
  const seconds = (performance.now() - start) / 1000;
  const all = [...now.values()].map((stat) => toProcess(stat, before.get(stat.pid), seconds));
  return {
    byCpu: withMemory(host, [...all].sort((a, b) => b.cpuCores - a.cpuCores).slice(0, count)),
    byMemory: withMemory(host, [...all].sort((a, b) => b.memoryBytes - a.memoryBytes).slice(0, count)),
  };
}

/** Parses /proc/PID/stat; undefined where it is none. The name may hold spaces and parentheses. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return undefined;
  const fields = text.slice(close + 2).split(" ");
  const number = (place: number) => Number(fields[place - 3]);
  const stat = {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    state: fields[0] ?? "",
    ticks: number(14) + number(15),
    started: number(22),
    threads: number(20),
    pages: number(24),
  };
  return Number.isNaN(stat.pid + stat.ticks + stat.started + stat.pages) ? undefined : stat;
}

async function readAll(host: Host, signal: AbortSignal): Promise<Map<number, ProcessStat>> {
  const found = new Map<number, ProcessStat>();
  let read = 0;
  for (const name of host.readDir("/proc") ?? []) {
    if (!/^\d+$/.test(name)) continue;
    if (++read % yieldEvery === 0) await wait(0, undefined, { signal });
    const stat = parseProcessStat(host.readText(`/proc/${name}/stat`) ?? "");
    if (stat !== undefined) found.set(stat.pid, stat);
  }
  return found;
}

// A number that a new process took over in between has the new one's time only.
function toProcess(now: ProcessStat, before: ProcessStat | undefined, seconds: number): TopProcess {
  const since = before?.started === now.started ? before.ticks : 0;
  const cpuCores = (now.ticks - since) / ticksPerSecond / seconds;
  return { pid: now.pid, name: now.name, state: now.state, cpuCores, memoryBytes: now.pages, threads: now.threads };
}

// Only status tells memory in a unit that does not depend on the page size; it is read for the few that are shown.
function withMemory(host: Host, processes: TopProcess[]): TopProcess[] {
  return processes.map((process) => {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(host.readText(`/proc/${process.pid}/status`) ?? "")?.[1];
    return { ...process, memoryBytes: Number(kilobytes ?? 0) * 1024 };
  });
}
