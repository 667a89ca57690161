import { constants, type Stats } from "node:fs";
import { access, type FileHandle, open, realpath, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createGuard } from "../../host/guard.ts";
import type { Host } from "../../host/host.ts";
import { errorText } from "../../log.ts";

/** A small text file that a label named, `at` its path without links. `refusal`: why it must not be written to; absent: it may. */
export type Place = { text: string; at: string; refusal?: string };

/** Parsing more would keep the agent from its work for seconds. */
const mostBytes = 128 << 10;
const answerMs = 5_000;
// The path is what a label says: it may lead to a mount that hangs.
const guard = createGuard(1);

/**
 * Reads a text file and judges whether it may be edited; undefined where there is no such regular file of at most 128 KiB in
 * UTF-8. Never throws.
 */
export async function readPlace(host: Host, path: string): Promise<Place | undefined> {
  const read = async () => {
    const held = await hold(host, path);
    try {
      const refusal = refusalOf(held) ?? (await unwritable(held));
      return { text: held.text, at: held.at, ...(refusal === undefined ? {} : { refusal }) };
    } finally {
      await release(held);
    }
  };
  return await guard(path, answerMs, read).catch(() => undefined);
}

/** The path without links, on this machine; undefined where there is nothing. Never throws. */
export async function realPlace(host: Host, path: string): Promise<string | undefined> {
  return await guard(path, answerMs, () => realpath(join(host.root, path))).catch(() => undefined);
}

/**
 * Replaces a file by what `change` makes of its text, with the same owner and mode: after any crash the old or the new
 * stands there, whole. Answers why it was not done; undefined: it was. `temporary`: a name of ours beside it.
 */
export async function editPlace(
  host: Host,
  path: string,
  temporary: string,
  change: (text: string) => string | { refusal: string },
): Promise<string | undefined> {
  const late = new AbortController();
  const edit = async () => {
    const held = await hold(host, path);
    try {
      const refusal = refusalOf(held);
      if (refusal !== undefined) return refusal;
      const changed = change(held.text);
      if (typeof changed !== "string") return changed.refusal;
      return changed === held.text ? undefined : await replace(held, temporary, changed, late.signal);
    } finally {
      await release(held);
    }
  };
  try {
    return await guard(path, answerMs, edit);
  } catch (error) {
    late.abort();
    return errorText(error);
  }
}

type Held = {
  folder: FileHandle;
  file: FileHandle;
  name: string;
  at: string;
  about: Stats;
  around: Stats;
  bytes: Buffer;
  text: string;
};

/**
 * Opens the folder and the file in it, links followed. All that comes later goes by the open folder: whoever may rename the
 * folders above can't lead it elsewhere.
 */
async function hold(host: Host, path: string): Promise<Held> {
  const at = await realpath(join(host.root, path));
  const folder = await open(dirname(at), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  let file: FileHandle | undefined;
  try {
    const name = basename(at);
    file = await open(inside(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const about = await file.stat();
    if (!about.isFile() || about.size > mostBytes) throw new Error("no small regular file");
    const bytes = await file.readFile();
    const text = bytes.toString("utf8");
    if (!Buffer.from(text).equals(bytes)) throw new Error("not UTF-8");
    return { folder, file, name, at, about, around: await folder.stat(), bytes, text };
  } catch (error) {
    await file?.close();
    await folder.close();
    throw error;
  }
}

async function release({ file, folder }: Held): Promise<void> {
  await file.close();
  await folder.close();
}

function inside(folder: FileHandle, name: string): string {
  return `/proc/self/fd/${folder.fd}/${name}`;
}

/** What speaks against writing there, for people. */
function refusalOf({ at, about, around }: Held): string | undefined {
  if (/^\/(proc|sys|dev)\//.test(at)) return "it is no file on a disk";
  if (about.nlink !== 1) return "it has several names (hard links)";
  if ((about.mode & 0o7002) !== 0 || (around.mode & 0o002) !== 0) return "others may write it, or its folder";
  if (about.uid !== 0 && about.uid !== around.uid) return "it belongs to another user than its folder";
  if (about.dev !== around.dev) return mounted;
  return undefined;
}

const mounted = "it is mounted there as a single file, which can't be replaced: mount its folder instead";

/** What the agent itself lacks to write there: told in a plan before, not only when it fails. */
async function unwritable({ folder, at, about }: Held): Promise<string | undefined> {
  try {
    await access(`/proc/self/fd/${folder.fd}`, constants.W_OK);
  } catch (error) {
    return remedyFor(error, at);
  }
  const mine = process.geteuid?.() ?? -1;
  return about.uid === mine || (await mayGiveAway()) ? undefined : ownerRemedy(about.uid);
}

// CAP_CHOWN is the first bit: https://man7.org/linux/man-pages/man7/capabilities.7.html
async function mayGiveAway(): Promise<boolean> {
  const status = await open("/proc/self/status");
  try {
    const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(await status.readFile("utf8"))?.[1] ?? "0";
    return (BigInt(`0x${effective}`) & 1n) === 1n;
  } finally {
    await status.close();
  }
}

function ownerRemedy(uid: number): string {
  return `it belongs to the user ${uid}, and the agent may not give a file away: CapabilityBoundingSet=CAP_CHOWN in a drop-in of its service lets it`;
}

function remedyFor(error: unknown, at: string): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "EROFS" && code !== "EACCES" && code !== "EPERM") return errorText(error);
  return `the agent may not write there (${code}): ReadWritePaths=${dirname(at)} in a drop-in of its service lets it`;
}

async function replace(held: Held, temporary: string, text: string, late: AbortSignal): Promise<string | undefined> {
  const { folder, name, at, about } = held;
  const beside = inside(folder, temporary);
  let made = false;
  try {
    await unlink(beside).catch(unlessAbsent);
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    const file = await open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    made = true;
    try {
      await file.writeFile(text);
      // Before it is given away: then the mode is no more ours to set.
      await file.chmod(about.mode & 0o777);
      const now = await file.stat();
      if (now.uid !== about.uid || now.gid !== about.gid) {
        const given = await file.chown(about.uid, about.gid).then(
          () => true,
          () => false,
        );
        if (!given) return ownerRemedy(about.uid);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    if (late.aborted) return "it did not answer in time";
    if (await changedSince(held)) return "it was changed meanwhile";
    await rename(beside, inside(folder, name));
    made = false;
    await folder.sync();
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EBUSY") return mounted;
    return remedyFor(error, at);
  } finally {
    if (made) await unlink(beside).catch(() => undefined);
  }
}

/** Whether another file, or another content, stands under the name now. */
async function changedSince({ folder, name, about, bytes }: Held): Promise<boolean> {
  const again = await open(inside(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const now = await again.stat();
    if (now.ino !== about.ino || now.dev !== about.dev || now.size !== about.size) return true;
    if (now.mode !== about.mode || now.uid !== about.uid || now.gid !== about.gid) return true;
    return !(await again.readFile()).equals(bytes);
  } finally {
    await again.close();
  }
}

function unlessAbsent(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
