import { type Bringer, bringerHint } from "../host/distribution.ts";
import type { Host } from "../host/host.ts";

export type PoolTool = "zpool" | "lvm" | "btrfs" | "mdadm";

/** What brings the programs that pools are read and kept with. */
export const toolPackages: Readonly<Record<PoolTool, Bringer>> = {
  zpool: {
    packages: { debian: "zfsutils-linux", alpine: "zfs" },
    otherwise: "zfs of the OpenZFS repository (openzfs.github.io/openzfs-docs)",
  },
  lvm: { packages: {}, otherwise: "lvm2" },
  btrfs: {
    packages: { suse: "btrfsprogs", rhel: "btrfs-progs of a third-party repository: the distribution has none" },
    otherwise: "btrfs-progs",
  },
  mdadm: { packages: {}, otherwise: "mdadm" },
};

/** How to get that program on this host: "apt-get install lvm2". */
export function howToGet(host: Host, tool: PoolTool): string {
  return bringerHint(host, toolPackages[tool]);
}
