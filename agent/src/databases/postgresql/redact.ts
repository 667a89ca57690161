const maxText = 500;

/**
 * A statement without its literals and comments: strings, dollar quotes and numbers become `?`, white space one blank, 500
 * characters at most. A literal that is cut off, or may end elsewhere than it seems (backslashes), takes the rest with it.
 */
export function redact(statement: string): string {
  let out = "";
  let at = 0;
  while (at < statement.length && out.length <= maxText * 2) {
    token.lastIndex = at;
    const [shown, end] = next(statement, at);
    out += shown;
    at = end;
  }
  const line = out.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return line.length > maxText ? `${line.slice(0, maxText - 1)}…` : line;
}

// Sticky: one piece of SQL that is neither literal nor comment.
const token = /"(?:[^"]|"")*(?:"|$)|\$\d+|[\p{L}_][\p{L}\p{N}_$]*|\d[\p{L}\p{N}_.]*|\s+/uy;
const dollarQuote = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy;

/** What to show for the piece at `at`, and where the next begins. */
function next(text: string, at: number): [string, number] {
  const two = text.slice(at, at + 2);
  if (two === "--") return [" ", lineEnd(text, at)];
  if (two === "/*") return [" ", commentEnd(text, at)];
  if (text[at] === "'") return ["?", stringEnd(text, at)];
  dollarQuote.lastIndex = at;
  const quote = dollarQuote.exec(text)?.[0];
  if (quote !== undefined) return ["?", after(text, quote, at + quote.length)];
  const piece = token.exec(text)?.[0];
  if (piece === undefined) return [text[at] ?? "", at + 1];
  // E'...', B'...', X'...', N'...' and U&'...' are literals with a prefix.
  if (/^[ebxn]$/i.test(piece) && text[at + 1] === "'") return ["?", stringEnd(text, at + 1)];
  if (/^u$/i.test(piece) && text.startsWith("&'", at + 1)) return ["?", stringEnd(text, at + 2)];
  return [/^\d/.test(piece) ? "?" : piece, at + piece.length];
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

function after(text: string, what: string, from: number): number {
  const end = text.indexOf(what, from);
  return end < 0 ? text.length : end + what.length;
}

// They nest in PostgreSQL.
function commentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const two = text.slice(at, at + 2);
    if (two === "/*") depth++;
    else if (two === "*/") depth--;
    else continue;
    at++;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== "'") continue;
    // Whether a backslash escapes the quote depends on a setting of that session: then nothing more is shown.
    if (text[at - 1] === "\\") return text.length;
    if (text[at + 1] !== "'") return at + 1;
    at++;
  }
  return text.length;
}
