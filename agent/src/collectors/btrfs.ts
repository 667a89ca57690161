import type { Host } from "../host/host.ts";
import { createBtrfsReader } from "../pools/btrfs.ts";
import { poolReadings } from "../pools/pool.ts";
import { type Collector, type CollectorFactory, Partly } from "./collector.ts";

export const btrfs: CollectorFactory = {
  name: "btrfs",
  help: "Mounted btrfs filesystems and their devices, from /sys/fs/btrfs and btrfs",
  kinds: ["pool", "pool_member"],
  deadlineMs: 40_000,
  everySeconds: 60,
  create,
};

function create(machine: Host): Collector {
  const reader = createBtrfsReader(machine);
  return {
    async collect(now, signal) {
      const { pools, failures } = await reader.read(now, signal);
      const readings = pools.flatMap((pool) => poolReadings(pool, now));
      if (failures.length > 0) throw new Partly(failures.join("; "), readings);
      return readings;
    },
  };
}
