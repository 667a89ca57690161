import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { MdArray } from "./array.ts";
import { createCheckLog } from "./check-log.ts";

const minute = 60_000;
const idle: MdArray = {
  name: "md0",
  level: "raid1",
  arrayState: "clean",
  metadata: "1.2",
  raidDisks: 2,
  degraded: 0,
  syncAction: "idle",
  lastSyncAction: "none",
  componentBytes: 1000,
  members: [],
};

function running(action: string, doneBytes: number, bytesPerSecond = 10): MdArray {
  return { ...idle, syncAction: action, sync: { action, waits: false, doneBytes, totalBytes: 1000, bytesPerSecond } };
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "fairlead-md-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test("a check that went through is the last one, also for the agent's next run", () => {
  const stateDir = folder();
  const log = createCheckLog(stateDir);
  expect(log.observe(idle, 0)).toEqual({});
  expect(log.observe(running("check", 0), 10_000)).toMatchObject({ running: { action: "check", startedAt: 10_000 } });
  log.observe(running("check", 950), 100_000);
  // 50 bytes were left, at 10 a second.
  const ended = { endedAt: 105_000, durationSeconds: 95 };
  expect(log.observe({ ...idle, lastSyncAction: "check" }, 110_000)).toMatchObject(ended);
  expect(createCheckLog(stateDir).observe(idle, 200_000)).toMatchObject({ ...ended, ended: { finished: true } });
});

test("a check that was stopped is not the last one", () => {
  const log = createCheckLog(undefined);
  log.observe(running("check", 100), 0);
  const after = log.observe(idle, 10_000);
  expect(after.endedAt).toBeUndefined();
  expect(after.ended).toEqual({ action: "check", finished: false, startedAt: 0, endedAt: 10_000 });
});

test("a check that ended while no agent ran, by how far it had been", () => {
  const stateDir = folder();
  const log = createCheckLog(stateDir);
  for (let done = 0; done <= 600; done += 100) log.observe(running("check", done), done * 100);
  expect(createCheckLog(stateDir).observe(idle, 60 * minute).endedAt).toBe(100_000);
  const other = folder();
  createCheckLog(other).observe(running("check", 100), 0);
  expect(createCheckLog(other).observe(idle, 10_000).endedAt).toBeUndefined();
});

test("a rebuild is no check", () => {
  const log = createCheckLog(undefined);
  log.observe({ ...running("recovery", 500), degraded: 1 }, 0);
  const after = log.observe(idle, 100_000);
  expect(after.endedAt).toBeUndefined();
  expect(after.ended).toMatchObject({ action: "recovery", finished: true });
  log.observe({ ...running("recovery", 500), degraded: 1 }, 200_000);
  expect(log.observe({ ...idle, degraded: 1 }, 300_000).ended).toMatchObject({ finished: false });
});

test("a short check between two looks: its word is new, or a member was read but not the array", () => {
  const log = createCheckLog(undefined);
  const checked = { ...idle, lastSyncAction: "check" };
  expect(log.observe(checked, 0).endedAt).toBeUndefined();
  expect(log.observe(idle, 1).endedAt).toBeUndefined();
  expect(log.observe(checked, 2, { member: 500, array: 500 }).endedAt).toBe(2);
  expect(log.observe(checked, 3, { member: 700, array: 700 }).endedAt).toBe(2);
  // Someone read the whole array: its members were read too.
  expect(log.observe(checked, 4, { member: 1700, array: 1700 }).endedAt).toBe(2);
  expect(log.observe(checked, 5, { member: 2700, array: 1710 }).endedAt).toBe(5);
});

test("a wait neither begins nor ends a scan", () => {
  const log = createCheckLog(undefined);
  const waiting = { ...idle, sync: { action: "resync", waits: true } };
  expect(log.observe(waiting, 0)).toEqual({});
  log.observe(running("resync", 10), 1);
  expect(log.observe(waiting, 2).running).toBeDefined();
});

test.each(["", "{", "[]", "null", '{"md0": 7}', '{"md0": {"endedAt": "x"}}', '{"md0": {"running": {"action": 1}}}'])(
  "a damaged record is begun anew: %s",
  (text) => {
    const stateDir = folder();
    writeFileSync(join(stateDir, "md-checks.json"), text);
    const log = createCheckLog(stateDir);
    expect(log.observe(idle, 0)).toEqual({});
    log.observe(running("check", 990), 1);
    expect(log.observe(idle, 10_000).endedAt).toBe(1001);
  },
);

test("a folder that can't be written is done without", () => {
  const log = createCheckLog("/proc/no-such-folder");
  log.observe(running("check", 990), 0);
  expect(log.observe(idle, 10_000).endedAt).toBe(1000);
});
