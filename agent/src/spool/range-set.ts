/** A range of sequence numbers, both ends included. */
export type Range = readonly [first: number, last: number];

/** A set of whole numbers kept as sorted, disjoint, non-adjacent ranges. */
export class RangeSet {
  readonly #ranges: [number, number][] = [];

  constructor(ranges: Iterable<Range> = []) {
    for (const [first, last] of ranges) this.add(first, last);
  }

  /** Adds first..last; joins what touches. */
  add(first: number, last: number): void {
    if (last < first) return;
    const ranges = this.#ranges;
    let from = this.#search(first - 1);
    let low = first;
    let high = last;
    const start = from;
    for (let at = ranges[from]; at !== undefined && at[0] <= last + 1; at = ranges[++from]) {
      low = Math.min(low, at[0]);
      high = Math.max(high, at[1]);
    }
    ranges.splice(start, from - start, [low, high]);
  }

  has(value: number): boolean {
    const range = this.#ranges[this.#search(value)];
    return range !== undefined && range[0] <= value;
  }

  /** How many of first..last are in the set. */
  count(first: number, last: number): number {
    let sum = 0;
    for (let i = this.#search(first); i < this.#ranges.length; i++) {
      const [low, high] = this.#ranges[i] as [number, number];
      if (low > last) break;
      sum += Math.min(high, last) - Math.max(low, first) + 1;
    }
    return sum;
  }

  covers(first: number, last: number): boolean {
    return last < first || this.count(first, last) === last - first + 1;
  }

  /** The lowest number >= from that is not in the set. */
  firstMissing(from: number): number {
    const range = this.#ranges[this.#search(from)];
    return range !== undefined && range[0] <= from ? range[1] + 1 : from;
  }

  ranges(): Range[] {
    return this.#ranges.map(([first, last]) => [first, last]);
  }

  /** Index of the first range that ends at or after value. */
  #search(value: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle] as [number, number])[1] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
