import type { Verdict } from "./judge.ts";

/** Where one rule stands with one resource. Times in Unix ms. Only `pending` and `firing` are stored as rows. */
export type Instance =
  | { state: "inactive"; lastAt: number }
  | { state: "pending"; since: number; lastAt: number; value: number | null }
  | {
      state: "firing";
      since: number;
      firedAt: number;
      /** Since when the condition has cleared without a break; null while it holds. */
      clearedSince: number | null;
      /** Since when data came without this value; null while it is measured. */
      missingSince: number | null;
      lastAt: number;
      value: number | null;
    };

/** What was seen. `value` is null where the condition is about no number. */
export type Observation = { at: number; verdict: Verdict; value: number | null };

export type Timing = { forSeconds: number; keepFiringSeconds: number };

/** What a step means for the stored row: `dropped` deletes a pending one, `kept` notes when a firing one cleared. */
export type Transition = { to: "pending" | "firing" | "dropped" | "kept" } | { to: "resolved"; reason: string } | null;

export type Step = {
  next: Instance;
  transition: Transition;
  /** When time alone changes the state, Unix ms; null: never. */
  deadline: number | null;
};

/** A pending alert whose data stopped for so long begins anew: nobody knows that the condition held. */
export const staleMs = 660_000;
/** A firing alert resolves when data came for so long without the value that it is about. */
export const unmeasuredMs = 300_000;

/** The state before anything was seen. */
export const inactive: Instance = { state: "inactive", lastAt: Number.NEGATIVE_INFINITY };

/**
 * The next state after an observation. One that is not newer than the last changes nothing, so late data never moves
 * an alert back. Only a firing alert resolves; a pending one that clears is dropped without a word.
 */
export function evaluate(timing: Timing, instance: Instance, seen: Observation): Step {
  if (seen.at <= instance.lastAt) return stay(timing, instance);
  switch (instance.state) {
    case "inactive":
      return seen.verdict === "breach" ? begin(timing, seen) : stay(timing, { state: "inactive", lastAt: seen.at });
    case "pending":
      return wait(timing, instance, seen);
    case "firing":
      return burn(timing, instance, seen);
  }
}

/** Ends an alert from outside: its resource is gone, its rule changed. Nothing happens to one that is not active. */
export function close(instance: Instance, at: number, reason: string): Step {
  const next: Instance = { state: "inactive", lastAt: Math.max(at, instance.lastAt) };
  if (instance.state === "inactive") return { next: instance, transition: null, deadline: null };
  const transition: Transition = instance.state === "firing" ? { to: "resolved", reason } : { to: "dropped" };
  return { next, transition, deadline: null };
}

function begin(timing: Timing, { at, value }: Observation): Step {
  if (timing.forSeconds === 0) return fire(timing, at, at, value);
  const next: Instance = { state: "pending", since: at, lastAt: at, value };
  return { ...stay(timing, next), transition: { to: "pending" } };
}

function wait(timing: Timing, instance: Extract<Instance, { state: "pending" }>, seen: Observation): Step {
  switch (seen.verdict) {
    case "missing":
      return stay(timing, instance);
    case "clear":
    case "between":
      return { next: { state: "inactive", lastAt: seen.at }, transition: { to: "dropped" }, deadline: null };
    case "breach": {
      const { at, value } = seen;
      if (at - instance.lastAt > staleMs) return stay(timing, { state: "pending", since: at, lastAt: at, value });
      if (at - instance.since >= timing.forSeconds * 1000) return fire(timing, instance.since, at, value);
      return stay(timing, { ...instance, lastAt: at, value });
    }
  }
}

function burn(timing: Timing, instance: Extract<Instance, { state: "firing" }>, seen: Observation): Step {
  const { at, value, verdict } = seen;
  switch (verdict) {
    case "missing": {
      const missingSince = instance.missingSince ?? at;
      if (at - missingSince >= unmeasuredMs) return resolve(at, "no longer measured");
      return stay(timing, { ...instance, missingSince, lastAt: at });
    }
    case "breach":
    case "between": {
      const next = { ...instance, clearedSince: null, missingSince: null, lastAt: at, value };
      return { ...stay(timing, next), transition: instance.clearedSince === null ? null : { to: "kept" } };
    }
    case "clear": {
      const clearedSince = instance.clearedSince ?? at;
      if (at - clearedSince >= timing.keepFiringSeconds * 1000) return resolve(at, "");
      const next = { ...instance, clearedSince, missingSince: null, lastAt: at, value };
      return { ...stay(timing, next), transition: instance.clearedSince === null ? { to: "kept" } : null };
    }
  }
}

function fire(timing: Timing, since: number, at: number, value: number | null): Step {
  const next: Instance = {
    state: "firing",
    since,
    firedAt: at,
    clearedSince: null,
    missingSince: null,
    lastAt: at,
    value,
  };
  return { ...stay(timing, next), transition: { to: "firing" } };
}

function resolve(at: number, reason: string): Step {
  return { next: { state: "inactive", lastAt: at }, transition: { to: "resolved", reason }, deadline: null };
}

function stay(timing: Timing, next: Instance): Step {
  return { next, transition: null, deadline: deadlineOf(timing, next) };
}

function deadlineOf(timing: Timing, instance: Instance): number | null {
  if (instance.state === "pending") return instance.since + timing.forSeconds * 1000;
  if (instance.state === "firing" && instance.clearedSince !== null)
    return instance.clearedSince + timing.keepFiringSeconds * 1000;
  return null;
}
