/** Things to look at when their time has come: a heap ordered by time. Whoever takes one checks that it still matters. */
export type Deadlines<T> = {
  push(at: number, item: T): void;
  /** Takes the earliest that is due, or undefined. */
  take(now: number): T | undefined;
  /** Time of the earliest; undefined where there is none. */
  next(): number | undefined;
  clear(): void;
  size(): number;
};

export function createDeadlines<T>(): Deadlines<T> {
  const heap: { at: number; item: T }[] = [];

  function up(start: number): void {
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (at(parent) <= at(i)) return;
      swap(i, parent);
      i = parent;
    }
  }

  function down(): void {
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      const right = left + 1;
      let least = i;
      if (left < heap.length && at(left) < at(least)) least = left;
      if (right < heap.length && at(right) < at(least)) least = right;
      if (least === i) return;
      swap(i, least);
      i = least;
    }
  }

  const at = (i: number) => heap[i]?.at ?? Number.POSITIVE_INFINITY;
  const swap = (a: number, b: number) => {
    const [x, y] = [heap[a], heap[b]];
    if (x === undefined || y === undefined) return;
    heap[a] = y;
    heap[b] = x;
  };

  return {
    push(time, item) {
      heap.push({ at: time, item });
      up(heap.length - 1);
    },
    take(now) {
      const first = heap[0];
      if (first === undefined || first.at > now) return undefined;
      const last = heap.pop();
      if (heap.length > 0 && last !== undefined) {
        heap[0] = last;
        down();
      }
      return first.item;
    },
    next: () => heap[0]?.at,
    clear: () => void heap.splice(0),
    size: () => heap.length,
  };
}
