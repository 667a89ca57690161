// Lines of tools are short; what is longer is not theirs, and patterns are not to be tried on it.
const longest = 1_000;

/** Values by key; of a key that comes again the first counts. */
export type Values = {
  /** The first of these keys that has a value, without regard to case: versions of one tool differ in it. */
  get(...keys: string[]): string;
  /** Keys as the tool writes them. */
  entries: readonly (readonly [key: string, value: string])[];
};

/** Lines of a text, each cut at a thousand characters. */
export function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.slice(0, longest).replace(/\r$/, ""));
}

/** Cuts lines before each one that matches (without the blanks at its ends); what stands before the first is left out. */
export function cutBefore(lines: readonly string[], heading: RegExp): string[][] {
  const parts: string[][] = [];
  for (const line of lines) {
    if (heading.test(line.trim())) parts.push([line]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}

/** The lines before the first that matches (without the blanks at its ends), all where none does. */
export function linesUntil(lines: readonly string[], end: RegExp): string[] {
  const at = lines.findIndex((line) => end.test(line.trim()));
  return at < 0 ? [...lines] : lines.slice(0, at);
}

/** What the lines "key : value" among these say. */
export function valuesOf(lines: readonly string[]): Values {
  const found = new Map<string, readonly [string, string]>();
  for (const line of lines) {
    const pair = keyValue(line);
    if (pair !== undefined && !found.has(pair[0].toLowerCase())) found.set(pair[0].toLowerCase(), pair);
  }
  return {
    get(...keys) {
      for (const key of keys) {
        const value = found.get(key.toLowerCase())?.[1] ?? "";
        if (value !== "") return value;
      }
      return "";
    },
    entries: [...found.values()],
  };
}

/** "key : value" of a line, blanks squeezed in the key; undefined where it is none. The value keeps its inner blanks. */
function keyValue(line: string): [key: string, value: string] | undefined {
  // Some keys hold a colon: "Reported Channel,Device(T:L) : 0,10(10:0)".
  const spaced = line.indexOf(" : ");
  const at = spaced > 0 ? spaced + 1 : line.indexOf(":");
  if (at <= 0) return undefined;
  const key = line.slice(0, at).trim().replace(/\s+/g, " ");
  return key === "" ? undefined : [key, line.slice(at + 1).trim()];
}
