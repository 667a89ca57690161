import { status } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { Backoff } from "./backoff.ts";
import { changedHealth } from "./collector-status.ts";
import { explain } from "./explain.ts";
import { Window, windowBounds } from "./window.ts";

describe("back-off", () => {
  const most = () => new Backoff(() => 0.999999);
  const failed = { slow: false, livedMs: 0 };

  test("doubles up to a minute, with full jitter", () => {
    const backoff = most();
    const pauses = Array.from({ length: 9 }, () => Math.round(backoff.next(failed) / 1000));
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(new Backoff(() => 0).next(failed)).toBe(0);
  });

  test("only a session that lived a minute makes it begin anew", () => {
    const backoff = most();
    for (let i = 0; i < 5; i++) backoff.next({ slow: false, livedMs: 59_000 });
    expect(backoff.next({ slow: false, livedMs: 59_000 })).toBeGreaterThan(30_000);
    expect(backoff.next({ slow: false, livedMs: 60_000 })).toBeLessThanOrEqual(1_000);
  });

  test("a refusal waits up to five minutes", () => {
    const backoff = most();
    const pauses = Array.from({ length: 7 }, () => Math.round(backoff.next({ slow: true, livedMs: 90_000 }) / 1000));
    expect(pauses).toEqual([10, 20, 40, 80, 160, 300, 300]);
  });
});

describe("window", () => {
  test("opens with acknowledgements, up to its bound; live records have room beyond it", () => {
    const window = new Window();
    let seq = 0;
    const fill = () => {
      const before = seq;
      while (window.roomForBacklog()) window.sent(++seq, 100, seq);
      return seq - before;
    };
    expect(fill()).toBe(windowBounds.startRecords);
    expect(window.roomForLive()).toBe(true);
    window.acknowledged(1, seq);
    expect(fill()).toBe(128);
    expect(window.oldestSentAt()).toBe(65);
    for (let i = 0; i < 9; i++) {
      window.acknowledged(1, seq);
      fill();
    }
    expect(window.size).toBe(windowBounds.maxRecords);
    for (let i = 0; i < windowBounds.liveRecords; i++) window.sent(++seq, 100, seq);
    expect(window.roomForLive()).toBe(false);
  });

  test("is bounded by bytes too", () => {
    const window = new Window();
    window.sent(1, windowBounds.maxBytes, 0);
    expect(window.roomForBacklog()).toBe(false);
    window.acknowledged(5, 1_000_000);
    expect(window.roomForBacklog()).toBe(false);
    window.acknowledged(1, 1_000_000);
    expect(window.roomForBacklog()).toBe(true);
    expect(window.oldestSentAt()).toBe(Number.POSITIVE_INFINITY);
  });
});

test.each([
  [
    { code: status.UNAVAILABLE, details: "connect ECONNREFUSED 127.0.0.1:1" },
    /^connection refused: is the server running/,
    false,
  ],
  [{ code: status.UNAVAILABLE, details: "self-signed certificate in certificate chain" }, /not of the pinned CA/, true],
  [{ code: status.UNAVAILABLE, details: "CERT_NOT_YET_VALID" }, /clock is probably behind/, true],
  [
    { code: status.UNAUTHENTICATED, details: "the client certificate is revoked: enrol again" },
    /^refused: .* revoked/,
    true,
  ],
  [{ code: status.ABORTED, details: "replaced by a newer session" }, /copy of this one's key/, true],
  [{ code: status.FAILED_PRECONDITION, details: "protocol 1 is not spoken" }, /update the agent or the server/, true],
  [{ code: status.UNAVAILABLE, details: "write EPROTO 00:error:wrong version number" }, /not the HTTP one/, false],
  [{ code: status.RESOURCE_EXHAUSTED, details: "too many" }, /^too many$/, false],
  [new Error("a", { cause: new Error("b") }), /^a: b$/, false],
])("explains %j", (error, text, slow) => {
  expect(explain(error)).toMatchObject({ text: expect.stringMatching(text), slow });
});

test("a collector's health is told when its state or error changed", () => {
  const told = new Map<string, string>();
  const health = { name: "cpu", state: "ok" as const, error: "", errorCount: 0, durationSeconds: 0, lastSuccessAt: 0 };
  expect(changedHealth([health], told)).toEqual([health]);
  expect(changedHealth([{ ...health, durationSeconds: 1 }], told)).toEqual([]);
  expect(changedHealth([{ ...health, state: "failed", error: "x" }], told)).toHaveLength(1);
  expect(changedHealth([{ ...health, state: "failed", error: "y" }], told)).toHaveLength(1);
});
