import { badPoolStates } from "./severity.ts";

/** A resource as the links need it. All nodes of one call are of one server. */
export type StorageNode = {
  id: number;
  kind: "drive" | "pool" | "pool_member" | "filesystem" | "container";
  key: string;
  state: string | null;
  labels: Readonly<Record<string, string>>;
  /** Kernel names of the whole disks below it; of a RAID controller's volume the disk that the kernel sees. */
  disks: readonly string[];
  /** Keys of the pools that it stands on. */
  pools: readonly string[];
  /** Of a pool member. */
  poolKey: string | null;
  serial: string | null;
  slot: string | null;
  /** Of a container: the paths on the host that are mounted into it. */
  mountSources: readonly string[];
};

/** What stands on something, nearest first. */
export type StandsOn = { pools: StorageNode[]; filesystems: StorageNode[]; containers: StorageNode[] };

/** Who stands on whom on one server. Unknown ids have no links. */
export type Links = {
  nodes: ReadonlyMap<number, StorageNode>;
  /** Drives that a pool, member, filesystem or container stands on. */
  drivesOf(id: number): StorageNode[];
  /** Pools that a pool, filesystem or container stands on; of a member its own. */
  poolsOf(id: number): StorageNode[];
  /** Pools that a drive is in, by a member of its own or through the disks below. */
  standsOn(id: number): StandsOn;
  /** The drive that a member is, where known. */
  driveOfMember(id: number): StorageNode | null;
  /** Filesystems that hold a container's mounts. */
  filesystemsOf(id: number): StorageNode[];
};

/**
 * Links drives, pool members, pools, filesystems and containers of one server by disks, pool keys, serial numbers and
 * mounted paths. Linear in the nodes for ordinary hosts; loops in what agents send do no harm.
 */
