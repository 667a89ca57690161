import { type BlockStack, blockStack } from "../host/block-stack.ts";
import type { Host } from "../host/host.ts";
import { arrayNames, type MdArray, type MemberFacts, readArray, readMemberFacts } from "../md/array.ts";
import { createCheckLog, type ReadCounters } from "../md/check-log.ts";
import { parseMdstat } from "../md/mdstat.ts";
import { containerOf, isContainer, toPool } from "../md/pool.ts";
import { poolReadings } from "../pools/pool-readings.ts";
import { type Collector, type CollectorFactory, NotHere, type Reading } from "./collector.ts";

export const md: CollectorFactory = {
  name: "md",
  help: "Linux software RAID: arrays, members, rebuilds and checks, from /sys/block/md* and /proc/mdstat",
  kinds: ["pool", "pool_member"],
  deadlineMs: 3000,
  create,
};

// Member's counters and what lies below it are read so rarely, and whenever the member's state differs.
const slowPasses = 6;
// A scan's progress is told by values each pass; attributes, which are sent whole, follow so often.
const attributesMs = 60_000;
// A check of less than that may be over before it was seen.
const smallBytes = 16 * 1024 ** 3;

type Member = { states: string; facts: MemberFacts; stack: BlockStack };
type Told = { shape: string; at: number; attributes: Record<string, unknown> };

function create(host: Host): Collector {
  const log = createCheckLog(host.stateDir);
  const members = new Map<string, Member>();
  const told = new Map<string, Told>();
  let passes = 0;

  function memberOf(array: string, name: string, states: string): Member {
    const key = `${array}/${name}`;
    const known = members.get(key);
    if (known !== undefined && known.states === states && passes % slowPasses !== 0) return known;
    const fresh = { states, facts: readMemberFacts(host, array, name), stack: blockStack(host, name) };
    members.set(key, fresh);
    return fresh;
  }

  function readAll(): MdArray[] {
    const shown = new Map(parseMdstat(readMdstat(host)).map((array) => [array.name, array]));
    const names = new Set([...arrayNames(host), ...shown.keys()]);
    const arrays = [...names].sort().map((name) => {
      return readArray(host, name, shown.get(name), (member, states) => memberOf(name, member, states).facts);
    });
    return arrays.filter((array) => array !== undefined);
  }

  function readingsOf(array: MdArray, container: MdArray | undefined, now: number): Reading[] {
    const lastCheck = log.observe(array, now, readCounters(host, array));
    const stackOf = (name: string) => members.get(`${array.name}/${name}`)?.stack ?? blockStack(host, name);
    return poolReadings(toPool(array, { stackOf, lastCheck, container }), now).map((reading) =>
      keepAttributes(reading, now),
    );
  }

  function keepAttributes(reading: Reading, now: number): Reading {
    const { attributes = {} } = reading;
    const before = told.get(reading.key);
    const shape = shapeOf(attributes);
    if (before !== undefined && before.shape === shape && now - before.at < attributesMs && now >= before.at) {
      return { ...reading, attributes: before.attributes };
    }
    told.set(reading.key, { shape, at: now, attributes });
    return reading;
  }

  return {
    collect(now) {
      const arrays = readAll();
      // Arrays that were stopped are gone, which only a run that succeeds can say.
      if (arrays.length === 0 && passes === 0) throw new NotHere("no md array");
      passes++;
      const byName = new Map(arrays.map((array) => [array.name, array]));
      const serving = new Set(arrays.map(containerOf));
      const pools = arrays.filter((array) => !(isContainer(array) && serving.has(array.name)));
      const readings = pools.flatMap((array) => readingsOf(array, byName.get(containerOf(array) ?? ""), now));
      forget(members, new Set(arrays.flatMap((array) => array.members.map(({ name }) => `${array.name}/${name}`))));
      forget(told, new Set(readings.map(({ key }) => key)));
      return readings;
    },
  };
}

function readMdstat(host: Host): string {
  try {
    return host.readText("/proc/mdstat") ?? "";
  } catch {
    return "";
  }
}

/** What of the attributes is told at once: all but how far a scan is. */
function shapeOf(attributes: Record<string, unknown>): string {
  const scan = attributes.scan as Record<string, unknown> | null | undefined;
  if (!scan) return JSON.stringify(attributes);
  const { progressRatio, bytesPerSecond, remainingSeconds, ...rest } = scan;
  return JSON.stringify({ ...attributes, scan: rest });
}

function forget(map: Map<string, unknown>, keep: ReadonlySet<string>): void {
  for (const key of map.keys()) if (!keep.has(key)) map.delete(key);
}

/** Only of small arrays that have been checked before: others' checks are seen while they run. */
function readCounters(host: Host, array: MdArray): ReadCounters | undefined {
  const member = array.members.find(({ states }) => states.has("in_sync"));
  if (member === undefined || array.sync !== undefined || array.lastSyncAction !== "check") return undefined;
  if (array.componentBytes === undefined || array.componentBytes > smallBytes) return undefined;
  const folder = `/sys/block/${array.name}`;
  const ofMember = sectorsRead(host, `${folder}/md/dev-${member.name}/block/stat`);
  const ofArray = sectorsRead(host, `${folder}/stat`);
  return ofMember === undefined || ofArray === undefined ? undefined : { member: ofMember * 512, array: ofArray * 512 };
}

// Documentation/block/stat.rst of the kernel: the third number is sectors read.
function sectorsRead(host: Host, path: string): number | undefined {
  try {
    const sectors = host.readText(path)?.trim().split(/\s+/)[2];
    return sectors === undefined ? undefined : Number(sectors);
  } catch {
    return undefined;
  }
}
