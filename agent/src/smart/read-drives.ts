import type { Identity } from "smartctl-parser";
import type { Host } from "../host/host.ts";
import { expectedKey, placedKey, readKey } from "./drive-key.ts";
import { type DriveStore, tidyStore } from "./drive-store.ts";
import { findDrives } from "./find-drives.ts";
import { presentPath } from "./find-paths.ts";
import { isMeant } from "./is-meant.ts";
import { kernelDrive, transfersOf } from "./kernel-drive.ts";
import { noteOutcome } from "./note-outcome.ts";
import type { Answer, Smartctl } from "./smartctl.ts";
import { type DrivePath, pathKey, type StoredDrive } from "./stored-drive.ts";

export type PassOptions = {
  host: Host;
  smartctl: Smartctl;
  store: DriveStore;
  signal: AbortSignal;
  now: () => number;
  /** Looks for drives though the last scan is fresh. */
  rescan?: boolean;
  /** Reads this drive alone, where a path or what is known tells which it is. */
  only?: string | null;
  /** No read is begun after so long. */
  budgetMs?: number;
  /** Drives that take longer are left to the pass's `rest`; undefined: all are waited for. */
  patienceMs?: number | undefined;
};

/** What came of a path; skipped: nothing was asked, what is known stays. */
type Outcome = {
  path: DrivePath;
  owner: StoredDrive | undefined;
  answer: Answer | { kind: "skipped" };
  late?: boolean;
};

const few = 4;
const many = 8;
const manyDrives = 48;
const defaultBudgetMs = 150_000;

/** What a pass came to. `problem` is one line. `rest` waits for drives that hang and notes them: true when worth keeping. */
export type Pass = { worthKeeping: boolean; problem: string | null; rest?: () => Promise<boolean> };

/**
 * One pass: looks for drives where that is due, reads each, brings the store up to date. A drive that hangs, sleeps or lies
 * touches no other. Throws where no drives can be looked for at all.
 */
export async function readDrives(options: PassOptions): Promise<Pass> {
  const { host, store, now, signal } = options;
  const { scanned: rescanned, problem } = await findDrives({ ...options, at: now(), rescan: options.rescan ?? false });
  const whole = store.paths.map((path) => presentPath(host, path));
  const all = whole.map((path) => ({ path, owner: ownerOf(store, path) }));
  const owned = chosen(host, all, options.only);
  // A drive that is seen twice is read once, by its first path that answers; after a scan all are looked at.
  const isOther = ({ path, owner }: (typeof owned)[number]) =>
    !rescanned && owner?.present === true && owner.paths[0] !== undefined && pathKey(owner.paths[0]) !== pathKey(path);
  const others = owned.filter(isOther);
  const reads = await readAll(
    owned.filter((one) => !isOther(one)),
    options,
  );

  async function note(done: readonly Outcome[]): Promise<{ worth: boolean; late: number }> {
    const outcomes = [...done];
    const unread = new Set(outcomes.filter(({ answer }) => answer.kind === "failed").map(({ owner }) => owner?.key));
    const needed = others.filter(({ owner }) => unread.has(owner?.key));
    outcomes.push(...(await (await readAll(needed, { ...options, patienceMs: undefined })).rest));
    const asked = new Set(outcomes.map(({ path }) => pathKey(path)));
    for (const { path } of all) {
      if (!asked.has(pathKey(path))) outcomes.push({ path, owner: ownerOf(store, path), answer: { kind: "skipped" } });
    }
    signal.throwIfAborted();
    const late = outcomes.filter((one) => one.late === true).length;
    return { worth: noteAll(options, outcomes), late };
  }

  const { worth, late } = await note(reads.outcomes);
  const rest = async () => {
    const seen = new Set(reads.outcomes);
    const slow = (await reads.rest).filter((one) => !seen.has(one));
    return (await note(slow.map((one) => ({ ...one, owner: ownerOf(store, one.path) })))).worth;
  };
  return {
    worthKeeping: worth || rescanned,
    problem: problem ?? (late === 0 ? null : `${late} drives were not asked: others took too long`),
    ...(reads.hasRest ? { rest } : {}),
  };
}

