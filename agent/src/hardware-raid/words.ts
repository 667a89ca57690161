import type { MemberState, PoolState } from "../pools/pool.ts";
import type { ControllerState } from "./model.ts";

/** The state of a volume by the tool's word, which is matched from its beginning and without regard to case. */
export function volumeState(word: string): PoolState {
  const text = word.trim().toLowerCase();
  if (/^(optl|optimal|ok|online|okay|ready(?! for)|transforming|expanding|migrating)\b/.test(text)) return "online";
  if (
    /^(pdgd|dgrd|rec$|recover|partially|degraded|suboptimal|impacted|interim|rebuilding|waiting for rebuild|queued for rebuild|ready for r)/.test(
      text,
    )
  ) {
    return "degraded";
  }
  if (/^(ofln|offline|failed|dead)/.test(text)) return "faulted";
  return "unknown";
}

/** The state of a drive by the tool's word. A free drive that is well is "online". */
export function driveState(word: string): MemberState {
  const text = word.trim().toLowerCase();
  if (/^(rbld|rebuild|cpybck|copyback|recovering|cbshld)/.test(text)) return "rebuilding";
  if (/^(ghs|dhs|((global|dedicated|pooled) )?hot[- ]?spare|hspshld|spare)/.test(text)) return "spare";
  if (
    /^(onln|online|ok\b|jbod|ugood|unconfigured\(good\)|unconfigured good|ready|raw|optimal|ugunsp|non-raid|system|good\b)/.test(
      text,
    )
  ) {
    return "online";
  }
  if (/^(ugshld|cfshld|predict|erase|sanitiz)/.test(text)) return "degraded";
  if (/^(offln|offline)/.test(text)) return "offline";
  if (/^(failed|ubad|ubunsp|unconfigured\(bad\)|bad\b|dead|error)/.test(text)) return "faulted";
  if (/^(msng|missing|not present|removed)/.test(text)) return "missing";
  return "unknown";
}

/** The state of a controller by the tool's word. */
export function controllerState(word: string): ControllerState {
  const text = word.trim().toLowerCase();
  if (/^(optimal|ok|ready|okay)\b/.test(text)) return "ok";
  if (/^(need|ndatn|degraded|warning|suboptimal|impacted)/.test(text)) return "degraded";
  if (/^(fail|offline|fault|critical|dead|lock|error)/.test(text)) return "failed";
  return "unknown";
}
