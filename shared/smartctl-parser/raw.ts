export type DecodedRaw = { decoded: number | null; parts: Record<string, number> };

/** Attributes whose raw value counts sectors, events or errors. */
const counting = new Set([5, 10, 184, 187, 188, 196, 197, 198, 199, 201]);
const seagateRates = new Set([1, 7, 195]);
const word = 2 ** 16;
const doubleWord = 2 ** 32;
const allOnes = new Set([doubleWord - 1, 2 ** 48 - 1, 2 ** 56 - 1]);

/**
 * The value in an ATA attribute's 48-bit raw one. smartctl's own reading (`rawText`) goes first, as it knows the model;
 * what is still packed is taken apart, and what no drive can have counted is null or cut to its low word.
 */
export function decodeRaw(id: number, raw: number | null, rawText: string | null, seagate: boolean): DecodedRaw {
  const duration = /^(\d+)h(?:\+(\d+)m)?(?:\+(\d+(?:\.\d+)?)s)?/.exec(rawText ?? "");
  if (duration) return plain(Number(duration[1]) + Number(duration[2] ?? 0) / 60 + Number(duration[3] ?? 0) / 3600);
  const numbers = numbersIn(rawText);
  const first = numbers[0] ?? raw;
  if (first === null || first === undefined || !Number.isFinite(first) || first < 0) return plain(null);

  if (id === 188) return commandTimeouts(numbers.length === 3 ? numbers : words(first));
  // A rate of errors over operations: https://github.com/Seagate/ToolBin keeps them as 16 and 32 bits of one number.
  if (seagate && seagateRates.has(id) && numbers.length < 2) {
    const errors = Math.floor(first / doubleWord);
    return { decoded: errors, parts: { errors, operations: first % doubleWord } };
  }
  if (id === 190 || id === 194) return temperature(first, numbers, rawText);
  if (!counting.has(id)) return plain(first);
  if (allOnes.has(first)) return plain(null);
  return first < doubleWord ? plain(first) : { decoded: first % word, parts: { packed: first } };
}

/** Command timeouts: over 7.5 s, over 5 s, all; each includes those before it. */
function commandTimeouts(counts: number[]): DecodedRaw {
  const [over7500ms = 0, over5s = 0, all = 0] = counts;
  if (all === word - 1 && over5s === word - 1) return plain(null);
  return { decoded: all, parts: { over7500ms, over5s, all } };
}

function temperature(first: number, numbers: number[], rawText: string | null): DecodedRaw {
  const celsius = first > 255 ? first % 256 : first;
  const range = /Min\/Max (-?\d+)\/(-?\d+)/.exec(rawText ?? "");
  if (range) return { decoded: celsius, parts: { min: Number(range[1]), max: Number(range[2]) } };
  return { decoded: celsius, parts: numbers.length > 2 && numbers[2] !== undefined ? { lowest: numbers[2] } : {} };
}

function words(value: number): number[] {
  return [Math.floor(value / doubleWord) % word, Math.floor(value / word) % word, value % word];
}

function numbersIn(text: string | null): number[] {
  if (text === null) return [];
  const hex = /^0x([0-9a-f]{1,16})$/i.exec(text);
  if (hex?.[1]) return [Number.parseInt(hex[1], 16)];
  if (!/^-?\d/.test(text)) return [];
  return (text.slice(0, 100).match(/-?\d+(?:\.\d+)?/g) ?? []).slice(0, 8).map(Number);
}

function plain(decoded: number | null): DecodedRaw {
  return { decoded, parts: {} };
}
