import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../state-file.ts";
import type { DrivePath, StoredDrive } from "./stored-drive.ts";

/** What outlives the agent. Times in Unix ms, 0 = never. */
export type DriveStore = {
  version: 1;
  scannedAt: number;
  /** When controllers that no scan looks behind were last searched, and what was found there. */
  searchedAt: number;
  searched: DrivePath[];
  /** The boot and the block devices that the scan was made with. */
  scannedOn: string;
  /** Paths on which a smartctl was given up. */
  hung: string[];
  paths: DrivePath[];
  smartctlVersion: string | null;
  drives: Record<string, StoredDrive>;
};

const forgottenMs = 180 * 86_400_000;
const emptiedMs = 86_400_000;
const mostDrives = 2000;

type Open = { store: DriveStore; users: number };
const open = new Map<string, Open>();
/** Of hosts without a state folder. */
const unsaved = new Map<string, DriveStore>();

/**
 * Runs with the store of that folder; calls that overlap share one. Without a folder it lives as long as this process.
 * A file that is damaged is as none: the next pass makes a new one.
 */
export async function withStore<T>(stateDir: string | undefined, run: (store: DriveStore) => Promise<T>): Promise<T> {
  const folder = stateDir ?? "";
  const mine = open.get(folder) ?? { store: load(stateDir), users: 0 };
  open.set(folder, mine);
  mine.users++;
  try {
    return await run(mine.store);
  } finally {
    mine.users--;
    if (mine.users === 0) open.delete(folder);
  }
}

/** Writes the store where there is a folder for it; `sync` makes it durable. Throws what the file system throws. */
export function saveStore(stateDir: string | undefined, store: DriveStore, { sync }: { sync: boolean }): void {
  if (stateDir === undefined) {
    unsaved.set("", store);
    return;
  }
  writeFileAtomic(join(stateDir, "drives.json"), JSON.stringify(store), { sync });
}

/** Drops what belongs to drives that have been gone for long: their values after a day, their baseline after half a year. */
export function tidyStore(store: DriveStore, now: number): void {
  const gone = Object.values(store.drives).filter((drive) => !drive.present);
  gone.sort((a, b) => b.seenAt - a.seenAt);
  for (const [i, drive] of gone.entries()) {
    const age = now - drive.seenAt;
    const worthless = Object.keys(drive.baseline).length === 0 && age > emptiedMs;
    if (worthless || age > forgottenMs || i >= mostDrives) delete store.drives[drive.key];
    else if (age > emptiedMs) Object.assign(drive, { facts: {}, values: [] });
  }
}

function load(stateDir: string | undefined): DriveStore {
  if (stateDir === undefined) return unsaved.get("") ?? emptyStore();
  try {
    const store = JSON.parse(readFileSync(join(stateDir, "drives.json"), "utf8")) as DriveStore;
    return isWhole(store) ? store : emptyStore();
  } catch {
    return emptyStore();
  }
}

export function emptyStore(): DriveStore {
  return {
    version: 1,
    scannedAt: 0,
    searchedAt: 0,
    searched: [],
    scannedOn: "",
    hung: [],
    paths: [],
    smartctlVersion: null,
    drives: {},
  };
}

function isWhole(store: DriveStore | null): boolean {
  const isObject = (value: unknown) => typeof value === "object" && value !== null;
  return (
    store?.version === 1 &&
    Array.isArray(store.paths) &&
    Array.isArray(store.searched) &&
    Array.isArray(store.hung) &&
    isObject(store.drives) &&
    Object.values(store.drives).every(
      (drive) =>
        isObject(drive) &&
        Array.isArray(drive.paths) &&
        Array.isArray(drive.values) &&
        isObject(drive.facts) &&
        isObject(drive.labels) &&
        isObject(drive.baseline) &&
        isObject(drive.look),
    )
  );
}
