/** One `NAME=value` of an env file that is written plainly: no escapes, no variables, on one line. */
export type Assignment = { line: number; value: string; start: number; end: number };

type Piece = { literal: string } | { name: string; op: string; rest: string };

const assignment =
  /^([ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*)(?:"([^"\\$\n]*)"|'([^'\\\n]*)'|([^\s"'#\\$`]*))[ \t]*(?:[ \t]#.*)?$/;

/**
 * The plain assignments of an env file by name, null for a name that has several or is not written plainly; undefined where
 * the file holds lines that are none of it, so that nothing is sure.
 */
export function assignmentsIn(text: string): Map<string, Assignment | null> | undefined {
  const found = new Map<string, Assignment | null>();
  let at = 0;
  for (const [index, raw] of text.split("\n").entries()) {
    const bom = index === 0 && raw.startsWith("\uFEFF") ? 1 : 0;
    const line = raw.slice(bom).replace(/\r$/, "");
    const start = at + bom;
    at += raw.length + 1;
    if (/^\s*(#.*)?$/.test(line)) continue;
    const match = assignment.exec(line);
    const name = match?.[2] ?? /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s*[^\s"'][^"'\\]*$/.exec(line)?.[1];
    // A quote that does not end here may go on over lines that look like others.
    if (name === undefined) return undefined;
    const value = match?.[3] ?? match?.[4] ?? match?.[5];
    if (match === null || value === undefined || found.has(name)) {
      found.set(name, null);
      continue;
    }
    const quoted = match[5] === undefined ? 1 : 0;
    const from = start + (match[1]?.length ?? 0) + quoted;
    found.set(name, { line: index + 1, value, start: from, end: from + value.length });
  }
  return found;
}

/** The variables that an image scalar uses; undefined for a form that is not understood. */
export function variablesOf(says: string): string[] | undefined {
  return piecesOf(says)?.flatMap((piece) => ("name" in piece ? [piece.name] : []));
}

/** What an image scalar comes to; undefined where a variable is missing or the form is not understood. */
export function interpolate(says: string, lookUp: (name: string) => string | undefined): string | undefined {
  let text = "";
  for (const piece of piecesOf(says) ?? [undefined]) {
    if (piece === undefined) return undefined;
    if ("literal" in piece) {
      text += piece.literal;
      continue;
    }
    const value = lookUp(piece.name);
    const isSet = value !== undefined && (value !== "" || !piece.op.startsWith(":"));
    if (isSet) text += value;
    else if (piece.op.endsWith("-")) text += piece.rest;
    else return undefined;
  }
  return text;
}

/** The variable that is the whole image or its whole tag; undefined where there is no such. */
export function decidingVariable(says: string): { name: string; part: "image" | "tag"; before: string } | undefined {
  const pieces = piecesOf(says) ?? [];
  const last = pieces.at(-1);
  if (last === undefined || !("name" in last)) return undefined;
  if (pieces.length === 1) return { name: last.name, part: "image", before: "" };
  const previous = pieces.at(-2);
  if (previous === undefined || !("literal" in previous) || !previous.literal.endsWith(":")) return undefined;
  const used = pieces.filter((piece) => "name" in piece && piece.name === last.name);
  if (used.length > 1) return undefined;
  return { name: last.name, part: "tag", before: says.slice(0, says.lastIndexOf("$")) };
}

// https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md, without nested ones and without "+".
function piecesOf(says: string): Piece[] | undefined {
  const form = /\$\$|\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)(?:(:?[-?])([^{}$]*))?\}|[^$]+|\$/g;
  const pieces: Piece[] = [];
  for (const [whole, bare, name, op = "", rest = ""] of says.matchAll(form)) {
    if (whole === "$") return undefined;
    if (whole === "$$") pieces.push({ literal: "$" });
    else if (bare !== undefined) pieces.push({ name: bare, op: "", rest: "" });
    else if (name !== undefined) pieces.push({ name, op, rest });
    else pieces.push({ literal: whole });
  }
  return pieces;
}
