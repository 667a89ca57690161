import { vi } from "vitest";

/** Tries until `check` no longer throws. The patience (ms) is for a busy machine, not for what is checked. */
export function eventually<T>(check: () => T | Promise<T>, patienceMs = 20_000): Promise<T> {
  return vi.waitFor(check, { timeout: patienceMs, interval: 20 });
}
