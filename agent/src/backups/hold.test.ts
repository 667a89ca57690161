import { expect, test } from "vitest";
import { whileHeld } from "./hold.ts";
import type { Held, Work } from "./work.ts";

const never = new AbortController().signal;

/** A container on an engine that can't pause it so many times. */
function heldBy(failures: number) {
  const done: string[] = [];
  let state = "running";
  let startedAt = 1;
  let left = failures;
  const runtime = {
    pause: async () => {
      if (left-- > 0) throw new Error("unable to freeze");
      state = "paused";
      done.push("pause");
    },
    unpause: async () => {
      state = "running";
      done.push("unpause");
    },
    start: async () => {
      state = "running";
      startedAt++;
      done.push("start");
    },
    stop: async () => {
      state = "exited";
      done.push("stop");
    },
    describe: async () => ({ state, startedAt }),
  };
  const context = { phase: () => undefined, halted: never, log: { warn: () => undefined } };
  const hold = (held: Held | undefined) => void done.push(held === undefined ? "free" : "held");
  const engine = { runtime, recreation: { find: async () => ({ id: "f00d" }) } };
  const work = { engine, snapshot: { id: "f00d", name: "web" }, context, hold, signal: never } as unknown as Work;
  return { work, done, runtime };
}

test("a container that can't be frozen at once is tried again", async () => {
  const { work, done } = heldBy(2);
  await whileHeld(work, "pause", async () => void done.push("read"));
  expect(done).toEqual(["held", "pause", "read", "unpause", "free"]);
});

test("one that can't be frozen at all is refused, and free again", async () => {
  const { work, done } = heldBy(9);
  const read = async () => void done.push("read");
  await expect(whileHeld(work, "pause", read)).rejects.toThrow(
    "web can't be paused (unable to freeze): choose stop or live",
  );
  expect(done).toEqual(["held", "free"]);
});

test.each([
  ["at the first try", 1, ["held", "pause", "read", "unpause", "free"]],
  ["at the last one", 4, ["held", "pause", "unpause", "free"]],
] as const)("one that was frozen %s, though the engine said otherwise, is not left so", async (_, at, wanted) => {
  const { work, done, runtime } = heldBy(0);
  const { pause } = runtime;
  let tries = 0;
  runtime.pause = async () => {
    if (++tries === at) await pause();
    throw new Error("unable to freeze");
  };
  await whileHeld(work, "pause", async () => void done.push("read")).catch(() => undefined);
  expect(done).toEqual(wanted);
  expect(await runtime.describe()).toMatchObject({ state: "running" });
});

test.each([
  ["pause", ["unpause"], "web was no longer paused while its data were read"],
  ["pause", ["unpause", "start", "pause"], "web was no longer paused while its data were read"],
  ["stop", ["start"], "web was started while its data were read"],
  ["stop", ["start", "stop"], "web was started while its data were read"],
] as const)("held by %s, and someone does %j meanwhile: no backup", async (by, acts, reason) => {
  const { work, done, runtime } = heldBy(0);
  const read = async () => {
    for (const act of acts) await runtime[act]();
  };
  await expect(whileHeld(work, by, read)).rejects.toThrow(reason);
  expect(done.at(-1)).toBe("free");
  expect(await runtime.describe()).toMatchObject({ state: "running" });
});
