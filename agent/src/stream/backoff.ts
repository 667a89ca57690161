/** How long to wait between attempts. `slow` is for refusals that a soon retry won't change. */
export const pauses = {
  normal: { baseMs: 1_000, capMs: 60_000, forgetMs: 60_000 },
  slow: { baseMs: 10_000, capMs: 300_000, forgetMs: 600_000 },
} as const;

/** Counts failed attempts; every way out of a session goes through it. */
export class Backoff {
  #attempts = 0;
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** Pause before the next attempt, ms: full jitter over a doubling bound. A session that lived long clears the count. */
  next(end: { slow: boolean; livedMs: number }): number {
    const { baseMs, capMs, forgetMs } = end.slow ? pauses.slow : pauses.normal;
    if (end.livedMs >= forgetMs) this.#attempts = 0;
    const bound = Math.min(capMs, baseMs * 2 ** Math.min(this.#attempts, 20));
    this.#attempts++;
    return Math.floor(this.#random() * bound);
  }
}
