const maxText = 500;

// Comments, then string and number literals, each also without its end; identifiers in backticks stay as they are.
const pieces =
  /(`(?:[^`]|``)*(?:`|$))|(\/\*[\s\S]*?(?:\*\/|$)|(?:--\s|#)[^\n]*)|(?:\b[xbnXBN])?'(?:[^'\\]|\\[\s\S]|'')*(?:'|\\?$)|"(?:[^"\\]|\\[\s\S]|"")*(?:"|\\?$)|(?<![\w$`@.])(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w$])/g;

/** A statement without its literals and comments ("?" instead), on one line of at most 500 characters. */
export function withoutLiterals(statement: unknown): string {
  if (typeof statement !== "string") return "";
  const plain = statement
    .slice(0, 8 * maxText)
    .replace(pieces, (_, identifier: string | undefined, comment: string | undefined) =>
      identifier === undefined ? (comment === undefined ? "?" : " ") : identifier,
    )
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return plain.length > maxText ? `${plain.slice(0, maxText - 1)}…` : plain;
}

/** A replication error without the statement and the values that it quotes. */
export function withoutValues(error: string): string {
  return error
    .replace(/\s*(?:Default database: '[^']*'\.\s*)?Query: .*$/su, "")
    .replace(/Duplicate entry '.*' for key/su, "Duplicate entry '?' for key")
    .replace(/Incorrect (\S+) value: '.*' for column/su, "Incorrect $1 value: '?' for column");
}
