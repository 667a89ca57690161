import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rootedTar } from "./rooted-tar.ts";

const folder = mkdtempSync(join(tmpdir(), "fairlead-rooted-"));
const inside = join(folder, "volume");
const long = `${"deep-".repeat(30)}ü`;

beforeAll(() => {
  mkdirSync(join(inside, "d", long), { recursive: true });
  writeFileSync(join(inside, "f"), "x".repeat(1_300));
  writeFileSync(join(inside, "d", long, "g"), "deep");
  writeFileSync(join(inside, "empty"), "");
  symlinkSync("/etc/hosts", join(inside, "s"));
  linkSync(join(inside, "f"), join(inside, "z-hard"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As Podman gives it where `transform` says so. */
function pack(...transform: string[]): Buffer {
  const args = ["-C", inside, "--format=posix", "--sort=name", "-P", ...transform, "-c", "."];
  return execFileSync("tar", args, { maxBuffer: 1 << 26 });
}

async function through(tar: Buffer, bytes: number, name = "data"): Promise<Buffer> {
  const pieces = async function* () {
    for (let at = 0; at < tar.length; at += bytes) yield tar.subarray(at, at + bytes);
  };
  const found: Uint8Array[] = [];
  for await (const piece of rootedTar(pieces(), name)) found.push(piece);
  return Buffer.concat(found);
}

const list = (tar: Buffer) =>
  execFileSync("tar", ["-tPf", "-", "--quoting-style=literal"], { input: tar }).toString().split("\n").filter(Boolean);

test.each([1, 511, 512, 10_000_000])("absolute names get the path's own, in pieces of %i bytes", async (bytes) => {
  const podman = pack("--transform=s,^\\./,/,Sh", "--transform=s,^\\.$,/,Sh");
  expect(list(podman).every((name) => name.startsWith("/"))).toBe(true);
  const made = await through(podman, bytes, "dä");
  expect(list(made)).toEqual(list(podman).map((name) => `dä${name}`));
  const out = mkdtempSync(join(folder, "out-"));
  execFileSync("tar", ["-C", out, "-xf", "-"], { input: made, stdio: ["pipe", "pipe", "pipe"] });
  execFileSync("diff", ["-r", "--no-dereference", inside, join(out, "dä")]);
  expect(readFileSync(join(out, "dä/d", long, "g"), "utf8")).toBe("deep");
});

test("what is named as it should be stays the same, to the byte of its data", async () => {
  const docker = pack("--transform=s,^\\.,data,");
  const made = await through(docker, 700);
  expect(list(made)).toEqual(list(docker));
  const out = mkdtempSync(join(folder, "out-"));
  execFileSync("tar", ["-C", out, "-xf", "-"], { input: made });
  execFileSync("diff", ["-r", "--no-dereference", inside, join(out, "data")]);
});

test("what is cut off or no tar fails", async () => {
  const tar = pack();
  await expect(through(tar.subarray(0, 700), 100)).rejects.toThrow("cut off");
  const broken = Buffer.alloc(1024);
  broken.write("x", 156);
  broken.write("00000000010", 124);
  broken.write("nonsense", 512);
  await expect(through(broken, 100)).rejects.toThrow("broken header");
});

test("who reads no further lets go of the engine's answer", async () => {
  let closed = false;
  const endless = async function* () {
    try {
      for (;;) yield pack();
    } finally {
      closed = true;
    }
  };
  for await (const _ of rootedTar(endless(), "data")) break;
  expect(closed).toBe(true);
});
