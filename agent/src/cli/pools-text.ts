import { catalogue } from "@fairlead/shared/catalogue";
import type { PoolFound, PoolView } from "./pools.ts";
import { ago, bytes, duration, table } from "./text.ts";

type Attributes = Record<string, unknown>;

/** Values of a pool by name; null = missing. */
export function named(values: ArrayLike<number>): Record<string, number | null> {
  const entries = catalogue.pool.metrics.map(({ name }, i) => [name, values[i] ?? Number.NaN] as const);
  return Object.fromEntries(entries.map(([name, value]) => [name, Number.isFinite(value) ? value : null]));
}

/** All pools as a table, then what is wrong or can't be seen. `now` in Unix ms. */
export function poolList({ pools, failures, hints }: PoolView, now: number): string {
  const head = ["POOL", "TYPE", "LEVEL", "STATE", "SIZE", "USED", "MEMBERS", "SCAN", "LAST SCRUB"];
  const rows = pools.map((pool) => {
    const { size_bytes: size, used_ratio: used } = pool.values;
    return [
      pool.name,
      pool.type,
      pool.level || "-",
      pool.state,
      size == null ? "-" : bytes(size),
      used == null ? "-" : `${(used * 100).toFixed(0)} %`,
      membersText(pool.values),
      scanText(pool.attributes.scan),
      lastScrubText(pool.attributes.lastScrub, now),
    ];
  });
  const blocks = [
    pools.length === 0 ? "no pools: no ZFS, md, LVM, btrfs or hardware RAID that can be seen" : table([head, ...rows]),
  ];
  const notes = [
    ...pools.filter(({ reason }) => reason !== "").map((pool) => [`${pool.name}:`, pool.reason]),
    ...failures.map((line) => ["could not read", line]),
    ...hints.map((line) => ["note:", line]),
  ];
  if (notes.length > 0) blocks.push(table(notes));
  return blocks.join("\n\n");
}

/** One pool: what it says of itself, then the tree of its members. `now` in Unix ms. */
export function poolTree(pool: PoolFound, now: number): string {
  const { attributes, values } = pool;
  const { size_bytes: size, used_bytes: used, free_bytes: free } = values;
  const facts: [string, string][] = [
    ["pool", pool.key],
    ["state", pool.state + (pool.reason === "" ? "" : `: ${pool.reason}`)],
    ["level", pool.level],
    ["status", text(attributes.status) === pool.reason ? "" : text(attributes.status)],
    ["action", text(attributes.action)],
    [
      "size",
      size == null ? "" : [`${bytes(size)}`, sized(used, "used"), sized(free, "free")].filter(Boolean).join(", "),
    ],
    ["fragmented", percent(values.fragmentation_ratio)],
    ["metadata", percent(values.metadata_used_ratio)],
    ["members", membersText(values)],
    ["scan", scanText(attributes.scan)],
    ["last scrub", lastScrubText(attributes.lastScrub, now)],
    ["data errors", errorsText(values.data_errors, attributes.damaged)],
    ["problem", text(attributes.problem) === pool.reason ? "" : text(attributes.problem)],
  ];
  const rows = members(attributes.members).flatMap((member) => memberRows(member, 0));
  const head = ["MEMBER", "STATE", "READ", "WRITE", "CKSUM", "SLOW", "SIZE", "DISKS", ""];
  return `${table(facts.filter(([, value]) => value !== "" && value !== "-"))}\n\n${table([head, ...rows])}`;
}

function memberRows(member: Attributes, depth: number): string[][] {
  const count = (name: string) => (typeof member[name] === "number" ? String(member[name]) : "-");
  const size = member.sizeBytes;
  const hint = (member.driveHint ?? {}) as Attributes;
  const below = members(member.children);
  const role = text(member.role);
  const notes = [role === "data" || depth > 0 ? "" : role, text(member.note), text(hint.slot), text(hint.serial)];
  // Blanks at the beginning of a cell are kept: they are the tree.
  const row = [
    `${"  ".repeat(depth)}${text(member.device) || text(member.name)}`,
    text(member.state),
    count("readErrors"),
    count("writeErrors"),
    count("checksumErrors"),
    count("slowIos"),
    typeof size === "number" ? bytes(size) : "",
    below.length > 0 ? "" : list(member.disks).join(", "),
    notes.filter((note) => note !== "").join(", "),
  ];
  return [row, ...below.flatMap((child) => memberRows(child, depth + 1))];
}

function membersText(values: Record<string, number | null>): string {
  const { members: all, members_missing: missing, spares } = values;
  if (all == null) return "-";
  const parts = [`${all - (missing ?? 0)} ok`];
  if (missing != null && missing > 0) parts.push(`${missing} missing`);
  if (spares != null && spares > 0) parts.push(`${spares} spare`);
  return parts.join(", ");
}

/** "scrub 42.0 %, 120 MiB/s, 2 h 5 min left"; what ended is told as the last scrub. */
export function scanText(given: unknown): string {
  if (typeof given !== "object" || given === null) return "-";
  const scan = given as Attributes;
  const what = text(scan.function);
  if (scan.state !== "running" && scan.state !== "paused") {
    return scan.state === "cancelled" || what === "resilver" ? `${what} ${text(scan.state)}` : "-";
  }
  const { progressRatio: ratio, bytesPerSecond: speed, remainingSeconds: left } = scan;
  const parts = [
    `${what}${scan.state === "paused" ? " paused" : ""}${typeof ratio === "number" ? ` ${(ratio * 100).toFixed(1)} %` : ""}`,
    typeof speed === "number" ? `${bytes(speed)}/s` : "",
    typeof left === "number" ? `${duration(left)} left` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function lastScrubText(given: unknown, now: number): string {
  if (typeof given !== "object" || given === null) return "-";
  const { endedAt, errors } = given as Attributes;
  const at = Date.parse(text(endedAt));
  if (!Number.isFinite(at)) return "-";
  return `${ago(at, now)}${typeof errors === "number" ? `, ${errors} errors` : ""}`;
}

function errorsText(count: number | null | undefined, damaged: unknown): string {
  if (count == null || count === 0) return "";
  const files = list(damaged);
  return `${count}${files.length === 0 ? "" : `: ${files.join(", ")}`}`;
}

function sized(value: number | null | undefined, what: string): string {
  return value == null ? "" : `${bytes(value)} ${what}`;
}

function percent(ratio: number | null | undefined): string {
  return ratio == null ? "" : `${(ratio * 100).toFixed(1)} %`;
}

function members(value: unknown): Attributes[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null) : [];
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
