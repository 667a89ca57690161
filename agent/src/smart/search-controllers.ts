import type { Host } from "../host/host.ts";
import { controllers, slotPath } from "./find-paths.ts";
import type { Smartctl } from "./smartctl.ts";
import type { DrivePath } from "./stored-drive.ts";

/** Slots may be empty between used ones, but not many. */
const mostEmpty = 8;

/** Drives behind controllers that no scan looks behind: each slot is asked until several in a row are empty. */
export async function searchControllers(host: Host, smartctl: Smartctl, signal: AbortSignal): Promise<DrivePath[]> {
  const found: DrivePath[] = [];
  for (const { name, type, first, last } of controllers(host)) {
    let empty = 0;
    for (let slot = first; slot <= last && empty < mostEmpty && !signal.aborted; slot++) {
      const path = slotPath(name, type(slot));
      const { kind } = await smartctl.probe(path, signal);
      if (kind === "failed") empty++;
      else empty = 0;
      if (kind !== "failed") found.push(path);
    }
  }
  return found;
}
