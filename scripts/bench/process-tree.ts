import { readdirSync, readFileSync } from "node:fs";

/** What a process and all below it used. Memory in bytes, CPU in seconds, wake-ups since they started. */
export type Usage = {
  cpuSeconds: number;
  residentBytes: number;
  privateBytes: number;
  wakeups: number;
  processes: number;
};

const ticks = 100;

/** Reads a process tree now. CPU includes children that ended and were waited for; private = anonymous memory. */
export function usageOf(root: number): Usage {
  const sum: Usage = { cpuSeconds: 0, residentBytes: 0, privateBytes: 0, wakeups: 0, processes: 0 };
  for (const pid of tree(root)) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .map(Number);
      // utime, stime, cutime, cstime: fields 14 to 17 of proc(5).
      sum.cpuSeconds += [11, 12, 13, 14].reduce((total, i) => total + (fields[i] ?? 0), 0) / ticks;
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
      sum.residentBytes += kib(rollup, "Rss");
      sum.privateBytes += kib(rollup, "Anonymous");
      for (const task of readdirSync(`/proc/${pid}/task`)) {
        const status = readFileSync(`/proc/${pid}/task/${task}/status`, "utf8");
        sum.wakeups += Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
      }
      sum.processes++;
    } catch {
      // It ended meanwhile.
    }
  }
  return sum;
}

function tree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It ended meanwhile.
    }
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function kib(rollup: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(rollup)?.[1] ?? 0) * 1024;
}
