import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../state-file.ts";
import type { MdArray } from "./array.ts";

/** What is remembered of an array's scans. Times in Unix ms; absent: not seen by this agent. */
export type LastCheck = {
  /** End and duration of the last check or repair that went through the whole array. */
  endedAt?: number;
  durationSeconds?: number;
  running?: Running;
  /** The scan that ended last, whatever it was. */
  ended?: { action: string; finished: boolean; startedAt?: number; endedAt: number };
};

/** `seen` is how far it was when last looked at. */
type Running = { action: string; startedAt: number; seen?: Progress };
type Progress = { done: number; total: number; bytesPerSecond: number; at: number };

/** Bytes read since boot from a member and from the array itself. */
export type ReadCounters = { member: number; array: number };

/** Remembers when arrays were checked: the kernel does not, and mdadm neither. */
export type CheckLog = {
  /** Takes in how an array is now; `reads` where a check may be over before it was seen (small arrays). */
  observe(array: MdArray, now: number, reads?: ReadCounters): LastCheck;
};

type Watched = { lastSyncAction: string | undefined; reads: ReadCounters | undefined };

const fileName = "md-checks.json";
const mostArrays = 256;
// A check is kept on disk each so much of its way, so that a restart of the agent does not lose its end.
const savedStep = 0.1;
const sayEnded = 0.995;

/** A log in the agent's folder, or in memory alone where there is none. What can't be read or written is done without. */
export function createCheckLog(stateDir: string | undefined): CheckLog {
  const path = stateDir === undefined ? undefined : join(stateDir, fileName);
  const known = load(path);
  const watched = new Map<string, Watched>();

  function save(): void {
    if (path === undefined) return;
    try {
      writeFileAtomic(path, JSON.stringify(Object.fromEntries([...known].slice(-mostArrays))));
    } catch {
      // Asked again at the next change; until then memory serves.
    }
  }

  function remember(key: string, last: LastCheck): LastCheck {
    known.delete(key);
    known.set(key, last);
    save();
    return last;
  }

  return {
    observe(array, now, reads) {
      const key = array.uuid ?? array.name;
      const before = watched.get(key);
      watched.set(key, { lastSyncAction: array.lastSyncAction, reads });
      const last = known.get(key) ?? {};
      const { sync } = array;
      if (sync !== undefined && !sync.waits) {
        const progress = progressOf(sync, now);
        if (last.running?.action === sync.action) {
          const next = { ...last, running: { ...last.running, ...(progress ? { seen: progress } : {}) } };
          if (isStep(last.running.seen, progress)) return remember(key, next);
          known.set(key, next);
          return next;
        }
        const closed = last.running === undefined ? last : close(last, last.running, array, now);
        return remember(key, {
          ...closed,
          running: { action: sync.action, startedAt: now, ...(progress ? { seen: progress } : {}) },
        });
      }
      if (sync?.waits) return last;
      if (last.running !== undefined) return remember(key, close(last, last.running, array, now));
      if (wasChecked(array, before, reads)) {
        const ended = { action: "check", finished: true, endedAt: now };
        return remember(key, { endedAt: now, ended });
      }
      return last;
    },
  };
}

function close(last: LastCheck, running: Running, array: MdArray, now: number): LastCheck {
  const { action, startedAt, seen } = running;
  const endedAt = endOf(seen, now);
  const finished = hasFinished(running, array, now);
  const ended = { action, finished, startedAt, endedAt };
  const { running: _, ...rest } = last;
  if (!finished || (action !== "check" && action !== "repair")) return { ...rest, ended };
  return { endedAt, durationSeconds: Math.max(0, endedAt - startedAt) / 1000, ended };
}

/** A scan that would have been through by now at the speed that it had went through; one that is over sooner was stopped. */
function hasFinished({ action, seen }: Running, array: MdArray, now: number): boolean {
  if (action === "recovery" || action === "resync") return (array.degraded ?? 0) === 0;
  if (seen === undefined) return false;
  const elapsed = Math.max(0, now - seen.at) / 1000;
  return seen.done + 1.5 * seen.bytesPerSecond * elapsed >= seen.total * sayEnded;
}

function endOf(seen: Progress | undefined, now: number): number {
  if (seen === undefined || !(seen.bytesPerSecond > 0)) return now;
  return Math.min(now, Math.round(seen.at + ((seen.total - seen.done) / seen.bytesPerSecond) * 1000));
}

/** A check that began and ended between two looks: its word is new, or a member was read as a whole but not the array. */
function wasChecked(array: MdArray, before: Watched | undefined, reads: ReadCounters | undefined): boolean {
  if (before === undefined || array.lastSyncAction !== "check") return false;
  if (before.lastSyncAction !== undefined && before.lastSyncAction !== "check") return true;
  if (before.reads === undefined || reads === undefined || !array.componentBytes) return false;
  const member = reads.member - before.reads.member;
  return member >= array.componentBytes * 0.98 && reads.array - before.reads.array < member / 2;
}

function progressOf(sync: NonNullable<MdArray["sync"]>, at: number): Progress | undefined {
  const { doneBytes, totalBytes, bytesPerSecond } = sync;
  if (doneBytes === undefined || !totalBytes) return undefined;
  return { done: doneBytes, total: totalBytes, bytesPerSecond: bytesPerSecond ?? 0, at };
}

function isStep(before: Progress | undefined, now: Progress | undefined): boolean {
  if (now === undefined) return false;
  return (
    before === undefined ||
    Math.floor(before.done / before.total / savedStep) !== Math.floor(now.done / now.total / savedStep)
  );
}

function load(path: string | undefined): Map<string, LastCheck> {
  const known = new Map<string, LastCheck>();
  if (path === undefined) return known;
  try {
    const found: unknown = JSON.parse(readFileSync(path, "utf8"));
    for (const [key, value] of Object.entries(found as object)) if (isLastCheck(value)) known.set(key, value);
  } catch {
    // None yet, or damaged: begun anew.
  }
  return known;
}

function isLastCheck(value: unknown): value is LastCheck {
  if (typeof value !== "object" || value === null) return false;
  const { endedAt, durationSeconds, running, ended } = value as Record<string, unknown>;
  const isNumber = (one: unknown) => one === undefined || typeof one === "number";
  const isPart = (one: unknown, time: string) =>
    one === undefined ||
    (typeof one === "object" &&
      one !== null &&
      typeof (one as Record<string, unknown>).action === "string" &&
      typeof (one as Record<string, unknown>)[time] === "number");
  return isNumber(endedAt) && isNumber(durationSeconds) && isPart(running, "startedAt") && isPart(ended, "endedAt");
}
