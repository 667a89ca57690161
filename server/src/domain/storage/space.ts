import { deviation, median } from "./trend.ts";

/** Space of a filesystem or pool over time: parallel arrays, times in Unix ms ascending, sizes in bytes. */
export type SpaceSeries = { at: readonly number[]; used: readonly number[]; available: readonly number[] };

/** A sudden change: from one point (index) to another, bytes; up is more taken. */
export type Step = { from: number; to: number; bytes: number };

/**
 * How far from full it was at each time, negative: 0 is full and rising is filling. A change of the size itself (the
 * filesystem was grown, or others took from a shared pool at one go) is taken out. Where the size changes all the time
 * (a dataset of a pool that others fill), what they take counts.
 */
export function levelsOf({ used, available }: SpaceSeries): number[] {
  const n = available.length;
  const isResized = (i: number) => {
    const size = (used[i] as number) + (available[i] as number);
    return Math.abs(size - (used[i - 1] as number) - (available[i - 1] as number)) > size * 0.01;
  };
  let resizes = 0;
  for (let i = 1; i < n; i++) if (isResized(i)) resizes++;
  const isShared = resizes > Math.max(3, n / 10);
  const levels = new Array<number>(n);
  let level = -(available[n - 1] as number);
  for (let i = n - 1; i >= 0; i--) {
    levels[i] = level;
    if (i === 0) break;
    const [usedNow, usedThen] = [used[i] as number, used[i - 1] as number];
    const [freeNow, freeThen] = [available[i] as number, available[i - 1] as number];
    level -= !isShared && isResized(i) ? usedNow - usedThen : freeThen - freeNow;
  }
  return levels;
}

/** Sudden changes that stand out from how it usually changes: copies, clean-ups, rotations. `size` is all space. */
export function stepsOf(levels: readonly number[], size: number): Step[] {
  const changes = levels.slice(1).map((level, i) => level - (levels[i] as number));
  if (changes.length < 6) return [];
  const usual = median(changes);
  const limit = Math.max(6 * 1.4826 * deviation(changes), size * 0.002);
  const steps: Step[] = [];
  changes.forEach((change, i) => {
    const bytes = change - usual;
    if (Math.abs(bytes) <= limit) return;
    const last = steps.at(-1);
    // A copy of some hours is one step.
    if (last !== undefined && i - last.to <= 1 && Math.sign(last.bytes) === Math.sign(bytes)) {
      last.to = i + 1;
      last.bytes += bytes;
    } else steps.push({ from: i, to: i + 1, bytes });
  });
  return steps;
}

/** The levels as if these steps had not been; the last one stays what it is. */
export function withoutSteps(levels: readonly number[], steps: readonly Step[]): number[] {
  if (steps.length === 0) return [...levels];
  return levels.map((level, i) => {
    let added = 0;
    for (const { from, to, bytes } of steps) if (i < to) added += i <= from ? bytes : (bytes * (to - i)) / (to - from);
    return level + added;
  });
}
