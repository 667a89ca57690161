const header = 5;
const errorMessage = 0x45;
const noticeMessage = 0x4e;

/**
 * Cuts what a server sends into whole messages (a code, a length of 4 bytes that counts itself, a body) and gives on what
 * is complete. Throws where it is no such message or longer than `most`: pg waits for, or loops over, what is not well
 * formed. https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export function createFramer(most: number): (chunk: Buffer) => Buffer {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (all.length - at >= header) {
      const length = all.readUInt32BE(at + 1);
      const code = all[at] ?? 0;
      if (length < 4 || length > most || !/[A-Za-z0-9]/.test(String.fromCharCode(code))) throw new Error("no message");
      const end = at + 1 + length;
      if (end > all.length) break;
      if ((code === errorMessage || code === noticeMessage) && !isFields(all.subarray(at + header, end))) {
        throw new Error("an error message without an end");
      }
      at = end;
    }
    rest = Buffer.from(all.subarray(at));
    return all.subarray(0, at);
  };
}

/** Fields of an error: a letter and a text that ends with a zero byte, each; then a zero byte. */
function isFields(body: Buffer): boolean {
  let at = 0;
  while (at < body.length && body[at] !== 0) {
    const end = body.indexOf(0, at + 1);
    if (end < 0) return false;
    at = end + 1;
  }
  return at === body.length - 1;
}
