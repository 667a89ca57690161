/** Share of drives that fail within a year, seen by Backblaze at raw counts from `from` to the next row's. */
export type FailureRate = { from: number; rate: number };

/**
 * Annual failure rates by ATA attribute and count: https://www.backblaze.com/cloud-storage/resources/hard-drive-test-data
 * Each row holds from its own count, which it includes, up to the next row's, which it leaves out; the last one has no
 * end. So there is no hole; a count between two measured ranges has the rate of the lower one.
 */
export const failureRates: Readonly<Record<number, readonly FailureRate[]>> = {
  5: [
    { from: 0, rate: 0.025 },
    { from: 1, rate: 0.027 },
    { from: 5, rate: 0.075 },
    { from: 17, rate: 0.24 },
    { from: 71, rate: 0.36 },
  ],
  187: [
    { from: 0, rate: 0.028 },
    { from: 1, rate: 0.34 },
  ],
  197: [
    { from: 0, rate: 0.026 },
    { from: 1, rate: 0.34 },
    { from: 3, rate: 0.68 },
    { from: 17, rate: 0.96 },
  ],
  198: [
    { from: 0, rate: 0.029 },
    { from: 1, rate: 0.81 },
  ],
  199: [
    { from: 0, rate: 0.041 },
    { from: 2, rate: 0.15 },
    { from: 17, rate: 0.21 },
  ],
};

/** The row a count falls into; undefined for attributes without a table and for what is no count. */
export function failureRate(attribute: number, count: number): FailureRate | undefined {
  if (!(count >= 0)) return undefined;
  return failureRates[attribute]?.findLast((row) => row.from <= Math.floor(count));
}
