import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Verdict } from "./judge.ts";
import { close, evaluate, type Instance, inactive, staleMs, unmeasuredMs } from "./machine.ts";

const short: Record<string, Verdict> = { B: "breach", b: "between", c: "clear", m: "missing" };

/** Feeds "second:verdict" steps; gives back the transitions as "second:to" and the end state. */
function run(timing: { for?: number; keep?: number }, script: string): string {
  let instance: Instance = inactive;
  const seen: string[] = [];
  for (const part of script.split(" ")) {
    const [second, letter] = part.split(":");
    const at = Number(second) * 1000;
    const step = evaluate({ forSeconds: timing.for ?? 0, keepFiringSeconds: timing.keep ?? 0 }, instance, {
      at,
      verdict: short[letter!]!,
      value: 1,
    });
    if (step.transition !== null) seen.push(`${second}:${step.transition.to}`);
    instance = step.next;
  }
  return [...seen, instance.state].join(" ");
}

describe("evaluate", () => {
  test.each([
    ["nothing wrong", {}, "0:c 10:c 20:m", "inactive"],
    ["fires at once without `for`", {}, "0:c 10:B 20:B", "10:firing firing"],
    ["resolves at once without `keep`", {}, "0:B 10:c", "0:firing 10:resolved inactive"],
    ["pending first with `for`", { for: 60 }, "0:B 10:B 50:B", "0:pending pending"],
    ["fires once `for` has passed", { for: 60 }, "0:B 30:B 60:B 70:B", "0:pending 60:firing firing"],
    ["a spike is dropped without a word", { for: 60 }, "0:B 30:c 40:c", "0:pending 30:dropped inactive"],
    ["between is not bad enough while pending", { for: 60 }, "0:B 30:b", "0:pending 30:dropped inactive"],
    ["between does not begin", { for: 60 }, "0:b 10:b", "inactive"],
    ["between keeps it firing", {}, "0:B 10:b 20:b", "0:firing firing"],
    ["hysteresis ends below the clear value", {}, "0:B 10:b 20:c", "0:firing 20:resolved inactive"],
    ["keep: still firing while it clears", { keep: 30 }, "0:B 10:c 20:c", "0:firing 10:kept firing"],
    ["keep: resolves after it", { keep: 30 }, "0:B 10:c 20:c 40:c", "0:firing 10:kept 40:resolved inactive"],
    [
      "keep: begins anew after a relapse",
      { keep: 30 },
      "0:B 10:c 20:B 30:c 45:c",
      "0:firing 10:kept 20:kept 30:kept firing",
    ],
    ["a missing value changes nothing", { for: 20 }, "0:B 10:m 20:B", "0:pending 20:firing firing"],
    ["missing does not let `for` pass", { for: 20 }, "0:B 10:m 20:m 30:m", "0:pending pending"],
    ["firing, then missing for a while", {}, "0:B 10:m 200:m 210:B", "0:firing firing"],
    ["firing, then measured no more", {}, `0:B 10:m ${10 + unmeasuredMs / 1000}:m`, "0:firing 310:resolved inactive"],
    ["firing for ever without data", {}, "0:B", "0:firing firing"],
    ["late data is ignored when pending", { for: 60 }, "100:B 50:c 100:c 160:B", "100:pending 160:firing firing"],
    ["late data is ignored when firing", {}, "100:B 50:c 100:c", "100:firing firing"],
    ["late data does not fire", {}, "100:c 50:B", "inactive"],
    ["a gap begins `for` anew", { for: 60 }, `0:B ${staleMs / 1000 + 1}:B`, "0:pending pending"],
    ["flapping: each fires and resolves", {}, "0:B 1:c 2:B 3:c", "0:firing 1:resolved 2:firing 3:resolved inactive"],
  ])("%s", (_name, timing, script, expected) => expect(run(timing, script)).toBe(expected));

  test("tells when time alone would change it", () => {
    const timing = { forSeconds: 60, keepFiringSeconds: 30 };
    const begun = evaluate(timing, inactive, { at: 1000, verdict: "breach", value: 1 });
    expect(begun.deadline).toBe(61_000);
    const fired = evaluate(timing, begun.next, { at: 61_000, verdict: "breach", value: 2 });
    expect(fired).toMatchObject({ deadline: null, next: { state: "firing", since: 1000, firedAt: 61_000, value: 2 } });
    expect(evaluate(timing, fired.next, { at: 70_000, verdict: "clear", value: 0 }).deadline).toBe(100_000);
  });

  test("from outside only what is active ends", () => {
    const pending: Instance = { state: "pending", since: 1, lastAt: 1, value: 1 };
    const { next: firing } = evaluate({ forSeconds: 0, keepFiringSeconds: 0 }, inactive, {
      at: 1,
      verdict: "breach",
      value: 1,
    });
    expect(close(inactive, 5, "gone").transition).toBeNull();
    expect(close(pending, 5, "gone").transition).toEqual({ to: "dropped" });
    expect(close(firing, 5, "gone")).toMatchObject({
      next: { state: "inactive", lastAt: 5 },
      transition: { to: "resolved", reason: "gone" },
    });
  });
});

describe("for any data", () => {
  const observation = fc.record({
    at: fc.integer({ min: 0, max: 3_000_000 }),
    verdict: fc.constantFrom<Verdict>("breach", "between", "clear", "missing"),
    value: fc.constant(1),
  });
  const timing = fc.record({
    forSeconds: fc.integer({ min: 0, max: 120 }),
    keepFiringSeconds: fc.integer({ min: 0, max: 120 }),
  });
  const history = fc.tuple(timing, fc.array(fc.oneof(observation, fc.constant("close" as const)), { maxLength: 60 }));

  test("resolved follows firing, dropped follows pending, at most one is active, time never runs back", () => {
    fc.assert(
      fc.property(history, ([timing, steps]) => {
        let instance: Instance = inactive;
        let open: "none" | "pending" | "firing" = "none";
        for (const each of steps) {
          const before: Instance = instance;
          const step = each === "close" ? close(instance, instance.lastAt, "x") : evaluate(timing, instance, each);
          instance = step.next;
          expect(instance.lastAt).toBeGreaterThanOrEqual(before.lastAt);
          switch (step.transition?.to) {
            case "pending":
              expect(open).toBe("none");
              open = "pending";
              break;
            case "firing":
              expect(open).not.toBe("firing");
              if (timing.forSeconds > 0) expect(open).toBe("pending");
              open = "firing";
              break;
            case "dropped":
              expect(open).toBe("pending");
              open = "none";
              break;
            case "resolved":
              expect(open).toBe("firing");
              open = "none";
              break;
            case "kept":
              expect(open).toBe("firing");
              break;
          }
          expect(instance.state).toBe(open === "none" ? "inactive" : open);
          if (instance.state === "firing") expect(instance.firedAt).toBeGreaterThanOrEqual(instance.since);
        }
      }),
    );
  });

  test("the order in which late data arrives does not matter once newer data was judged", () => {
    fc.assert(
      fc.property(timing, fc.array(observation, { maxLength: 30 }), observation, (timing, steps, late) => {
        const sorted = [...steps].sort((a, b) => a.at - b.at);
        const end = sorted.reduce<Instance>((instance, each) => evaluate(timing, instance, each).next, inactive);
        const again = evaluate(timing, end, { ...late, at: Math.min(late.at, end.lastAt) });
        expect(again.next).toEqual(end);
        expect(again.transition).toBeNull();
      }),
    );
  });
});
