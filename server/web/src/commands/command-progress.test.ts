import { expect, test } from "vitest";
import { brokenPhase, commandTitle, merged } from "./command-progress.tsx";

const event = (at: string, status: string, phase = "", message = "", percent: number | null = null) => ({
  at,
  status,
  phase,
  message,
  percent,
});

test("progress within a phase is one line with its first time and last words", () => {
  const events = [
    event("1", "queued"),
    event("2", "running", "pull", "layer 1", 10),
    event("3", "running", "pull", "layer 2", 90),
    event("4", "running", "pull", "", 100),
    event("5", "running", "start"),
    event("6", "succeeded"),
  ];
  expect(merged(events)).toEqual([
    event("1", "queued"),
    event("2", "running", "pull", "layer 2", 100),
    event("5", "running", "start"),
    event("6", "succeeded"),
  ]);
  expect(merged([])).toEqual([]);
});

test("what comes without a phase belongs to what went before", () => {
  const waits = "waits for its turn: 2 others that pull, copy or replace are at work on docker";
  const silence = "the engine does not answer, trying again";
  const events = [
    event("1", "accepted"),
    event("2", "accepted", "", "waits for web"),
    event("3", "accepted", "", waits),
    event("4", "running", "pull", "layer 1", 10),
    event("5", "running", "pull", silence),
    event("6", "running", "", "cancelled by ops"),
    event("7", "running", "pull", "layer 2", 20),
    event("8", "cancelled", "", "cancelled"),
  ];
  expect(merged(events)).toEqual([
    { ...event("1", "accepted"), note: waits },
    { ...event("4", "running", "pull", "layer 2", 20), note: "cancelled by ops" },
    event("8", "cancelled", "", "cancelled"),
  ]);
  expect(merged(events.slice(0, 5)).at(-1)?.message).toBe(silence);
  expect(merged([event("1", "running", "", silence)])).toEqual([event("1", "running", "", silence)]);
});

test.each([
  ["container.update", { container: "web", image: "nginx:2" }, "Update web to nginx:2"],
  ["container.update", { container: "web", image: "registry:5000/a/web@sha256:0" }, "Update web to web@sha256:0"],
  ["host.refresh", {}, "Collect everything now"],
  ["something.new", { container: "x" }, "something.new x"],
  ["database.configure", { database: "redis:127.0.0.1:6379" }, "Set the credentials of redis:127.0.0.1:6379"],
  ["drive.selftest", { drive: "WDC%20WD40/WD-1//", type: "long" }, "Test WDC WD40 WD-1 (long)"],
  ["drive.acknowledge", { drive: "%zz///Bay 1", reset: true }, "Forget acknowledged counters of %zz"],
  ["pool.scrub", { pool: "zfs:tank", action: "pause" }, "Scrub zfs:tank (pause)"],
  ["database.configure", { database: "a", sealed: "" }, "Forget the credentials of a"],
])("%s", (type, args, title) => expect(commandTitle({ type, args })).toBe(title));

test.each([
  [
    [
      event("1", "running", "start"),
      event("2", "running", "gate"),
      event("3", "running", "rollback"),
      event("4", "rolled_back"),
    ],
    1,
  ],
  [[event("1", "accepted"), event("2", "running", "pull"), event("3", "failed")], 1],
  [[event("1", "queued"), event("2", "failed")], -1],
  [[event("1", "running", "gate"), event("2", "succeeded")], -1],
])("the phase that went wrong", (events, index) => expect(brokenPhase(events)).toBe(index));
