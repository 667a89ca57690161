import { errorText, type Log } from "../../log.ts";
import type { RuntimeSet } from "../../runtimes/index.ts";
import { type Kept, keptUpdates } from "./kept.ts";

/**
 * Lets go of the images whose time for a roll-back is over: their tag goes, and they too where nothing else uses them.
 * What can't be done now is tried the next time.
 */
export async function expireKeptImages(
  stateDir: string,
  runtimes: RuntimeSet,
  now: number,
  signal: AbortSignal,
  log: Log,
): Promise<number> {
  const updates = keptUpdates(stateDir);
  const all = updates.list();
  let gone = 0;
  for (const record of all.filter(({ keepUntil }) => keepUntil <= now)) {
    const shared = all.some((other) => other !== record && other.keepUntil > now && other.tag === record.tag);
    try {
      if (!shared) await letGo(record, runtimes, signal, log);
      updates.remove(record);
      gone++;
    } catch (error) {
      log.info("an image kept for a roll-back stays for now", { image: record.fromImage, error: errorText(error) });
    }
  }
  return gone;
}

async function letGo({ runtime: name, tag, fromImageId }: Kept, runtimes: RuntimeSet, signal: AbortSignal, log: Log) {
  const runtime = await runtimes.get(name);
  if (tag !== null) await runtime.removeImage(tag, { force: false }, signal);
  // Another tag, a container or a child may still need it: then it stays, which is no fault.
  await runtime.removeImage(fromImageId, { force: false }, signal).catch((error) => {
    log.debug("an old image is still used", { image: fromImageId, error: errorText(error) });
  });
}
