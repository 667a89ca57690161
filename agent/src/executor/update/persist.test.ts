import { expect, test } from "vitest";
import { createLog } from "../../log.ts";
import { RuntimeFailure } from "../../runtimes/runtime.ts";
import { createCancels } from "../cancels.ts";
import { Halted, Refusal, type RunContext } from "../run-context.ts";
import { persist, type Trouble } from "./persist.ts";

const full = new RuntimeFailure("refused", "no space left on device");
const silent = new RuntimeFailure("unreachable", "the engine does not answer");
const taken = new RuntimeFailure("conflict", "the name is already in use");
const fell = new Refusal("it was put back but is exited");

/** Runs it with attempts that fail so; the last one of the list goes on for ever. `at` is called with each pause, ms. */
async function run(
  errors: (unknown | undefined)[],
  at: (pause: number, to: { cancel(): void; leave(): void }) => void = () => {},
) {
  const cancels = createCancels();
  const halt = new AbortController();
  const leave = new AbortController();
  const told: string[] = [];
  let attempts = 0;
  let turns = 0;
  let time = 0;
  const context = {
    halted: halt.signal,
    leaving: leave.signal,
    cancelled: cancels.signal,
    nextCancel: cancels.next,
    yieldTurn: () => void turns++,
    progress: (text: string) => told.push(text),
    now: () => time,
    log: createLog("error", { write: () => {} }),
  } as unknown as RunContext;
  const attempt = async (): Promise<Trouble[]> => {
    const error = errors[Math.min(attempts++, errors.length - 1)];
    if (error === silent) throw error;
    return error === undefined ? [] : [{ name: "web", what: "start", error }];
  };
  const pause = async (ms: number) => {
    at(ms, { cancel: cancels.cancel, leave: () => leave.abort() });
    time += ms;
  };
  const outcome = await persist(context, attempt, async () => "it is down", pause).catch((error) => error);
  return { outcome, told, attempts, turns };
}

test("what may pass is waited for however long it takes, and told now and then", async () => {
  const { outcome, attempts, turns, told } = await run([...Array.from({ length: 100 }, () => full), undefined]);
  expect([outcome, attempts, turns > 0]).toEqual([{ troubles: [], givenUp: false }, 101, true]);
  expect(told[0]).toBe("it is down; tried 5 times, again in 3 s, until it succeeds or is cancelled");
  expect(told.length).toBeLessThan(20);
});

test("what does not pass by itself is tried a few times, what is final once", async () => {
  const name = await run([taken]);
  const state = await run([fell]);
  expect([name.attempts, name.outcome]).toMatchObject([7, { troubles: [{ error: taken }], givenUp: false }]);
  expect([state.attempts, state.outcome]).toMatchObject([1, { troubles: [{ error: fell }] }]);
});

test("a cancel ends it in a long pause, not among the first attempts", async () => {
  const pauses: number[] = [];
  const { outcome } = await run([full], (ms, { cancel }) => {
    pauses.push(ms);
    if (ms < 3_000 || ms > 20_000) cancel();
  });
  expect(outcome).toMatchObject({ givenUp: true, troubles: [{ error: full }] });
  expect(pauses).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600]);
});

test("an agent that stops leaves it for its next start; a silent engine is told of as long as it is", async () => {
  let waited = 0;
  const { outcome, told } = await run([silent], (ms, { leave }) => {
    waited += ms;
    if (waited > 25 * 60_000) leave();
  });
  expect(outcome).toBeInstanceOf(Halted);
  expect([...new Set(told)].map((text) => text.replace("the engine does not answer, trying again", ""))).toEqual([
    "",
    ", for over 10 min",
    ", for over 20 min",
  ]);
});
