import { describe, expect, test } from "vitest";
import { defaultRules } from "./default-rules.ts";
import { matchesGlob } from "./glob.ts";
import { freshHistory, noteIncrease } from "./increase.ts";
import { judgeForecast, judgeState, judgeValue } from "./judge.ts";
import { applyOverride, overrideLabel, ruleKeyOf } from "./override.ts";
import { type Condition, conditionSchema, problemsOf, ruleFields } from "./rule.ts";
import { selects } from "./selector.ts";
import { formatValue, summarise } from "./summary.ts";

test("the default rules are sound and have keys and names of their own", () => {
  for (const { builtinKey, name, description, ...rule } of defaultRules) {
    expect(ruleFields.safeParse(rule).error, builtinKey).toBeUndefined();
    expect(problemsOf(rule), builtinKey).toEqual([]);
    expect(description).not.toBe("");
    expect(name).not.toBe("");
  }
  expect(new Set(defaultRules.map((r) => r.builtinKey)).size).toBe(defaultRules.length);
  expect(new Set(defaultRules.map((r) => r.name)).size).toBe(defaultRules.length);
});

test.each([
  ["host", { type: "threshold", metric: "nonsense", op: ">", value: 1 }, "condition.metric"],
  ["unit", { type: "threshold", metric: "x", op: ">", value: 1 }, "condition.metric"],
  ["server", { type: "threshold", metric: "cpu_usage_ratio", op: ">", value: 1 }, "condition.metric"],
  ["host", { type: "threshold", metric: "load1", op: ">", value: 4, clear: 5 }, "condition.clear"],
  ["host", { type: "threshold", metric: "load1", op: "<", value: 4, clear: 3 }, "condition.clear"],
  ["host", { type: "threshold", metric: "load1", op: ">", value: 4, clear: 3 }, undefined],
  ["container", { type: "state", states: ["exited", "crashed"] }, "condition.states"],
  ["host", { type: "state", states: ["offline"] }, "condition.states"],
  ["server", { type: "state", states: ["offline"] }, undefined],
  ["server", { type: "absence", seconds: 60 }, "resourceKind"],
  ["host", { type: "update_failed", statuses: ["failed"] }, "resourceKind"],
  ["filesystem", { type: "state", states: ["ro"], fromStates: ["rw"] }, undefined],
  ["filesystem", { type: "state", states: ["ro"], fromStates: ["mounted"] }, "condition.fromStates"],
  ["filesystem", { type: "forecast", metric: "used_ratio", withinSeconds: 86_400 }, undefined],
  ["pool", { type: "forecast", metric: "used_ratio", withinSeconds: 86_400 }, undefined],
  ["drive", { type: "forecast", metric: "wear_ratio", withinSeconds: 86_400 }, undefined],
  ["drive", { type: "forecast", metric: "used_ratio", withinSeconds: 86_400 }, "resourceKind"],
  ["filesystem", { type: "forecast", metric: "wear_ratio", withinSeconds: 86_400 }, "resourceKind"],
  ["drive", { type: "absence", seconds: 60 }, "condition.seconds"],
  ["drive", { type: "absence", seconds: 900 }, undefined],
] as const)("a rule about %s with %j: %s", (resourceKind, condition, field) => {
  const problems = problemsOf({ resourceKind, condition: conditionSchema.parse(condition) });
  expect(problems.map((p) => p.path.join("."))).toEqual(field === undefined ? [] : [field]);
});

test.each([
  ["*", "", true],
  ["a*c", "abbbc", true],
  ["a*c", "abbbd", false],
  ["/mnt/?", "/mnt/a", true],
  ["/mnt/?", "/mnt/ab", false],
  ["*.*", "a.b", true],
  ["a.c", "abc", false],
  ["web-*-eu", "web-1-2-eu", true],
  [`${"*a".repeat(50)}b`, "a".repeat(5000), false],
])("glob %s on %s", (pattern, text, expected) => expect(matchesGlob(pattern, text)).toBe(expected));

