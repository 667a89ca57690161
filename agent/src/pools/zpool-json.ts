import { type Json, record, string } from "./json.ts";
import { type MemberRole, oneLine, type PoolMember, type PoolScan, type ScanFunction } from "./pool.ts";
import { known, share } from "./zpool-scan.ts";
import { pruned } from "./zpool-text.ts";
import {
  isGroup,
  levelOf,
  memberStateOf,
  parseDate,
  parseDuration,
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
  const scan = toScan(record(pool.scan_stats), now) ?? expansion(record(pool.raidz_expand_stats), now);
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
    ...(scan === undefined ? {} : { scan }),
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
  const written = resilvers && isSet(vdev.scan_processed);
  const resilvering = children.length === 0 && (written || isSet(vdev.resilver_deferred));
  const { path, was } = { path: string(vdev.path), was: string(vdev.was) };
  return [
    {
      name,
      type: typeOf(name, string(vdev.vdev_type)),
      role,
      state: memberStateOf(string(vdev.state), note, resilvering),
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

const functions: Record<string, ScanFunction> = { SCRUB: "scrub", RESILVER: "resilver", ERRORSCRUB: "errorscrub" };

function toScan(scan: Json, now: number): PoolScan | undefined {
  const named = functions[string(scan.function).toUpperCase()];
  const word = string(scan.state).toUpperCase();
  if (named === undefined || word === "NONE" || word === "") return undefined;
  const startedAt = timeOf(scan.start_time);
  if (word === "SCANNING" || word === "ERRORSCRUBBING") {
    const paused = timeOf(scan.scrub_pause) !== undefined;
    return {
      function: named,
      state: paused ? "paused" : "running",
      ...known({ startedAt }),
      ...progressOf(scan, paused, now),
    };
  }
  const cancelled = word.startsWith("CANCEL");
  return {
    function: named,
    state: cancelled ? "cancelled" : "finished",
    ...known({ startedAt, endedAt: timeOf(scan.end_time), errors: parseQuantity(scan.errors) }),
    ...(cancelled ? {} : { progressRatio: 1 }),
  };
}

function progressOf(scan: Json, paused: boolean, now: number): Partial<PoolScan> {
  const total = (parseQuantity(scan.to_examine) ?? Number.NaN) - (parseQuantity(scan.skipped) ?? 0);
  const issued = parseQuantity(scan.issued) ?? Number.NaN;
  const progressRatio = share(issued / total);
  const passStart = timeOf(scan.pass_start);
  if (paused || passStart === undefined) return known({ progressRatio });
  const spentPaused = parseQuantity(scan.scrub_spent_paused) ?? parseDuration(string(scan.scrub_spent_paused)) ?? 0;
  const seconds = (now - passStart) / 1000 - spentPaused;
  const rate = seconds > 0 ? (parseQuantity(scan.issued_bytes_per_scan) ?? Number.NaN) / seconds : Number.NaN;
  const left = rate > 0 ? Math.max(0, total - issued) / rate : Number.NaN;
  return known({ progressRatio, bytesPerSecond: rate, remainingSeconds: left });
}

/** A raidz that is being widened is reflowed. */
function expansion(stats: Json, now: number): PoolScan | undefined {
  const word = string(stats.state).toUpperCase();
  if (word === "" || word === "NONE") return undefined;
  const startedAt = timeOf(stats.start_time);
  const [total, done] = [parseQuantity(stats.to_reflow) ?? Number.NaN, parseQuantity(stats.reflowed) ?? Number.NaN];
  const running = word === "SCANNING" || word === "ACTIVE";
  const state = running ? "running" : word.startsWith("CANCEL") ? "cancelled" : "finished";
  const seconds = startedAt === undefined ? Number.NaN : (now - startedAt) / 1000;
  const rate = running && seconds > 0 ? done / seconds : Number.NaN;
  return {
    function: "reshape",
    state,
    ...known({
      startedAt,
      endedAt: running ? undefined : timeOf(stats.end_time),
      progressRatio: share(done / total),
      bytesPerSecond: rate,
      remainingSeconds: rate > 0 ? Math.max(0, total - done) / rate : undefined,
    }),
  };
}

/** Unix ms of Unix seconds or of a date in words; undefined for "-" and 0. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === "number") return value > 0 && value < 1e11 ? value * 1000 : undefined;
  const text = string(value);
  return /^\d+$/.test(text) ? timeOf(Number(text)) : parseDate(text);
}

function damagedOf(errors: unknown): { damaged?: string[] } {
  const list = Array.isArray(errors) ? errors : Object.values(record(errors));
  const files = list.filter((one) => typeof one === "string").slice(0, shownFiles);
  return files.length === 0 ? {} : { damaged: files.map(oneLine) };
}

function isSet(value: unknown): boolean {
  return (parseQuantity(value) ?? 0) > 0;
}
