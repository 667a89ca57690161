import type { Condition } from "./rule.ts";

type Labels = Readonly<Record<string, string>>;
type WithValue = Extract<Condition, { type: "threshold" | "increase" }>;

/** The label that overrides a rule's value on a server or a container: a number, or `off`. */
export function overrideLabel(ruleKey: string): string {
  return `fairlead.alert.${ruleKey}.threshold`;
}

/** A rule's key in labels: the built-in key, else its name in small letters with `_` between the words. */
export function ruleKeyOf(rule: { builtinKey: string | null; name: string }): string {
  return (
    rule.builtinKey ??
    rule.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "")
  );
}

/**
 * The condition with the value from the labels (the first one that has it: the resource's, then the server's); the
 * clear value keeps its distance. "off": no alert here. A label that is no number counts for nothing.
 */
export function applyOverride(condition: Condition, ruleKey: string, labels: readonly Labels[]): Condition | "off" {
  const name = overrideLabel(ruleKey);
  const text = labels.find((each) => Object.hasOwn(each, name))?.[name]?.trim();
  if (text === undefined || text === "") return condition;
  if (text.toLowerCase() === "off") return "off";
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && condition.type === "forecast")
    return { ...condition, withinSeconds: value };
  if (!Number.isFinite(value) || (condition.type !== "threshold" && condition.type !== "increase")) return condition;
  return shifted(condition, value);
}

function shifted(condition: WithValue, value: number): WithValue {
  if (condition.type === "increase" || condition.clear === undefined) return { ...condition, value };
  return { ...condition, value, clear: condition.clear + (value - condition.value) };
}
