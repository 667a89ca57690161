import { type Json, record, string } from "./json.ts";
import type { MemberRole, MemberState, PoolMember } from "./pool.ts";
import { oneLine } from "./texts.ts";
import { scansOfJson } from "./zpool-json-scan.ts";
import { known } from "./zpool-scan.ts";
import { pruned } from "./zpool-text.ts";
import {
  isGroup,
  levelOf,
  memberStateOf,
  parseQuantity,
  roleOfSection,
  vdevTypeOf,
  type ZpoolStatus,
} from "./zpool-words.ts";

const maxDepth = 8;
const shownFiles = 10;

/** The pools of `zpool status -j`, with `--json-int` or without; none where it is no such document. `now` in Unix ms. */
export function parseZpoolJson(document: Json | undefined, now: number): ZpoolStatus[] {
  return Object.entries(record(document?.pools)).map(([name, pool]) => toStatus(name, record(pool), now));
}

function toStatus(name: string, pool: Json, now: number): ZpoolStatus {
  const resilvers = isResilver(record(pool.scan_stats));
  const members = pruned([...dataMembers(record(pool.vdevs), resilvers), ...auxMembers(pool, resilvers)]);
  const health = string(pool.state);
  const guid = typeof pool.pool_guid === "number" ? String(pool.pool_guid) : string(pool.pool_guid);
  const missed = [health === "" ? "state" : "", members.length === 0 ? "vdevs" : ""].filter((key) => key !== "");
  return {
    name,
    health,
    ...(guid === "" ? {} : { guid }),
    // "OK" is what some versions say where the text has no status line.
    status: string(pool.status) === "OK" ? "" : oneLine(string(pool.status)),
    action: oneLine(string(pool.action)),
    level: levelOf(members),
    members,
    ...scansOfJson(pool, now),
    ...known({ dataErrors: parseQuantity(pool.error_count) }),
    ...damagedOf(pool.errors),
    ...(missed.length === 0 ? {} : { problem: `zpool status: no ${missed.join(" and no ")} that is understood` }),
  };
}

function dataMembers(vdevs: Json, resilvers: boolean): PoolMember[] {
  return Object.entries(vdevs).flatMap(([name, given]) => {
    const vdev = record(given);
    if (vdev.vdev_type !== "root") return toMember(name, vdev, "data", resilvers);
    return Object.entries(record(vdev.vdevs)).flatMap(([child, value]) =>
      toMember(child, record(value), "data", resilvers),
    );
  });
}

function auxMembers(pool: Json, resilvers: boolean): PoolMember[] {
  return ["special", "dedup", "logs", "l2cache", "cache", "spares"].flatMap((section) => {
    const role = roleOfSection(section) ?? "data";
    return Object.entries(record(pool[section])).flatMap(([name, vdev]) =>
      toMember(name, record(vdev), role, resilvers),
    );
  });
}

function toMember(name: string, vdev: Json, role: MemberRole, resilvers: boolean, depth = 0): PoolMember[] {
  if (depth > maxDepth || name === "") return [];
  const children = Object.entries(record(vdev.vdevs)).flatMap(([child, value]) =>
    toMember(child, record(value), role, resilvers, depth + 1),
  );
  const note = noteOf(vdev);
  const word = string(vdev.state);
  // What was processed on a device that has failed meanwhile stays as it was: nothing is written to it any more.
  const written = resilvers && isSet(vdev.scan_processed) && /^(ONLINE|HEALTHY|DEGRADED)$/.test(word);
  const resilvering = children.length === 0 && (written || isSet(vdev.resilver_deferred));
  const { path, was } = { path: string(vdev.path), was: string(vdev.was) };
  return [
    {
      name,
      type: typeOf(name, string(vdev.vdev_type)),
      role,
      state: word === "" && children.length > 0 ? worstOf(children) : memberStateOf(word, note, resilvering),
      ...known({
        path: was !== "" ? was : path !== "" ? path : undefined,
        readErrors: parseQuantity(vdev.read_errors),
        writeErrors: parseQuantity(vdev.write_errors),
        checksumErrors: parseQuantity(vdev.checksum_errors),
        slowIos: children.length > 0 ? undefined : parseQuantity(vdev.slow_ios),
        sizeBytes: children.length > 0 ? undefined : parseQuantity(vdev.phys_space ?? vdev.rep_dev_size),
      }),
      ...(note === "" ? {} : { note }),
      ...(resilvering ? { resilvering } : {}),
      disks: [],
      children,
    },
  ];
}

/** State of a group that has none of its own: draid up to OpenZFS 2.3.2 and later. */
function worstOf(children: readonly PoolMember[]): MemberState {
  const well = children.every(({ state }) => state === "online" || state === "spare");
  return well ? "online" : "degraded";
}

function isResilver(scan: Json): boolean {
  return string(scan.function).toUpperCase() === "RESILVER" && string(scan.state).toUpperCase() === "SCANNING";
}

/** "raidz" and "draid" tell their parity in the name only; a spare's or a removed device's type tells no more. */
function typeOf(name: string, given: string): string {
  const byName = vdevTypeOf(name);
  if (isGroup(byName) || byName === "draid-spare" || given === "") return byName;
  return /^(indirect|hole|missing|file|disk|dspare|mirror|raidz\d?|draid\d?|replacing|spare)$/.test(given)
    ? given.replace("dspare", "draid-spare")
    : byName;
}

function noteOf(vdev: Json): string {
  const notes: string[] = [];
  if (string(vdev.was) !== "") notes.push(`was ${string(vdev.was)}`);
  else if (isSet(vdev.not_present)) notes.push("not present");
  const aux = string(vdev.aux);
  if (aux !== "" && aux !== "NONE" && aux !== "SPARED")
    notes.push(auxText[aux] ?? aux.toLowerCase().replace(/_/g, " "));
  if (isSet(vdev.removing)) notes.push("(removing)");
  return oneLine(notes.join(", "));
}

const auxText: Readonly<Record<string, string>> = {
  OPEN_FAILED: "cannot open",
  CORRUPT_DATA: "corrupted data",
  NO_REPLICAS: "insufficient replicas",
  BAD_GUID_SUM: "missing device",
  TOO_SMALL: "too small",
  ERR_EXCEEDED: "too many errors",
  IO_FAILURE: "experienced I/O failures",
  BAD_LABEL: "invalid label",
  BAD_LOG: "bad intent log",
  EXTERNAL: "external device fault",
};

function damagedOf(errors: unknown): { damaged?: string[] } {
  const list = Array.isArray(errors) ? errors : Object.values(record(errors));
  const files = list.filter((one) => typeof one === "string").slice(0, shownFiles);
  return files.length === 0 ? {} : { damaged: files.map(oneLine) };
}

function isSet(value: unknown): boolean {
  return (parseQuantity(value) ?? 0) > 0;
}
