import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BadTar, TarWalk } from "./tar-walk.ts";

type Entry = { name: string; type?: string; link?: string; size?: string; data?: Buffer };

function entry({ name, type = "0", link = "", size, data = Buffer.alloc(0) }: Entry): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100, "latin1");
  header.write("0000644", 100);
  header.write(size ?? data.length.toString(8).padStart(11, "0"), 124, 12, "latin1");
  header.write("        ", 148);
  header.write(type, 156);
  header.write(link, 157, 100, "latin1");
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}

function pax(key: string, value: string, type = "x"): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (length !== String(length).length + rest.length) length = String(length).length + rest.length;
  return entry({ name: "x", type, data: Buffer.from(`${length}${rest}`, "latin1") });
}

const end = Buffer.alloc(1024);
const root = entry({ name: "v/", type: "5" });

function walk(bytes: Buffer, piece = 65_536): TarWalk {
  const made = new TarWalk();
  for (let at = 0; at < bytes.length; at += piece) made.take(bytes.subarray(at, at + piece));
  made.end();
  return made;
}

const cases: [what: string, parts: Buffer[], refusal: RegExp | undefined][] = [
  ["a file", [root, entry({ name: "v/f", data: Buffer.from("x") })], undefined],
  ["an absolute path", [root, entry({ name: "/etc/passwd" })], /absolute path/],
  ["a path that goes up", [root, entry({ name: "v/../../etc/passwd" })], /goes up/],
  ["another root", [root, entry({ name: "w/f" })], /beside "v"/],
  ["no name", [root, entry({ name: "./" })], /without a name/],
  ["a hard link out", [root, entry({ name: "v/f", type: "1", link: "../../etc/shadow" })], /goes up/],
  ["an absolute hard link", [root, entry({ name: "v/f", type: "1", link: "/etc/shadow" })], /absolute path/],
  ["a symbolic link out, unused", [root, entry({ name: "v/l", type: "2", link: "/etc" })], undefined],
  [
    "a path behind a symbolic link",
    [root, entry({ name: "v/l", type: "2", link: "/etc" }), entry({ name: "v/l/passwd" })],
    /behind a symbolic link/,
  ],
  [
    "a hard link behind a symbolic link",
    [root, entry({ name: "v/l", type: "2", link: "/" }), entry({ name: "v/f", type: "1", link: "v/l/etc/shadow" })],
    /behind a symbolic link/,
  ],
  [
    "a root that is a symbolic link",
    [entry({ name: "v", type: "2", link: "/etc" }), entry({ name: "v/f" })],
    /behind a symbolic/,
  ],
  [
    "a link that became a folder",
    [root, entry({ name: "v/l", type: "2", link: "x" }), entry({ name: "v/l", type: "5" }), entry({ name: "v/l/f" })],
    undefined,
  ],
  ["a path of pax", [root, pax("path", "../up"), entry({ name: "v/f" })], /goes up/],
  ["a link of pax", [root, pax("linkpath", "/etc/shadow"), entry({ name: "v/f", type: "1", link: "v/g" })], /absolute/],
  ["a sparse file's real name", [root, pax("GNU.sparse.name", "/etc/f"), entry({ name: "v/f" })], /absolute/],
  [
    "a path behind a sparse file's real name",
    [root, pax("GNU.sparse.name", "v/f"), pax("path", "/etc/f"), entry({ name: "v/f" })],
    /absolute/,
  ],
  ["a name for all entries", [root, pax("path", "v/f", "g"), entry({ name: "v/f" })], /for all of its entries/],
  [
    "a long name of GNU",
    [root, entry({ name: "L", type: "L", data: Buffer.from("v/../../x\0") }), entry({ name: "v/f" })],
    /goes up/,
  ],
  ["a size that is none", [root, entry({ name: "v/f", size: "what?" })], /no size/],
];

test.each(cases)("%s", (_, parts, refusal) => {
  const bytes = Buffer.concat([...parts, end]);
  if (refusal === undefined) expect(walk(bytes, 100).entries).toBe(parts.length);
  else expect(() => walk(bytes, 100)).toThrow(refusal);
});

test("a tar that ends early or is damaged", () => {
  const whole = Buffer.concat([root, entry({ name: "v/f", data: Buffer.alloc(5_000, 1) }), end]);
  expect(walk(whole).entries).toBe(2);
  for (const at of [0, 300, 512, 1_500, 6_600]) expect(() => walk(whole.subarray(0, at))).toThrow(BadTar);
  const bent = Buffer.from(whole);
  bent.writeUInt8(7, 3);
  expect(() => walk(bent)).toThrow(/checksum/);
});

test("any bytes are refused or read, never more than that", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.nat(3_000), (noise, at) => {
      const whole = Buffer.concat([root, pax("path", "v/some"), entry({ name: "v/f", data: Buffer.alloc(700) }), end]);
      noise.forEach((byte, i) => {
        if (at + i < whole.length) whole[at + i] = byte;
      });
      try {
        walk(whole, 333);
      } catch (error) {
        expect(error).toBeInstanceOf(BadTar);
      }
    }),
  );
});

test("what tar makes of names, holes and links is read", () => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-walk-"));
  try {
    const script = `cd "$1"; mkdir v; long=$(printf %0200d 1); mkdir v/$long; echo x >v/$long/$long
truncate -s 5M v/hole; echo e >>v/hole; printf x >"v/a
b"; ln v/hole v/hard; ln -s /etc v/soft; mkfifo v/pipe`;
    execFileSync("sh", ["-c", script, "sh", folder]);
    for (const format of ["posix", "gnu", "ustar"]) {
      const more = format === "ustar" ? ["--exclude=00*"] : ["--sparse"];
      const tar = execFileSync("tar", ["-C", folder, `--format=${format}`, ...more, "-cf", "-", "v"], {
        maxBuffer: 32 << 20,
      });
      const found = walk(tar, 1_000);
      expect([format, found.root, found.isFolder]).toEqual([format, "v", true]);
      expect(found.entries).toBeGreaterThanOrEqual(6);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
