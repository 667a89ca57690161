import type { Host } from "../host/host.ts";
import { type ContainerTable, createContainerTable } from "./container-table.ts";
import { openDocker } from "./docker.ts";

const tables = new WeakMap<Host, ContainerTable>();

/** The containers of a host: one table for all collectors that want to know of them, so that the engine is asked once. */
export function containersOf(host: Host): ContainerTable {
  const known = tables.get(host);
  if (known !== undefined) return known;
  const made = createContainerTable({ open: (signal) => openDocker({ socket: host.dockerSocket }, signal) });
  tables.set(host, made);
  return made;
}
