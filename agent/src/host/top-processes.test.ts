import { expect, test } from "vitest";
import { createHost } from "./host.ts";
import { parseProcessStat, topProcesses } from "./top-processes.ts";

const tail = "S 1 1 1 0 -1 4194560 1 0 0 0 30 12 0 0 20 0 7 0 900 1000 250 18446744073709551615";

test.each([
  [`42 (node) ${tail}`, { pid: 42, name: "node", state: "S", ticks: 42, started: 900, threads: 7, pages: 250 }],
  [`43 (a) b (c)) ${tail}`, { pid: 43, name: "a) b (c)", state: "S", ticks: 42, started: 900, threads: 7, pages: 250 }],
  ["", undefined],
  ["44 (cut) S 1", undefined],
])("%j", (text, expected) => {
  expect(parseProcessStat(text)).toEqual(expected);
});

test("this process is among the largest", async () => {
  const top = await topProcesses(createHost(), 1000, AbortSignal.timeout(10_000));
  const own = top.byMemory.find((one) => one.pid === process.pid);
  expect(own?.memoryBytes).toBeGreaterThan(1e7);
  expect(top.byMemory[0]?.memoryBytes).toBeGreaterThanOrEqual(own?.memoryBytes ?? 0);
  expect(top.byCpu.every((one) => one.cpuCores >= 0)).toBe(true);
  await expect(topProcesses(createHost(), 1, AbortSignal.abort())).rejects.toThrow();
});
