import fc from "fast-check";
import { expect, test } from "vitest";
import { failureRate, failureRates } from "./failure-rates.ts";
import { gradeByRate, severityOfRate } from "./judge-ata.ts";

test.for<[id: number, count: number, rate: number]>([
  [197, 0, 0.026],
  [197, 1, 0.34],
  [197, 2, 0.34],
  [197, 3, 0.68],
  [197, 6, 0.68],
  [197, 16, 0.68],
  [197, 17, 0.96],
  [197, 40, 0.96],
  [197, 1e9, 0.96],
  [198, 0, 0.029],
  [198, 1, 0.81],
  [198, 2, 0.81],
  [187, 0, 0.028],
  [187, 1, 0.34],
  [5, 0, 0.025],
  [5, 4, 0.027],
  [5, 5, 0.075],
  [5, 16, 0.075],
  [5, 17, 0.24],
  [5, 70, 0.24],
  [5, 71, 0.36],
  [5, 260, 0.36],
  [199, 17, 0.21],
  [199, 35, 0.21],
])("attribute %i at %i: %f a year", ([id, count, rate]) => {
  expect(failureRate(id, count)?.rate).toBe(rate);
});

const ids = Object.keys(failureRates).map(Number);

test("every count falls into one row, and more is never better", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ids),
      fc.double({ min: 0, max: 2 ** 48, noNaN: true }),
      fc.nat(2000),
      (id, count, more) => {
        const rows = failureRates[id]!;
        const row = failureRate(id, count)!;
        const next = rows[rows.indexOf(row) + 1];
        expect(row.from).toBeLessThanOrEqual(count);
        expect(next === undefined || Math.floor(count) < next.from).toBe(true);
        expect(failureRate(id, count + more)!.rate).toBeGreaterThanOrEqual(row.rate);
      },
    ),
  );
});

test("every row's own lower bound is in it", () => {
  for (const id of ids) {
    expect(failureRates[id]![0]?.from).toBe(0);
    for (const row of failureRates[id]!) expect(failureRate(id, row.from)).toBe(row);
  }
});

test.for([-1, Number.NaN])("%f is no count", (count) => {
  expect(failureRate(5, count)).toBeUndefined();
});

test.for<[id: number, count: number, severity: string | undefined]>([
  [5, 0, undefined],
  [5, 16, "info"],
  [5, 17, "failed"],
  [197, 1, "failed"],
  [199, 0, undefined],
  [199, 1, undefined],
  [199, 2, "warning"],
  [199, 16, "warning"],
  [199, 17, "failed"],
  [1, 1000, undefined],
])("attribute %i at %i is %s", ([id, count, severity]) => {
  expect(gradeByRate(id, count, "things")?.severity).toBe(severity);
});

test.for<[rate: number, critical: boolean, severity: string | undefined]>([
  [0.0999, true, undefined],
  [0.1, true, "failed"],
  [0.0999, false, undefined],
  [0.1, false, "warning"],
  [0.1999, false, "warning"],
  [0.2, false, "failed"],
])("a rate of %f (critical: %s) is %s", ([rate, critical, severity]) => {
  expect(severityOfRate(rate, critical)).toBe(severity);
});
