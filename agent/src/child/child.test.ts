import { join } from "node:path";
import { expect, test } from "vitest";
import { createChild } from "./child.ts";

const program = [join(import.meta.dirname, "../main.ts")];
type Echo = { input: unknown; pid: number };

test("a kept child answers several calls; nothing of them stands in its arguments", async () => {
  const child = createChild("echo", { keepMs: 60_000, program });
  const first = (await child.call({ secret: "s3cret" }, { deadlineMs: 20_000 })) as Echo;
  const second = (await child.call([1, Number.NaN], { deadlineMs: 20_000 })) as Echo;
  expect(first.input).toEqual({ secret: "s3cret" });
  expect(second).toEqual({ input: [1, null], pid: first.pid });
  expect(first.pid).not.toBe(process.pid);
  child.stop();
});

test("a child that hangs is killed at the deadline with all that wait; the next call gets a new one", async () => {
  const child = createChild("echo", { keepMs: 60_000, program });
  const { pid } = (await child.call(1, { deadlineMs: 20_000 })) as Echo;
  await expect(child.call({ hang: true }, { deadlineMs: 200 })).rejects.toThrow("echo: no answer within 200 ms");
  await expect.poll(() => isAlive(pid)).toBe(false);
  const again = (await child.call(2, { deadlineMs: 20_000 })) as Echo;
  expect(again.pid).not.toBe(pid);
  child.stop();
});

test("a child that was killed fails its call by name; the next call gets a new one", async () => {
  const child = createChild("echo", { keepMs: 60_000, program });
  const { pid } = (await child.call(1, { deadlineMs: 20_000 })) as Echo;
  const hanging = child.call({ hang: true }, { deadlineMs: 20_000 });
  process.kill(pid, "SIGKILL");
  await expect(hanging).rejects.toThrow("echo: ended with SIGKILL");
  expect(await child.call(2, { deadlineMs: 20_000 })).toMatchObject({ input: 2 });
  child.stop();
});

test("a child that is not kept ends after its answer", async () => {
  const child = createChild("echo", { keepMs: 0, program });
  const { pid } = (await child.call(1, { deadlineMs: 20_000 })) as Echo;
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("where we are not the agent's program the task runs here", async () => {
  const child = createChild("echo", { keepMs: 0, program: undefined });
  expect(await child.call(1, { deadlineMs: 1_000 })).toEqual({ input: 1, pid: process.pid });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
