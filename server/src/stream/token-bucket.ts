/** Allows `perSecond` units on average and `burst` at once; times in Unix ms are arguments. */
export type TokenBucket = {
  /** Takes the units, going into debt if need be; returns the milliseconds to wait before taking more. */
  take(units: number, now: number): number;
  /** True when one unit is there; takes nothing. */
  ready(now: number): boolean;
};

export function createTokenBucket(perSecond: number, burst: number, now: number): TokenBucket {
  let tokens = burst;
  let at = now;
  function refill(to: number): void {
    tokens = Math.min(burst, tokens + (Math.max(0, to - at) / 1000) * perSecond);
    at = Math.max(at, to);
  }
  return {
    take(units, to) {
      refill(to);
      tokens -= units;
      return tokens >= 0 ? 0 : Math.ceil((-tokens / perSecond) * 1000);
    },
    ready(to) {
      refill(to);
      return tokens >= 1;
    },
  };
}
