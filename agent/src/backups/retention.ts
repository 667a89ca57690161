import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../host/host.ts";
import { errorText, type Log } from "../log.ts";
import { syncFolder } from "../state-file.ts";
import { type ListedBackup, listBackups, type Manifest, temporaryFolder, unfinished } from "./manifest.ts";
import { backupFolder } from "./settings.ts";

/** Ids of the backups that this process makes just now. */
export const beingMade = new Set<string>();

/** Ids of the backups that are being read just now: they are not removed. */
export const inUse = new Map<string, number>();

/** Keeps a backup from being removed while `step` runs. */
export async function using<T>(id: string, step: () => Promise<T>): Promise<T> {
  occupy(id);
  try {
    return await step();
  } finally {
    release(id);
  }
}

/** Keeps a backup from being removed until it is released as often. */
export function occupy(id: string): void {
  inUse.set(id, (inUse.get(id) ?? 0) + 1);
}

/** The end of one `occupy`. */
export function release(id: string): void {
  const left = (inUse.get(id) ?? 1) - 1;
  if (left > 0) inUse.set(id, left);
  else inUse.delete(id);
}

/** Removes a backup: it stops counting at once, and half of it never counts. */
export function removeBackup(folder: string, id: string): void {
  const aside = temporaryFolder(folder, `gone-${id}`);
  renameSync(join(folder, id), aside);
  syncFolder(folder);
  rmSync(aside, { recursive: true, force: true });
}

/** Removes what backups that were never finished left behind. */
export function sweepUnfinished(folder: string): void {
  for (const id of unfinished(folder)) {
    if (!beingMade.has(id)) rmSync(temporaryFolder(folder, id), { recursive: true, force: true });
  }
}

/** Removes the backups whose time is over; those of a folder that does not exist are none. Answers how many went. */
export function removeExpired(folder: string, now: number, log: Log): number {
  let gone = 0;
  for (const { id } of overdue(listBackups(folder, now), now)) {
    if (inUse.has(id)) continue;
    try {
      removeBackup(folder, id);
      log.info("backup expired", { backup: id });
      gone++;
    } catch (error) {
      log.warn("an expired backup could not be removed", { backup: id, error: errorText(error) });
    }
  }
  return gone;
}

/** Looks after the folder of backups; a folder that can't be read or written is told of in the log. */
export function tidyBackups(host: Pick<Host, "backups" | "stateDir">, now: number, log: Log): void {
  const folder = backupFolder(host);
  if (folder === undefined) return;
  try {
    sweepUnfinished(folder);
    removeExpired(folder, now, log);
  } catch (error) {
    log.warn("the folder of backups could not be tidied", { folder, error: errorText(error) });
  }
}

/**
 * The backups that are to go: expired ones, but of each container the newest whole one stays for twice its time, so that
 * a container that is no longer saved does not lose its last backup on the day it expires.
 */
export function overdue(backups: readonly ListedBackup[], now: number): ListedBackup[] {
  const last = new Map<string, string>();
  for (const { id, manifest, problem } of backups) {
    const key = manifest && `${manifest.runtime}/${manifest.container}`;
    if (key !== undefined && problem === "" && !last.has(key)) last.set(key, id);
  }
  return backups.filter(({ id, manifest }) => {
    if (manifest === undefined || manifest.expires > now) return false;
    const isLast = last.get(`${manifest.runtime}/${manifest.container}`) === id;
    return !isLast || doubled(manifest) <= now;
  });
}

function doubled({ created, expires }: Manifest): number {
  return expires + (expires - created);
}
