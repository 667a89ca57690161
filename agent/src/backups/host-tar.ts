import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { defaultPath } from "../host/subprocess.ts";
import { type Packed, pack, unpack } from "./pack.ts";
import { TarWalk } from "./tar-walk.ts";

export type PackedTar = Packed & { entries: number; folder: boolean; warnings: string[] };

const env = { PATH: process.env.PATH || defaultPath, LC_ALL: "C" };
// Names are bytes: none is to break a line. The kernel gives new files their security labels.
const common = ["--numeric-owner", "--acls", "--xattrs", "--xattrs-include=*", "--xattrs-exclude=security.selinux"];
const quoting = "--quoting-style=escape";
const mostWarnings = 20;
let usable: boolean | undefined;

/** True where this host has a tar that keeps attributes and holes. */
export function hasTar(): boolean {
  if (usable === undefined) {
    try {
      const help = execFileSync("tar", ["--help"], {
        env,
        encoding: "utf8",
        timeout: 10_000,
        stdio: ["ignore", "pipe", "ignore"],
      });
      usable = ["GNU", "--acls", "--xattrs-include", "--sparse"].every((word) => help.includes(word));
    } catch {
      usable = false;
    }
  }
  return usable;
}

/** True where this process may write there and give files to others. */
export async function mayFill(path: string): Promise<boolean> {
  if (process.getuid?.() !== 0 || !hasTar()) return false;
  try {
    await access(path, constants.W_OK);
    // CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID, CAP_MKNOD, CAP_SETFCAP.
    const wanted = (1n << 0n) | (1n << 1n) | (1n << 3n) | (1n << 4n) | (1n << 27n) | (1n << 31n);
    const held = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
    return (BigInt(`0x${held}`) & wanted) === wanted;
  } catch {
    return false;
  }
}

/**
 * Packs `name` of that folder (a folder or a file) into a new file. What changes or vanishes meanwhile is told of in
 * `warnings`; what can't be read fails. Links are kept, never followed.
 */
export async function packTree(
  { folder, name, into }: { folder: string; name: string; into: string },
  onPiece: (piece: Uint8Array) => void,
  signal: AbortSignal,
): Promise<PackedTar> {
  const times = "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime";
  const args = ["--create", "--file=-", "--format=posix", times, "--sparse", ...common, quoting];
  const tar = spawn("tar", [...args, "-C", folder, "--", name], { stdio: ["ignore", "pipe", "pipe"], env });
  const ended = endOf(tar, signal);
  const walk = new TarWalk();
  try {
    const packed = await pack(
      tar.stdout,
      into,
      (piece) => {
        walk.take(piece);
        onPiece(piece);
      },
      signal,
    );
    const { code, lines } = await ended;
    if (code !== 0 && code !== 1) throw new Error(`tar: ${lines.at(0) ?? `exit code ${code}`}`);
    walk.end();
    const warnings = lines.slice(0, mostWarnings);
    if (walk.devices > 0) warnings.push(`${walk.devices} device nodes`);
    return { ...packed, entries: walk.entries, folder: walk.isFolder, warnings };
  } finally {
    tar.kill("SIGKILL");
  }
}

/**
 * Unpacks a tar, all of whose entries lie in `root`, as `name` of that folder: owners, modes and attributes as in it, those
 * of the root itself too.
 */
export async function fillTree(
  { file, root, folder, name }: { file: string; root: string; folder: string; name: string },
  onPiece: (piece: Uint8Array) => void,
  signal: AbortSignal,
): Promise<{ warnings: string[] }> {
  const args = ["--extract", "--file=-", "--same-owner", "--preserve-permissions", "--delay-directory-restore"];
  // Names of entries and hard links, not what symbolic links lead to.
  const rename = `--transform=flags=rhS;s|^${root.replaceAll(/[\\.*[\]^$|]/g, "\\$&")}|${name.replaceAll(/[\\&|]/g, "\\$&")}|`;
  const renamed = root === name ? [] : [rename];
  const tar = spawn("tar", [...args, ...common, quoting, ...renamed, "-C", folder], {
    stdio: ["pipe", "ignore", "pipe"],
    env,
  });
  const ended = endOf(tar, signal);
  const watch = async function* (pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      onPiece(piece);
      yield piece;
    }
  };
  try {
    const fed = pipeline(unpack(file), watch, tar.stdin, { signal }).catch((error) => error as Error);
    const [{ code, lines }, broken] = await Promise.all([ended, fed]);
    if (code !== 0) throw new Error(`tar: ${lines.at(0) ?? `exit code ${code}`}`);
    // It reads no further than to the mark of the end, behind which there is only filling.
    const early = ["EPIPE", "ERR_STREAM_PREMATURE_CLOSE"];
    if (broken !== undefined && !early.includes((broken as NodeJS.ErrnoException).code ?? "")) throw broken;
    return { warnings: lines.slice(0, mostWarnings) };
  } finally {
    tar.kill("SIGKILL");
  }
}

function endOf(tar: ChildProcess, signal: AbortSignal): Promise<{ code: number | null; lines: string[] }> {
  let text = "";
  tar.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    if (text.length < 64_000) text += chunk;
  });
  const abort = () => tar.kill("SIGKILL");
  signal.addEventListener("abort", abort, { once: true });
  return new Promise((resolve, reject) => {
    tar.on("error", (error) => reject(new Error("tar can't be started", { cause: error })));
    tar.on("close", (code) => {
      signal.removeEventListener("abort", abort);
      const lines = text.split("\n").map((line) => line.replace(/^tar: /, "").trim());
      resolve({ code, lines: lines.filter((line) => line !== "" && !/^Exiting with|^Removing leading/.test(line)) });
    });
  });
}
