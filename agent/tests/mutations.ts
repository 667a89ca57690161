import fc from "fast-check";
import { expect } from "vitest";

const bits = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom(
    "\n",
    "\t",
    "  ",
    " : ",
    "-",
    "%",
    "[",
    "]",
    "{",
    "}",
    '"',
    "null",
    "\u0000",
    "\ud800",
    "1e999",
    "-1",
  ),
  fc.constant("99999999999999999999"),
);

/**
 * One of these texts with up to 8 places replaced, cut out or repeated, and its end cut off at times; of one that is JSON
 * often a value of another type instead.
 */
export function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({ at: fc.nat(), length: fc.nat(80), put: bits, repeats: fc.nat(1) });
  return fc
    .record({
      text: fc.constantFrom(...texts),
      edits: fc.array(edit, { maxLength: 8 }),
      end: fc.oneof(
        { weight: 3, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
      ),
    })
    .map(({ text, edits, end }) => {
      if (end === 1 && edits.length % 2 === 1) {
        const retyped = withOtherTypes(text, edits);
        if (retyped !== undefined) return retyped;
      }
      let changed = text;
      for (const { at, length, put, repeats } of edits) {
        const from = at % (changed.length + 1);
        const part = changed.slice(from, from + length);
        changed =
          changed.slice(0, from) + (repeats === 1 ? part + part : put) + changed.slice(from + length * (1 - repeats));
      }
      return changed.slice(0, Math.ceil(changed.length * end));
    });
}

const others: readonly unknown[] = [null, [], {}, 7, -1, true, "", "x", [null], [7], { x: null }, "N/A", 1e300];

/** The JSON with a value of another type in each of those places; undefined where the text is none. */
function withOtherTypes(text: string, edits: readonly { at: number; length: number }[]): string | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const document = JSON.parse(text) as Record<string, unknown>;
  for (const { at, length } of edits) {
    let here = document;
    for (let rest = at; ; rest = Math.floor(rest / 7)) {
      const keys = Object.keys(here);
      const key = keys[rest % keys.length];
      if (key === undefined) break;
      const next = here[key];
      if (typeof next === "object" && next !== null && rest % 7 < 6) {
        here = next as Record<string, unknown>;
        continue;
      }
      here[key] = structuredClone(others[length % others.length]);
      break;
    }
  }
  return JSON.stringify(document);
}

const fills = [" ", "1", "a", ":", "{", "1 "];

/**
 * Fails where the parser's time grows much faster than the text: texts repeated, single lines repeated, and lines that
 * do not end. It counts the thread's own CPU time, and only where it is much: a loaded machine changes nothing.
 */
export function expectLinear(parse: (text: string) => unknown, texts: readonly string[]): void {
  const lines = new Set(texts.flatMap((text) => text.split("\n").map((line) => line.replace(/\d+/g, "7"))));
  for (const text of texts) check(`${text.slice(0, 40)} repeated`, 512 << 10, (size) => parse(repeat(text, size)));
  for (const line of [...lines].filter(({ length }) => length < 500)) {
    check(`${line} repeated`, 32 << 10, (size) => parse(repeat(`${line}\n`, size)));
    for (const fill of fills)
      check(`${line}${fill}...`, 32 << 10, (size) => parse(`${line}${repeat(fill, size)}\u0000`));
  }
}

function check(what: string, size: number, parse: (size: number) => unknown): void {
  const big = cpuMs(() => parse(size));
  if (big < 100) return;
  const small = cpuMs(() => parse(size / 16));
  // Sixteen times the text: 256 times where time grows with the square.
  if (big > 80 * small)
    expect.fail(`${JSON.stringify(what)}: ${small.toFixed(1)} ms, of 16 times it ${big.toFixed(0)} ms`);
}

function repeat(text: string, size: number): string {
  return text === "" ? "" : text.repeat(Math.ceil(size / text.length)).slice(0, size);
}

function cpuMs(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
