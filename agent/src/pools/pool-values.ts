import { missing, slots } from "../collectors/values.ts";
import type { MemberState, Pool, PoolMember } from "./pool.ts";

const slot = slots("pool");
const gone: ReadonlySet<MemberState> = new Set(["faulted", "offline", "unavailable", "removed", "missing"]);

/** Values of the pool in the catalogue's order, NaN where it is not known; `devices` are its leaves. `now` in Unix ms. */
export function poolValues(pool: Pool, devices: readonly PoolMember[], now: number): Float64Array {
  const values = missing("pool");
  const set = (at: number, value: number | undefined) => {
    if (value !== undefined && Number.isFinite(value)) values[at] = value;
  };
  const { sizeBytes, usedBytes, scan, lastScrub } = pool;
  set(slot.size_bytes, sizeBytes);
  set(slot.used_bytes, usedBytes);
  set(slot.free_bytes, pool.freeBytes);
  if (sizeBytes !== undefined && usedBytes !== undefined && sizeBytes > 0) {
    set(slot.used_ratio, usedBytes / sizeBytes);
  }
  set(slot.fragmentation_ratio, pool.fragmentationRatio);
  set(slot.deduplication_factor, pool.deduplicationFactor);
  set(slot.metadata_used_ratio, pool.metadataUsedRatio);
  set(slot.mismatches, pool.mismatches);
  set(slot.data_errors, pool.dataErrors);
  // A pool that could not be read shows no members: their number is not known then.
  if (devices.length > 0) {
    const notShown = pool.membersNotShown ?? 0;
    const places = placesOf(pool.members);
    set(slot.members, places.length + notShown);
    set(slot.members_missing, places.filter((states) => states.some((one) => gone.has(one))).length + notShown);
    set(slot.spares, devices.filter((one) => one.role === "spare" && one.state === "spare").length);
  }
  set(slot.read_errors, errorsOf(pool.members, "readErrors"));
  set(slot.write_errors, errorsOf(pool.members, "writeErrors"));
  set(slot.checksum_errors, errorsOf(pool.members, "checksumErrors"));
  if (scan !== undefined && (scan.state === "running" || scan.state === "paused")) {
    set(slot.scan_progress_ratio, scan.progressRatio);
    set(slot.scan_bytes_per_second, scan.bytesPerSecond);
    set(slot.scan_remaining_seconds, scan.remainingSeconds);
  }
  const due = lastScrub?.endedAt ?? pool.scrubDueFrom;
  if (due !== undefined && pool.scrubNeverDue !== true) set(slot.scrub_age_seconds, Math.max(0, now - due) / 1000);
  set(slot.scrub_errors, lastScrub?.errors);
  return values;
}

/** The states found in each place for a device. One that is being replaced shares its place with the new one. */
function placesOf(members: readonly PoolMember[]): MemberState[][] {
  return members.flatMap((member): MemberState[][] => {
    if (member.role === "spare" && member.children.length === 0) return [];
    if (member.children.length === 0) return [[member.state]];
    const below = placesOf(member.children);
    return member.type === "replacing" || member.type === "spare" ? [below.flat()] : below;
  });
}

/** Errors of the devices; what a group counts beyond them (raidz can't always blame one) counts too. */
function errorsOf(
  members: readonly PoolMember[],
  what: "readErrors" | "writeErrors" | "checksumErrors",
): number | undefined {
  let sum: number | undefined;
  for (const member of members) {
    const below = errorsOf(member.children, what);
    const own = member[what];
    if (own === undefined && below === undefined) continue;
    sum = (sum ?? 0) + Math.max(own ?? 0, below ?? 0);
  }
  return sum;
}
