/** The wishes of people to have a command end. */
export type Cancels = {
  /** Aborts at the first one. */
  signal: AbortSignal;
  /** Aborts at the next one from now on. */
  next(): AbortSignal;
  cancel(): void;
};

/** Of a command that nobody has cancelled yet. */
export function createCancels(): Cancels {
  const first = new AbortController();
  let next = new AbortController();
  return {
    signal: first.signal,
    next: () => next.signal,
    cancel() {
      const now = next;
      next = new AbortController();
      first.abort();
      now.abort();
    },
  };
}
