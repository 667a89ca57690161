import { hash } from "node:crypto";
import type { Labels } from "../db/schema.ts";

/**
 * What tells whether attributes differ, without holding them: one hash of 66 bits for each name. A drive's attributes
 * take 25 KB, their fingerprint 300 bytes.
 */
export type Fingerprint = { names: readonly string[]; hashes: string };

const width = 11;
/** Lists of names are shared, as most resources of a kind have the same; what an agent makes up fills no memory. */
const mostLists = 5000;
const lists = new Map<string, readonly string[]>();

export const noAttributes: Fingerprint = { names: [], hashes: "" };

/** A hash of a JSON value, or a short one itself: the order of an object's members does not matter. */
export function hashOf(value: unknown): string {
  const text = canonical(value);
  return text.length <= width ? text.padEnd(width) : hash("sha1", text, "base64url").slice(0, width);
}

/** The fingerprint of attributes; `more`: hashes of those that are at hand as hashes alone. */
export function fingerprint(attributes: Readonly<Record<string, unknown>>, more: Labels = {}): Fingerprint {
  const found = Object.entries(attributes).map(([name, value]) => [name, hashOf(value)] as const);
  return pack([...found, ...Object.entries(more)]);
}

/** The fingerprint after these were merged over what it stands for. */
export function merged(before: Fingerprint, over: Fingerprint): Fingerprint {
  if (before.names === over.names || before.names.length === 0) return over;
  const all = new Map(before.names.map((name, i) => [name, at(before, i)]));
  over.names.forEach((name, i) => {
    all.set(name, at(over, i));
  });
  return pack([...all]);
}

/** Names in `of` that `known` lacks or knows with another value. */
export function differing(of: Fingerprint, known: Fingerprint): string[] {
  if (of.names === known.names && of.hashes === known.hashes) return [];
  return of.names.filter((name, i) => {
    const place = known.names[i] === name ? i : known.names.indexOf(name);
    return place < 0 || at(known, place) !== at(of, i);
  });
}

/** One attribute's hash; undefined where it has none of that name. */
export function hashAt(of: Fingerprint, name: string): string | undefined {
  const place = of.names.indexOf(name);
  return place < 0 ? undefined : at(of, place);
}

function pack(entries: readonly (readonly [string, string])[]): Fingerprint {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return { names: sharedList(sorted.map(([name]) => name)), hashes: sorted.map(([, each]) => each).join("") };
}

function sharedList(names: string[]): readonly string[] {
  const id = names.join("\0");
  const known = lists.get(id);
  if (known !== undefined) return known;
  if (lists.size >= mostLists) lists.clear();
  lists.set(id, names);
  return names;
}

function at({ hashes }: Fingerprint, place: number): string {
  return hashes.slice(place * width, (place + 1) * width);
}

/** A text that only equal values have in common; quicker to make than JSON, which has to look at each letter. */
function canonical(value: unknown): string {
  if (typeof value === "string") return `s${value.length}:${value}`;
  // As it comes back from the database: infinity is no JSON.
  if (typeof value === "number") return Number.isFinite(value) ? `${value};` : "null;";
  if (typeof value !== "object" || value === null) return `${value};`;
  let text = "";
  if (Array.isArray(value)) {
    for (const item of value) text += canonical(item);
    return `[${text}]`;
  }
  for (const name of sortedNames(value))
    text += `${name.length}:${name}${canonical((value as Record<string, unknown>)[name])}`;
  return `{${text}}`;
}

let names: string[] = [];
let sorted: string[] = [];

/** The members of a table's rows are the same from row to row: sorted once. */
function sortedNames(object: object): string[] {
  const found = Object.keys(object);
  if (found.length === names.length && found.every((name, i) => name === names[i])) return sorted;
  names = found;
  sorted = [...found].sort();
  return sorted;
}
