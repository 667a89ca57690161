import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { cpus, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAgentCollectorFactory } from "../src/collectors/agent.ts";
import type { Reading } from "../src/collectors/collector.ts";
import { collectorFactories } from "../src/collectors/index.ts";
import { createRunner } from "../src/collectors/runner.ts";
import { slots } from "../src/collectors/values.ts";
import { createHost } from "../src/host/host.ts";
import { named } from "./rooted-host.ts";

const hostSlot = slots("host");
const spool = { records: 0, bytes: 0, oldestSeconds: 0, dropped: 0 };
// The engine's collector has tests with a real engine of their own.
const factories = [
  ...collectorFactories.filter((factory) => factory.name !== "docker"),
  createAgentCollectorFactory(() => spool),
];

function find(readings: Reading[], kind: string, key: string): Reading {
  const found = readings.find((reading) => reading.kind === kind && reading.key === key);
  if (found === undefined) throw new Error(`no reading of ${kind} ${key}`);
  return found;
}

test("this machine, as it is", async () => {
  const runner = createRunner({ host: createHost(), factories });
  const first = await runner.pass({ all: true });
  expect(find(first.readings, "host", "host").values[hostSlot.cpu_usage_ratio]).toBeNaN();
  // Shares need a tick of the kernel's clock to pass.
  let readings = first.readings;
  await expect
    .poll(async () => {
      ({ readings } = await runner.pass());
      return find(readings, "host", "host").values[hostSlot.cpu_usage_ratio];
    })
    .toBeGreaterThanOrEqual(0);

  const host = named(hostSlot, find(readings, "host", "host").values);
  const ratios = Object.entries(host).filter(([name]) => name.endsWith("_ratio"));
  expect(ratios.length).toBeGreaterThan(5);
  for (const [, value] of ratios) expect(value >= 0 && value <= 1).toBe(true);
  const total = Number(/MemTotal:\s+(\d+)/.exec(readFileSync("/proc/meminfo", "utf8"))?.[1]) * 1024;
  expect(host.memory_total_bytes).toBe(Math.fround(total));
  expect(host.memory_used_bytes! / total + host.memory_available_bytes! / total).toBeCloseTo(1, 3);
  expect(host.cpu_cores).toBe(cpus().length);
  expect(host.uptime_seconds).toBeGreaterThan(1);
  expect(host.processes).toBeGreaterThan(1);
  expect(host.context_switches_per_second).toBeGreaterThan(0);
  expect(find(readings, "host", "host").attributes).toMatchObject({
    hostname: hostname(),
    boot_id: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
    cores: cpus().length,
  });
  expect(readings.filter((reading) => reading.kind === "cpu")).toHaveLength(cpus().length);

  const root = find(readings, "filesystem", "/");
  const { bsize, blocks } = statfsSync("/");
  expect(root.values[slots("filesystem").size_bytes]).toBe(Math.fround(bsize * blocks));
  expect(["rw", "ro"]).toContain(root.state);
  expect(readings.some((reading) => reading.kind === "nic" && reading.key === "lo")).toBe(false);
  expect(readings.some((reading) => reading.kind === "disk" && reading.key.startsWith("loop"))).toBe(false);
  expect(find(readings, "agent", "agent").values[slots("agent").resident_bytes]).toBeGreaterThan(1e7);

  const health = runner.health();
  expect(health.map((one) => one.name)).toEqual(factories.map((factory) => factory.name));
  expect(health.filter((one) => one.state !== "ok" && one.state !== "absent")).toEqual([]);
  for (const one of ["cpu", "load", "memory", "filesystems", "system"]) {
    expect(health.find(({ name }) => name === one)?.state).toBe("ok");
  }
  expect(new Set(readings.map((reading) => `${reading.kind} ${reading.key}`)).size).toBe(readings.length);
  runner.stop();
});

test("a hanging and a throwing collector disturb none", async () => {
  const more = { help: "Test", kinds: ["unit"] as const, deadlineMs: 50 };
  let asked = 0;
  const collect = () => {
    asked++;
    return new Promise<Reading[]>(() => {});
  };
  const hanging = { ...more, name: "hanging", create: () => ({ collect }) };
  const throwing = {
    ...more,
    name: "throwing",
    create: () => ({
      collect: (): Reading[] => {
        throw new Error("broken");
      },
    }),
  };
  const runner = createRunner({ host: createHost(), factories: [hanging, throwing, ...factories] });
  const bad = async () =>
    (await runner.pass()).health
      .filter(({ state }) => !["ok", "absent"].includes(state))
      .map(({ name, state }) => [name, state]);
  const expected = [
    ["hanging", "timed_out"],
    ["throwing", "failed"],
  ];
  expect(await bad()).toEqual(expected);
  expect(await bad()).toEqual(expected);
  expect(asked).toBe(1);
  const { readings } = await runner.pass();
  expect(find(readings, "filesystem", "/").values[0]).toBeGreaterThan(0);
  runner.stop();
});

const canMount = existsSync("/dev/fuse") && spawnSync("unshare", ["-m", "-p", "--fork", "true"]).status === 0;

test.skipIf(!canMount)("mounts that hang are stuck, delay one pass by their deadlines and no other", () => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-hung-"));
  const from = (path: string) => JSON.stringify(join(import.meta.dirname, "../src", path));
  const script = `
    import { createHost } from ${from("host/host.ts")};
    import { createRunner } from ${from("collectors/runner.ts")};
    import { filesystems } from ${from("collectors/filesystems.ts")};
    const runner = createRunner({ host: createHost(), factories: [filesystems] });
    const passes = [];
    for (let i = 0; i < 3; i++) {
      const begun = performance.now();
      const { readings, health } = await runner.pass();
      const found = readings.filter((one) => one.kind === "filesystem" && (one.key === "/" || one.key.startsWith("${folder}")));
      const states = found.map((one) => [one.key, one.state, one.values[0]]);
      passes.push({ ms: performance.now() - begun, health: health[0].state, states });
    }
    console.log(JSON.stringify(passes));
    process.exit(0);`;
  const args = ["-m", "-p", "--fork", "--mount-proc", "sh", join(import.meta.dirname, "hung-mounts.sh"), folder];
  const out = execFileSync("unshare", [...args, process.execPath, script], { encoding: "utf8", timeout: 25_000 });
  const passes = JSON.parse(out) as { ms: number; health: string; states: [string, string, number | null][] }[];
  for (const pass of passes) {
    expect(pass.health).toBe("ok");
    expect(pass.states.find(([key]) => key === "/")?.[2]).toBeGreaterThan(0);
    const stuck = ["one", "two", "three"].map((name) => [join(folder, name), "stuck", null]);
    expect(pass.states.filter(([key]) => key !== "/").sort()).toEqual(stuck.sort());
  }
  // Two threads, then a process: the first pass waits for two deadlines of a second, later ones for none.
  expect(passes[2]?.ms).toBeLessThan(passes[0]?.ms ?? 0);
  rmSync(folder, { recursive: true, force: true });
});
