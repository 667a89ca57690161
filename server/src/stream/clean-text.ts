/** Text that PostgreSQL can store, in text and jsonb: no NUL, no lone surrogates; cut to `max` UTF-16 units. */
export function cleanText(text: string, max: number): string {
  const cut = text.length > max ? text.slice(0, max) : text;
  return (cut.includes("\0") ? cut.replaceAll("\0", "�") : cut).toWellFormed();
}

const deepest = 32;

/** Parses attributes: a JSON object, cleaned for jsonb. Undefined when it is none or nested deeper than 32. */
export function parseObject(json: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const clean = cleanValue(value, 0);
  return clean === tooDeep ? undefined : (clean as Record<string, unknown>);
}

const tooDeep = Symbol("too deep");

function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return cleanText(value, value.length);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= deepest) return tooDeep;
  if (Array.isArray(value)) {
    const items = value.map((item) => cleanValue(item, depth + 1));
    return items.includes(tooDeep) ? tooDeep : items;
  }
  const out: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    const clean = cleanValue(item, depth + 1);
    if (clean === tooDeep) return tooDeep;
    out.push([cleanText(key, key.length), clean]);
  }
  return Object.fromEntries(out);
}
