/** A wait that others can end early. One waiter at a time. */
export class Pacer {
  #wake: (() => void) | undefined;
  #woken = false;

  /** Resolves after the time, at `wake()`, or at once when `wake()` was called since the last wait. */
  wait(ms: number): Promise<void> {
    if (this.#woken) {
      this.#woken = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        this.#woken = false;
        resolve();
      };
      // setTimeout takes 31 bits; what is further away is asked for again.
      const timer = setTimeout(done, Math.min(Math.max(0, ms), 2 ** 31 - 1));
      this.#wake = done;
    });
  }

  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }
}
