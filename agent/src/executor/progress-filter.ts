const everyMs = 500;

/**
 * Lets a phase's progress through when it says something new, another text or ten percent more, and the last one is half
 * a second ago. Times in ms.
 */
export class ProgressFilter {
  #told = "";
  #at = Number.NEGATIVE_INFINITY;

  /** Whether this is worth telling; if so it counts as told. */
  admits(message: string, percent: number, at: number): boolean {
    const text = `${Math.floor(percent / 10)} ${message}`;
    if (text === this.#told || at - this.#at < everyMs) return false;
    this.#told = text;
    this.#at = at;
    return true;
  }
}
