import { EmptyState } from "../../ui/states.tsx";
import type { ListName } from "./queries.ts";

const doctor = <code className="font-mono text-xs">sudo fairlead-agent doctor</code>;

/** Why a list may be empty, and what helps. */
export function NothingYet({ list, here = false }: { list: ListName; here?: boolean }) {
  if (list === "drives") {
    return (
      <EmptyState icon="storage" title={here ? "No drive is known here" : "No drive is known yet"}>
        Drives are read with smartctl 7.0 or newer: install the package smartmontools on the host. {doctor} says what is
        missing. Virtual machines usually have no drives of their own.
      </EmptyState>
    );
  }
  if (list === "pools") {
    return (
      <EmptyState icon="storage" title={here ? "No pool is known here" : "No pool is known yet"}>
        ZFS, Linux RAID, LVM, btrfs and hardware RAID are found by themselves where their tools are installed
        (zfsutils-linux, lvm2, btrfs-progs, storcli, ssacli). {doctor} says what is missing.
      </EmptyState>
    );
  }
  if (list === "controllers") {
    return (
      <EmptyState icon="storage" title={here ? "No RAID controller is known here" : "No RAID controller is known yet"}>
        Hardware RAID controllers are found by their maker's tool (storcli, perccli, ssacli, megacli, arcconf). {doctor}{" "}
        says what is missing.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="storage" title={here ? "No filesystem is known here" : "No filesystem is known yet"}>
      Mounted filesystems come with the first report of an agent.
    </EmptyState>
  );
}
