import { Failure } from "../../failure.ts";

type Entry = { failures: number; blockedUntil: number; lastAt: number };

/** Slows guessing: after `free` wrong passwords each further one doubles the wait, up to 15 minutes. */
export type LoginLimit = {
  /** Throws too_many_requests while one of the keys waits. */
  check(keys: readonly string[], now: number): void;
  /** Counts a try; called before the password is checked, so that a burst of parallel tries gains nothing. */
  fail(keys: readonly string[], now: number): void;
  /** The try was right: forgets the account and takes the try off the address. */
  succeed(keys: readonly string[]): void;
};

const longest = 15 * 60_000;
const forgetAfter = 60 * 60_000;
const mostEntries = 20_000;

/** Counts in memory, an entry a key ("account:..." or "ip:..."); the oldest are forgotten first. */
export function createLoginLimit(free: { account: number; ip: number } = { account: 5, ip: 20 }): LoginLimit {
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
        const over = failures - (key.startsWith("ip:") ? free.ip : free.account);
        const wait = over < 0 ? 0 : Math.min(longest, 1000 * 2 ** Math.min(over, 20));
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
        if (!key.startsWith("ip:") || entry.failures <= 1) entries.delete(key);
        else entries.set(key, { ...entry, failures: entry.failures - 1, blockedUntil: 0 });
      }
    },
  };
}
