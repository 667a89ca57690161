import fc from "fast-check";
import { expect, test } from "vitest";
import { RangeSet } from "./range-set.ts";

test.each([
  {
    add: [
      [1, 3],
      [4, 6],
    ],
    ranges: [[1, 6]],
  },
  {
    add: [
      [4, 6],
      [1, 2],
    ],
    ranges: [
      [1, 2],
      [4, 6],
    ],
  },
  {
    add: [
      [1, 2],
      [4, 5],
      [8, 9],
      [3, 7],
    ],
    ranges: [[1, 9]],
  },
  { add: [[5, 4]], ranges: [] },
  {
    add: [
      [1, 10],
      [3, 4],
    ],
    ranges: [[1, 10]],
  },
] as const)("adding $add gives $ranges", ({ add, ranges }) => {
  expect(new RangeSet(add).ranges()).toEqual(ranges);
});

test("behaves as a set of numbers", () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 9 }));
  fc.assert(
    fc.property(fc.array(range), range, (ranges, [from, more]) => {
      const set = new RangeSet();
      const model = new Set<number>();
      for (const [first, length] of ranges) {
        set.add(first, first + length);
        for (let n = first; n <= first + length; n++) model.add(n);
      }
      let missing = from;
      while (model.has(missing)) missing++;
      const inside = Array.from({ length: more + 1 }, (_, i) => from + i).filter((n) => model.has(n)).length;
      expect(set.count(from, from + more)).toBe(inside);
      expect(set.has(from)).toBe(model.has(from));
      expect(set.firstMissing(from)).toBe(missing);
    }),
  );
});
