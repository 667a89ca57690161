import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ContainerInfo } from "../runtimes/runtime.ts";
import type { Found } from "./found.ts";
import { openSeen } from "./seen.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "fairlead-seen-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const found = (more: Partial<Found>): Found => ({
  engine: "redis",
  key: "redis:127.0.0.1:6379",
  host: "127.0.0.1",
  port: 6379,
  addresses: ["127.0.0.1:6379"],
  sockets: [],
  process: { pid: 1, name: "redis-server", exe: process.execPath },
  ...more,
});
const day = 86_400_000;
const none = { list: [], known: true };
const container = (state: string, exitCode = 0) =>
  ({ name: "cache", state, exitCode, oomKilled: false }) as ContainerInfo;

test("one whose process is gone is missing for seven days, over restarts of the agent", () => {
  const state = folder();
  const data = folder();
  const one = found({ dataDirectory: { path: data, shown: data } });
  openSeen(state).update([one], none, 0);
  expect(statSync(join(state, "databases-seen.json")).mode & 0o777).toBe(0o600);
  const later = openSeen(state);
  expect(later.update([], none, day)).toEqual([
    { found: one, reason: "no process redis-server serves it any more", answered: false },
  ]);
  expect(later.update([], none, 6.9 * day)).toHaveLength(1);
  expect(later.update([], none, 7.1 * day)).toEqual([]);
  expect(openSeen(state).update([], none, day)).toEqual([]);
});

test("that one was up is remembered, over restarts of the agent and from files that do not say so", () => {
  const state = folder();
  const [up, other] = [found({}), found({ key: "redis:127.0.0.1:6380" })];
  const first = openSeen(state);
  first.update([up, other], none, 0);
  first.describe(up.key, {});
  first.update([up, other], none, 1);
  const answered = () =>
    openSeen(state)
      .update([], { list: [], known: true }, 2)
      .map((one) => one.answered);
  expect(answered()).toEqual([true, false]);
  const file = join(state, "databases-seen.json");
  const rows = [up, other].map((one) => ({ found: one, lastSeenAt: 1, labels: one === up ? { version: "7" } : {} }));
  writeFileSync(file, JSON.stringify(rows));
  expect(answered()).toEqual([true, false]);
});

test("one whose data are gone, or are served under another address, is forgotten at once", () => {
  const [state, data] = [folder(), folder()];
  const one = found({ dataDirectory: { path: data, shown: data } });
  const moved = { ...one, key: "redis:127.0.0.1:6380" };
  const seen = openSeen(state);
  seen.update([one], none, 0);
  expect(seen.update([moved], none, 1)).toEqual([]);
  rmSync(data, { recursive: true });
  expect(seen.update([], none, 2)).toEqual([]);
});

test("one whose program is removed is forgotten ten minutes later: an update replaces it in between", () => {
  const seen = openSeen(undefined);
  seen.update([found({ process: { pid: 1, name: "redis-server", exe: "/nowhere/redis-server (deleted)" } })], none, 0);
  expect(seen.update([], none, 1)).toHaveLength(1);
  expect(seen.update([], none, 590_000)).toHaveLength(1);
  expect(seen.update([], none, 602_000)).toEqual([]);
});

test.each<
  [what: string, containers: Parameters<ReturnType<typeof openSeen>["update"]>[1], reasons: (string | undefined)[]]
>([
  [
    "stopped",
    { list: [container("exited", 137)], known: true },
    ["container cache is exited (exit code 137)", "container cache is exited (exit code 137)"],
  ],
  [
    "running without it",
    { list: [container("running")], known: true },
    ["container cache runs, but no redis in it", "container cache runs, but no redis in it"],
  ],
  ["removed", none, ["container cache was removed", undefined]],
  [
    "unknown while the engine is away",
    { list: [], known: false },
    ["container cache runs no redis", "container cache runs no redis"],
  ],
])("a container that is %s", (_, containers, reasons) => {
  const seen = openSeen(undefined);
  seen.update([found({ container: { name: "cache", id: "ab" } })], none, 0);
  const at = [1_000, 200_000].map((now) => seen.update([], containers, now)[0]?.reason);
  expect(at).toEqual(reasons);
  expect(seen.containerName("ab")).toBe(reasons[1] === undefined ? undefined : "cache");
});
