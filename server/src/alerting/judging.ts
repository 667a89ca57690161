import { randomUUIDv7 } from "node:crypto";
import { metricIndex } from "@fairlead/shared/catalogue";
import { noteIncrease } from "../domain/alerts/increase.ts";
import { judgeForecast, judgeState, judgeValue, type Verdict } from "../domain/alerts/judge.ts";
import { close, evaluate, type Step } from "../domain/alerts/machine.ts";
import { summarise } from "../domain/alerts/summary.ts";
import type { Change } from "./alert-writer.ts";
import { createDeadlines } from "./deadlines.ts";
import type { Muting } from "./muting.ts";
import { type Check, isHot, isSampleCheck, markCounters, needsLook, type Watched } from "./watch.ts";

/** Applies what is seen to the checks of a resource: memory at once, rows through `add`. Times in Unix ms. */
export type Judging = {
  /** Judges one resource's values; returns how many checks they were judged by. */
  sample(watched: Watched, values: Float32Array, at: number, late: boolean, clock: number): number;
  /** Judges the state conditions by the state as it is now. */
  states(watched: Watched): void;
  /** Judges the forecast conditions by the forecasts as they are now. */
  forecasts(watched: Watched): void;
  /** Ends an alert on a health check that the container no longer has. */
  endHealth(watched: Watched): void;
  /** Something happened that the check is about. */
  happened(watched: Watched, check: Check, at: number): void;
  /** Ends one check's alert, or all of the resource. */
  end(watched: Watched, reason: string, only?: Check): void;
  /** Looks at the check again at that time. */
  arm(watched: Watched, check: Check, at: number): void;
  runDue(): void;
  clear(): void;
};

const healthy = metricIndex("container", "healthy");
const running = metricIndex("container", "running");

