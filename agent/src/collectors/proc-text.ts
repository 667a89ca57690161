// The kernel's tables are read each pass, so they are scanned in place: no splitting into lines and words.

const newline = 10;
const space = 32;
const zero = 48;
const nine = 57;

/** Reads decimal integers separated by spaces from `at` to the line's end into `out`; returns how many there were. */
export function scanIntegers(text: string, at: number, out: Float64Array): number {
  let count = 0;
  let value = -1;
  for (let i = at; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : newline;
    if (code >= zero && code <= nine) {
      value = (value < 0 ? 0 : value * 10) + (code - zero);
      continue;
    }
    if (value >= 0) {
      if (count === out.length) return count;
      out[count++] = value;
      value = -1;
    }
    if (code !== space) break;
  }
  return count;
}

/** The integer that follows `key` at the start of a line, NaN where there is none. */
export function integerAfter(text: string, key: string): number {
  const at = lineAfter(text, key);
  return at >= 0 && scanIntegers(text, at, single) === 1 ? (single[0] as number) : Number.NaN;
}

const single = new Float64Array(1);

/** Position behind `key` at the start of a line, or -1. */
export function lineAfter(text: string, key: string): number {
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
    if (at === 0 || text.charCodeAt(at - 1) === newline) return at + key.length;
  }
  return -1;
}
