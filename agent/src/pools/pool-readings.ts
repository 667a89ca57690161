import type { Reading } from "../collectors/collector.ts";
import { missing, slots } from "../collectors/values.ts";
import { boundAttributes } from "./bound-attributes.ts";
import { leaves, type Pool, type PoolMember, type PoolScan, poolKey } from "./pool.ts";
import { poolValues } from "./pool-values.ts";
import { iso, oneLine } from "./texts.ts";

const memberSlot = slots("pool_member");

/** One reading of the pool and one of each of its devices, spares, logs and caches among them. `now` in Unix ms. */
export function poolReadings(pool: Pool, now: number): Reading[] {
  const key = poolKey(pool);
  const devices = leaves(pool.members);
  return [poolReading(pool, key, devices, now), ...devices.map((member) => memberReading(key, member))];
}

function poolReading(pool: Pool, key: string, devices: readonly PoolMember[], now: number): Reading {
  return {
    kind: "pool",
    key,
    labels: { type: pool.type, name: pool.name, level: pool.level },
    attributes: boundAttributes(poolAttributes(pool, devices)),
    state: pool.state,
    ...reasonOf(pool),
    values: poolValues(pool, devices, now),
  };
}

function reasonOf(pool: Pool): { reason?: string } {
  const reason = pool.reason ?? pool.problem ?? (pool.state === "online" ? undefined : pool.status || pool.health);
  return reason === undefined || reason === "" ? {} : { reason: oneLine(reason) };
}

function poolAttributes(pool: Pool, devices: readonly PoolMember[]): Record<string, unknown> {
  const { scan, lastScrub } = pool;
  return {
    type: pool.type,
    name: pool.name,
    ...(pool.guid === undefined ? {} : { guid: pool.guid }),
    level: pool.level,
    health: pool.health,
    status: pool.status ?? "",
    action: pool.action ?? "",
    members: pool.members.map(memberTree),
    scan: scan === undefined ? null : scanAttributes(scan),
    lastScrub: lastScrub === undefined ? null : { ...lastScrub, endedAt: iso(lastScrub.endedAt) },
    spares: devices.filter((one) => one.role === "spare").map((one) => one.device ?? one.name),
    scrubbable: pool.scrubActions.length > 0,
    scrubActions: pool.scrubActions,
    tool: pool.tool,
    toolVersion: pool.toolVersion ?? "",
    problem: pool.problem ?? "",
    disks: unique(devices.flatMap((one) => one.disks)),
    pools: unique(devices.flatMap((one) => one.pools ?? [])),
    ...pool.extra,
  };
}

function scanAttributes(scan: PoolScan): Record<string, unknown> {
  const { startedAt, endedAt, ...rest } = scan;
  return {
    ...rest,
    ...(startedAt === undefined ? {} : { startedAt: iso(startedAt) }),
    ...(endedAt === undefined ? {} : { endedAt: iso(endedAt) }),
  };
}

function memberTree(member: PoolMember): Record<string, unknown> {
  return { ...member, device: member.device ?? member.name, children: member.children.map(memberTree) };
}

function memberReading(pool: string, member: PoolMember): Reading {
  const device = member.device ?? member.name;
  const values = missing("pool_member");
  const set = (at: number, value: number | undefined) => {
    if (value !== undefined && Number.isFinite(value)) values[at] = value;
  };
  set(memberSlot.size_bytes, member.sizeBytes);
  set(memberSlot.read_errors, member.readErrors);
  set(memberSlot.write_errors, member.writeErrors);
  set(memberSlot.checksum_errors, member.checksumErrors);
  set(memberSlot.slow_ios, member.slowIos);
  set(memberSlot.temperature_celsius, member.temperatureCelsius);
  const usual = member.state === "online" || member.state === "spare";
  const reason = usual ? undefined : (member.note ?? member.state);
  return {
    kind: "pool_member",
    key: `${pool}/${device}`,
    labels: { pool, device, role: member.role },
    attributes: {
      device,
      path: member.path ?? "",
      type: member.type,
      role: member.role,
      poolKey: pool,
      ...member.driveHint,
      disks: member.disks,
      ...(member.pools === undefined ? {} : { pools: member.pools }),
    },
    state: member.state,
    ...(reason === undefined ? {} : { reason: oneLine(reason) }),
    values,
  };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
