import { expect, test } from "vitest";
import { createLocks, createTurns, type Turn } from "./locks.ts";

/** Steps that end when they are told to. */
function stepsOf() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const turns = new Map<string, Turn>();
  const step = (name: string) => async (turn?: Turn) => {
    begun.push(name);
    if (turn) turns.set(name, turn);
    await new Promise<void>((resolve) => ends.set(name, resolve));
  };
  return { begun, step, end: (name: string) => ends.get(name)?.(), leave: (name: string) => turns.get(name)?.leave() };
}

test("turns are taken by kind: one that hangs keeps nothing from another; who waits is told", async () => {
  const { begun, step, end, leave } = stepsOf();
  const inTurn = createTurns(2);
  const waiting: string[] = [];
  const run = (kind: string, name: string) => inTurn(kind, step(name), () => waiting.push(name));
  const all = [run("a", "a1"), run("a", "a2"), run("a", "a3"), run("b", "b1"), run("a", "a4")];
  expect([begun, waiting]).toEqual([
    ["a1", "a2", "b1"],
    ["a3", "a4"],
  ]);
  end("a1");
  await expect.poll(() => begun.at(-1)).toBe("a3");
  // One that can only wait lets the next one go on, once.
  leave("a2");
  leave("a2");
  await expect.poll(() => begun.at(-1)).toBe("a4");
  const late = run("a", "a5");
  expect(waiting).toEqual(["a3", "a4", "a5"]);
  end("a2");
  end("b1");
  await Promise.all([all[1], all[3]]);
  expect(begun).not.toContain("a5");
  end("a3");
  await expect.poll(() => begun.at(-1)).toBe("a5");
  for (const name of ["a4", "a5"]) end(name);
  await Promise.all([...all, late]);
});

test("steps that share a key come one after the other, and the later one is told", async () => {
  const { begun, step, end } = stepsOf();
  const locked = createLocks();
  const waiting: string[] = [];
  const run = (name: string, keys: string[]) => locked(keys, step(name), () => waiting.push(name));
  const all = [run("one", ["x"]), run("two", ["x", "y"]), run("three", ["z"])];
  await expect.poll(() => begun).toEqual(["one", "three"]);
  expect(waiting).toEqual(["two"]);
  end("one");
  await expect.poll(() => begun.at(-1)).toBe("two");
  end("two");
  end("three");
  await Promise.all(all);
  const free = run("four", ["x"]);
  await expect.poll(() => begun.at(-1)).toBe("four");
  expect(waiting).toEqual(["two"]);
  end("four");
  await free;
});
