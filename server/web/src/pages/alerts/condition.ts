import { findKind } from "@fairlead/shared/catalogue";
import type { AlertRule } from "../../api/types.ts";
import { formatDuration, formatUnit } from "../../format/units.ts";

type Condition = AlertRule["condition"];

/** Whether the rule compares a metric with a number that people may change. */
export function hasThreshold(condition: Condition): boolean {
  return typeof condition.value === "number" && typeof condition.metric === "string";
}

/** The unit of the rule's metric. */
export function unitOf(rule: Pick<AlertRule, "resourceKind" | "condition">): string {
  const metric = findKind(rule.resourceKind)?.metrics.find((one) => one.name === rule.condition.metric);
  return metric?.unit ?? "count";
}

/** A rule's condition in words: `memory used ratio > 90 %, clears at 85 %`. */
export function conditionText(rule: Pick<AlertRule, "resourceKind" | "condition" | "forSeconds">): string {
  const { condition } = rule;
  const unit = unitOf(rule);
  const metric = String(condition.metric ?? "").replaceAll("_", " ");
  const value = typeof condition.value === "number" ? formatUnit(unit, condition.value) : "";
  const held = rule.forSeconds > 0 ? ` for ${formatDuration(rule.forSeconds)}` : "";
  switch (condition.type) {
    case "threshold": {
      if (unit === "boolean") return `${String(condition.op).startsWith("<") ? "not " : ""}${metric}${held}`;
      const clear = typeof condition.clear === "number" ? `, clears at ${formatUnit(unit, condition.clear)}` : "";
      return `${metric} ${condition.op} ${value}${held}${clear}`;
    }
    case "increase":
      return `${metric} rises by ${condition.op} ${value} in ${formatDuration(Number(condition.seconds))}${held}`;
    case "absence":
      return `nothing heard for ${formatDuration(Number(condition.seconds))}${held}`;
    case "state": {
      const states = Array.isArray(condition.states)
        ? condition.states.map((one) => String(one).replace("_", " "))
        : [];
      const attributes = Array.isArray(condition.attributes) ? condition.attributes.map(attributeText) : [];
      const reasons = Array.isArray(condition.reasons) ? [`the reason fits ${condition.reasons.join(" or ")}`] : [];
      return `state is ${[states.join(" or "), ...attributes, ...reasons].join(" and ")}${held}`;
    }
    case "update_failed":
      return `an update failed or was rolled back${held}`;
    default:
      return `${String(condition.type)}${held}`;
  }
}

function attributeText(attribute: unknown): string {
  const { name, is, values } = attribute as { name?: string; is?: string; values?: unknown[] };
  return `${name} ${is === "not_in" ? "is not" : "is"} ${(values ?? []).join(" or ")}`;
}
