import { NotHere } from "../collectors/collector.ts";
import { blockStack } from "../host/block-stack.ts";
import type { Host } from "../host/host.ts";
import { errorText } from "../log.ts";
import { sizesOf } from "./btrfs-sizes.ts";
import {
  type BtrfsMount,
  btrfsMounts,
  btrfsRoot,
  dataKind,
  filesystemIds,
  mountOf,
  profileOf,
  text,
} from "./btrfs-sysfs.ts";
import {
  type BtrfsDevice,
  type BtrfsErrors,
  parseDeviceStats,
  parseErrorStats,
  parseProgress,
  parseShow,
} from "./btrfs-text.ts";
import { askBtrfs, BtrfsSilent, noBtrfsTool, scrubStatus } from "./btrfs-tool.ts";
import type { PoolReader } from "./collect-pools.ts";
import { withDisks } from "./member-disks.ts";
import { pausedScrubs } from "./paused-scrubs.ts";
import type { Pool, PoolMember, PoolScan } from "./pool.ts";
import { createScrubMemory, type ScrubMemory } from "./scrub-memory.ts";

/** What is kept of a filesystem between passes. */
type Memory = { shape: string; devices: BtrfsDevice[]; names: Map<string, string>; scrubText: string; scan?: PoolScan };

/**
 * Reads the mounted btrfs filesystems of a host: states, sizes and errors from /sys, names of devices and scrubs from the
 * tool, which is run only when /sys or the note that a scrub leaves say something new.
 */
export function createBtrfsReader(host: Host): PoolReader {
  const memory = createScrubMemory(host, "btrfs");
  const kept = new Map<string, Memory>();
  return {
    async read(now, signal) {
      const ids = filesystemIds(host);
      if (ids.length === 0) throw new NotHere(`no btrfs is mounted`);
      for (const id of kept.keys()) if (!ids.includes(id)) kept.delete(id);
      const mounts = btrfsMounts(host);
      const pools = await Promise.all(ids.map((id) => readOne(host, id, { mounts, kept, memory }, now, signal)));
      const failures = pools.filter(({ problem }) => problem !== undefined && problem !== noBtrfsTool(host));
      return { pools, failures: failures.map(({ name, problem }) => `${name}: ${problem}`) };
    },
  };
}

type Parts = { mounts: readonly BtrfsMount[]; kept: Map<string, Memory>; memory: ScrubMemory };

async function readOne(host: Host, id: string, parts: Parts, now: number, signal: AbortSignal): Promise<Pool> {
  const folder = `${btrfsRoot}/${id}`;
  const mine: Memory = parts.kept.get(id) ?? { shape: "", devices: [], names: new Map(), scrubText: "" };
  parts.kept.set(id, mine);
  const mount = mountOf(host, id, parts.mounts);
  const problems: string[] = [];
  const attempt = async <T>(step: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await step();
    } catch (error) {
      signal.throwIfAborted();
      problems.push(error instanceof BtrfsSilent ? error.message : errorText(error));
      return undefined;
    }
  };
  await attempt(() => updateDevices(host, id, mine, signal));
  const errors = await attempt(() => errorsOf(host, folder, mount, signal));
  const members = membersOf(host, folder, mine, errors ?? new Map());
  const sizes = await attempt(() => sizesOf(host, folder, members, mount, signal));
  await attempt(() => updateScrub(host, id, mine, mount, signal));
  const busy = await attempt(() => operationOf(host, folder, mount, signal));
  const label = text(host, `${folder}/label`);
  const missing = members.filter((one) => one.state === "missing").length;
  const profile = profileOf(host, `${folder}/allocation/${dataKind(host, folder)}`);
  const pool: Pool = {
    type: "btrfs",
    name: label || mount?.path || id,
    key: `btrfs:${id}`,
    guid: id,
    level: profile,
    state: missing > 0 ? "degraded" : members.length === 0 ? "unknown" : "online",
    health: missing > 0 ? `${missing} of ${members.length} devices missing` : "",
    status: mount?.readOnly === true ? "It is mounted read-only." : "",
    action:
      missing > 0 ? "Replace the missing device with 'btrfs replace start', or remove it from the filesystem." : "",
    ...sizes,
    members: withDisks(host, [groupOf(profile, members, missing)]),
    scrubActions:
      mount === undefined || mount.readOnly || problems.includes(noBtrfsTool(host)) ? [] : ["start", "pause", "stop"],
    tool: "btrfs",
    extra: {
      metadataLevel: profileOf(host, `${folder}/allocation/metadata`),
      mountPoint: mount?.path ?? "",
      exclusiveOperation: text(host, `${folder}/exclusive_operation`),
    },
  };
  if (pool.health === "") pool.health = pool.state;
  if (missing > 0) pool.reason = pool.health;
  if (problems[0] !== undefined) pool.problem = problems[0];
  tellScans(host, pool, mine.scan, busy, parts.memory, now);
  return pool;
}