function noteAll({ host, store, now }: PassOptions, outcomes: readonly Outcome[]): boolean {
  let worthKeeping = false;
  const groups = grouped(host, outcomes);
  for (const [key, group] of groups) worthKeeping = noteOutcome({ host, store, key, group, at: now() }) || worthKeeping;
  for (const drive of Object.values(store.drives)) {
    if (!drive.present || groups.has(drive.key)) continue;
    drive.present = false;
    worthKeeping = true;
  }
  tidyStore(store, now());
  return worthKeeping;
}

/** The paths that are meant by `only`, else those of drives that nobody knows yet; all where none is given. */
function chosen(host: Host, all: readonly Owned[], only: string | null | undefined): readonly Owned[] {
  if (only === null || only === undefined) return all;
  const found = all.filter(({ path, owner }) => isMeant(host, only, [path], owner));
  if (found.length > 0) return found;
  // Reading can't make a device appear; a serial number may be that of a drive that was not read yet.
  return deviceName.test(only) ? [] : all.filter(({ owner }) => (owner?.measuredAt ?? 0) === 0 && trouble(owner) === 0);
}

const deviceName = /^(?:\/|(?:[shv]d|xvd)[a-z]+\d*$|nvme\d|(?:sg|sr|md|dm-|loop)\d)/;

/** The drive that a path led to when it was last read, unless the kernel sees another one there now. */
export function ownerOf(store: DriveStore, path: DrivePath): StoredDrive | undefined {
  const drives = Object.values(store.drives);
  const leadsHere = (own: DrivePath) => pathKey(own) === pathKey(path) && fits(own, path);
  const moved = (own: DrivePath) => own.fingerprint !== null && own.fingerprint === path.fingerprint;
  const has = (drive: StoredDrive, test: (own: DrivePath) => boolean) => drive.paths.some(test);
  return (
    drives.find((drive) => drive.present && has(drive, leadsHere)) ??
    drives.find((drive) => has(drive, moved)) ??
    drives.find((drive) => has(drive, leadsHere))
  );
}

function fits(own: DrivePath, path: DrivePath): boolean {
  return own.fingerprint === null || path.fingerprint === null || own.fingerprint === path.fingerprint;
}

type Owned = { path: DrivePath & { suspended: boolean }; owner: StoredDrive | undefined };

/** `outcomes`: what is there by now; `rest`: all, when the last read has ended. */
type Reads = { outcomes: Outcome[]; hasRest: boolean; rest: Promise<Outcome[]> };

/**
 * Reads those paths, a few at a time; those that gave trouble last come last. Answers when all have been read, or when all
 * that are still being read have taken longer than `patienceMs`.
 */
async function readAll(owned: readonly Owned[], options: PassOptions): Promise<Reads> {
  const waiting = [...owned]
    .sort((a, b) => trouble(a.owner) - trouble(b.owner))
    .map((one) => ({ one, soon: Promise.withResolvers<void>() }));
  const soon = waiting.map((each) => each.soon.promise);
  const outcomes: Outcome[] = [];
  const began = performance.now();
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { one, soon } = next;
      const timer = options.patienceMs === undefined ? undefined : setTimeout(soon.resolve, options.patienceMs);
      const late = performance.now() - began > (options.budgetMs ?? defaultBudgetMs) || options.signal.aborted;
      outcomes.push({ ...one, late, answer: late ? { kind: "skipped" } : await readPath(one, options) });
      clearTimeout(timer);
      soon.resolve();
    }
  };
  const workers = owned.length > manyDrives ? many : few;
  const rest = Promise.all(Array.from({ length: workers }, work)).then(() => sorted(outcomes));
  await Promise.race([rest, Promise.all(soon)]);
  return { outcomes: sorted(outcomes), hasRest: outcomes.length < owned.length, rest };
}

function sorted(outcomes: readonly Outcome[]): Outcome[] {
  return [...outcomes].sort((a, b) => order(a.path, b.path));
}

function trouble(owner: StoredDrive | undefined): number {
  return owner?.look.kind === "failed" ? (owner.look.hung ? 2 : 1) : 0;
}