describe("selector", () => {
  const subject = {
    key: "/data",
    labels: { fstype: "xfs" },
    server: { id: "0", labels: { env: "prod" }, group: "eu/web" },
  };
  test.each([
    [{}, true],
    [{ keys: [] }, true],
    [{ keys: ["/d*"] }, true],
    [{ keys: ["/boot", "/d*"] }, true],
    [{ keys: ["/boot"] }, false],
    [{ exceptKeys: ["/data"] }, false],
    [{ labels: { fstype: "x*" } }, true],
    [{ labels: { fstype: "ext4" } }, false],
    [{ labels: { missing: "*" } }, false],
    [{ labels: { constructor: "*" } }, false],
    [{ exceptLabels: { fstype: "xfs" } }, false],
    [{ serverLabels: { env: "prod" } }, true],
    [{ serverLabels: { env: "test" } }, false],
    [{ groups: ["eu/*"] }, true],
    [{ groups: ["us/*"] }, false],
    [{ groups: ["eu/*"], keys: ["/boot"] }, false],
  ])("%j", (selector, expected) => expect(selects(selector, subject)).toBe(expected));
});

test.each([
  [91, ">", 90, 85, "breach"],
  [90, ">", 90, 85, "between"],
  [85.1, ">", 90, 85, "between"],
  [85, ">", 90, 85, "clear"],
  [90, ">=", 90, 85, "breach"],
  [85, ">=", 90, 85, "between"],
  [84.9, ">=", 90, 85, "clear"],
  [0, "<", 1, 1, "breach"],
  [1, "<", 1, 1, "clear"],
  [3, "<=", 5, 10, "breach"],
  [10, "<=", 5, 10, "between"],
  [11, "<=", 5, 10, "clear"],
  [Number.NaN, ">", 90, 85, "missing"],
  [Number.POSITIVE_INFINITY, ">", 90, 85, "breach"],
] as const)("%d %s %d (clear %d) is %s", (value, op, threshold, clear, verdict) =>
  expect(judgeValue(value, op, threshold, clear)).toBe(verdict),
);

describe("state", () => {
  const exited = {
    type: "state" as const,
    states: ["exited"],
    attributes: [{ name: "exitCode", is: "not_in" as const, values: [0, 143] }],
  };
  const remounted = { type: "state" as const, states: ["ro"], fromStates: ["rw"] };
  const now = (state: string | null, attributes: Record<string, unknown> = {}, reason = "") => ({
    state,
    attributes,
    reason,
  });
  test.each([
    [exited, now("exited", { exitCode: 1 }), "breach"],
    [exited, now("exited", { exitCode: 0 }), "clear"],
    [exited, now("exited", {}), "clear"],
    [exited, now("running", { exitCode: 1 }), "clear"],
    [exited, now(null), "missing"],
    [remounted, { ...now("ro"), previous: "rw" }, "breach"],
    [remounted, { ...now("ro"), previous: null }, "clear"],
    [remounted, { ...now("ro"), previous: "stuck" }, "clear"],
    [remounted, { ...now("ro"), previous: null, active: true }, "breach"],
    [remounted, { ...now("rw"), previous: "ro", active: true }, "clear"],
    [
      { type: "state" as const, states: ["degraded"], reasons: ["*clock*"] },
      now("degraded", {}, "its clock is off"),
      "breach",
    ],
    [
      { type: "state" as const, states: ["degraded"], exceptReasons: ["*clock*"] },
      now("degraded", {}, "its clock is off"),
      "clear",
    ],
  ])("%j with %j", (condition, state, verdict) => expect(judgeState(condition, state)).toBe(verdict));
});

test.each<[left: number | null, confidence: number, verdict: string]>([
  [50, 0.9, "breach"],
  [72, 0.6, "breach"],
  [72.1, 0.9, "between"],
  [90, 0.9, "between"],
  [91, 0.9, "clear"],
  [50, 0.59, "between"],
  [50, 0.35, "clear"],
  [null, 0, "clear"],
])("a forecast of %d h, sure by %d: %s", (hours, confidence, verdict) => {
  const condition = {
    type: "forecast" as const,
    metric: "used_ratio" as const,
    withinSeconds: 72 * 3600,
    confidence: 0.6,
  };
  const secondsLeft = hours === null ? null : hours * 3600;
  expect(judgeForecast(condition, { secondsLeft, confidence })).toBe(verdict);
  expect(judgeForecast(condition, undefined)).toBe("missing");
});

test("a fall of something that may fall is no rise", () => {
  const history = freshHistory();
  const note = (second: number, value: number) => noteIncrease(history, second * 1000, value, 60_000, "ignore").rise;
  expect([note(0, 8), note(10, 3), note(20, 3), note(30, 4)]).toEqual([0, 0, 0, 1]);
});

