import type { Pool } from "../../api/storage-types.ts";
import type { Tone } from "../../ui/badge.tsx";
import { poolTone, storageWord } from "./words.ts";

/** As the alert rules have it: without room for either, all volumes of a thin pool stop or are lost. */
const fullData = 0.98;
const fullMetadata = 0.8;

/** A pool as lists and links tell of it. */
export type KnownPool = Pick<Pool, "state" | "type" | "usedRatio" | "metadataUsedRatio" | "errors">;

/** What to say of a pool and in which colour: online is well only where nothing else that is known of it is amiss. */
export function poolCondition({ state, type, usedRatio, metadataUsedRatio, errors }: KnownPool): {
  tone: Tone;
  word: string;
} {
  const word = storageWord(state);
  if (state !== "online") return { tone: poolTone(state), word };
  if (errors.data) return { tone: "crit", word: `${word}, data lost` };
  const full = (usedRatio ?? 0) >= fullData || (metadataUsedRatio ?? 0) > fullMetadata;
  if (type === "lvm-thin" && full) return { tone: "crit", word: `${word}, out of room` };
  if (errors.read || errors.write || errors.checksum) return { tone: "warn", word: `${word}, with errors` };
  return { tone: "ok", word };
}