/** Reads one path, or says why it is not read. */
export async function readPath(
  { path, owner }: Owned,
  { host, smartctl, store, signal, evenIdle }: PassOptions & { evenIdle?: boolean },
): Promise<Answer> {
  if (path.disguise !== null) return { kind: "failed", hung: false, reason: disguised(path) };
  if (path.suspended) return { kind: "asleep" };
  const idleAt = owner?.idleAt ?? null;
  if (evenIdle !== true && idleAt !== null && idleAt === transfersOf(host, path.disks)) {
    return { kind: "asleep", unsure: true };
  }
  const id = pathKey(path);
  if (store.hung.includes(id) && smartctl.isStuck(path)) {
    return { kind: "failed", hung: true, reason: "smartctl hangs on this drive and can't be ended" };
  }
  let answer = await smartctl.read(withLearnedType(path, owner), signal);
  if (answer.kind === "failed" && path.type === null && /unknown usb bridge|specify device type/i.test(answer.reason)) {
    // Most bridges that smartctl does not know understand SAT.
    const second = await smartctl.read({ ...path, type: "sat" }, signal);
    if (second.kind !== "failed") answer = second;
  }
  if (answer.kind === "read" && !answer.drive.hasData && path.type === "scsi" && (owner?.measuredAt ?? 0) === 0) {
    // An ATA drive whose adapter hides that: smartctl finds out, once.
    const second = await smartctl.read({ ...path, type: null }, signal);
    if (second.kind === "read" && second.drive.hasData) answer = second;
  }
  store.hung = store.hung.filter((other) => other !== id);
  if (answer.kind === "failed" && answer.hung) store.hung.push(id);
  return answer;
}

/** What smartctl found out by itself need not be found out again: that may wake a drive. */
export function withLearnedType(path: DrivePath, owner: StoredDrive | undefined): DrivePath {
  const learned = owner?.facts.type;
  const usable =
    (path.type === null || path.type === "scsi") && typeof learned === "string" && owner?.look.kind !== "failed";
  return usable ? { ...path, type: learned } : path;
}

function disguised({ disguise }: DrivePath): string {
  return disguise === "virtual"
    ? "A virtual disk: the host below it knows the real drive"
    : "A volume of a RAID controller: the drives behind it can't be reached through smartctl";
}

/** Which outcomes are of one drive, by its key. */
function grouped(host: Host, outcomes: readonly Outcome[]): Map<string, Outcome[]> {
  const groups = new Map<string, Outcome[]>();
  const add = (key: string, outcome: Outcome) => groups.set(key, [...(groups.get(key) ?? []), outcome]);
  const later: Outcome[] = [];
  for (const outcome of outcomes) {
    const { path, owner, answer } = outcome;
    if (answer.kind !== "read") {
      later.push(outcome);
      continue;
    }
    const { identity } = answer.drive;
    const key = owner !== undefined && isSame(owner.facts, identity) ? owner.key : readKey(identity);
    const others = groups.get(key);
    const clone = others !== undefined && identity.wwn === null && owner?.key !== key;
    if (identity.slot !== null && owner?.key !== key) later.push(outcome);
    else add(clone ? placedKey(key, path) : key, outcome);
  }
  for (const outcome of later) {
    const { path, owner, answer } = outcome;
    if (answer.kind === "read")
      add(directKey(groups, answer.drive.identity) ?? readKey(answer.drive.identity), outcome);
    else add(owner?.key ?? expectedKey(path, kernelDrive(host, path.name)), outcome);
  }
  return groups;
}

/** A drive that its controller shows both by itself and in a slot is one drive. */
function directKey(groups: ReadonlyMap<string, readonly Outcome[]>, identity: Identity): string | undefined {
  for (const [key, group] of groups) {
    const shown = group.some(
      ({ answer }) =>
        answer.kind === "read" && answer.drive.identity.slot === null && isSame(answer.drive.identity, identity),
    );
    if (shown) return key;
  }
  return undefined;
}

/** Both name themselves the same. */
function isSame(one: Record<string, unknown> | Identity, other: Identity): boolean {
  const { model, serial, wwn } = one as Partial<Identity>;
  if (serial !== other.serial || model !== other.model) return false;
  if (serial === null) return wwn === other.wwn && wwn !== null;
  return !wwn || !other.wwn || wwn === other.wwn;
}

function order(a: DrivePath, b: DrivePath): number {
  return pathKey(a).localeCompare(pathKey(b), "en", { numeric: true });
}
