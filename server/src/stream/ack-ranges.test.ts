import fc from "fast-check";
import { expect, test } from "vitest";
import { createAckRanges } from "./ack-ranges.ts";

test("follows a plain set, whatever the order", () => {
  fc.assert(
    fc.property(fc.nat({ max: 20 }), fc.array(fc.integer({ min: 1, max: 60 })), (settled, seqs) => {
      const acks = createAckRanges(settled);
      const model = new Set(Array.from({ length: settled }, (_, i) => i + 1));
      const told = new Set<number>();
      for (const [i, seq] of seqs.entries()) {
        acks.add(seq);
        model.add(seq);
        if (i % 3 === 0) for (const r of acks.take()) for (let s = r.first; s <= r.last; s++) told.add(s);
      }
      const rest = acks.take();
      for (const r of rest) for (let s = r.first; s <= r.last; s++) told.add(s);
      expect(told).toEqual(new Set(seqs));
      for (const [i, r] of rest.entries()) if (i > 0) expect(r.first).toBeGreaterThan((rest[i - 1]?.last ?? 0) + 1);
      let contiguous = 0;
      while (model.has(contiguous + 1)) contiguous++;
      expect(acks.contiguous).toBe(contiguous);
      const islands = [...model].filter((s) => s > contiguous && !model.has(s - 1)).length;
      expect(acks.gaps).toBe(islands);
    }),
  );
});

test("live data ahead of a backlog is two ranges", () => {
  const acks = createAckRanges(0);
  for (const seq of [100, 1, 101, 2, 102, 3]) acks.add(seq);
  expect(acks.take()).toEqual([
    { first: 1, last: 3 },
    { first: 100, last: 102 },
  ]);
  expect([acks.contiguous, acks.gaps, acks.take()]).toEqual([3, 1, []]);
});