test("an increase counts rises within the window, restarts of the counter too", () => {
  const history = freshHistory();
  const note = (second: number, value: number) => noteIncrease(history, second * 1000, value, 60_000);
  expect(note(0, 5)).toEqual({ rise: 0, whole: false });
  expect(note(10, 6).rise).toBe(1);
  expect(note(20, 6).rise).toBe(1);
  expect(note(30, 8)).toEqual({ rise: 3, whole: false });
  expect(note(40, 1).rise).toBe(4);
  expect(note(75, 1)).toEqual({ rise: 3, whole: true });
  expect(note(101, 1)).toEqual({ rise: 0, whole: true });
});

test("labels override the value, the resource's before the server's", () => {
  const condition: Condition = { type: "threshold", metric: "used_ratio", op: ">=", value: 0.9, clear: 0.85 };
  const label = overrideLabel("filesystem_full");
  const over = (...labels: Record<string, string>[]) => applyOverride(condition, "filesystem_full", labels);
  expect(over({}, {})).toBe(condition);
  const moved = over({}, { [label]: "0.97" });
  expect(moved).toMatchObject({ value: 0.97 });
  expect((moved as { clear: number }).clear).toBeCloseTo(0.92);
  expect(over({ [label]: "0.5" }, { [label]: "0.97" })).toMatchObject({ value: 0.5 });
  expect(over({ [label]: "off" })).toBe("off");
  expect(over({ [label]: "lots" })).toBe(condition);
  expect(ruleKeyOf({ builtinKey: null, name: "Queue > 10 (EU)" })).toBe("queue_10_eu");
});

test.each<[kind: string, key: string, labels: Record<string, string>, state: string, summary: string]>([
  ["pool", "zfs:tank", { name: "tank" }, "degraded", "pool tank on alpha is degraded: 1 of 4 members missing (sdc)"],
  [
    "drive",
    "ST4%20000/X1//",
    { device: "sda", model: "ST4000" },
    "failed",
    "drive sda (ST4000) on alpha is failed: 1 of 4",
  ],
  [
    "pool_member",
    "md:md0/sdb1",
    { pool: "md:md0", device: "sdb1" },
    "faulted",
    "sdb1 of pool md0 on alpha is faulted: 1",
  ],
  ["controller", "storcli/c0", {}, "degraded", "RAID controller storcli/c0 on alpha is degraded: 1 of"],
])("the summary of a %s", (kind, key, labels, state, summary) => {
  const condition: Condition = { type: "state", states: [state] };
  const detail = "1 of 4 members missing (sdc)";
  expect(summarise({ condition, kind, key, labels, serverName: "alpha", value: null, state, detail })).toContain(
    summary,
  );
});

test("the summary of a forecast", () => {
  const about = { kind: "filesystem", key: "/data", serverName: "db-1", state: null, detail: "", value: 36 * 3600 };
  const condition: Condition = { type: "forecast", metric: "used_ratio", withinSeconds: 259_200, confidence: 0.6 };
  expect(summarise({ ...about, condition })).toBe(
    "filesystem /data on db-1: full in about 36 h if it goes on like this (within 72 h)",
  );
  const worn: Condition = { type: "forecast", metric: "wear_ratio", withinSeconds: 60 * 86_400, confidence: 0.5 };
  const drive = { ...about, kind: "drive", key: "k", labels: { device: "sda" }, value: 40 * 86_400 };
  expect(summarise({ ...drive, condition: worn })).toContain("drive sda on db-1: worn out in about 40 d");
});

test("summaries say what is wrong where", () => {
  const about = { kind: "filesystem", key: "/data", serverName: "db-1", state: null, detail: "" };
  const condition: Condition = { type: "threshold", metric: "used_ratio", op: ">=", value: 0.9 };
  expect(summarise({ ...about, condition, value: 0.934 })).toBe("filesystem /data on db-1: used 93.4 % (>= 90 %)");
  const saved: Condition = { type: "threshold", metric: "save_ok", op: "<", value: 1 };
  expect(summarise({ ...about, kind: "database", key: "redis:127.0.0.1:6379", condition: saved, value: 0 })).toBe(
    "database redis:127.0.0.1:6379 on db-1: save ok: no",
  );
  expect(
    summarise({
      ...about,
      kind: "server",
      condition: { type: "state", states: ["offline"] },
      value: null,
      state: "offline",
      detail: "nothing heard for 30 s",
    }),
  ).toBe("db-1 is offline: nothing heard for 30 s");
  expect(formatValue(8 * 1024 * 1024, "bytes_per_second")).toBe("8 MiB/s");
});
