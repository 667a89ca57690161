/** The tar is damaged, or an entry of it would lead out of the folder that it is unpacked in. One line. */
export class BadTar extends Error {
  override readonly name = "BadTar";
}

const block = 512;
const mostText = 1 << 20;
const mostLinks = 5_000_000;

/**
 * Reads a tar as it passes by: every header is checked, the data are skipped. All entries have to begin with one common
 * name, none may be absolute, go up, link out with a hard link, or lie behind a symbolic link of the same tar.
 * https://www.gnu.org/software/tar/manual/html_node/Standard.html, POSIX pax.
 */
export class TarWalk {
  entries = 0;
  devices = 0;
  root: string | undefined;
  /** Whether the first entry is a folder. */
  isFolder = false;
  #header = Buffer.alloc(block);
  #filled = 0;
  #skip = 0;
  #text: { kind: "pax" | "global" | "name" | "link"; left: number; pad: number; parts: Buffer[] } | undefined;
  #pax: Record<string, string> = {};
  #name: string | undefined;
  #link: string | undefined;
  #moreSparse = false;
  #sparseSize = 0;
  #zeros = 0;
  #links = new Set<string>();

  /** Throws BadTar. */
  take(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, chunk.length - at);
        this.#skip -= step;
        at += step;
        continue;
      }
      if (this.#text !== undefined && this.#text.left > 0) {
        const step = Math.min(this.#text.left, chunk.length - at);
        this.#text.parts.push(Buffer.from(chunk.subarray(at, at + step)));
        this.#text.left -= step;
        at += step;
        if (this.#text.left === 0) this.#endText();
        continue;
      }
      const step = Math.min(block - this.#filled, chunk.length - at);
      this.#header.set(chunk.subarray(at, at + step), this.#filled);
      this.#filled += step;
      at += step;
      if (this.#filled === block) {
        this.#filled = 0;
        this.#block();
      }
    }
  }

  /** After the last byte. Throws BadTar for one that ends too early. */
  end(): void {
    if (this.#skip > 0 || this.#text !== undefined || this.#filled > 0 || this.#zeros < 2) {
      throw new BadTar("the tar ends too early");
    }
  }

  #block(): void {
    const header = this.#header;
    if (this.#moreSparse) {
      this.#moreSparse = header[504] === 1;
      if (!this.#moreSparse) this.#skip = padded(this.#sparseSize);
      return;
    }
    // Whatever stands behind the two empty blocks is filling.
    if (this.#zeros >= 2) return;
    if (header.every((byte) => byte === 0)) {
      this.#zeros++;
      return;
    }
    this.#zeros = 0;
    checkSum(header);
    const type = String.fromCharCode(header[156] ?? 0);
    const size = this.#pax.size === undefined ? number(header, 124, 12) : Number(this.#pax.size);
    if (!Number.isSafeInteger(size) || size < 0) throw new BadTar("an entry of the tar has no size");
    if ("xgLK".includes(type)) this.#beginText(type, size);
    else this.#entry(type, size);
  }

  #beginText(type: string, size: number): void {
    if (size > mostText) throw new BadTar("a name in the tar is too long");
    const kind = type === "L" ? "name" : type === "K" ? "link" : type === "g" ? "global" : "pax";
    this.#text = { kind, left: size, pad: padded(size) - size, parts: [] };
    if (size === 0) this.#endText();
  }

  #endText(): void {
    const text = this.#text;
    this.#text = undefined;
    if (text === undefined) return;
    this.#skip = text.pad;
    const bytes = Buffer.concat(text.parts);
    const records = text.kind === "pax" || text.kind === "global" ? paxRecords(bytes) : {};
    // Programs differ in what it does to the entries behind it; none that packs writes one.
    if (text.kind === "global" && Object.keys(records).length > 0) {
      throw new BadTar("the tar has a name for all of its entries");
    }
    if (text.kind === "pax" || text.kind === "global") Object.assign(this.#pax, records);
    else if (text.kind === "name") this.#name = cString(bytes);
    else this.#link = cString(bytes);
  }

  #entry(type: string, size: number): void {
    const pax = this.#pax;
    const name = pax["GNU.sparse.name"] ?? pax.path ?? this.#name ?? headerName(this.#header);
    const link = pax.linkpath ?? this.#link ?? cString(this.#header.subarray(157, 257));
    this.#pax = {};
    this.#name = undefined;
    this.#link = undefined;
    const path = this.#inside(name, "entry");
    // Which of the two counts is the unpacker's own choice.
    if (pax.path !== undefined && pax.path !== name) this.#inside(pax.path, "entry");
    if (type === "1") this.#inside(link, "hard link");
    if (type === "2") {
      if (this.#links.size >= mostLinks) throw new BadTar("the tar has too many symbolic links");
      this.#links.add(path);
    } else if (type !== "1") this.#links.delete(path);
    if (type === "3" || type === "4") this.devices++;
    if (this.entries === 0) this.isFolder = type === "5";
    this.entries++;
    if (type === "S") {
      this.#moreSparse = this.#header[482] === 1;
      this.#sparseSize = size;
      if (this.#moreSparse) return;
    }
    // Links and devices have no data, whatever their size says; a hard link of pax may.
    this.#skip = "23456".includes(type) ? 0 : padded(type === "1" ? 0 : size);
  }

  /** The path without "." and slashes at its end. */
  #inside(name: string, what: string): string {
    const shown = JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}...` : name);
    if (name.startsWith("/")) throw new BadTar(`the tar has an absolute path (${what}): ${shown}`);
    const parts = name.split("/").filter((part) => part !== "" && part !== ".");
    if (parts.includes("..")) throw new BadTar(`the tar has a path that goes up: ${shown}`);
    const [first] = parts;
    if (first === undefined || name.includes("\0")) throw new BadTar(`the tar has a path without a name: ${shown}`);
    this.root ??= first;
    if (first !== this.root) throw new BadTar(`the tar has a path beside ${JSON.stringify(this.root)}: ${shown}`);
    if (this.#links.size > 0) {
      let above = first;
      for (const part of parts.slice(1)) {
        if (this.#links.has(above)) throw new BadTar(`the tar has a path behind a symbolic link: ${shown}`);
        above += `/${part}`;
      }
    }
    return parts.join("/");
  }
}

function padded(size: number): number {
  return Math.ceil(size / block) * block;
}

function checkSum(header: Buffer): void {
  let sum = 8 * 32;
  for (let i = 0; i < block; i++) if (i < 148 || i >= 156) sum += header[i] ?? 0;
  if (number(header, 148, 8) !== sum) throw new BadTar("the tar is damaged: a header has another checksum");
}

/** An octal number, or a binary one where it did not fit. */
function number(header: Buffer, at: number, length: number): number {
  if (((header[at] ?? 0) & 0x80) !== 0) {
    let value = (header[at] ?? 0) & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + (header[at + i] ?? 0);
    return value;
  }
  const text = cString(header.subarray(at, at + length)).trim();
  return text === "" ? 0 : /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

function headerName(header: Buffer): string {
  const name = cString(header.subarray(0, 100));
  const posix = header.toString("latin1", 257, 263) === "ustar\0";
  const prefix = posix ? cString(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

// Names are bytes; latin1 keeps them apart.
function cString(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("latin1", 0, end < 0 ? bytes.length : end);
}

/** Records like "27 path=some/name\n". */
function paxRecords(bytes: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at);
    const length = blank < 0 ? Number.NaN : Number(bytes.toString("latin1", at, blank));
    if (!(length > 0) || at + length > bytes.length) throw new BadTar("the tar is damaged: a record has no length");
    const record = bytes.toString("latin1", blank + 1, at + length - 1);
    const equals = record.indexOf("=");
    if (["path", "linkpath", "size", "GNU.sparse.name"].includes(record.slice(0, Math.max(0, equals)))) {
      records[record.slice(0, equals)] = record.slice(equals + 1);
    }
    at += length;
  }
  return records;
}
