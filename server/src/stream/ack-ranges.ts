/** A closed range of sequence numbers. */
export type Range = { first: number; last: number };

/** Which records of a spool are settled: all up to `contiguous`, and some ranges above it. */
export type AckRanges = {
  readonly contiguous: number;
  /** Number of gaps now known. */
  readonly gaps: number;
  add(seq: number): void;
  /** All ranges added since the last call, merged, ascending. */
  take(): Range[];
};

/** Tracks from `settled` on. Memory grows with the gaps only. */
export function createAckRanges(settled: number): AckRanges {
  let contiguous = settled;
  /** Disjoint, ascending, all above contiguous + 1. */
  const islands: Range[] = [];
  let fresh: Range[] = [];
  return {
    get contiguous() {
      return contiguous;
    },
    get gaps() {
      return islands.length;
    },
    add(seq) {
      const last = fresh.at(-1);
      if (last !== undefined && seq === last.last + 1) last.last = seq;
      else fresh.push({ first: seq, last: seq });
      if (seq <= contiguous) return;
      insert(islands, seq);
      const first = islands[0];
      if (first !== undefined && first.first === contiguous + 1) {
        contiguous = first.last;
        islands.shift();
      }
    },
    take() {
      const taken = merge(fresh);
      fresh = [];
      return taken;
    },
  };
}

/** Adds one number to disjoint ascending ranges, joining neighbours. */
function insert(ranges: Range[], seq: number): void {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle] as Range).last < seq - 1) low = middle + 1;
    else high = middle;
  }
  const at = ranges[low];
  if (at === undefined || at.first > seq + 1) {
    ranges.splice(low, 0, { first: seq, last: seq });
    return;
  }
  at.first = Math.min(at.first, seq);
  at.last = Math.max(at.last, seq);
  const next = ranges[low + 1];
  if (next !== undefined && next.first <= at.last + 1) {
    at.last = Math.max(at.last, next.last);
    ranges.splice(low + 1, 1);
  }
}

function merge(ranges: Range[]): Range[] {
  const sorted = ranges.toSorted((a, b) => a.first - b.first);
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && range.first <= last.last + 1) last.last = Math.max(last.last, range.last);
    else merged.push({ ...range });
  }
  return merged;
}
