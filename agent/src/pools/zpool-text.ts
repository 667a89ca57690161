import type { MemberRole, PoolMember } from "./pool.ts";
import { oneLine } from "./texts.ts";
import { known, parseScan, shownScans } from "./zpool-scan.ts";
import {
  isGhost,
  isGroup,
  levelOf,
  memberStateOf,
  parseQuantity,
  roleOfSection,
  vdevTypeOf,
  type ZpoolStatus,
} from "./zpool-words.ts";

type Sections = Map<string, string[]>;
type Row = { depth: number; member: PoolMember; role: MemberRole };

// Keys are set to the right of seven columns. Names of damaged files stand behind a tab or eight spaces.
const sectionLine = /^ {0,4}(pool|state|status|action|see|scan|scrub|remove|expand|checkpoint|config|errors): ?(.*)$/;
// Stands between the lines of a section that comes more than once; no line holds it.
const again = "\n";
const maxRows = 5_000;
const shownFiles = 10;

/** The pools of a `zpool status` text of any version, in its order; none where it is no such text. `now` in Unix ms. */
export function parseZpoolText(text: string, now: number): ZpoolStatus[] {
  const pools: Sections[] = [];
  let section: string[] | undefined;
  for (const line of text.split("\n")) {
    const [, key, rest] = sectionLine.exec(line) ?? [];
    if (key === undefined) {
      section?.push(line);
      continue;
    }
    if (key === "pool") pools.push(new Map());
    const pool = pools.at(-1);
    section = pool?.get(key) ?? [];
    if (section.length > 0) section.push(again);
    section.push(rest ?? "");
    pool?.set(key, section);
  }
  return pools.map((pool) => toStatus(pool, now)).filter(({ name }) => name !== "");
}

function toStatus(sections: Sections, now: number): ZpoolStatus {
  const one = (key: string) => oneLine((sections.get(key) ?? []).join(" "));
  const name = one("pool");
  const members = parseConfig(sections.get("config") ?? [], name);
  // The last scrub, a resilver and each sequential rebuild have a section of their own.
  const scans = (sections.get("scan") ?? sections.get("scrub") ?? []).join(" ").split(again);
  const health = one("state");
  const missed = [health === "" ? "state" : "", members.length === 0 ? "config" : ""].filter((key) => key !== "");
  return {
    name,
    health,
    status: one("status"),
    action: one("action"),
    level: levelOf(members),
    members,
    ...shownScans(scans.map((one) => parseScan(one, now))),
    ...parseErrors(sections.get("errors") ?? []),
    ...(missed.length === 0 ? {} : { problem: `zpool status: no ${missed.join(" and no ")} that is understood` }),
  };
}

function parseConfig(lines: readonly string[], pool: string): PoolMember[] {
  const rows: Row[] = [];
  let role: MemberRole = "data";
  let numbers = 3;
  for (const line of lines.slice(0, maxRows)) {
    const [, indent, name, rest] = /^\t( *)(\S.*?)(?: {2,}(\S.*))?\s*$/.exec(line) ?? [];
    if (name === undefined) continue;
    const [state = "", ...columns] = rest?.split(/\s+/) ?? [];
    if (name === "NAME" && state === "STATE") {
      numbers = columns.length;
      continue;
    }
    const depth = (indent?.length ?? 0) / 2;
    const heading = depth === 0 && rest === undefined ? roleOfSection(name) : undefined;
    if (heading !== undefined) {
      role = heading;
      continue;
    }
    if (depth === 0 && name === pool) continue;
    rows.push({ depth, role, member: toMember(name, state, rest ?? "", numbers, role) });
  }
  return toTree(rows);
}

function toMember(name: string, word: string, rest: string, numbers: number, role: MemberRole): PoolMember {
  const counts: (number | undefined)[] = [];
  let tail = rest.slice(word.length).trim();
  for (let i = 0; i < numbers; i++) {
    const [whole, count] = /^(-|\d[\d.]*[BKMGTPE]?)(?:\s+|$)/.exec(tail) ?? [];
    if (whole === undefined) break;
    // "1.2K" errors are a whole number of them.
    const value = parseQuantity(count);
    counts.push(value === undefined ? undefined : Math.round(value));
    tail = tail.slice(whole.length);
  }
  const note = oneLine(tail);
  const type = vdevTypeOf(name);
  const was = /\bwas (\/\S.*)$/.exec(note)?.[1];
  const path = was ?? (name.startsWith("/") ? name : undefined);
  const resilvering = /\((?:resilvering|awaiting resilver)\)/.test(note);
  const [readErrors, writeErrors, checksumErrors, slowIos] = counts;
  return {
    name,
    type: isGroup(type) || was === undefined ? type : vdevTypeOf(was),
    role,
    state: memberStateOf(word, note, resilvering),
    ...known({ path, readErrors, writeErrors, checksumErrors, slowIos }),
    ...(note === "" ? {} : { note }),
    ...(resilvering ? { resilvering } : {}),
    disks: [],
    children: [],
  };
}

/** Rows as trees; groups that lost their devices and what is left of removed devices are dropped. */
function toTree(rows: readonly Row[]): PoolMember[] {
  const roots: PoolMember[] = [];
  const path: Row[] = [];
  for (const row of rows) {
    while ((path.at(-1)?.depth ?? -1) >= row.depth) path.pop();
    const parent = path.at(-1);
    // Under a heading nothing of another role can stand.
    const siblings = parent === undefined || parent.role !== row.role ? roots : parent.member.children;
    siblings.push(row.member);
    path.push(row);
  }
  return pruned(roots);
}

/** The same without groups that have no devices and without what is left of removed devices. */
export function pruned(members: readonly PoolMember[]): PoolMember[] {
  return members
    .map((member) => ({ ...member, children: pruned(member.children) }))
    .filter(({ type, children }) => !isGhost(type) && (!isGroup(type) || children.length > 0));
}

function parseErrors(lines: readonly string[]): { dataErrors?: number; damaged?: string[] } {
  const text = lines.join("\n");
  if (/No known data errors/.test(text)) return { dataErrors: 0 };
  const counted = /(\d+) data errors/.exec(text)?.[1];
  const files = /Permanent errors have been detected/.test(text)
    ? lines.map((line) => line.trim()).filter((line) => line !== "" && !/Permanent errors have been/.test(line))
    : [];
  const dataErrors = counted === undefined ? (files.length > 0 ? files.length : undefined) : Number(counted);
  return {
    ...known({ dataErrors }),
    ...(files.length === 0 ? {} : { damaged: files.slice(0, shownFiles).map(oneLine) }),
  };
}