export function linkStorage(nodes: readonly StorageNode[]): Links {
  const of = (kind: StorageNode["kind"]) => nodes.filter((node) => node.kind === kind);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const [drives, pools, filesystems, containers] = [of("drive"), of("pool"), of("filesystem"), of("container")];
  const poolByKey = new Map(pools.map((pool) => [pool.key, pool]));
  const membersByPool = Map.groupBy(of("pool_member"), (member) => member.poolKey ?? "");
  const findDrive = driveFinder(drives);
  const volumeOfDisk = new Map(
    pools.filter((pool) => pool.labels.type === "hwraid").flatMap((pool) => pool.disks.map((disk) => [disk, pool])),
  );
  const findMount = mountFinder(filesystems);

  const poolDrives = memo((pool: StorageNode): ReadonlySet<StorageNode> => {
    const found = new Set<StorageNode>();
    for (const member of membersByPool.get(pool.key) ?? []) addAll(found, memberDrives(member));
    for (const key of pool.pools) {
      const below = poolByKey.get(key);
      if (below !== undefined && below !== pool) addAll(found, poolDrives(below));
    }
    // The disk of a controller's volume is the volume itself; drives that hide behind it answer at the same place.
    if (pool.labels.type !== "hwraid") addAll(found, drivesOfDisks(pool.disks, pool));
    else if (found.size === 0) for (const disk of pool.disks) addAll(found, findDrive.byDisk(disk));
    return found;
  }, new Set<StorageNode>());

  function drivesOfDisks(disks: readonly string[], above: StorageNode): Set<StorageNode> {
    const found = new Set<StorageNode>();
    for (const disk of disks) {
      const volume = volumeOfDisk.get(disk);
      const behind = volume === undefined || volume === above ? undefined : poolDrives(volume);
      addAll(found, behind !== undefined && behind.size > 0 ? behind : findDrive.byDisk(disk));
    }
    return found;
  }

  function memberDrives(member: StorageNode): ReadonlySet<StorageNode> {
    const own = findDrive.bySerial(member.serial) ?? findDrive.bySlot(member.slot);
    if (own !== undefined) return new Set([own]);
    return member.key.startsWith("hwraid:") ? new Set() : drivesOfDisks(member.disks, member);
  }

  const filesystemDrives = memo((filesystem: StorageNode): ReadonlySet<StorageNode> => {
    const found = drivesOfDisks(filesystem.disks, filesystem);
    for (const key of filesystem.pools) {
      const pool = poolByKey.get(key);
      // A logical volume need not be on all disks of its group: there the filesystem's own disks say more.
      const exact = pool?.labels.type?.startsWith("lvm") === true && filesystem.disks.length > 0;
      if (pool !== undefined && !exact) addAll(found, poolDrives(pool));
    }
    return found;
  }, new Set<StorageNode>());

  const poolsBelow = memo((node: StorageNode): ReadonlySet<StorageNode> => {
    const found = new Set<StorageNode>();
    const add = (pool: StorageNode | undefined) => {
      if (pool === undefined || pool === node || found.has(pool)) return;
      found.add(pool);
      addAll(found, poolsBelow(pool));
    };
    for (const key of node.pools) add(poolByKey.get(key));
    if (node.poolKey !== null) add(poolByKey.get(node.poolKey));
    for (const disk of node.disks) add(volumeOfDisk.get(disk));
    found.delete(node);
    return found;
  }, new Set<StorageNode>());

  const mountsOf = memo((container: StorageNode): ReadonlySet<StorageNode> => {
    const found = new Set<StorageNode>();
    for (const path of container.mountSources) {
      const filesystem = findMount(path);
      if (filesystem !== undefined) found.add(filesystem);
    }
    return found;
  }, new Set<StorageNode>());

  function drivesBelow(node: StorageNode): ReadonlySet<StorageNode> {
    switch (node.kind) {
      case "drive":
        return new Set([node]);
      case "pool":
        return poolDrives(node);
      case "pool_member":
        return memberDrives(node);
      case "filesystem":
        return filesystemDrives(node);
      case "container":
        return union([...mountsOf(node)].map(filesystemDrives));
    }
  }

  function above(node: StorageNode): StandsOn {
    const isAbove = {
      drive: (each: StorageNode) => drivesBelow(each).has(node),
      pool: (each: StorageNode) => poolsBelow(each).has(node),
      filesystem: () => false,
      container: () => false,
    };
    if (node.kind === "pool_member") {
      const pool = poolByKey.get(node.poolKey ?? "");
      if (pool === undefined) return { pools: [], filesystems: [], containers: [] };
      const more = above(pool);
      return { ...more, pools: [pool, ...more.pools] };
    }
    const test = isAbove[node.kind];
    const onPools = pools.filter(test).sort((a, b) => poolsBelow(a).size - poolsBelow(b).size || byKey(a, b));
    const onFilesystems = filesystems.filter(test).sort(byKey);
    const held = new Set(node.kind === "filesystem" ? [node] : onFilesystems);
    const onContainers = containers.filter((each) => [...mountsOf(each)].some((mount) => held.has(mount)));
    return { pools: onPools, filesystems: onFilesystems, containers: onContainers.sort(byKey) };
  }

  const get = (id: number, kinds: readonly StorageNode["kind"][]) => {
    const node = byId.get(id);
    return node !== undefined && kinds.includes(node.kind) ? node : undefined;
  };
  return {
    nodes: byId,
    drivesOf(id) {
      const node = byId.get(id);
      return node === undefined ? [] : [...drivesBelow(node)].sort(byKey);
    },
    poolsOf(id) {
      const node = byId.get(id);
      if (node === undefined || node.kind === "drive") return [];
      return [...(node.kind === "container" ? union([...mountsOf(node)].map(poolsBelow)) : poolsBelow(node))];
    },
    standsOn(id) {
      const node = byId.get(id);
      return node === undefined ? { pools: [], filesystems: [], containers: [] } : above(node);
    },
    driveOfMember(id) {
      const member = get(id, ["pool_member"]);
      const [only, second] = member === undefined ? [] : [...memberDrives(member)];
      return second === undefined ? (only ?? null) : null;
    },
    filesystemsOf(id) {
      const container = get(id, ["container"]);
      return container === undefined ? [] : [...mountsOf(container)].sort(byKey);
    },
  };
}

export type StorageRisk = { severity: "warning" | "critical"; resourceId: number; kind: string; text: string };

/**
 * What on the server's storage speaks against changing anything now: pools that are not well or are being rebuilt, and
 * drives that fail. The gravest first; empty where all is well.
 */
