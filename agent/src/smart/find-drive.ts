import { gunzipSync } from "node:zlib";
import type { Drive } from "smartctl-parser";
import { parseSmartctl } from "smartctl-parser";
import { Refusal } from "../executor/run-context.ts";
import { presentPath } from "./find-paths.ts";
import { noteRead } from "./note-outcome.ts";
import { readDrives, readPath } from "./read-drives.ts";
import type { SmartContext } from "./run-request.ts";
import type { Answer } from "./smartctl.ts";
import type { DrivePath, StoredDrive } from "./stored-drive.ts";

/** A drive of this host by its key; looks for drives first where none is known. Throws Refusal without it. */
export async function findDrive(key: string, context: SmartContext): Promise<StoredDrive> {
  const known = () => (Object.hasOwn(context.store.drives, key) ? context.store.drives[key] : undefined);
  if (known()?.present !== true) await readDrives({ ...context, rescan: true });
  const drive = known();
  if (drive?.present !== true) {
    throw new Refusal(
      `drive: ${JSON.stringify(key.slice(0, 120))} is not on this host: give a key as the list shows it`,
    );
  }
  return drive;
}

/** Where the drive is to be reached now. Throws Refusal where it is no drive or another one is in its place. */
export function pathOf(drive: StoredDrive, { host }: SmartContext): DrivePath & { suspended: boolean } {
  const known = drive.paths[0];
  if (known === undefined) throw new Refusal("the drive can't be reached");
  if (known.disguise === "virtual") throw new Refusal("a virtual disk has no SMART: ask on the host below it");
  if (known.disguise === "volume") throw new Refusal("a RAID controller's volume has no SMART: ask one of its drives");
  const path = presentPath(host, known);
  if (path.fingerprint !== null && known.fingerprint !== null && path.fingerprint !== known.fingerprint) {
    throw new Refusal(`${path.name} is another drive now: read the host again (host.refresh), then try again`);
  }
  return path;
}

/** Reads a drive now and keeps what it says; asleep it is left alone. `evenIdle`: it is known to be awake. */
export async function readDrive(drive: StoredDrive, context: SmartContext, { evenIdle = false } = {}): Promise<Answer> {
  const path = pathOf(drive, context);
  const answer = await readPath({ path, owner: drive }, { ...context, evenIdle });
  if (answer.kind !== "read") return answer;
  const { serial, model } = answer.drive.identity;
  if (serial !== (drive.facts.serial ?? serial) || model !== (drive.facts.model ?? model)) {
    throw new Refusal(`${path.name} is another drive now: read the host again (host.refresh), then try again`);
  }
  noteRead(context.host, drive, path, answer, context.now());
  return answer;
}

/** The drive as smartctl's kept words show it; undefined where none are kept. */
export function rememberedDrive({ facts }: StoredDrive): Drive | undefined {
  if (typeof facts.raw !== "string") return undefined;
  try {
    const parsed = parseSmartctl(gunzipSync(Buffer.from(facts.raw, "base64"), { maxOutputLength: 8 << 20 }).toString());
    return parsed.ok ? parsed.drive : undefined;
  } catch {
    return undefined;
  }
}
