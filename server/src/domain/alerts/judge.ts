import { matchesGlob } from "./glob.ts";
import type { Condition } from "./rule.ts";

/** breach: the condition holds; clear: it does not; between: too good to fire, too bad to clear; missing: not known. */
export type Verdict = "breach" | "between" | "clear" | "missing";

type Op = ">" | ">=" | "<" | "<=";

/** Compares a measured value (NaN = missing) with the threshold and the clear value. */
export function judgeValue(value: number, op: Op, threshold: number, clear: number): Verdict {
  if (Number.isNaN(value)) return "missing";
  if (compare(value, op, threshold)) return "breach";
  return compare(value, op, clear) ? "between" : "clear";
}

/**
 * Compares a state, with its attributes and the reason it came with. A state that is null is missing. `previous`: the
 * state before; `active`: it held before, so where it came from is settled.
 */
export function judgeState(
  condition: Extract<Condition, { type: "state" }>,
  now: {
    state: string | null;
    attributes: Readonly<Record<string, unknown>>;
    reason: string;
    previous?: string | null;
    active?: boolean;
  },
): Verdict {
  if (now.state === null) return "missing";
  const { states, fromStates, attributes = [], reasons = [], exceptReasons = [] } = condition;
  const holds =
    states.includes(now.state) &&
    (fromStates === undefined || now.active === true || fromStates.includes(now.previous ?? "")) &&
    attributes.every(({ name, is, values }) => {
      const value = Object.hasOwn(now.attributes, name) ? now.attributes[name] : undefined;
      if (value === undefined || value === null) return false;
      return values.some((each) => each === value) === (is === "in");
    }) &&
    (reasons.length === 0 || reasons.some((glob) => matchesGlob(glob, now.reason))) &&
    !exceptReasons.some((glob) => matchesGlob(glob, now.reason));
  return holds ? "breach" : "clear";
}

/** What a forecast says: `secondsLeft` null where nothing is in sight. */
export type Outlook = { secondsLeft: number | null; confidence: number };

/** Compares a forecast. It clears when a quarter more time is left, or the forecast is much less sure. */
export function judgeForecast(
  { withinSeconds, confidence }: Extract<Condition, { type: "forecast" }>,
  outlook: Outlook | undefined,
): Verdict {
  if (outlook === undefined) return "missing";
  const { secondsLeft } = outlook;
  if (secondsLeft === null || secondsLeft > withinSeconds * 1.25 || outlook.confidence < confidence * 0.6)
    return "clear";
  return secondsLeft <= withinSeconds && outlook.confidence >= confidence ? "breach" : "between";
}

function compare(value: number, op: Op, limit: number): boolean {
  switch (op) {
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
  }
}
