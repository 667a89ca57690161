import { metricIndex } from "@fairlead/shared/catalogue";
import type { Labels } from "../db/schema.ts";
import { freshHistory, type History } from "../domain/alerts/increase.ts";
import { type Instance, inactive } from "../domain/alerts/machine.ts";
import { applyOverride } from "../domain/alerts/override.ts";
import type { Condition } from "../domain/alerts/rule.ts";
import { selects } from "../domain/alerts/selector.ts";
import type { LoadedRule } from "./rules.ts";

/** A server as the evaluator holds it. */
export type WatchedServer = {
  id: string;
  name: string;
  labels: Labels;
  group: string;
  state: string;
  reason: string;
  /** The server itself as the subject of `server` rules. */
  self: Watched;
  resources: Set<Watched>;
};

/** One resource (or a server itself) with the rules that are about it. Times in Unix ms. */
export type Watched = {
  server: WatchedServer;
  resourceId: number | null;
  kind: string;
  key: string;
  labels: Labels;
  attributes: Readonly<Record<string, unknown>>;
  state: string | null;
  /** The state before this one; undefined: not looked up yet. */
  previous: string | null | undefined;
  reason: string;
  /** When it is full or worn out by the forecast of each metric (Unix ms; null: not in sight). */
  forecasts: ReadonlyMap<string, { fullAt: number | null; confidence: number }> | undefined;
  /** Time of the newest sample. */
  lastAt: number;
  /** When data last arrived, by our clock. */
  heardAt: number;
  checks: readonly Check[];
  samples: readonly SampleCheck[];
  /** `samples` made flat, see `flatten`. */
  limits: Float64Array;
  /** True while any check is pending or firing. */
  hot: boolean;
};

/** One rule with one resource. */
export type Check = {
  rule: LoadedRule;
  /** With the value from the labels. */
  condition: Condition;
  instance: Instance;
  alertId: string | null;
};

/** A check that samples feed, made flat for the hot path. */
export type SampleCheck = Check & {
  metric: number;
  op: ">" | ">=" | "<" | "<=";
  threshold: number;
  clear: number;
  history: History | undefined;
};

/** The checks of a resource under these rules, all inactive. */
export function checksFor(rules: readonly LoadedRule[], watched: Watched): Check[] {
  const { server } = watched;
  const subject = { key: watched.key, labels: watched.labels, server };
  const checks: Check[] = [];
  for (const rule of rules) {
    if (!selects(rule.selector, subject)) continue;
    const condition = applyOverride(rule.condition, rule.key, [watched.labels, server.labels]);
    if (condition !== "off") checks.push(makeCheck(rule, condition));
  }
  return checks;
}

/** True for checks that samples feed. */
export function isSampleCheck(check: Check): check is SampleCheck {
  return check.condition.type === "threshold" || check.condition.type === "increase";
}

const codes = { ">": 0, ">=": 1, "<": 2, "<=": 3 } as const;
const differs = 4;

/** Per check three numbers: metric, comparison, limit. For an increase: whether the value differs from the last one. */
export function flatten(samples: readonly SampleCheck[]): Float64Array {
  return Float64Array.from(
    samples.flatMap((check) =>
      check.history === undefined
        ? [check.metric, codes[check.op], check.threshold]
        : [check.metric, differs, check.history.value.at(-1) ?? Number.NEGATIVE_INFINITY],
    ),
  );
}

/**
 * True when some inactive check could change by these values. Nearly all reports end here, so this reads two pieces of
 * memory a resource and nothing else.
 */
export function needsLook(limits: Float64Array, values: Float32Array): boolean {
  for (let i = 0; i < limits.length; i += 3) {
    const value = values[limits[i] as number] as number;
    const limit = limits[i + 2] as number;
    switch (limits[i + 1]) {
      case 0:
        if (value > limit) return true;
        break;
      case 1:
        if (value >= limit) return true;
        break;
      case 2:
        if (value < limit) return true;
        break;
      case 3:
        if (value <= limit) return true;
        break;
      default:
        // Not for a missing value, which equals nothing.
        if (value < limit || value > limit) return true;
    }
  }
  return false;
}

function makeCheck(rule: LoadedRule, condition: Condition): Check {
  const check: Check = { rule, condition, instance: inactive, alertId: null };
  if (condition.type !== "threshold" && condition.type !== "increase") return check;
  const flat: SampleCheck = {
    ...check,
    metric: metricIndex(rule.kind, condition.metric),
    op: condition.op,
    threshold: condition.value,
    clear: condition.type === "threshold" ? (condition.clear ?? condition.value) : condition.value,
    history: condition.type === "increase" ? freshHistory() : undefined,
  };
  return flat;
}

/** True while any check is pending or firing. */
export function isHot(watched: Watched): boolean {
  return watched.checks.some((check) => check.instance.state !== "inactive");
}
