const block = 512;
const mostPax = 1 << 20;

/**
 * Podman names what lies in a volume or mount of a stopped container from "/" on, while it names all else below the path's
 * last part: here such entries get that name, too. What is named as it should be passes as it is. Throws on what is no tar.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03
 */
export async function* rootedTar(tar: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const source = readerOf(tar);
  try {
    yield* entriesOf(source, name);
  } finally {
    await source.close();
  }
}

async function* entriesOf(source: Reader, name: string): AsyncGenerator<Uint8Array> {
  let pax = new Map<string, Buffer>();
  for (let header = await source.read(block); header !== undefined; header = await source.read(block)) {
    const type = String.fromCharCode(header[156] ?? 0);
    const size = Number(pax.get("size")?.toString() ?? Number.parseInt(textAt(header, 124, 12), 8)) || 0;
    if (type === "x") {
      if (size > mostPax) throw new Error("the engine's tar has a header of over 1 MiB");
      pax = paxRecords(((await source.read(padded(size))) ?? Buffer.alloc(0)).subarray(0, size));
      continue;
    }
    const path = pax.get("path")?.toString("latin1") ?? pathOf(header);
    if (path.startsWith("/")) pax.set("path", Buffer.from(latin1Of(name) + path, "latin1"));
    const target = pax.get("linkpath")?.toString("latin1") ?? textAt(header, 157, 100);
    // Hard links name entries of the same tar, symbolic ones whatever is there.
    if (type === "1" && target.startsWith("/")) pax.set("linkpath", Buffer.from(latin1Of(name) + target, "latin1"));
    if (pax.size > 0) yield paxEntry(pax);
    pax = new Map();
    yield header;
    // Links, devices and folders have no data, whatever their size says.
    if (!"123456".includes(type)) yield* source.pass(padded(size));
  }
}

function latin1Of(name: string): string {
  return Buffer.from(name).toString("latin1");
}

function padded(size: number): number {
  return Math.ceil(size / block) * block;
}

function textAt(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString("latin1", 0, end < 0 ? length : end);
}

function pathOf(header: Buffer): string {
  const [name, prefix] = [textAt(header, 0, 100), textAt(header, 345, 155)];
  return prefix !== "" && textAt(header, 257, 6) === "ustar" ? `${prefix}/${name}` : name;
}

// Each is "LENGTH KEY=VALUE\n"; the length counts itself.
function paxRecords(body: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < body.length; ) {
    const [blank, equals] = [body.indexOf(0x20, at), body.indexOf(0x3d, at)];
    const length = Number(body.toString("latin1", at, blank));
    if (blank < 0 || equals < blank || !(length > 0)) throw new Error("the engine's tar has a broken header");
    records.set(body.toString("latin1", blank + 1, equals), body.subarray(equals + 1, at + length - 1));
    at += length;
  }
  return records;
}

function paxEntry(records: ReadonlyMap<string, Buffer>): Buffer {
  const body = Buffer.concat([...records].map(([key, value]) => paxRecord(key, value)));
  const header = Buffer.alloc(block);
  header.write("PaxHeaders.0/entry", 0);
  header.write("0000644\x000000000\x000000000\0", 100);
  header.write(`${body.length.toString(8).padStart(11, "0")}\0${"0".repeat(11)}\0${" ".repeat(8)}x`, 124);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, body, Buffer.alloc(padded(body.length) - body.length)]);
}

function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`, "latin1"), value, Buffer.from("\n")]);
  let length = rest.length + 1;
  while (rest.length + String(length).length !== length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

type Reader = ReturnType<typeof readerOf>;

/** Reads so many bytes, or passes them on as they come. */
function readerOf(from: AsyncIterable<Uint8Array>) {
  const chunks = from[Symbol.asyncIterator]();
  let waiting: Buffer = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    const { done, value } = await chunks.next();
    if (done) return false;
    waiting = waiting.length === 0 ? Buffer.from(value) : Buffer.concat([waiting, value]);
    return true;
  }

  function take(bytes: number): Buffer {
    const taken = waiting.subarray(0, bytes);
    waiting = waiting.subarray(taken.length);
    return taken;
  }

  return {
    /** Who reads no further lets go of the engine's answer. */
    close: async () => void (await chunks.return?.()),
    /** Undefined at the end; what is cut off is an error. */
    async read(bytes: number): Promise<Buffer | undefined> {
      while (waiting.length < bytes && (await more()));
      if (waiting.length >= bytes) return take(bytes);
      if (waiting.length === 0) return undefined;
      throw new Error("the engine's tar is cut off");
    },
    async *pass(bytes: number): AsyncGenerator<Buffer> {
      for (let left = bytes; left > 0; ) {
        if (waiting.length === 0 && !(await more())) throw new Error("the engine's tar is cut off");
        const piece = take(left);
        left -= piece.length;
        if (piece.length > 0) yield piece;
      }
    },
  };
}
