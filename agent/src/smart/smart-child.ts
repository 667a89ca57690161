import { createChild } from "../child/child.ts";
import type { Host } from "../host/host.ts";
import type { SmartPlace, SmartRequest } from "./requests.ts";

const child = createChild("smart", { keepMs: 0 });
let changed = false;

type WithoutPlace<T> = T extends unknown ? Omit<T, keyof SmartPlace> : never;

/**
 * Asks the child that reads drives. There is one for all who ask, so that what it keeps has one writer; at a deadline all
 * that is under way in it ends. Rejects with TaskError, whose `kind` is NotHere or Refusal, or what failed.
 */
export async function askSmart(
  host: Host,
  program: string,
  request: WithoutPlace<SmartRequest> & { readMs?: number | undefined },
  options: { deadlineMs: number; signal?: AbortSignal },
): Promise<unknown> {
  const place: SmartPlace = { program, root: host.root, stateDir: host.stateDir ?? null };
  if (host.drives !== undefined) place.settings = host.drives;
  return await child.call({ ...place, ...request }, options);
}

/** What is kept of a drive has changed without its being read by a pass: the next run of the collector tells it. */
export function noteDriveChange(): void {
  changed = true;
}

/** True once after a change: to tell it no drive needs to be read again. */
export function takeDriveChange(): boolean {
  const was = changed;
  changed = false;
  return was;
}

/** Path of smartctl, undefined where it is not installed. */
export function findSmartctl(
  host: Host,
  path = process.env.PATH || "/usr/sbin:/usr/bin:/sbin:/bin",
): string | undefined {
  const folders = new Set([...path.split(":"), "/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin"]);
  for (const folder of folders) {
    if (!folder.startsWith("/")) continue;
    const file = `${folder.replace(/\/+$/, "")}/smartctl`;
    if (exists(host, file)) return file;
  }
  return undefined;
}

function exists(host: Host, path: string): boolean {
  try {
    return host.linkCount(path) !== undefined;
  } catch {
    return false;
  }
}
