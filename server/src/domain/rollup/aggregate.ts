/** One roll-up row: `count` samples, and for each value min, mean and max of those that were not NaN (NaN: none was). */
export type Aggregate = { count: number; min: Float32Array; avg: Float32Array; max: Float32Array };

/**
 * Running aggregate of one resource in one window: parallel min, max, sum and weight, one of each a value.
 * Grows when a sample has more values than those before it (a newer agent), so old and new ones mix.
 */
export class Accumulator {
  count = 0;
  width: number;
  private cells: Float64Array;

  constructor(width: number) {
    this.width = width;
    this.cells = fresh(width);
  }

  /** Adds one sample. */
  add(values: Float32Array): void {
    if (values.length > this.width) this.widen(values.length);
    const { cells } = this;
    this.count++;
    for (let i = 0, at = 0; i < values.length; i++, at += 4) {
      const value = values[i] as number;
      if (Number.isNaN(value)) continue;
      if (value < (cells[at] as number)) cells[at] = value;
      if (value > (cells[at + 1] as number)) cells[at + 1] = value;
      cells[at + 2] = (cells[at + 2] as number) + value;
      cells[at + 3] = (cells[at + 3] as number) + 1;
    }
  }

  /** Adds a finer roll-up row; its mean weighs as many samples as it counts. */
  merge(row: Aggregate): void {
    if (row.avg.length > this.width) this.widen(row.avg.length);
    const { cells } = this;
    this.count += row.count;
    for (let i = 0, at = 0; i < row.avg.length; i++, at += 4) {
      const avg = row.avg[i] as number;
      if (Number.isNaN(avg)) continue;
      const min = row.min[i] as number;
      const max = row.max[i] as number;
      if (min < (cells[at] as number)) cells[at] = min;
      if (max > (cells[at + 1] as number)) cells[at + 1] = max;
      cells[at + 2] = (cells[at + 2] as number) + avg * row.count;
      cells[at + 3] = (cells[at + 3] as number) + row.count;
    }
  }

  /** The row so far. */
  result(): Aggregate {
    const min = new Float32Array(this.width);
    const avg = new Float32Array(this.width);
    const max = new Float32Array(this.width);
    for (let i = 0, at = 0; i < this.width; i++, at += 4) {
      const weight = this.cells[at + 3] as number;
      min[i] = weight === 0 ? Number.NaN : (this.cells[at] as number);
      avg[i] = weight === 0 ? Number.NaN : (this.cells[at + 2] as number) / weight;
      max[i] = weight === 0 ? Number.NaN : (this.cells[at + 1] as number);
    }
    return { count: this.count, min, avg, max };
  }

  private widen(width: number): void {
    const wider = fresh(width);
    wider.set(this.cells);
    this.cells = wider;
    this.width = width;
  }
}

function fresh(width: number): Float64Array {
  const cells = new Float64Array(width * 4);
  for (let at = 0; at < cells.length; at += 4) {
    cells[at] = Number.POSITIVE_INFINITY;
    cells[at + 1] = Number.NEGATIVE_INFINITY;
  }
  return cells;
}
