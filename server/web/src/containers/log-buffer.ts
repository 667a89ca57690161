/** As the API tells it, and notes of the page's own between the lines. */
export type LogLine = { at: string; stream: "stdout" | "stderr" | "note"; text: string };
export type ShownLine = LogLine & { seq: number };

const defaultMost = 50_000;

/**
 * The newest lines of a log. While it is held, what comes waits unseen, so that what someone reads stays where it is.
 */
export class LogBuffer {
  /** Lines that pass the filter, oldest first; another array whenever it changed. */
  shown: readonly ShownLine[] = [];
  /** Lines that came since it is held. */
  waiting = 0;
  #all: ShownLine[] = [];
  #held: ShownLine[] | undefined;
  #filter = "";
  #next = 0;
  #newest = "";
  readonly #most: number;

  constructor(most = defaultMost) {
    this.#most = most;
  }

  get length(): number {
    return this.#all.length;
  }

  /** Time of the newest line, empty before the first one. */
  get newest(): string {
    return this.#newest;
  }

  add(lines: readonly LogLine[]): void {
    const numbered = lines.map((line) => ({ ...line, seq: this.#next++ }));
    for (const { at } of lines) if (at > this.#newest) this.#newest = at;
    if (this.#held !== undefined) {
      this.#held = last([...this.#held, ...numbered], this.#most);
      this.waiting += lines.length;
      return;
    }
    this.#append(numbered);
  }

  hold(on: boolean): void {
    if (on === (this.#held !== undefined)) return;
    if (on) {
      this.#held = [];
      return;
    }
    const waited = this.#held ?? [];
    this.#held = undefined;
    this.waiting = 0;
    this.#append(waited);
  }

  /** A part of the text, capitals or not; empty: all. */
  filter(text: string): void {
    this.#filter = text.toLowerCase();
    this.shown = this.#all.filter((line) => this.#passes(line));
  }

  clear(): void {
    this.#all = [];
    this.#held = this.#held && [];
    this.shown = [];
    this.waiting = 0;
    this.#newest = "";
  }

  #append(lines: readonly ShownLine[]): void {
    if (lines.length === 0) return;
    this.#all = last([...this.#all, ...lines], this.#most);
    const first = this.#all[0]?.seq ?? 0;
    const kept = this.shown.findIndex(({ seq }) => seq >= first);
    const old = kept < 0 ? [] : kept === 0 ? this.shown : this.shown.slice(kept);
    this.shown = [...old, ...last(lines, this.#most).filter((line) => this.#passes(line))];
  }

  #passes({ stream, text }: LogLine): boolean {
    return stream === "note" || this.#filter === "" || text.toLowerCase().includes(this.#filter);
  }
}

function last<T>(items: readonly T[], most: number): T[] {
  return items.length > most ? items.slice(items.length - most) : [...items];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const colours = /\u001b\[[0-9;:?]*[A-Za-z]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A line as it is shown: without the colours that terminals know, other control characters as signs that are seen. */
export function visible(text: string): string {
  return text.replace(colours, "").replace(controls, (sign) => {
    const code = sign.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "\u2421" : "\ufffd";
  });
}
