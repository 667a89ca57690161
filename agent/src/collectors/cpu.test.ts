import { describe, expect, test } from "vitest";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import { NotHere } from "./collector.ts";
import { cpu, cpuReadings, parseStat } from "./cpu.ts";
import { slots } from "./values.ts";

const host = slots("host");
const core = slots("cpu");

const first = `cpu  100 10 50 800 20 5 5 10 0 0
cpu0 60 5 30 390 10 2 3 0 0 0
cpu1 40 5 20 410 10 3 2 10 0 0
intr 1000 0 5 7
ctxt 5000
btime 1700000000
processes 300
procs_running 2
procs_blocked 1
softirq 77 1 2
`;
const second = first
  .replace("cpu  100 10 50 800 20 5 5 10", "cpu  140 20 70 900 30 8 7 25")
  .replace("cpu0 60 5 30 390 10 2 3 0", "cpu0 100 15 50 390 10 5 5 15")
  .replace("intr 1000", "intr 1500")
  .replace("ctxt 5000", "ctxt 7000")
  .replace("processes 300", "processes 310");

describe("cpu", () => {
  test("shares between two counts", () => {
    const [whole, zero, one] = cpuReadings(parseStat(second), parseStat(first), 10);
    expect(named(host, whole?.values)).toEqual({
      cpu_usage_ratio: expect.closeTo(0.45, 10),
      cpu_user_ratio: 0.2,
      cpu_nice_ratio: 0.05,
      cpu_system_ratio: 0.1,
      cpu_iowait_ratio: 0.05,
      cpu_irq_ratio: 0.025,
      cpu_steal_ratio: 0.075,
      cpu_cores: 2,
      processes_running: 2,
      processes_blocked: 1,
      context_switches_per_second: 200,
      interrupts_per_second: 50,
      forks_per_second: 1,
    });
    expect(zero?.key).toBe("0");
    expect(named(core, zero?.values).usage_ratio).toBe(1);
    // No tick passed on this one: nothing can be said.
    expect(named(core, one?.values)).toEqual({});
  });

  test("no rates at the first pass, none where a counter fell", () => {
    const [whole] = cpuReadings(parseStat(first), undefined, Number.NaN);
    expect(named(host, whole?.values)).toEqual({ cpu_cores: 2, processes_running: 2, processes_blocked: 1 });
    const [later] = cpuReadings(parseStat(first), parseStat(second), 10);
    expect(named(host, later?.values).context_switches_per_second).toBeUndefined();
  });

  test("missing and malformed", () => {
    expect(() => cpu.create(rootedHost({})).collect(0, noAbort)).toThrow(NotHere);
    expect(() => parseStat("intr 5\n")).toThrow("/proc/stat: no line of all cores");
    expect(() => parseStat("cpu  a b c\n")).toThrow("/proc/stat: no line of all cores");
  });
});
