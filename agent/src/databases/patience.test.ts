import { expect, test } from "vitest";
import { createPatience } from "./patience.ts";
import type { ProbeResult, ProbeStatus } from "./probe.ts";

const failed = (status: ProbeStatus, reason = "no"): ProbeResult => {
  return { status, reason, values: {}, attributes: {}, labels: {}, counters: { at: 0 } };
};

/** Times, in seconds, at which a probe each 30 s really asks in that many hours. */
function asked(result: ProbeResult, hours: number): number[] {
  const patience = createPatience();
  const times: number[] = [];
  for (let second = 0; second < hours * 3600; second += 30) {
    if (patience.answer(second * 1000) !== undefined) continue;
    times.push(second);
    patience.failed(result, second * 1000);
  }
  return times;
}

test("a refused login is tried three times, then each 5 min", () => {
  expect(asked(failed("needs_credentials"), 0.25)).toEqual([0, 30, 60, 360, 660]);
});

test("who never answers is asked less than max_connect_errors times in half a day", () => {
  const times = asked(failed("timed_out"), 12);
  expect(times.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, i) => i * 30));
  expect(times.length).toBeLessThan(100);
});

test("who does not listen is asked each time", () => {
  expect(asked(failed("down"), 1)).toHaveLength(120);
});

test("a host that was blocked is left alone for 5 min", () => {
  expect(asked(failed("error", "the server has blocked this host for failed connections"), 0.2)[1]).toBe(300);
});

test("what it answers meanwhile says so; a success ends it", () => {
  const patience = createPatience();
  for (let i = 0; i < 3; i++) patience.failed(failed("needs_credentials"), 0);
  expect(patience.answer(1_000)).toMatchObject({ status: "needs_credentials", reason: "no (tried again in 299 s)" });
  patience.succeeded();
  expect(patience.answer(1_000)).toBeUndefined();
});
