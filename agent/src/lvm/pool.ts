import type { BlockStack } from "../host/block-stack.ts";
import type { Pool, PoolMember, PoolScan, PoolState, ScanFunction } from "../pools/pool.ts";
import type { LvmGroup, LvmPhysical, LvmVolume } from "./report.ts";

const mostVolumes = 200;
// From here on a snapshot that copies what is overwritten is as good as lost.
const snapshotRatio = 0.95;

const actions: Record<string, ScanFunction> = {
  resync: "resync",
  recover: "recovery",
  check: "check",
  repair: "repair",
  reshape: "reshape",
};

/** The pools that a volume group is: itself and each of its thin and VDO pools. `stackOf` tells what lies below a device. */
export function groupPools(group: LvmGroup, stackOf: (device: string) => BlockStack, toolVersion: string): Pool[] {
  const thin = group.volumes.filter((volume) => !volume.hidden && isPool(volume));
  return [groupPool(group, stackOf, toolVersion), ...thin.map((one) => thinPool(group, one, stackOf, toolVersion))];
}

function groupPool(group: LvmGroup, stackOf: (device: string) => BlockStack, toolVersion: string): Pool {
  const members = group.physical.map((one) => toMember(one, stackOf));
  const problems = problemsOf(group);
  const shownMissing = members.filter(({ state }) => state === "missing").length;
  const mismatches = mismatchesOf(group.volumes);
  const scan = scanOf(group.volumes);
  return {
    type: "lvm",
    name: group.name,
    guid: group.uuid,
    level: "group",
    state: problems.length === 0 ? "online" : group.volumes.some(isLost) ? "faulted" : "degraded",
    ...(problems.length === 0 ? {} : { reason: problems.join("; ") }),
    health: group.missing > 0 ? "partial" : group.exported ? "exported" : "complete",
    ...(group.sizeBytes === undefined ? {} : { sizeBytes: group.sizeBytes }),
    // What is not free is given to volumes, which says nothing of how full they are: no used share is told.
    ...(group.freeBytes === undefined ? {} : { freeBytes: group.freeBytes }),
    ...(mismatches === undefined ? {} : { mismatches }),
    members,
    membersNotShown: Math.max(0, group.missing - shownMissing),
    ...(scan === undefined ? {} : { scan }),
    scrubActions: [],
    tool: "lvm",
    toolVersion,
    extra: groupExtra(group),
  };
}

