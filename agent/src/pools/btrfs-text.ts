import type { PoolScan } from "./pool.ts";
import { known, share } from "./zpool-scan.ts";
import { parseDate, parseQuantity } from "./zpool-words.ts";

/** A device as `btrfs filesystem show --raw` lists it; no path: it is missing. */
export type BtrfsDevice = { id: string; path?: string; sizeBytes?: number };

/** Counts of `error_stats` or `btrfs device stats`. */
export type BtrfsErrors = { readErrors: number; writeErrors: number; checksumErrors: number };

/** Devices by their number, from `btrfs filesystem show --raw`. */
export function parseShow(text: string): BtrfsDevice[] {
  return text.split("\n").flatMap((line) => {
    const [, id, size, path] = /^\s*devid\s+(\d+)\s+size\s+(\S+)\s+used\s+\S+\s+path\s*(.*)$/.exec(line) ?? [];
    if (id === undefined) return [];
    const here = path?.startsWith("/") === true && !/\bMISSING\b/.test(path);
    const sizeBytes = parseQuantity(size);
    return [
      {
        id,
        ...(here ? { path: path.trim() } : {}),
        ...(sizeBytes === undefined || sizeBytes === 0 ? {} : { sizeBytes }),
      },
    ];
  });
}

/** Sum of what /sys/fs/btrfs/UUID/devinfo/N/error_stats counts; undefined where that is not understood. */
export function parseErrorStats(text: string | undefined): BtrfsErrors | undefined {
  const counts = new Map([...(text ?? "").matchAll(/^(\w+)_errs (\d+)$/gm)].map(([, name, count]) => [name, count]));
  return toErrors((name) => counts.get(name));
}

/** Counts by path, from `btrfs device stats`. */
export function parseDeviceStats(text: string): Map<string, BtrfsErrors> {
  const byPath = new Map<string, Map<string, string>>();
  for (const [, path = "", name = "", count = ""] of text.matchAll(/^\[(.+)\]\.(\w+?)(?:_io)?_errs\s+(\d+)$/gm)) {
    const counts = byPath.get(path) ?? new Map<string, string>();
    byPath.set(path, counts.set(name, count));
  }
  const found = [...byPath].map(([path, counts]) => [path, toErrors((name) => counts.get(name))] as const);
  return new Map(found.filter((one): one is [string, BtrfsErrors] => one[1] !== undefined));
}

function toErrors(count: (name: string) => string | undefined): BtrfsErrors | undefined {
  if (count("read") === undefined && count("corruption") === undefined) return undefined;
  const sum = (...names: string[]) => names.reduce((all, name) => all + Number(count(name) ?? 0), 0);
  return {
    readErrors: sum("read"),
    writeErrors: sum("write", "flush"),
    checksumErrors: sum("corruption", "generation"),
  };
}

/** Size of all devices and of those that are missing, from `btrfs filesystem usage -b`. */
export function parseUsage(text: string): { deviceBytes?: number; missingBytes?: number } {
  const value = (name: string) => parseQuantity(new RegExp(`^[ \\t]*${name}:[ \\t]+(\\S+)`, "m").exec(text)?.[1]);
  return known({ deviceBytes: value("Device size"), missingBytes: value("Device missing") });
}

/**
 * The scrub that `btrfs scrub status` tells of, in the form of all versions with or without `-R` or `--raw`; undefined
 * where there was none or nothing was understood.
 */
export function parseScrubStatus(text: string): PoolScan | undefined {
  const since = parseDate(
    /[Ss]crub (?:started|resumed)(?: at|:)\s+(\w{3} \w{3} +\d+ [\d:]+ \d{4})/.exec(text)?.[1] ?? "",
  );
  const state = stateOf(text);
  if (since === undefined || state === undefined) return undefined;
  const seconds = clock(/^Duration:\s+([\d:]+)/m.exec(text)?.[1] ?? / (?:after|for) (\d+:\d+:\d+)/.exec(text)?.[1]);
  const running = state === "running";
  const percent = Number(/^Bytes scrubbed:.*\(([\d.]+)%\)/m.exec(text)?.[1] ?? Number.NaN);
  const speed = running ? parseQuantity(/^Rate:\s+(\S+)\/s/m.exec(text)?.[1]) : undefined;
  return {
    function: "scrub",
    state,
    startedAt: since,
    ...known({
      endedAt: running || seconds === undefined ? undefined : since + seconds * 1000,
      progressRatio: state === "finished" ? 1 : share(percent / 100),
      bytesPerSecond: speed,
      remainingSeconds: running ? clock(/^Time left:\s+([\d:]+)/m.exec(text)?.[1]) : undefined,
      errors: errorsOf(text),
    }),
  };
}

function stateOf(text: string): PoolScan["state"] | undefined {
  const word =
    /^Status:\s+(\w+)/m.exec(text)?.[1] ?? /\b(running|finished|aborted|interrupted|cancell?ed)\b/.exec(text)?.[1];
  if (word === "running" || word === "finished") return word;
  return word === undefined ? undefined : "cancelled";
}

function errorsOf(text: string): number | undefined {
  if (/no errors found/.test(text)) return 0;
  const old = /with (\d+) errors/.exec(text)?.[1];
  if (old !== undefined) return Number(old);
  const summary = /^Error summary:(.*)$/m.exec(text)?.[1];
  const pattern = summary === undefined ? /^[ \t]*(?:read|csum|verify|super)_errors: (\d+)$/gm : /\b\w+=(\d+)/g;
  const counts = [...(summary ?? text).matchAll(pattern)].map(([, count]) => Number(count));
  return counts.length === 0 ? undefined : counts.reduce((all, one) => all + one, 0);
}

/** Seconds of "1:02:03". */
function clock(text: string | undefined): number | undefined {
  const parts = text?.split(":").map(Number);
  if (parts === undefined || parts.length < 3 || parts.some(Number.isNaN)) return undefined;
  return parts.reduce((all, part) => all * 60 + part, 0);
}

/** Progress of `btrfs balance status`, of `btrfs replace status`; undefined where neither says one. */
export function parseProgress(text: string): number | undefined {
  // Bounded, so that a long run of digits is not tried from each of them.
  const left = /(\d{1,9})% left/.exec(text)?.[1];
  if (left !== undefined) return share(1 - Number(left) / 100);
  return share(Number(/([\d.]{1,12})% done/.exec(text)?.[1] ?? Number.NaN) / 100);
}
