/** How a session ended that the server broke off because of a frame that it takes for malformed. */
export type Rejection = {
  /** The records sent and not acknowledged. */
  inFlight: number[];
  /** The one record that it can only have been: sent alone, after others of this session were acknowledged. */
  culprit: number | undefined;
};

/** Sessions in a row that one record must have ended, all by itself, before it is given up. */
const proofs = 2;

/**
 * Finds the record for which a server ends every session, which would hold up all behind it for ever. After a session was
 * rejected, what it had in flight is sent one at a time, behind a newer record that shows that the server takes others:
 * a server that takes nothing costs no record.
 */
export class Suspects {
  readonly #isSettled: (seq: number) => boolean;
  #seqs: number[] = [];
  #blamed = { seq: 0, times: 0 };

  constructor(isSettled: (seq: number) => boolean) {
    this.#isSettled = isSettled;
  }

  /** True while there are suspects: records go one at a time. */
  careful(): boolean {
    for (let seq = this.#seqs.at(-1); seq !== undefined && this.#isSettled(seq); seq = this.#seqs.at(-1)) {
      this.#seqs.pop();
    }
    return this.#seqs.length > 0;
  }

  has(seq: number): boolean {
    return this.#seqs.includes(seq);
  }

  /** Takes in how a session ended; returns the number of a record to give up. */
  rejected({ inFlight, culprit }: Rejection): number | undefined {
    const all = new Set([...this.#seqs, ...inFlight]);
    this.#seqs = [...all].filter((seq) => !this.#isSettled(seq)).sort((a, b) => a - b);
    if (culprit === undefined) return undefined;
    this.#blamed = { seq: culprit, times: this.#blamed.seq === culprit ? this.#blamed.times + 1 : 1 };
    return this.#blamed.times >= proofs ? culprit : undefined;
  }
}
