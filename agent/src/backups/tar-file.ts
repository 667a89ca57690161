/** A tar that holds one plain file of the superuser, from a stream of so many bytes. */
export async function* singleFileTar(
  { name, bytes, mode }: { name: string; bytes: number; mode: number },
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number) =>
    header.write(value.toString(8).padStart(length - 1, "0"), at, "latin1");
  header.write(name, 0, 100, "latin1");
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  if (bytes < 8 ** 11) octal(bytes, 124, 12);
  else {
    header[124] = 0x80;
    header.writeUIntBE(bytes, 130, 6);
  }
  octal(0, 136, 12);
  header.write("        ", 148, "latin1");
  header.write("0", 156, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  yield header;
  yield* content;
  yield Buffer.alloc(((512 - (bytes % 512)) % 512) + 1024);
}
