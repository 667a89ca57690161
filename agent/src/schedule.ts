import { createHash } from "node:crypto";

/**
 * When the next pass is due, Unix ms: on multiples of the interval, moved by this host's own share of it, so that a
 * fleet does not report in one instant. Always later than `now`.
 */
export function nextPassAt(now: number, intervalMs: number, share: number): number {
  const offset = Math.floor(intervalMs * share);
  return Math.floor((now - offset) / intervalMs) * intervalMs + intervalMs + offset;
}

/** A host's fixed share, 0 to 1. */
export function shareOf(identity: string): number {
  return createHash("sha256").update(identity).digest().readUInt32BE(0) / 2 ** 32;
}

/** A step back of the clock up to this is bridged; beyond it the new clock is believed. */
export const bridgedMs = 60_000;

/**
 * Times for reports that never repeat and never run back, whatever the wall clock does: after a small step back they go
 * on at half speed until the clock has caught up. After a larger one (it had been wrong before) they follow the clock.
 * `stepped` then says by how many ms.
 */
export class ReportClock {
  #lastAt: number;
  #lastMono: number;

  constructor(lastAt: number, mono: number) {
    this.#lastAt = lastAt;
    this.#lastMono = mono;
  }

  /** `wall` in Unix ms, `mono` in ms of a clock that is never set. */
  stamp(wall: number, mono: number): { at: number; stepped: number } {
    const back = this.#lastAt - wall;
    let at = Math.round(wall);
    let stepped = 0;
    if (back >= 0 && back <= bridgedMs) at = this.#lastAt + Math.max(1, Math.floor((mono - this.#lastMono) / 2));
    else if (back > bridgedMs) stepped = back;
    this.#lastAt = at;
    this.#lastMono = mono;
    return { at, stepped };
  }
}
