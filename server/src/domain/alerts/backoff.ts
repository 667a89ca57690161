const firstSeconds = 5;
const mostSeconds = 900;

/** After so long a message is given up. */
export const giveUpSeconds = 24 * 3600;

/**
 * Seconds until the next attempt after `attempts` that failed: doubling from 5 s to 15 min, of which `random` (0 to 1)
 * takes away up to half; never less than the receiver asked for. Null: it is too old, give up.
 */
export function nextAttempt(attempts: number, ageSeconds: number, random: number, askedSeconds = 0): number | null {
  if (ageSeconds >= giveUpSeconds) return null;
  const whole = Math.min(mostSeconds, firstSeconds * 2 ** Math.min(attempts - 1, 20));
  return Math.max(whole * (1 - random / 2), Math.min(askedSeconds, 3600));
}
