/**
 * Lines of at most so many columns, broken between words; what goes on stands below the last cell of its row. Words that
 * are longer stay whole, so that they can be copied.
 */
export function folded(text: string, columns: number): string {
  return text
    .split("\n")
    .flatMap((line) => foldedLine(line, columns))
    .join("\n");
}

function foldedLine(line: string, columns: number): string[] {
  const indent = indentOf(line, columns);
  const lines: string[] = [];
  let rest = line;
  let from = indent;
  while (rest.length > columns) {
    const before = rest.lastIndexOf(" ", columns);
    const at = before > from ? before : rest.indexOf(" ", Math.max(columns, from));
    if (at < 0) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = " ".repeat(indent) + rest.slice(at).trimStart();
    from = indent;
  }
  return [...lines, rest];
}

/** Where the last cell begins; not so far to the right that nothing has room there. */
function indentOf(line: string, columns: number): number {
  const starts = [...line.matchAll(/ {2,}(?=\S)/g)].map(({ index, 0: gap }) => index + gap.length);
  const first = /^ */.exec(line)?.[0].length ?? 0;
  return starts.filter((at) => at <= columns / 2).at(-1) ?? Math.min(first + 2, Math.floor(columns / 2));
}
