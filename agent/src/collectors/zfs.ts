import type { Host } from "../host/host.ts";
import { poolReadings } from "../pools/pool.ts";
import { createZfsReader } from "../pools/zfs.ts";
import { type Collector, type CollectorFactory, Partly } from "./collector.ts";

export const zfs: CollectorFactory = {
  name: "zfs",
  help: "ZFS pools and their devices, from the kernel's statistics and zpool",
  kinds: ["pool", "pool_member"],
  deadlineMs: 40_000,
  everySeconds: 60,
  create,
};

function create(machine: Host): Collector {
  const reader = createZfsReader(machine);
  return {
    async collect(now, signal) {
      const { pools, failures } = await reader.read(now, signal);
      const readings = pools.flatMap((pool) => poolReadings(pool, now));
      if (failures.length > 0) throw new Partly(failures.join("; "), readings);
      return readings;
    },
  };
}
