const mostBytes = 56 * 1024;
/** Lists in the order in which they are halved when there is too much. */
const leastImportantFirst = ["topStatements", "settings", "databases", "longRunning", "persistence"];

/** Attributes of at most 56 KiB as JSON: lists are halved, then left out, the least important first. */
export function fitAttributes(attributes: Record<string, unknown>): Record<string, unknown> {
  const fitted = { ...attributes };
  const largestFirst = Object.keys(fitted).sort((a, b) => size(fitted[b]) - size(fitted[a]));
  const names = [...new Set([...leastImportantFirst, ...largestFirst])];
  for (const name of names) {
    while (size(fitted) > mostBytes && name in fitted) {
      const value = fitted[name];
      if (Array.isArray(value) && value.length > 1) fitted[name] = value.slice(0, value.length >> 1);
      else delete fitted[name];
    }
  }
  return fitted;
}

function size(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}
