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
  reason: string;
  /** Time of the newest sample. */
  lastAt: number;
  /** When data last arrived, by our clock. */
  heardAt: number;
  checks: readonly Check[];
  samples: readonly SampleCheck[];
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