/** The judge over one fleet; a timer of its own looks at what time makes due. */
export function createJudging(options: {
  add: (change: Change) => void;
  muting: Muting;
  now: () => number;
  onTransition: (to: string) => void;
}): Judging {
  const { add, muting, now, onTransition } = options;
  const deadlines = createDeadlines<{ watched: Watched; check: Check }>();
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Number.POSITIVE_INFINITY;

  function sample(watched: Watched, values: Float32Array, at: number, late: boolean, clock: number): number {
    watched.heardAt = clock;
    if (watched.hot) endAbsence(watched, clock);
    if (late || at <= watched.lastAt) return 0;
    watched.lastAt = at;
    if (watched.hot || needsLook(watched, values)) {
      for (const check of watched.checks) if (isSampleCheck(check)) judgeSample(watched, check, at, values);
      if (watched.hot) judgeUpdates(watched, at, values);
      markCounters(watched);
    }
    return watched.plan.samples;
  }

  function judgeSample(watched: Watched, check: Check, at: number, values: Float32Array): void {
    // An agent older than a metric sends fewer values.
    const { metric, op, threshold, clear } = check.term;
    const value = metric < values.length ? (values[metric] as number) : Number.NaN;
    if (check.history !== undefined) judgeIncrease(watched, check, at, value);
    else observe(watched, check, at, judgeValue(value, op, threshold, clear), value);
  }

  function judgeIncrease(watched: Watched, check: Check, at: number, value: number): void {
    if (check.term.condition.type !== "increase" || check.history === undefined || Number.isNaN(value)) return;
    const { seconds, falls } = check.term.condition;
    const { rise, whole } = noteIncrease(check.history, at, value, seconds * 1000, falls);
    if (muting.why(watched, at) !== null) return;
    const verdict = judgeValue(rise, check.term.op, check.term.threshold, check.term.threshold);
    observe(watched, check, at, verdict === "clear" && !whole ? "between" : verdict, rise);
  }

  function endAbsence(watched: Watched, at: number): void {
    for (const check of watched.checks)
      if (check.term.condition.type === "absence") observe(watched, check, after(check, at), "clear", null);
  }

  /** A container that runs well clears what its update left. */
  function judgeUpdates(watched: Watched, at: number, values: Float32Array): void {
    const well = values[running] === 1 && values[healthy] !== 0;
    for (const check of watched.checks)
      if (check.term.condition.type === "update_failed") observe(watched, check, at, well ? "clear" : "between", null);
  }

  /** Judges the state conditions by the state as it is now. */
  function lookAtStates(watched: Watched): void {
    const { server } = watched;
    if (server.state === "paused" || (watched.resourceId !== null && server.state === "offline")) return;
    const at = now();
    const muted = muting.why(watched, at);
    for (const check of watched.checks) {
      if (check.term.condition.type !== "state") continue;
      if (muted === null)
        observe(watched, check, after(check, at), judgeState(check.term.condition, seenOf(watched, check)), null);
      else if (check.instance.state === "pending" || muted === "stopped")
        take(watched, check, close(check.instance, at, "stopped by a command"));
    }
  }

  function lookAtForecasts(watched: Watched): void {
    if (watched.server.state === "paused" || watched.server.state === "offline") return;
    const at = now();
    for (const check of watched.checks) {
      if (check.term.condition.type !== "forecast") continue;
      const known = watched.forecasts?.get(check.term.condition.metric);
      const secondsLeft = known === undefined || known.fullAt === null ? null : Math.max(0, (known.fullAt - at) / 1000);
      const outlook = known === undefined ? undefined : { secondsLeft, confidence: known.confidence };
      observe(watched, check, after(check, at), judgeForecast(check.term.condition, outlook), secondsLeft);
    }
  }

  function runDue(): void {
    const at = now();
    for (;;) {
      const due = deadlines.take(at);
      if (due === undefined) break;
      const { watched, check } = due;
      if (!watched.checks.includes(check)) continue;
      if (check.term.condition.type === "state") lookAtStates(watched);
      if (check.term.condition.type === "forecast") lookAtForecasts(watched);
      if (check.term.condition.type === "absence")
        lookAtAbsence(watched, check, check.term.condition.seconds * 1000, at);
    }
    schedule();
  }

  function lookAtAbsence(watched: Watched, check: Check, ms: number, at: number): void {
    if (watched.server.state === "paused") return;
    // A dead host silences its disks and containers; a rule about the host itself is its deadman.
    if (watched.server.state === "offline" && watched.kind !== "host") return;
    if (at - watched.heardAt < ms) arm(watched, check, watched.heardAt + ms);
    else observe(watched, check, after(check, at), "breach", null);
  }

  function arm(watched: Watched, check: Check, at: number): void {
    deadlines.push(at, { watched, check });
    if (at < timerAt) schedule();
  }

  function schedule(): void {
    clearTimeout(timer);
    const next = deadlines.next();
    timerAt = next ?? Number.POSITIVE_INFINITY;
    timer = next === undefined ? undefined : setTimeout(runDue, Math.min(Math.max(next - now(), 5), 60_000));
    timer?.unref();
  }

  /** A container that was replaced by one without a health check will never be measured healthy again. */
  function endHealth(watched: Watched): void {
    if (!watched.hot || watched.kind !== "container" || watched.state !== "running") return;
    if (watched.attributes.health !== null) return;
    for (const check of watched.checks)
      if (isSampleCheck(check) && check.term.metric === healthy && check.instance.state !== "inactive")
        take(watched, check, close(check.instance, now(), "has no health check any more"));
  }

  /** Applies a step: memory first, then the row. */
  function take(watched: Watched, check: Check, step: Step): void {
    const before = check.instance;
    check.instance = step.next;
    watched.hot = isHot(watched);
    if (step.deadline !== null && !isSampleCheck(check)) arm(watched, check, step.deadline);
    if (step.transition === null) return;
    const { to } = step.transition;
    const stored = check.alertId !== null;
    const alertId = check.alertId ?? randomUUIDv7();
    const { next } = step;
    const about = next.state === "inactive" ? before : next;
    const value = about.state === "inactive" ? null : about.value;
    const { condition } = check.term;
    const threshold =
      condition.type === "forecast" ? condition.withinSeconds : isSampleCheck(check) ? check.term.threshold : null;
    check.alertId = next.state === "inactive" ? null : alertId;
    if (to !== "kept") onTransition(to);
    add({
      alertId,
      ruleId: check.term.rule.id,
      serverId: watched.server.id,
      resourceId: watched.resourceId,
      kind: watched.kind,
      explain: condition.type === "state" && watched.reason === "",
      to,
      at: next.lastAt,
      since: about.state === "inactive" ? next.lastAt : about.since,
      stored,
      clearedSince: next.state === "firing" ? next.clearedSince : null,
      severity: check.term.rule.severity,
      summary: summarise({
        condition: check.term.condition,
        kind: watched.kind,
        key: watched.key,
        labels: watched.labels,
        serverName: watched.server.name,
        value,
        state: watched.state,
        detail: watched.reason,
      }),
      value,
      threshold,
      reason: step.transition.to === "resolved" ? step.transition.reason : "",
    });
    if (check.term.condition.type === "absence" && next.state === "inactive")
      arm(watched, check, watched.heardAt + check.term.condition.seconds * 1000);
  }

  function observe(watched: Watched, check: Check, at: number, verdict: Verdict, value: number | null): void {
    if (check.instance.state === "inactive" && verdict !== "breach") return;
    take(watched, check, evaluate(check.term.rule.timing, check.instance, { at, verdict, value }));
  }

  function end(watched: Watched, reason: string, only?: Check): void {
    for (const check of watched.checks)
      if (check.instance.state !== "inactive" && (only === undefined || only === check))
        take(watched, check, close(check.instance, now(), reason));
  }

  return {
    sample,
    states: lookAtStates,
    forecasts: lookAtForecasts,
    endHealth,
    happened: (watched, check, at) => observe(watched, check, at, "breach", null),
    end,
    arm,
    runDue,
    clear() {
      deadlines.clear();
      clearTimeout(timer);
      timer = undefined;
      timerAt = Number.POSITIVE_INFINITY;
    },
  };
}

function seenOf({ state, attributes, reason, previous = null }: Watched, { instance }: Check) {
  return { state, attributes, reason, previous, active: instance.state !== "inactive" };
}

/** What is heard of by our clock counts in the order in which it came, also within a millisecond or when the clock was set back. */
export function after({ instance }: Check, at: number): number {
  return Math.max(at, instance.lastAt + 1);
}