/** All devices as one group of the data's level, so that errors which can't be told by device count at least there. */
function groupOf(profile: string, members: PoolMember[], missing: number): PoolMember {
  return {
    name: profile === "" ? "devices" : profile,
    type: profile === "" ? "group" : profile,
    role: "data",
    state: missing > 0 ? "degraded" : "online",
    disks: [],
    children: members,
  };
}

function tellScans(
  host: Host,
  pool: Pool,
  scrub: PoolScan | undefined,
  busy: PoolScan | undefined,
  memory: ScrubMemory,
  now: number,
): void {
  const id = pool.guid ?? "";
  const paused = scrub?.state === "cancelled" && pausedScrubs(host).has(pool.key ?? "");
  const scan: PoolScan | undefined = paused ? { ...scrub, state: "paused" } : scrub;
  const shown = scan?.state === "running" || busy === undefined ? scan : busy;
  if (shown !== undefined) pool.scan = shown;
  const { startedAt, errors } = scan ?? {};
  // The duration of one that was resumed counts from its first beginning, its time from the last.
  const endedAt = scan?.endedAt === undefined ? undefined : Math.min(scan.endedAt, now);
  const whole = scan?.state === "finished" && endedAt !== undefined;
  const found = whole
    ? {
        endedAt,
        ...(errors === undefined ? {} : { errors }),
        ...(startedAt === undefined ? {} : { durationSeconds: (endedAt - startedAt) / 1000 }),
      }
    : undefined;
  const lastScrub = memory.lastScrub(id, found);
  if (lastScrub !== undefined) pool.lastScrub = lastScrub;
  const devices = pool.members.flatMap((group) => group.children);
  // A single device has nothing to repair its data from: a scrub is never overdue there.
  if (devices.length < 2) pool.scrubNeverDue = true;
  else if (lastScrub === undefined) pool.scrubDueFrom = memory.firstSeen(id, now);
}

/** Names of devices by number, asked for when the numbers or the devices differ from before. */
async function updateDevices(host: Host, id: string, mine: Memory, signal: AbortSignal): Promise<void> {
  const folder = `${btrfsRoot}/${id}`;
  const present = (host.readDir(`${folder}/devices`) ?? []).map((name) => name.replaceAll("!", "/")).sort();
  const numbers = (host.readDir(`${folder}/devinfo`) ?? []).sort((a, b) => Number(a) - Number(b));
  const missing = numbers.filter((number) => text(host, `${folder}/devinfo/${number}/missing`) === "1");
  const shape = JSON.stringify([present, numbers, missing]);
  if (shape === mine.shape) return;
  const [only] = present;
  if (numbers.length === 1 && present.length === 1 && only !== undefined) {
    mine.devices = numbers.map((number) => ({ id: number, path: `/dev/${only}` }));
  } else {
    // Better than nothing, until the tool has answered.
    mine.devices = present.map((name) => ({ id: "", path: `/dev/${name}` }));
    const found = parseShow(await askBtrfs(host, ["filesystem", "show", "--raw", id], signal));
    if (found.length === 0) throw new Error("btrfs filesystem show: it names no device");
    mine.devices = found;
  }
  mine.shape = shape;
  for (const device of mine.devices)
    if (device.path !== undefined) mine.names.set(device.id, shortName(host, device.path));
}

