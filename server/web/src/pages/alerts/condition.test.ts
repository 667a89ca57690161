import { expect, test } from "vitest";
import { conditionText, hasThreshold } from "./condition.ts";

const memory = { type: "threshold", metric: "memory_used_ratio", op: ">", value: 0.9, clear: 0.85 };

test.each([
  ["host", memory, 300, "memory used ratio > 90 % for 5 min, clears at 85 %"],
  ["host", { type: "absence", seconds: 60 }, 0, "nothing heard for 1 min"],
  ["server", { type: "state", states: ["offline"] }, 0, "state is offline"],
  [
    "container",
    { type: "state", states: ["exited"], attributes: [{ name: "exit_code", is: "not_in", values: [0, 143] }] },
    10,
    "state is exited and exit_code is not 0 or 143 for 10 s",
  ],
  [
    "container",
    { type: "increase", metric: "restarts", op: ">=", value: 3, seconds: 600 },
    0,
    "restarts rises by >= 3 in 10 min",
  ],
  ["container", { type: "threshold", metric: "healthy", op: "<", value: 1 }, 30, "not healthy for 30 s"],
  [
    "server",
    { type: "state", states: ["degraded"], reasons: ["clone*"] },
    0,
    "state is degraded and the reason fits clone*",
  ],
  ["container", { type: "update_failed", statuses: ["failed"] }, 0, "an update failed or was rolled back"],
])("%s %o", (resourceKind, condition, forSeconds, text) => {
  expect(conditionText({ resourceKind, condition, forSeconds })).toBe(text);
});

test("only comparisons have a threshold to edit", () => {
  expect(hasThreshold(memory)).toBe(true);
  expect(hasThreshold({ type: "state", states: ["offline"] })).toBe(false);
});
