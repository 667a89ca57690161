/** A JSON object whose members may be anything. */
export type Json = Record<string, unknown>;

/**
 * The object of a JSON text, whatever a tool printed before it; integers that a double can't hold (GUIDs) become strings.
 * Undefined where there is none.
 */
export function parseJson(text: string): Json | undefined {
  const start = text.indexOf("{");
  if (start < 0) return undefined;
  try {
    return record(JSON.parse(text.slice(start), exact as (key: string, value: unknown) => unknown));
  } catch {
    return undefined;
  }
}

function exact(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return /^\d+$/.test(context?.source ?? "") ? context?.source : value;
}

/** The value as an object, empty where it is none. */
export function record(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** The value as a text, empty where it is none. */
export function string(value: unknown): string {
  return typeof value === "string" ? value : "";
}
