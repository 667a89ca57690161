import { mountStack } from "../host/block-stack.ts";
import { Hung } from "../host/guard.ts";
import type { Host, StatFs } from "../host/host.ts";
import { type Collector, type CollectorFactory, NotHere, type Reading } from "./collector.ts";
import { type Mount, parseMounts } from "./mount-table.ts";
import { missing, slots } from "./values.ts";

export const filesystems: CollectorFactory = {
  name: "filesystems",
  help: "Space and inodes of mounted filesystems, network ones included, from mountinfo and statfs",
  kinds: ["filesystem"],
  deadlineMs: 5000,
  create,
};

const slot = slots("filesystem");
// A mount that does not answer so long is stuck; it is not asked again before it has answered.
const answerMs = 1000;
// What mounts stand on is looked up when the mount table differs, and at times: a RAID may have got another disk.
const stackPasses = 60;

/** A mount with what it stands on, as the attributes tell it. */
type StackedMount = Mount & { attributes?: Record<string, unknown> };

function create(machine: Host): Collector {
  let lastText: string | undefined;
  let mounts: StackedMount[] = [];
  let passes = 0;
  return {
    async collect() {
      // The first process sees the host's mounts; a hardened service sees its own, most of them read-only.
      const text = machine.readText("/proc/1/mountinfo") ?? machine.readText("/proc/self/mountinfo");
      if (text === undefined) throw new NotHere("/proc/self/mountinfo");
      if (text !== lastText) mounts = parseMounts(text);
      if (text !== lastText || ++passes >= stackPasses) {
        mounts = mounts.map((mount) => withStack(machine, mount));
        passes = 0;
      }
      lastText = text;
      const readings = await Promise.all(mounts.map((mount) => readMount(machine, mount)));
      return readings.filter((reading) => reading !== undefined);
    },
  };
}

function withStack(machine: Host, mount: Mount): StackedMount {
  const { device, disks, pools } = mountStack(machine, mount);
  return { ...mount, attributes: { ...(device === "" ? {} : { blockDevice: device }), disks, pools } };
}

async function readMount(machine: Host, mount: StackedMount): Promise<Reading | undefined> {
  try {
    return filesystemReading(mount, await machine.statfs(mount.mountPoint, answerMs));
  } catch (error) {
    if (error instanceof Hung) return filesystemReading(mount, undefined, "stuck", error.message);
    const { code } = error as NodeJS.ErrnoException;
    // Unmounted meanwhile, or not to be seen from where the agent runs.
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    const stale = code === "ESTALE" || code === "EIO" || code === "ENOTCONN" || code === "EHOSTDOWN";
    return filesystemReading(mount, undefined, stale ? "stuck" : undefined, (error as Error).message);
  }
}

/** Reading of a mount from what statfs said; all but read_only is missing where it said nothing. */
export function filesystemReading(
  mount: StackedMount,
  stat?: StatFs,
  state?: string,
  reason?: string,
): Reading | undefined {
  const values = missing("filesystem");
  values[slot.read_only] = mount.readOnly ? 1 : 0;
  if (stat !== undefined) {
    if (stat.blocks === 0) return undefined;
    const used = (stat.blocks - stat.free) * stat.blockSize;
    const available = stat.available * stat.blockSize;
    values[slot.size_bytes] = stat.blocks * stat.blockSize;
    values[slot.used_bytes] = used;
    values[slot.available_bytes] = available;
    values[slot.used_ratio] = used + available > 0 ? used / (used + available) : 1;
    // btrfs and FAT have no fixed number of inodes and say 0.
    if (stat.files > 0) {
      values[slot.inodes] = stat.files;
      values[slot.inodes_used] = stat.files - stat.freeFiles;
      values[slot.inodes_used_ratio] = (stat.files - stat.freeFiles) / stat.files;
    }
  }
  return {
    kind: "filesystem",
    key: mount.mountPoint,
    labels: { device: mount.source, type: mount.type, network: String(mount.network) },
    ...(mount.attributes === undefined ? {} : { attributes: mount.attributes }),
    state: state ?? (mount.readOnly ? "ro" : "rw"),
    ...(reason === undefined ? {} : { reason }),
    values,
  };
}
