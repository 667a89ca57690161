import { expect, test } from "vitest";
import { createHost } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere, Partly, type Reading, type StateEvent } from "./collector.ts";
import { createRunner } from "./runner.ts";
import { missing, slots } from "./values.ts";

const host = createHost();
const hostSlot = slots("host");
const health = slots("collector");

function factory(name: string, collector: Collector, more: Partial<CollectorFactory> = {}): CollectorFactory {
  return { name, help: "Test", kinds: ["container"], deadlineMs: 1000, create: () => collector, ...more };
}

function hostValue(name: keyof typeof hostSlot, value: number): Reading {
  const values = missing("host");
  values[hostSlot[name]] = value;
  return { kind: "host", key: "host", values };
}

function find(readings: Reading[], kind: string, key: string): Reading | undefined {
  return readings.find((reading) => reading.kind === kind && reading.key === key);
}

test("readings of one resource are merged value by value and rounded", async () => {
  const one = factory("one", { collect: () => [{ ...hostValue("load1", 1.23456789), attributes: { a: 1 } }] });
  const two = factory("two", {
    collect: async () => [{ ...hostValue("uptime_seconds", 98765.5), attributes: { b: 2 } }],
  });
  const { at, readings } = await createRunner({ host, factories: [one, two], now: () => 42 }).pass();
  expect(at).toBe(42);
  expect(readings.filter((reading) => reading.kind === "host")).toHaveLength(1);
  const merged = find(readings, "host", "host");
  expect(merged?.attributes).toEqual({ a: 1, b: 2 });
  expect(merged?.values[hostSlot.load1]).toBeCloseTo(1.23456789, 4);
  expect(merged?.values[hostSlot.load1]).not.toBe(Math.fround(1.23456789));
  expect(merged?.values[hostSlot.uptime_seconds]).toBe(98765.5);
  expect(merged?.values[hostSlot.load5]).toBeNaN();
});

test("failing, hanging and absent collectors are told and disturb no other", async () => {
  let hangs = 0;
  let release: ((readings: Reading[]) => void) | undefined;
  let fresh: Reading[] | undefined;
  const seen: AbortSignal[] = [];
  const runner = createRunner({
    host,
    factories: [
      factory("thrower", {
        collect: () => {
          throw new Error("two\nlines");
        },
      }),
      factory(
        "hanger",
        {
          collect: (_, signal) => {
            hangs++;
            seen.push(signal);
            if (fresh !== undefined) return fresh;
            return new Promise((resolve) => {
              release = resolve;
            });
          },
        },
        { deadlineMs: 30 },
      ),
      factory("absent", { collect: () => Promise.reject(new NotHere("no such thing")) }),
      factory("good", { collect: () => [hostValue("load1", 1)] }),
    ],
  });
  const first = await runner.pass();
  expect(find(first.readings, "host", "host")?.values[hostSlot.load1]).toBe(1);
  expect(first.health.map(({ name, state, error, errorCount }) => [name, state, error, errorCount])).toEqual([
    ["thrower", "failed", "two lines", 1],
    ["hanger", "timed_out", "no answer within 30 ms", 1],
    ["absent", "absent", "no such thing", 0],
    ["good", "ok", "", 0],
  ]);
  expect(seen[0]?.aborted).toBe(true);
  const success = (readings: Reading[], key: string) => find(readings, "collector", key)?.values[health.success];
  expect(success(first.readings, "good")).toBe(1);
  expect(success(first.readings, "thrower")).toBe(0);
  expect(success(first.readings, "absent")).toBeNaN();
  // Still hanging: neither called nor waited for, and told again.
  const second = await runner.pass();
  expect(hangs).toBe(1);
  expect(find(second.readings, "collector", "hanger")?.state).toBe("timed_out");
  // What comes late is no sample; a later pass calls it again.
  const container = (key: string): Reading => ({ kind: "container", key, state: "running", values: [] });
  fresh = [container("fresh")];
  release?.([container("late")]);
  let third = second;
  const keys = () => third.readings.filter((reading) => reading.kind === "container").map((reading) => reading.key);
  await expect
    .poll(async () => {
      third = await runner.pass();
      return keys();
    })
    .toEqual(["fresh"]);
  expect(third.changes).toContainEqual(expect.objectContaining({ kind: "collector", key: "hanger", to: "ok" }));
});

test("a failed run makes nothing gone, a successful one does", async () => {
  const results: (() => Reading[])[] = [
    () => [{ kind: "container", key: "web", state: "running", values: [] }],
    () => {
      throw new Error("engine away");
    },
    () => [],
  ];
  const runner = createRunner({ host, factories: [factory("docker", { collect: () => results.shift()?.() ?? [] })] });
  const changes = async () => (await runner.pass()).changes.filter((change) => change.kind === "container");
  expect(await changes()).toEqual([]);
  expect(await changes()).toEqual([]);
  expect(await changes()).toEqual([expect.objectContaining({ key: "web", from: "running", to: "gone" })]);
});

