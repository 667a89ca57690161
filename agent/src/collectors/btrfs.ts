import { createBtrfsReader } from "../pools/btrfs.ts";
import { collectPools } from "../pools/collect-pools.ts";
import type { CollectorFactory } from "./collector.ts";

export const btrfs: CollectorFactory = {
  name: "btrfs",
  help: "Mounted btrfs filesystems and their devices, from /sys/fs/btrfs and btrfs",
  kinds: ["pool", "pool_member"],
  deadlineMs: 40_000,
  everySeconds: 60,
  create: (host) => collectPools(createBtrfsReader(host)),
};
