import { judge, lowerBaseline } from "smartctl-parser";
import type { Host } from "../host/host.ts";
import { cleanTexts } from "./clean-texts.ts";
import { factsOf, kernelFacts } from "./drive-facts.ts";
import type { DriveStore } from "./drive-store.ts";
import { kernelDrive, transfersOf } from "./kernel-drive.ts";
import type { Answer } from "./smartctl.ts";
import { type DrivePath, isSlot, type Look, pathKey, type StoredDrive } from "./stored-drive.ts";

export type GroupedOutcome = { path: DrivePath; answer: Answer | { kind: "skipped" } };
type Noting = { host: Host; store: DriveStore; key: string; group: readonly GroupedOutcome[]; at: number };

const rank = { read: 0, asleep: 1, skipped: 2, failed: 3 };

/** Notes what the paths of one drive told. True when that is worth keeping over a restart. */
export function noteOutcome({ host, store, key, group, at }: Noting): boolean {
  const before = store.drives[key];
  const current = before?.paths[0];
  const isCurrent = ({ path }: GroupedOutcome) => (current !== undefined && pathKey(current) === pathKey(path) ? 0 : 1);
  const isBehind = ({ path }: GroupedOutcome) => (isSlot(path.scanned) ? 1 : 0);
  const sorted = [...group].sort(
    (a, b) => rank[a.answer.kind] - rank[b.answer.kind] || isBehind(a) - isBehind(b) || isCurrent(a) - isCurrent(b),
  );
  const best = sorted[0];
  if (best === undefined) return false;
  const skipped = best.answer.kind === "skipped";
  const kept = skipped && before !== undefined ? [...sorted].sort((a, b) => isCurrent(a) - isCurrent(b)) : sorted;
  const drive = before ?? newDrive(host, key, best.path, at);
  drive.paths = kept.map(({ path: { name, scanned, type, fingerprint, disks, disguise } }) => ({
    name,
    scanned,
    type,
    fingerprint,
    disks,
    disguise,
  }));
  const wasPresent = before?.present === true;
  drive.present = true;
  drive.seenAt = at;
  store.drives[key] = drive;
  if (skipped) return !wasPresent;
  if (best.answer.kind === "read") {
    noteRead(host, drive, best.path, best.answer, at);
    return true;
  }
  const look = lookOf(best.answer as Exclude<Answer, { kind: "read" }>, at);
  const changed = !wasPresent || JSON.stringify({ ...look, at: 0 }) !== JSON.stringify({ ...drive.look, at: 0 });
  drive.look = look;
  return changed;
}

/** Takes over what a drive that was just read says, and judges it. */
export function noteRead(
  host: Host,
  drive: StoredDrive,
  path: DrivePath,
  answer: Extract<Answer, { kind: "read" }>,
  at: number,
): void {
  drive.baseline = { ...lowerBaseline(drive.baseline, answer.drive) };
  const judgement = judge(answer.drive, { baseline: drive.baseline });
  const kernel = kernelDrive(host, path.name);
  const mayMove = answer.drive.solidState !== true && kernel.rotating !== false;
  const tellsNoSleep = answer.drive.messages.some(({ text }) => /ignoring -n option/i.test(text));
  // Also what reading it has transferred counts, so that only others' use of the drive differs from it.
  drive.idleAt = mayMove && tellsNoSleep ? transfersOf(host, kernel.disks) : null;
  Object.assign(
    drive,
    cleanTexts(factsOf(answer.drive, answer.text, judgement, { path, kernel, before: drive, now: at })),
    { judgement: cleanTexts(judgement), measuredAt: at, look: { kind: "read", at } satisfies Look },
  );
}

function newDrive(host: Host, key: string, path: DrivePath, at: number): StoredDrive {
  return {
    key,
    paths: [path],
    ...cleanTexts(kernelFacts(path, kernelDrive(host, path.name))),
    judgement: null,
    measuredAt: 0,
    baseline: {},
    baselineAt: 0,
    idleAt: null,
    look: { kind: "failed", at, reason: "Not read yet", hung: false },
    present: true,
    seenAt: at,
  };
}

function lookOf(answer: Exclude<Answer, { kind: "read" }>, at: number): Look {
  if (answer.kind === "asleep") return { kind: "asleep", at, ...(answer.unsure === true ? { unsure: true } : {}) };
  return { kind: "failed", at, reason: cleanTexts(answer.reason), hung: answer.hung };
}
