const maxLine = 2_000;

/**
 * Lines of an engine log: frames of an 8-byte header (stream, three zeros, length) and data, or plain text where the
 * container has a terminal. https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Container/operation/ContainerAttach
 */
export function decodeLog(raw: Buffer): string[] {
  const parts: Buffer[] = [];
  let at = 0;
  while (at + 8 <= raw.length && isHeader(raw, at)) {
    const length = raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  const text = (parts.length > 0 ? Buffer.concat(parts) : raw).toString("utf8");
  const lines = text.split(/\r?\n/).map((line) => line.slice(0, maxLine));
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function isHeader(raw: Buffer, at: number): boolean {
  return (raw[at] ?? 9) <= 2 && raw[at + 1] === 0 && raw[at + 2] === 0 && raw[at + 3] === 0;
}