test("rare collectors run beside the passes, their readings come once, and all waits for them", async () => {
  let runs = 0;
  let release: (() => void) | undefined;
  const rare: Collector = {
    collect: async () => {
      runs++;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return [hostValue("failed_units", runs)];
    },
  };
  const runner = createRunner({ host, factories: [factory("rare", rare, { everySeconds: 3600 })] });
  const units = (pass: { readings: Reading[] }) => find(pass.readings, "host", "host")?.values[hostSlot.failed_units];
  expect(units(await runner.pass())).toBeUndefined();
  release?.();
  await expect.poll(() => runner.health()[0]?.lastSuccessAt).toBeGreaterThan(0);
  expect(units(await runner.pass({ live: true }))).toBeUndefined();
  expect(units(await runner.pass())).toBe(1);
  expect(units(await runner.pass())).toBeUndefined();
  expect(runs).toBe(1);
  const all = runner.pass({ all: true });
  await expect.poll(() => runs).toBe(2);
  release?.();
  expect(units(await all)).toBe(2);
});

test("passes do not overlap", async () => {
  let inside = 0;
  let most = 0;
  const collector: Collector = {
    collect: async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
      return [];
    },
  };
  const runner = createRunner({ host, factories: [factory("one", collector)] });
  await Promise.all([runner.pass(), runner.pass({ all: true }), runner.pass()]);
  expect(most).toBe(1);
});

test("disabled collectors neither run nor watch until they are enabled", async () => {
  let runs = 0;
  let watches = 0;
  let tell: ((event: StateEvent) => void) | undefined;
  const collector: Collector = {
    collect: () => [{ kind: "container", key: "a", state: "running", values: [runs++] }],
    watch: (emit, signal) => {
      watches++;
      tell = emit;
      signal.addEventListener("abort", () => watches--);
    },
  };
  const runner = createRunner({ host, factories: [factory("one", collector)], disabled: ["one"] });
  const heard: StateEvent[] = [];
  runner.watch((event) => heard.push(event));
  const off = await runner.pass();
  expect([runs, watches, off.readings.length, off.health[0]?.state]).toEqual([0, 0, 0, "disabled"]);
  runner.setDisabled([]);
  await runner.pass();
  expect([runs, watches, runner.health()[0]?.state]).toEqual([1, 1, "ok"]);
  tell?.({ kind: "container", key: "a", at: 1, to: "exited" });
  expect(heard).toEqual([{ kind: "container", key: "a", at: 1, from: "running", to: "exited" }]);
  runner.setDisabled(["one"]);
  const again = await runner.pass();
  expect([runs, watches]).toEqual([1, 0]);
  expect(again.changes).toEqual([expect.objectContaining({ kind: "collector", key: "one", to: "disabled" })]);
  tell?.({ kind: "container", key: "a", at: 2, to: "dead" });
  expect(heard).toHaveLength(1);
});

test("what vanished or changed while the agent was down is told by the first pass", async () => {
  const container = (key: string, state: string): Reading => ({
    kind: "container",
    key,
    state,
    values: missing("container"),
  });
  let readings = [container("a", "running"), container("b", "running"), container("c", "running")];
  const docker = factory("docker", { collect: () => readings });
  const first = createRunner({ host, factories: [docker], now: () => 1 });
  await first.pass();
  const remembered = JSON.parse(JSON.stringify(first.known.remember()));

  readings = [container("a", "running"), container("b", "exited"), container("new", "running")];
  const second = createRunner({ host, factories: [docker], remembered, now: () => 2 });
  const { changes } = await second.pass();
  expect(changes).toEqual([
    { kind: "container", key: "b", at: 2, from: "running", to: "exited" },
    { kind: "container", key: "c", at: 2, from: "running", to: "gone" },
  ]);
  expect((await second.pass()).changes).toEqual([]);
});

test("a failing collector makes nothing gone of what is remembered", async () => {
  const broken = factory("docker", {
    collect: () => {
      throw new Error("engine is away");
    },
  });
  const remembered = [{ kind: "container" as const, key: "a", state: "running", collectors: ["docker"] }];
  const { changes } = await createRunner({ host, factories: [broken], remembered }).pass();
  expect(changes.filter((change) => change.kind === "container")).toEqual([]);
});

test("a rare collector that is made due runs with the next pass", async () => {
  let runs = 0;
  const rare = factory("rare", { collect: () => [{ ...hostValue("load1", ++runs) }] }, { everySeconds: 3600 });
  const runner = createRunner({ host, factories: [rare] });
  await runner.pass();
  await runner.pass();
  expect(runs).toBe(1);
  runner.due("rare");
  runner.due("unknown");
  await runner.pass();
  await runner.pass();
  expect(runs).toBe(2);
});

test("a collector of which a part failed: its readings count, it is told as failed", async () => {
  const partly = factory("partly", {
    collect: () => {
      throw new Partly("one of two", [hostValue("load1", 1)]);
    },
  });
  const runner = createRunner({ host, factories: [partly] });
  const { readings, health } = await runner.pass();
  expect(health).toMatchObject([{ state: "failed", error: "one of two", errorCount: 1 }]);
  expect(readings.map(({ kind }) => kind)).toEqual(["host", "collector"]);
});
