import { expect, test } from "vitest";
import { archiveOk, cacheHitRatio, valuesOf } from "./values.ts";
import { usedIds } from "./wraparound.ts";

let clock = 0;
const at = (hits: number, reads: number, window = {}) => {
  clock += 30_000;
  return { at: clock, hits, reads, ...window };
};

test("cache hits: since the reset at first, then of a window with enough blocks in it", () => {
  const first = at(9_000, 1_000);
  expect(cacheHitRatio(first, undefined)).toBe(0.9);
  const few = at(9_100, 1_100);
  expect(cacheHitRatio(few, first)).toBeNaN();
  // 100 and 900 more hits, 100 and none more reads: the few are not lost.
  expect(cacheHitRatio(at(10_000, 1_100), few)).toBeCloseTo(1_000 / 1_100);
  expect(cacheHitRatio(at(10_000, 1_100), first)).toBeCloseTo(1_000 / 1_100);
});

test("cache hits: a look right after another repeats it, a later one does not", () => {
  const first = at(9_000, 1_000);
  cacheHitRatio(first, undefined);
  const again = { at: first.at + 1_000, hits: 9_010, reads: 1_000 };
  expect(cacheHitRatio(again, first)).toBe(0.9);
  expect(cacheHitRatio({ at: first.at + 6_000, hits: 9_020, reads: 1_000 }, again)).toBeNaN();
});

test("cache hits: statistics that were reset begin a window of their own", () => {
  const before = at(9_000, 1_000, { windowHits: 9_000, windowReads: 1_000 });
  const reset = at(10, 0);
  expect(cacheHitRatio(reset, before)).toBeNaN();
  expect(cacheHitRatio(at(1_510, 500), reset)).toBe(0.75);
});

test.each([
  [0, 0],
  [200_000_000, 0.0931],
  [1_932_735_283, 0.9],
  [2_147_483_647, 1],
])("ids: age %d is %d of the limit", (age, share) => {
  expect(usedIds(age)).toBeCloseTo(share, 3);
});

const primary = { archive_mode: "on", in_recovery: "f" };
test.each([
  ["off", { ...primary, archive_mode: "off" }, { archived_age: "1", failed_age: null }, Number.NaN],
  ["nothing yet", primary, { archived_age: null, failed_age: null }, Number.NaN],
  ["never failed", primary, { archived_age: "5", failed_age: null }, 1],
  ["only failed", primary, { archived_age: null, failed_age: "5" }, 0],
  ["failed since", primary, { archived_age: "50", failed_age: "5" }, 0],
  ["succeeded since", primary, { archived_age: "5", failed_age: "50" }, 1],
  ["a standby archives nothing", { ...primary, in_recovery: "t" }, { archived_age: "5", failed_age: "1" }, Number.NaN],
  ["unless always", { archive_mode: "always", in_recovery: "t" }, { archived_age: "5", failed_age: "1" }, 0],
])("archive: %s", (_, cluster, archiver, expected) => {
  expect(archiveOk(cluster, archiver)).toBe(expected);
});

const cluster = { max_connections: "100", superuser_reserved: "3", reads_stats: "t", in_recovery: "f" };
const activity = { clients: "40", walsenders: "5", active: "2", longest_query: null, longest_transaction: "12.5" };

test.each([
  ["reserved since 16", 16, { reserved: "10" }, { connections: 40, connections_limit: 87 }],
  ["replicas count before 12", 11, { reserved: null }, { connections: 45, connections_limit: 97 }],
])("connections: %s", (_, major, change, expected) => {
  const answers = { cluster: [{ ...cluster, ...change }], activity: [activity], totals: [{ backends: "44" }] };
  expect(valuesOf(answers, major, undefined, 1, { at: 1 }, undefined)).toMatchObject(expected);
});

test("sessions that are hidden are counted by database, and nothing is said of them", () => {
  const answers = { cluster: [{ ...cluster, reads_stats: "f" }], activity: [activity], totals: [{ backends: "44" }] };
  const values = valuesOf(answers, 15, undefined, 1, { at: 1 }, undefined);
  expect(values).toMatchObject({ connections: 44, connections_limit: 97 });
  expect(Object.keys(values)).not.toEqual(expect.arrayContaining(["active"]));
});

test("a prepared transaction is an open one, and none at all is 0 s", () => {
  const values = (oldest: string | null) =>
    valuesOf(
      { cluster: [cluster], activity: [{ ...activity, longest_transaction: null }], prepared: [{ oldest }] },
      ...([15, undefined, 1, { at: 1 }, undefined] as const),
    );
  expect(values("900")).toMatchObject({ longest_transaction_seconds: 900, longest_query_seconds: 0 });
  expect(values(null)).toMatchObject({ longest_transaction_seconds: 0 });
});