function membersOf(
  host: Host,
  folder: string,
  { devices, names }: Memory,
  errors: ReadonlyMap<string, BtrfsErrors>,
): PoolMember[] {
  return devices.map(({ id, path, sizeBytes }) => {
    const name = path === undefined ? (names.get(id) ?? `devid ${id}`) : shortName(host, path);
    // A drive that is pulled while it is mounted is not missing for btrfs, it only fails.
    const vanished = path !== undefined && host.readDir(`/sys/class/block/${name.replaceAll("/", "!")}`) === undefined;
    const flagged = id !== "" && text(host, `${folder}/devinfo/${id}/missing`) === "1";
    const gone = path === undefined || flagged || vanished;
    const replacing = id !== "" && text(host, `${folder}/devinfo/${id}/replace_target`) === "1";
    return {
      name,
      type: "disk",
      role: "data",
      state: gone ? "missing" : replacing ? "rebuilding" : "online",
      ...(path === undefined ? {} : { path }),
      ...(gone ? { note: vanished ? "the device has vanished" : "missing" } : {}),
      ...(sizeBytes === undefined ? {} : { sizeBytes }),
      ...(errors.get(id) ?? errors.get(path ?? "")),
      disks: [],
      children: [],
    };
  });
}

/** Error counts by device number from /sys (Linux 5.14), by path from the tool before it. */
async function errorsOf(
  host: Host,
  folder: string,
  mount: BtrfsMount | undefined,
  signal: AbortSignal,
): Promise<Map<string, BtrfsErrors>> {
  const found = new Map<string, BtrfsErrors>();
  for (const id of host.readDir(`${folder}/devinfo`) ?? []) {
    const errors = parseErrorStats(text(host, `${folder}/devinfo/${id}/error_stats`));
    if (errors !== undefined) found.set(id, errors);
  }
  if (found.size > 0 || mount === undefined) return found;
  return parseDeviceStats(await askBtrfs(host, ["device", "stats", mount.path], signal));
}

/** Asks for the scrub only when the note that it leaves says something new: most passes need no process. */
async function updateScrub(
  host: Host,
  id: string,
  mine: Memory,
  mount: BtrfsMount | undefined,
  signal: AbortSignal,
): Promise<void> {
  let note: string | undefined;
  try {
    note = host.readText(`/var/lib/btrfs/scrub.status.${id}`);
  } catch {
    note = "unreadable";
  }
  if (note === undefined) delete mine.scan;
  if (note === undefined || mount === undefined) return;
  if (note === mine.scrubText && mine.scan !== undefined && mine.scan.state !== "running") return;
  const found = await scrubStatus(host, mount, signal);
  if (found === undefined) delete mine.scan;
  else mine.scan = found;
  mine.scrubText = note;
}

/** A balance, or the replacement of a device, that runs. */
async function operationOf(
  host: Host,
  folder: string,
  mount: BtrfsMount | undefined,
  signal: AbortSignal,
): Promise<PoolScan | undefined> {
  const operation = text(host, `${folder}/exclusive_operation`);
  const named = operation.startsWith("balance") ? "balance" : operation === "device replace" ? "resilver" : undefined;
  if (named === undefined || mount === undefined) return undefined;
  const args = named === "balance" ? ["balance", "status", mount.path] : ["replace", "status", "-1", mount.path];
  const progress = parseProgress(await askBtrfs(host, args, signal, [0, 1]));
  return {
    function: named,
    state: operation.endsWith("paused") ? "paused" : "running",
    ...(progress === undefined ? {} : { progressRatio: progress }),
  };
}

/** Kernel name of a device, or its path below /dev. */
function shortName(host: Host, path: string): string {
  return blockStack(host, path).device || path.replace(/^\/dev\//, "");
}
