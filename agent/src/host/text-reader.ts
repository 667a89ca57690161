import { closeSync, openSync, readSync, statfsSync } from "node:fs";
import { isAbsent } from "./host.ts";

/** Reads whole small text files; undefined where there is none. */
export type TextReader = (path: string) => string | undefined;

// Files that every pass reads. Those of other processes come and go and are not worth a descriptor.
const worthKeeping = /^\/proc\/(1\/|[a-z])/;
const mostKept = 32;
const procMagic = 0x9fa0;

/**
 * A reader with one buffer for all files. In a real procfs it keeps the files it sees again open and reads them from
 * offset 0, which makes the kernel render them anew: a third to two thirds of the cost of opening them each time.
 */
export function createTextReader(prefix: string): TextReader {
  let buffer = Buffer.allocUnsafeSlow(16 * 1024);
  const kept = new Map<string, number>();
  const seen = new Set<string>();
  const keeps = isProc(`${prefix}/proc`);

  function readAll(fd: number): string {
    let length = 0;
    for (;;) {
      // A seq file gives a page or less at a time: only 0 is the end.
      const got = readSync(fd, buffer, length, buffer.length - length, length);
      if (got === 0) return buffer.toString("utf8", 0, length);
      length += got;
      if (length === buffer.length) {
        const larger = Buffer.allocUnsafeSlow(length * 2);
        buffer.copy(larger);
        buffer = larger;
      }
    }
  }

  function readOnce(path: string): string | undefined {
    let fd: number;
    try {
      fd = openSync(prefix + path, "r");
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
    let keep = false;
    try {
      const text = readAll(fd);
      keep = keeps && seen.has(path) && kept.size < mostKept;
      if (keep) kept.set(path, fd);
      else if (keeps && worthKeeping.test(path)) seen.add(path);
      return text;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    } finally {
      if (!keep) closeSync(fd);
    }
  }

  return (path) => {
    const fd = kept.get(path);
    if (fd === undefined) return readOnce(path);
    try {
      return readAll(fd);
    } catch {
      kept.delete(path);
      closeSync(fd);
      return readOnce(path);
    }
  };
}

function isProc(path: string): boolean {
  try {
    return statfsSync(path).type === procMagic;
  } catch {
    return false;
  }
}
