/** Bounds of what may be sent and not yet acknowledged. */
export const windowBounds = { startRecords: 64, maxRecords: 1024, maxBytes: 2 << 20, liveRecords: 64 } as const;

/**
 * The records in flight of one session. The backlog's window opens with each acknowledgement up to its bound; live
 * records have room of their own, so that the backlog never stands in their way.
 */
export class Window {
  readonly #inFlight = new Map<number, { bytes: number; at: number }>();
  #bytes = 0;
  #limit: number = windowBounds.startRecords;

  get size(): number {
    return this.#inFlight.size;
  }

  roomForBacklog(): boolean {
    return this.#inFlight.size < this.#limit && this.#bytes < windowBounds.maxBytes;
  }

  roomForLive(): boolean {
    return this.#inFlight.size < this.#limit + windowBounds.liveRecords && this.#bytes < 2 * windowBounds.maxBytes;
  }

  /** The records in flight, in the order of sending. */
  all(): number[] {
    return [...this.#inFlight.keys()];
  }

  has(seq: number): boolean {
    return this.#inFlight.has(seq);
  }

  /** `at` in ms of a clock that is never set. */
  sent(seq: number, bytes: number, at: number): void {
    this.#inFlight.set(seq, { bytes, at });
    this.#bytes += bytes;
  }

  /** When the record that has been in flight longest was sent; Infinity when there is none. */
  oldestSentAt(): number {
    for (const { at } of this.#inFlight.values()) return at;
    return Number.POSITIVE_INFINITY;
  }

  /** Takes first..last out of flight. */
  acknowledged(first: number, last: number): void {
    const before = this.#inFlight.size;
    if (last - first < before) for (let seq = first; seq <= last; seq++) this.#landed(seq);
    else for (const seq of this.#inFlight.keys()) if (seq >= first && seq <= last) this.#landed(seq);
    this.#limit = Math.min(windowBounds.maxRecords, this.#limit + before - this.#inFlight.size);
  }

  #landed(seq: number): void {
    const landed = this.#inFlight.get(seq);
    if (landed === undefined) return;
    this.#inFlight.delete(seq);
    this.#bytes -= landed.bytes;
  }
}
