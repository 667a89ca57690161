import { Failure } from "../../failure.ts";

type Entry = { failures: number; blockedUntil: number; lastAt: number };

/** After `free` wrong passwords each further one doubles the wait, up to `longest` ms. */
export type Bound = { free: number; longest: number };

/** Slows guessing. Keys are "KIND:...", each kind with a bound of its own. */
export type LoginLimit = {
  /** Throws too_many_requests while one of the keys waits. */
  check(keys: readonly string[], now: number): void;
  /** Counts a try; called before the password is checked, so that a burst of parallel tries gains nothing. */
  fail(keys: readonly string[], now: number): void;
  /** The try was right: forgets the keys, and takes the try off the network. */
  succeed(keys: readonly string[]): void;
};

export type Bounds = { account: Bound; pair: Bound; network: Bound };

const longest = 15 * 60_000;
const forgetAfter = 60 * 60_000;
const mostEntries = 20_000;

/**
 * `pair`: an account from one network; `network`: whoever it tries to be; `account`: from everywhere together, with a
 * short wait, because whoever knows an address could keep its owner out with it.
 */
const usual: Bounds = {
  pair: { free: 5, longest },
  network: { free: 20, longest },
  account: { free: 100, longest: 30_000 },
};

/** Counts in memory, an entry a key; the oldest are forgotten first. */
export function createLoginLimit(bounds: Bounds = usual): LoginLimit {
  const entries = new Map<string, Entry>();
  return {
    check(keys, now) {
      const until = Math.max(...keys.map((key) => entries.get(key)?.blockedUntil ?? 0));
      if (until <= now) return;
      const retryAfterSeconds = Math.ceil((until - now) / 1000);
      throw new Failure("too_many_requests", `Too many wrong passwords: try again in ${retryAfterSeconds} s`, {
        retryAfterSeconds,
      });
    },
    fail(keys, now) {
      for (const key of keys) {
        const known = entries.get(key);
        const failures = known === undefined || now - known.lastAt > forgetAfter ? 1 : known.failures + 1;
        const bound = bounds[key.slice(0, key.indexOf(":")) as keyof Bounds];
        const over = failures - bound.free;
        const wait = over < 0 ? 0 : Math.min(bound.longest, 1000 * 2 ** Math.min(over, 20));
        entries.delete(key);
        entries.set(key, { failures, blockedUntil: now + wait, lastAt: now });
      }
      for (const key of entries.keys()) {
        if (entries.size <= mostEntries) break;
        entries.delete(key);
      }
    },
    succeed(keys) {
      for (const key of keys) {
        const entry = entries.get(key);
        if (entry === undefined) continue;
        if (!key.startsWith("network:") || entry.failures <= 1) entries.delete(key);
        else entries.set(key, { ...entry, failures: entry.failures - 1, blockedUntil: 0 });
      }
    },
  };
}