export function storageRisks(links: Pick<Links, "nodes">): StorageRisk[] {
  const risks: StorageRisk[] = [];
  for (const node of links.nodes.values()) {
    const { id, kind, key, state } = node;
    if (state === null) continue;
    const note = (severity: StorageRisk["severity"], text: string) =>
      risks.push({ severity, resourceId: id, kind, text });
    if (kind === "pool" && (badPoolStates as readonly string[]).includes(state))
      note(state === "degraded" ? "warning" : "critical", `pool ${node.labels.name ?? key} is ${state}`);
    if (kind === "pool_member" && state === "rebuilding")
      note("warning", `${node.labels.device ?? key} of pool ${node.poolKey ?? "?"} is being rebuilt`);
    if (kind === "drive" && (state === "critical" || state === "failed"))
      note(state === "failed" ? "critical" : "warning", `drive ${nameOfDrive(node)} is ${state}`);
    if (kind === "filesystem" && state === "stuck") note("critical", `filesystem ${key} does not answer`);
  }
  return risks.sort((a, b) => (a.severity === b.severity ? 0 : a.severity === "critical" ? -1 : 1));
}

/** "sda (Samsung SSD 870)", or what is known of that. */
export function nameOfDrive({ key, labels }: Pick<StorageNode, "key" | "labels">): string {
  const device = labels.device ?? "";
  const model = labels.model ?? "";
  if (device !== "" && model !== "") return `${device} (${model})`;
  return device !== "" ? device : model !== "" ? model : key;
}

function driveFinder(drives: readonly StorageNode[]) {
  const bySerial = new Map<string, StorageNode>();
  const bySlot = new Map<string, StorageNode | null>();
  const byDisk = new Map<string, Set<StorageNode>>();
  for (const drive of drives) {
    const serial = plain(drive.serial);
    if (serial !== "") bySerial.set(serial, drive);
    // Two controllers number their slots alike: then a slot says nothing.
    if (drive.slot !== null) bySlot.set(drive.slot, bySlot.has(drive.slot) ? null : drive);
    for (const disk of drive.disks) byDisk.set(disk, (byDisk.get(disk) ?? new Set()).add(drive));
  }
  return {
    bySerial(serial: string | null): StorageNode | undefined {
      const wanted = plain(serial);
      if (wanted === "") return undefined;
      const exact = bySerial.get(wanted);
      if (exact !== undefined || wanted.length < 8) return exact;
      // Controllers cut serial numbers short, or put the maker's part number behind them.
      const near = [...bySerial].filter(
        ([known]) => known.length >= 8 && (known.startsWith(wanted) || wanted.startsWith(known)),
      );
      return near.length === 1 ? near[0]?.[1] : undefined;
    },
    bySlot: (slot: string | null) => (slot === null ? undefined : (bySlot.get(slot) ?? undefined)),
    byDisk: (disk: string): ReadonlySet<StorageNode> => byDisk.get(disk) ?? new Set(),
  };
}

function plain(serial: string | null): string {
  return (serial ?? "").toUpperCase().replace(/[^A-Z0-9]/g, "");
}

/** Finds the filesystem that holds a path: the longest mount point that leads to it. */
function mountFinder(filesystems: readonly StorageNode[]): (path: string) => StorageNode | undefined {
  const byMount = new Map(filesystems.map((filesystem) => [trimmed(filesystem.key), filesystem]));
  return (path) => {
    if (!path.startsWith("/")) return undefined;
    for (let at = trimmed(path); ; at = at.slice(0, at.lastIndexOf("/"))) {
      const found = byMount.get(at);
      if (found !== undefined || at === "") return found;
    }
  };
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, "");
}

/** Remembers what was made; while it is being made, a loop sees `meanwhile`. */
function memo<T>(make: (node: StorageNode) => T, meanwhile: T): (node: StorageNode) => T {
  const made = new Map<StorageNode, T>();
  return (node) => {
    const known = made.get(node);
    if (known !== undefined) return known;
    made.set(node, meanwhile);
    const value = make(node);
    made.set(node, value);
    return value;
  };
}

function addAll<T>(to: Set<T>, from: Iterable<T>): void {
  for (const each of from) to.add(each);
}

function union<T>(sets: readonly ReadonlySet<T>[]): Set<T> {
  const all = new Set<T>();
  for (const set of sets) addAll(all, set);
  return all;
}

function byKey(a: StorageNode, b: StorageNode): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
