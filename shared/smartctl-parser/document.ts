import { isObject, type Json } from "./json.ts";
import { leftAsleep } from "./power.ts";

export type Document = { ok: true; json: Json; preamble: string[] } | { ok: false; error: string };

const maxLength = 32 * 1024 * 1024;
const maxStarts = 8;
const maxWords = 10_000;

/** Finds the JSON object in smartctl's output: old versions print lines before it. Takes parsed JSON as well. */
export function readDocument(input: unknown): Document {
  if (typeof input !== "string") {
    return isObject(input) ? { ok: true, json: input, preamble: [] } : refuse("is neither text nor an object");
  }
  if (input.length > maxLength) return refuse(`is longer than ${maxLength} characters`);
  const text = input.replace(/^\uFEFF/, "").trim();
  if (text === "") return refuse("is empty");
  const end = text.lastIndexOf("}") + 1;
  for (const start of starts(text)) {
    const json = parse(text.slice(start, end));
    if (json) return { ok: true, json, preamble: lines(text.slice(0, start)) };
  }
  // -n standby ends a run before any JSON is written in some versions.
  if (text.length < maxWords && !text.includes("{")) {
    const sleeping = lines(text).filter(leftAsleep);
    if (sleeping.length > 0) return { ok: true, json: { smartctl: {} }, preamble: sleeping };
  }
  return refuse(text.includes("{") ? "holds JSON that is damaged or cut off" : `holds no JSON: ${quote(text)}`);
}

/** The first brace, and those that begin a line: any other is inside the object, and would give one of its parts. */
function starts(text: string): number[] {
  const found = new Set([text.indexOf("{")]);
  for (let i = text.indexOf("\n{"); i >= 0 && found.size < maxStarts; i = text.indexOf("\n{", i + 1)) found.add(i + 1);
  return [...found].filter((start) => start >= 0);
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function lines(text: string): string[] {
  const found = text.split("\n").map((line) => line.trim().slice(0, 300));
  return found.filter((line) => line !== "").slice(0, 5);
}

function quote(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return JSON.stringify(line.length > 120 ? `${line.slice(0, 120)}...` : line);
}

function refuse(what: string): Document {
  return { ok: false, error: `smartctl's output ${what}` };
}
