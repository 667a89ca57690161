import { backups } from "./backups.ts";
import { btrfs } from "./btrfs.ts";
import type { CollectorFactory } from "./collector.ts";
import { cpu } from "./cpu.ts";
import { databases } from "./databases.ts";
import { disks } from "./disks.ts";
import { docker } from "./docker.ts";
import { filesystems } from "./filesystems.ts";
import { hardwareRaid } from "./hardware-raid.ts";
import { inventory } from "./inventory.ts";
import { load } from "./load.ts";
import { lvm } from "./lvm.ts";
import { md } from "./md.ts";
import { memory } from "./memory.ts";
import { network } from "./network.ts";
import { pressure } from "./pressure.ts";
import { runtimes } from "./runtimes.ts";
import { sensors } from "./sensors.ts";
import { smart } from "./smart.ts";
import { system } from "./system.ts";
import { systemd } from "./systemd.ts";
import { zfs } from "./zfs.ts";

/** Every collector of hosts, in the order in which a pass starts them. The agent's own is made by main.ts. */
export const collectorFactories: readonly CollectorFactory[] = [
  cpu,
  load,
  pressure,
  memory,
  filesystems,
  disks,
  network,
  sensors,
  system,
  systemd,
  inventory,
  docker,
  runtimes,
  databases,
  zfs,
  btrfs,
  md,
  lvm,
  hardwareRaid,
  smart,
  backups,
];
