/** Where a page ended: the sort it was made for, the last row's sort value and id as PostgreSQL prints them. */
export type Cursor = { sort: string; value: string; id: string };

/** Packs a cursor into text that clients hand back unread. */
export function encodeCursor(cursor: Cursor): string {
  const bytes = new TextEncoder().encode(JSON.stringify([cursor.sort, cursor.value, cursor.id]));
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}

/** Unpacks what `encodeCursor` made; undefined for anything else. */
export function decodeCursor(text: string): Cursor | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined;
  try {
    const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0));
    const parts: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (!Array.isArray(parts) || parts.length !== 3) return undefined;
    const [sort, value, id] = parts as unknown[];
    if (typeof sort !== "string" || typeof value !== "string" || typeof id !== "string") return undefined;
    return { sort, value, id };
  } catch {
    return undefined;
  }
}
