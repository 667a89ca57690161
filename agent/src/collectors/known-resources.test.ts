import { expect, test } from "vitest";
import type { Reading, StateEvent } from "./collector.ts";
import { createKnownResources, type Gathered } from "./known-resources.ts";

const kinds = ["container"] as const;

function container(key: string, state: string, more: Partial<Reading> = {}): Reading {
  return { kind: "container", key, state, values: [], ...more };
}

function event(key: string, to: string, at = 0): StateEvent {
  return { kind: "container", key, at, to };
}

function setUp() {
  const known = createKnownResources();
  return {
    known,
    run(readings: Reading[], serial = known.begin(), collector = "docker") {
      const gathered: Gathered = { readings: new Map(), changes: [] };
      known.take({ collector, kinds, serial, readings }, 7, gathered);
      return { readings: [...gathered.readings.values()], changes: gathered.changes };
    },
  };
}

test("the first run tells no changes, later ones what differs, is new or gone", () => {
  const { run } = setUp();
  expect(run([container("a", "running"), container("b", "running")]).changes).toEqual([]);
  expect(run([container("a", "exited", { reason: "exit code 1" }), container("c", "created")]).changes).toEqual([
    { kind: "container", key: "a", at: 7, from: "running", to: "exited", reason: "exit code 1" },
    { kind: "container", key: "c", at: 7, to: "created" },
    { kind: "container", key: "b", at: 7, from: "running", to: "gone" },
  ]);
  expect(run([container("a", "exited"), container("c", "created")]).changes).toEqual([]);
});

test("what a watch told is not told again by a pass", () => {
  const { known, run } = setUp();
  run([container("a", "running")]);
  expect(known.hear("docker", event("a", "exited", 5))).toEqual({ ...event("a", "exited", 5), from: "running" });
  expect(known.hear("docker", event("a", "exited", 6))).toBeUndefined();
  expect(run([container("a", "exited")]).changes).toEqual([]);
  known.hear("docker", event("a", "gone"));
  expect(run([]).changes).toEqual([]);
  expect(run([container("a", "running")]).changes).toEqual([{ kind: "container", key: "a", at: 7, to: "running" }]);
});

test("a run that began before an event does not take it back", () => {
  const { known, run } = setUp();
  run([container("a", "running"), container("b", "running")]);
  const serial = known.begin();
  known.hear("docker", event("a", "exited"));
  known.hear("docker", event("b", "gone"));
  known.hear("docker", event("c", "created"));
  const late = run([container("a", "running"), container("b", "running")], serial);
  expect(late.changes).toEqual([]);
  expect(late.readings.map((reading) => [reading.key, reading.state])).toEqual([["a", "exited"]]);
  expect(run([container("a", "exited"), container("c", "created")]).changes).toEqual([]);
});

test("a created one that the next run does not find is gone", () => {
  const { known, run } = setUp();
  run([]);
  known.hear("docker", event("c", "created"));
  expect(run([]).changes).toEqual([{ kind: "container", key: "c", at: 7, from: "created", to: "gone" }]);
  expect(known.hear("docker", event("unknown", "gone"))).toBeUndefined();
});

test("a resource of two collectors is gone when both miss it, and has the facts of both", () => {
  const { run } = setUp();
  const first = run([container("a", "running", { labels: { x: "1" }, attributes: { n: [1] } })]);
  const other = run(
    [{ kind: "container", key: "a", labels: { y: "2" }, attributes: { m: 2 }, values: [] }],
    0,
    "other",
  );
  expect(first.readings[0]?.labels).toEqual({ x: "1" });
  expect(other.readings[0]).toMatchObject({
    state: "running",
    labels: { x: "1", y: "2" },
    attributes: { n: [1], m: 2 },
  });
  const same = run([container("a", "running", { labels: { x: "1" }, attributes: { n: [1] } })]);
  expect(same.readings[0]?.labels).toBe(other.readings[0]?.labels);
  expect(same.readings[0]?.attributes).toBe(other.readings[0]?.attributes);
  const changed = run([container("a", "running", { labels: { z: "1" }, attributes: { n: [2] } })]);
  expect(changed.readings[0]).toMatchObject({ labels: { y: "2", z: "1" }, attributes: { n: [2], m: 2 } });
  expect(run([]).changes).toEqual([]);
  expect(run([], 0, "other").changes.map((change) => change.to)).toEqual(["gone"]);
});

test("keys that the protocol can't carry are left out", () => {
  const { run } = setUp();
  expect(run([container("", "running"), container("é".repeat(257), "running")]).readings).toEqual([]);
});
