import { collectPools } from "../pools/collect-pools.ts";
import { createZfsReader } from "../pools/zfs.ts";
import type { CollectorFactory } from "./collector.ts";

export const zfs: CollectorFactory = {
  name: "zfs",
  help: "ZFS pools and their devices, from the kernel's statistics and zpool",
  kinds: ["pool", "pool_member"],
  deadlineMs: 40_000,
  everySeconds: 60,
  create: (host) => collectPools(createZfsReader(host)),
};
