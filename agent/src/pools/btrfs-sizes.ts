import { blockStack } from "../host/block-stack.ts";
import type { Host } from "../host/host.ts";
import { type BtrfsMount, dataKind, number } from "./btrfs-sysfs.ts";
import { parseUsage } from "./btrfs-text.ts";
import { askBtrfs } from "./btrfs-tool.ts";
import type { Pool, PoolMember } from "./pool.ts";

type Sizes = Pick<Pool, "sizeBytes" | "usedBytes" | "freeBytes" | "metadataUsedRatio">;

/** Sizes as they are for files: what copies take is taken off. */
export async function sizesOf(
  host: Host,
  folder: string,
  members: readonly PoolMember[],
  mount: BtrfsMount | undefined,
  signal: AbortSignal,
): Promise<Sizes> {
  const count = (name: string) => number(host, `${folder}/allocation/${name}`);
  const data = dataKind(host, folder);
  const kinds =
    host.readDir(`${folder}/allocation`)?.filter((kind) => /^(data|metadata|system|mixed)$/.test(kind)) ?? [];
  const diskTotal = kinds.reduce((all, kind) => all + count(`${kind}/disk_total`), 0);
  const dataRatio = count(`${data}/disk_total`) / count(`${data}/total_bytes`) || 1;
  const metadataRatio = count("metadata/disk_total") / count("metadata/total_bytes") || 1;
  let devices = members.reduce((all, one) => all + (deviceBytes(host, one) ?? Number.NaN), 0);
  if (!(devices > 0) && mount !== undefined) {
    // The size of a device that is missing is known to the filesystem alone.
    const usage = parseUsage(await askBtrfs(host, ["filesystem", "usage", "-b", mount.path], signal));
    devices = usage.deviceBytes ?? Number.NaN;
  }
  const unallocated = Math.max(0, devices - diskTotal);
  const used = count(`${data}/bytes_used`) + (data === "mixed" ? 0 : count("metadata/bytes_used"));
  const free = unallocated / dataRatio + count(`${data}/total_bytes`) - count(`${data}/bytes_used`);
  const metadataLimit = count("metadata/total_bytes") + unallocated / metadataRatio;
  return {
    sizeBytes: devices / dataRatio,
    usedBytes: used,
    freeBytes: Math.max(0, free),
    metadataUsedRatio: count("metadata/bytes_used") / metadataLimit,
  };
}

function deviceBytes(host: Host, member: PoolMember): number | undefined {
  if (member.sizeBytes !== undefined) return member.sizeBytes;
  if (member.path === undefined) return undefined;
  const { device } = blockStack(host, member.path);
  const sectors = number(host, `/sys/class/block/${device.replaceAll("/", "!")}/size`);
  return sectors > 0 ? sectors * 512 : undefined;
}
