import { metricIndex } from "@fairlead/shared/catalogue";
import type { Labels } from "../db/schema.ts";
import { freshHistory, type History, newestOf } from "../domain/alerts/increase.ts";
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
  plan: Plan;
  /** The newest value of each counter of the plan, see `markCounters`. */
  marks: number[];
  /** True while any check is pending or firing. */
  hot: boolean;
};

/** A rule as it is judged; shared by all resources that it is about, but for those with a value of their own. */
export type Term = {
  rule: LoadedRule;
  /** With the value from the labels. */
  condition: Condition;
  /** Of conditions that samples feed: place of the metric, and what it is compared with. */
  metric: number;
  op: Op;
  threshold: number;
  clear: number;
};

type Op = ">" | ">=" | "<" | "<=";

/** One rule with one resource: there are millions, so what can be shared is. */
export type Check = { term: Term; instance: Instance; alertId: string | null; history: History | undefined };

/** What the hot path reads of the terms of a resource; shared. */
export type Plan = {
  terms: readonly Term[];
  /** How many are fed by samples. */
  samples: number;
  /** Of each threshold: metric, comparison, limit. */
  limits: Float64Array;
  /** The metric of each increase. */
  counters: readonly number[];
};

/** Plans and terms without own values, by the rules of a kind. */
const plans = new WeakMap<readonly LoadedRule[], Map<string, Plan>>();
const terms = new WeakMap<LoadedRule, Term>();
export const emptyPlan = makePlan([]);

/** What of these rules is about a resource. */
export function planFor(rules: readonly LoadedRule[], watched: Watched): Plan {
  const { server } = watched;
  const subject = { key: watched.key, labels: watched.labels, server };
  const found: Term[] = [];
  let own = false;
  for (const rule of rules) {
    if (!selects(rule.selector, subject)) continue;
    const condition = applyOverride(rule.condition, rule.key, [watched.labels, server.labels]);
    if (condition === "off") continue;
    own ||= condition !== rule.condition;
    found.push(condition === rule.condition ? sharedTerm(rule) : makeTerm(rule, condition));
  }
  if (found.length === 0) return emptyPlan;
  return own ? makePlan(found) : sharedPlan(rules, found);
}

/** The checks of a plan, all inactive. */
export function checksOf({ terms }: Plan): Check[] {
  return terms.map((term) => ({
    term,
    instance: inactive,
    alertId: null,
    history: term.condition.type === "increase" ? freshHistory() : undefined,
  }));
}

/** True for checks that samples feed. */
export function isSampleCheck({ term: { condition } }: Check): boolean {
  return condition.type === "threshold" || condition.type === "increase";
}

/** Notes the newest values of the counters: a report with the same ones needs no look. */
export function markCounters(watched: Watched): void {
  let next = 0;
  for (const { history } of watched.checks)
    if (history !== undefined) watched.marks[next++] = newestOf(history) ?? Number.NEGATIVE_INFINITY;
}

/**
 * True when some inactive check could change by these values. Nearly all reports end here, so this reads little memory
 * of the resource itself.
 */
export function needsLook({ plan: { limits, counters }, marks }: Watched, values: Float32Array): boolean {
  for (let i = 0; i < limits.length; i += 3)
    if (isOver(values[limits[i] as number] as number, limits[i + 1] as number, limits[i + 2] as number)) return true;
  for (let i = 0; i < counters.length; i++) {
    const value = values[counters[i] as number] as number;
    const mark = marks[i] as number;
    // Not for a missing value, which equals nothing.
    if (value < mark || value > mark) return true;
  }
  return false;
}

const codes = { ">": 0, ">=": 1, "<": 2, "<=": 3 } as const;

function isOver(value: number, code: number, limit: number): boolean {
  switch (code) {
    case 0:
      return value > limit;
    case 1:
      return value >= limit;
    case 2:
      return value < limit;
    default:
      return value <= limit;
  }
}

function sharedPlan(rules: readonly LoadedRule[], found: readonly Term[]): Plan {
  const known = plans.get(rules) ?? new Map<string, Plan>();
  plans.set(rules, known);
  const id = found.map(({ rule }) => rule.id).join();
  const plan = known.get(id) ?? makePlan(found);
  known.set(id, plan);
  return plan;
}

function makePlan(found: readonly Term[]): Plan {
  const thresholds = found.filter(({ condition }) => condition.type === "threshold");
  const counters = found.filter(({ condition }) => condition.type === "increase").map(({ metric }) => metric);
  return {
    terms: found,
    samples: thresholds.length + counters.length,
    limits: Float64Array.from(thresholds.flatMap(({ metric, op, threshold }) => [metric, codes[op], threshold])),
    counters,
  };
}

function sharedTerm(rule: LoadedRule): Term {
  const term = terms.get(rule) ?? makeTerm(rule, rule.condition);
  terms.set(rule, term);
  return term;
}

function makeTerm(rule: LoadedRule, condition: Condition): Term {
  if (condition.type !== "threshold" && condition.type !== "increase")
    return { rule, condition, metric: -1, op: ">", threshold: 0, clear: 0 };
  return {
    rule,
    condition,
    metric: metricIndex(rule.kind, condition.metric),
    op: condition.op,
    threshold: condition.value,
    clear: condition.type === "threshold" ? (condition.clear ?? condition.value) : condition.value,
  };
}

/** True while any check is pending or firing. */
export function isHot(watched: Watched): boolean {
  return watched.checks.some((check) => check.instance.state !== "inactive");
}
