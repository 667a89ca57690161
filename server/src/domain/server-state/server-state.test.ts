import { describe, expect, test } from "vitest";
import { judgeServer, offlineAfter, type ServerFacts } from "./server-state.ts";

const well: ServerFacts = {
  previous: "online",
  previousReason: "as before",
  paused: false,
  seen: true,
  connected: true,
  silent: 1_000,
  closedByPeer: false,
  intervalSeconds: 10,
  clockSkew: 200,
  sinceClone: null,
  sinceSpoolDrop: null,
  failingCollectors: [],
};

describe("judgeServer", () => {
  test.each<[string, Partial<ServerFacts>, string, string | RegExp, number | null]>([
    ["all well", {}, "online", "", 29_000],
    ["paused wins", { paused: true, silent: 1e9, connected: false }, "paused", "", null],
    ["never connected", { seen: false, connected: false, silent: 1e9 }, "never_seen", "", null],
    ["just silent enough", { silent: 30_000 }, "offline", /nothing heard for 30 s: host down/, null],
    ["one ms before", { silent: 29_999 }, "online", "", 1],
    ["peer closed", { connected: false, closedByPeer: true, silent: 30_000 }, "offline", /agent closed/, null],
    ["short interval", { intervalSeconds: 1, silent: 10_000 }, "offline", /for 10 s/, null],
    ["long interval", { intervalSeconds: 300, silent: 29_000 }, "online", "", 1_000],
    ["short break", { connected: false, silent: 4_000 }, "online", "as before", 26_000],
    [
      "short break of a degraded one",
      { previous: "degraded", connected: false, silent: 4_000 },
      "degraded",
      "as before",
      26_000,
    ],
    ["offline stays offline", { previous: "offline", connected: false }, "offline", "not connected", null],
    ["resumed without a session", { previous: "paused", connected: false }, "offline", "not connected", null],
    ["back", { previous: "offline" }, "online", "", 29_000],
    ["clock ahead", { clockSkew: 31_000 }, "degraded", "its clock is 31 s ahead", 29_000],
    ["clock behind", { clockSkew: -86_400_000 * 800 }, "degraded", "its clock is 2 years behind", 29_000],
    ["clock a little off", { clockSkew: -30_000 }, "online", "", 29_000],
    ["clone", { sinceClone: 1_000 }, "degraded", /two agents/, 29_000],
    ["clone long ago", { sinceClone: 900_000 }, "online", "", 29_000],
    ["clone nearly forgotten", { sinceClone: 899_000 }, "degraded", /two agents/, 1_000],
    ["spool drops", { sinceSpoolDrop: 0 }, "degraded", "its spool drops records", 29_000],
    ["a collector", { failingCollectors: ["docker"] }, "degraded", "collector docker failing", 29_000],
    [
      "several troubles",
      { clockSkew: 120_000, failingCollectors: ["a", "b"] },
      "degraded",
      "its clock is 2 minutes ahead; collectors a, b failing",
      29_000,
    ],
  ])("%s", (_, change, state, reason, recheckIn) => {
    const verdict = judgeServer({ ...well, ...change });
    expect(verdict.state).toBe(state);
    expect(verdict.reason).toMatch(typeof reason === "string" ? new RegExp(`^${reason}$`) : reason);
    expect(verdict.recheckIn).toBe(recheckIn);
  });
});

test.each([
  [1, 10_000],
  [5, 15_000],
  [10, 30_000],
  [300, 30_000],
])("offline after, interval %i s", (interval, ms) => {
  expect(offlineAfter(interval)).toBe(ms);
});