function toMember(physical: LvmPhysical, stackOf: (device: string) => BlockStack): PoolMember {
  const gone = physical.missing || !physical.name.startsWith("/");
  const { device, disks, pools } = gone ? { device: "", disks: [], pools: [] } : stackOf(physical.name);
  const name = gone ? physical.uuid || physical.name : physical.name.replace(/^\/dev\//, "");
  const notes = [gone ? "not found" : "", physical.duplicate ? "found on two devices: is multipath set up?" : ""];
  const note = notes.filter((one) => one !== "").join(", ");
  return {
    name,
    type: gone ? "device" : disks.includes(device) ? "disk" : "partition",
    role: "data",
    state: gone ? "missing" : physical.duplicate ? "degraded" : "online",
    ...(gone ? {} : { path: physical.name }),
    ...(note === "" ? {} : { note }),
    ...(physical.sizeBytes === undefined ? {} : { sizeBytes: physical.sizeBytes }),
    disks,
    ...(pools.length === 0 ? {} : { pools }),
    children: [],
  };
}

function problemsOf(group: LvmGroup): string[] {
  const found: string[] = [];
  if (group.missing > 0) found.push(`${group.missing} of ${group.physical.length} physical volumes missing`);
  for (const volume of group.volumes) {
    // A hidden part's ill health shows in the volume that it belongs to; thin pools are pools of their own.
    if (volume.hidden || isPool(volume)) continue;
    const problem = problemOf(volume);
    if (problem !== undefined) found.push(`${volume.name}: ${problem}`);
  }
  const shown = found.slice(0, 8);
  return found.length > shown.length ? [...shown, `${found.length - shown.length} more`] : shown;
}

/** A volume that has lost a part and has no other copy of it. */
function isLost({ hidden, health, layout }: LvmVolume): boolean {
  return (
    !hidden && health === "partial" && !layout.some((word) => /^(raid(1|4|5|6|10)\b|raid[456]_|mirror)/.test(word))
  );
}

function problemOf(volume: LvmVolume): string | undefined {
  if (volume.snapshotInvalid || /^[sS]...[SI]/.test(volume.attr)) return "the snapshot has overflowed and is lost";
  if (/^[sS]/.test(volume.attr) && (volume.dataRatio ?? 0) >= snapshotRatio) {
    return `the snapshot is ${Math.floor((volume.dataRatio ?? 0) * 100)} % full: it is lost when it overflows`;
  }
  if (volume.checkNeeded) return "its metadata must be checked";
  // raid1 and raid10 differ where data was rewritten while it was read: no fault.
  if (volume.health === "mismatches exist") return parity(volume) ? "parity does not match" : undefined;
  if (["", "unknown", "writemostly"].includes(volume.health)) return undefined;
  // A thin volume repeats what its pool says.
  return volume.pool !== "" && has(volume, "thin") ? undefined : volume.health.replaceAll("_", " ");
}

function thinPool(
  group: LvmGroup,
  volume: LvmVolume,
  stackOf: (device: string) => BlockStack,
  toolVersion: string,
): Pool {
  const { sizeBytes, dataRatio } = volume;
  const used = sizeBytes === undefined || dataRatio === undefined ? undefined : sizeBytes * dataRatio;
  const below = new Set(mappedNames(group.name, volume.name).flatMap((name) => stackOf(`/dev/mapper/${name}`).disks));
  if (below.size === 0)
    for (const one of group.physical) if (!one.missing) for (const disk of stackOf(one.name).disks) below.add(disk);
  const thins = group.volumes.filter((one) => !one.hidden && one.pool === volume.name);
  const virtualBytes = thins.reduce((sum, one) => sum + (one.sizeBytes ?? 0), 0);
  return {
    type: "lvm-thin",
    name: `${group.name}/${volume.name}`,
    level: has(volume, "vdo") ? "vdo" : "thin",
    ...thinState(volume),
    health: volume.health || "ok",
    ...(used === undefined && volume.active !== true
      ? { status: "not active on this host: its use is not known" }
      : {}),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(used === undefined ? {} : { usedBytes: Math.round(used), freeBytes: Math.round((sizeBytes as number) - used) }),
    ...(volume.metadataRatio === undefined ? {} : { metadataUsedRatio: volume.metadataRatio }),
    members: [],
    scrubActions: [],
    tool: "lvm",
    toolVersion,
    extra: {
      disks: [...below].sort(),
      pools: [`lvm:${group.name}`],
      whenFull: volume.whenFull,
      ...(volume.metadataBytes === undefined ? {} : { metadataBytes: volume.metadataBytes }),
      virtualBytes,
      volumes: thins.slice(0, mostVolumes).map(volumeAttributes),
    },
  };
}

function thinState({ health, checkNeeded }: LvmVolume): { state: PoolState; reason?: string } {
  if (health === "failed")
    return { state: "faulted", reason: "failed: repair it (lvconvert --repair) while it is not in use" };
  if (health === "metadata_read_only") {
    return { state: "faulted", reason: "metadata is read-only after an error: repair it (lvconvert --repair)" };
  }
  if (health === "out_of_data")
    return { state: "suspended", reason: "out of data space: writes wait, then fail; extend it" };
  if (checkNeeded) return { state: "degraded", reason: "its metadata must be checked (lvconvert --repair)" };
  if (health === "partial") return { state: "faulted", reason: "partial: a physical volume below it is missing" };
  if (health !== "" && health !== "unknown") return { state: "degraded", reason: health };
  return { state: "online" };
}

/** Names of a pool's device: while a thin pool has volumes there is a layer more, a VDO pool always has one. */
function mappedNames(group: string, volume: string): string[] {
  const name = `${group.replaceAll("-", "--")}-${volume.replaceAll("-", "--")}`;
  return [`${name}-tpool`, `${name}-vpool`, name];
}

/** Of the volumes that are synchronised the one that has the longest way to go. */
function scanOf(volumes: readonly LvmVolume[]): PoolScan | undefined {
  let slowest: PoolScan | undefined;
  for (const { hidden, syncAction, syncRatio, layout } of volumes) {
    if (hidden || syncRatio === undefined || !layout.some((word) => /^(raid|mirror)/.test(word))) continue;
    const action = actions[syncAction] ?? (syncRatio < 1 ? "resync" : undefined);
    if (action === undefined) continue;
    if (slowest === undefined || syncRatio < (slowest.progressRatio ?? 1)) {
      slowest = { function: action, state: "running", progressRatio: syncRatio };
    }
  }
  return slowest;
}

/** Only of levels with parity; those of raid1 and raid10 are no errors. */
function mismatchesOf(volumes: readonly LvmVolume[]): number | undefined {
  const counts = volumes.filter(parity).flatMap(({ mismatches }) => (mismatches === undefined ? [] : [mismatches]));
  return counts.length === 0 ? undefined : counts.reduce((sum, one) => sum + one, 0);
}

/** Thin pools and VDO pools: both promise more than they have, and stop their volumes when they are full. */
function isPool(volume: LvmVolume): boolean {
  return has(volume, "pool") && (has(volume, "thin") || has(volume, "vdo"));
}

function parity({ layout }: LvmVolume): boolean {
  return layout.some((word) => /^raid[456]/.test(word));
}

function has({ layout }: LvmVolume, ...wanted: readonly string[]): boolean {
  return wanted.every((word) => layout.includes(word));
}

function groupExtra({ extentBytes, volumes }: LvmGroup): Record<string, unknown> {
  const visible = volumes.filter(({ hidden }) => !hidden);
  const snapshots = visible.filter(({ origin, role }) => origin !== "" && role.includes("snapshot"));
  return {
    ...(extentBytes === undefined ? {} : { extentBytes }),
    volumeCount: visible.length,
    volumes: visible.slice(0, mostVolumes).map(volumeAttributes),
    ...(snapshots.length === 0 ? {} : { snapshots: snapshots.slice(0, mostVolumes).map(snapshotAttributes) }),
  };
}

function volumeAttributes(volume: LvmVolume): Record<string, unknown> {
  const { name, sizeBytes, layout, active, health, dataRatio, syncRatio, mismatches, cache } = volume;
  return {
    name,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    layout: layout.join(","),
    ...(active === undefined ? {} : { active }),
    ...(health === "" || health === "unknown" ? {} : { health }),
    ...(dataRatio === undefined ? {} : { usedRatio: dataRatio }),
    ...(syncRatio === undefined ? {} : { syncRatio }),
    ...(mismatches === undefined ? {} : { mismatches }),
    ...(cache === undefined ? {} : { cache: cacheAttributes(cache) }),
  };
}

function cacheAttributes(cache: NonNullable<LvmVolume["cache"]>): Record<string, unknown> {
  const { totalBlocks, usedBlocks, dirtyBlocks, readHits, readMisses } = cache;
  const reads = readHits + readMisses;
  return {
    usedRatio: usedBlocks / totalBlocks,
    dirtyRatio: dirtyBlocks / totalBlocks,
    ...(reads === 0 ? {} : { readHitRatio: readHits / reads }),
  };
}

function snapshotAttributes(volume: LvmVolume): Record<string, unknown> {
  const { name, origin, dataRatio } = volume;
  return {
    name,
    origin,
    ...(dataRatio === undefined ? {} : { usedRatio: dataRatio }),
    invalid: volume.snapshotInvalid,
  };
}
