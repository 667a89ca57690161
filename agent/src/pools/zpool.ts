import { Hung } from "../host/guard.ts";
import type { Finished, Host } from "../host/host.ts";
import { runInTurn } from "../host/in-turn.ts";
import { complaintOf } from "./complaint.ts";
import { parseJson, record } from "./json.ts";
import { oneLine } from "./texts.ts";
import { parseZpoolJson } from "./zpool-json.ts";
import { known } from "./zpool-scan.ts";
import { parseZpoolText } from "./zpool-text.ts";
import { parseQuantity, type ZpoolStatus } from "./zpool-words.ts";

/** What `zpool list` tells of a pool. What is not known is absent. */
export type ZpoolSizes = {
  name: string;
  health: string;
  guid?: string;
  sizeBytes?: number;
  usedBytes?: number;
  freeBytes?: number;
  fragmentationRatio?: number;
  deduplicationFactor?: number;
};

/**
 * How this host's zpool is talked to: "json" from OpenZFS 2.3, "exact" from 0.8 (numbers in full, slow IOs), "listed"
 * from 0.6.4 (numbers of the list in full), "plain" before it and with zfs-fuse.
 */
export type Dialect = { form: "json" | "exact" | "listed" | "plain"; version: string };

/** The tool could not be run to its end: nothing is known of the pools. `hung`: it gave no answer in time. */
export class ZpoolSilent extends Error {
  readonly hung: boolean;
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.hung = cause instanceof Hung || /no end within/.test(message);
  }
}

const deadlineMs = 8_000;
const maxBytes = 4 << 20;
const exactColumns = "name,size,alloc,free,frag,dedup,health,guid";
const plainColumns = "name,size,alloc,free,dedup,health,guid";

/** How zpool is to be asked here; undefined where it is not installed. Throws where it can't tell. */
export async function findDialect(host: Host, signal: AbortSignal): Promise<Dialect | undefined> {
  let done: Finished;
  try {
    done = await runInTurn(host, "zpool", ["version"], { deadlineMs, signal, flight: "zpool version" });
  } catch (error) {
    if (isNotInstalled(error)) return undefined;
    throw new ZpoolSilent(messageOf(error), error);
  }
  const version = /(?:^|\s)(?:zfs-)?v?(\d+\.\d+\S*)/.exec(done.stdout)?.[1] ?? moduleVersion(host);
  if (version === undefined) return { form: "plain", version: "" };
  const [major = 0, minor = 0] = version.split(/[.-]/).map(Number);
  if (major > 2 || (major === 2 && minor >= 3)) return { form: "json", version };
  return { form: major > 0 || minor >= 8 ? "exact" : "listed", version };
}

/** Status of that pool, or of all in one process. Throws where nothing of it could be read. `now` in Unix ms. */
export async function zpoolStatus(
  host: Host,
  { form }: Dialect,
  pool: string | undefined,
  now: number,
  signal: AbortSignal,
): Promise<ZpoolStatus[]> {
  const flags = {
    json: ["-j", "--json-int", "-p", "-s", "-v"],
    exact: ["-p", "-s", "-v"],
    listed: ["-v"],
    plain: ["-v"],
  };
  const done = await ask(host, ["status", ...flags[form]], pool, signal);
  const found = form === "json" ? parseZpoolJson(parseJson(done.stdout), now) : parseZpoolText(done.stdout, now);
  refuseEmpty("status", done, found.length);
  return found;
}

/** Sizes of that pool, or of all in one process. Throws where nothing of it could be read. */
export async function zpoolSizes(
  host: Host,
  { form }: Dialect,
  pool: string | undefined,
  signal: AbortSignal,
): Promise<ZpoolSizes[]> {
  const exact = form === "exact" || form === "listed";
  const args =
    form === "json"
      ? ["list", "-j", "--json-int", "-p"]
      : ["list", exact ? "-Hp" : "-H", "-o", exact ? exactColumns : plainColumns];
  const done = await ask(host, args, pool, signal);
  const found =
    form === "json" ? parseListJson(done.stdout) : parseList(done.stdout, exact ? exactColumns : plainColumns);
  refuseEmpty("list", done, found.length);
  return found;
}

async function ask(
  host: Host,
  args: readonly string[],
  pool: string | undefined,
  signal: AbortSignal,
): Promise<Finished> {
  const flight = `zpool ${args[0]} ${pool ?? ""}`.trim();
  try {
    return await runInTurn(host, "zpool", pool === undefined ? args : [...args, pool], {
      deadlineMs,
      maxBytes,
      signal,
      flight,
    });
  } catch (error) {
    throw new ZpoolSilent(messageOf(error).replace(/^[^\s:]*zpool:/, `zpool ${args[0]}:`), error);
  }
}

function refuseEmpty(what: string, done: Finished, found: number): void {
  if (found > 0 || /^no (?:datasets|pools) available/m.test(done.stdout + done.stderr)) return;
  if (done.code === 0 && done.stdout.trim() === "" && done.stderr.trim() === "") return;
  throw new Error(`zpool ${what}: ${complaintOf(done)}`);
}

/** Rows of `zpool list -H` with those columns. */
export function parseList(text: string, columns: string): ZpoolSizes[] {
  const names = columns.split(",");
  return text.split("\n").flatMap((line) => {
    const cells = line.split("\t");
    if (cells.length !== names.length) return [];
    const cell = (name: string) => cells[names.indexOf(name)]?.trim() ?? "";
    return toSizes(cell("name"), (name) => cell(name));
  });
}

/** Pools of `zpool list -j`. */
export function parseListJson(text: string): ZpoolSizes[] {
  return Object.entries(record(parseJson(text)?.pools)).flatMap(([name, given]) => {
    const pool = record(given);
    const properties = record(pool.properties);
    const value = (property: string) => record(properties[property]).value;
    const long = { alloc: "allocated", frag: "fragmentation", dedup: "dedupratio" } as Record<string, string>;
    return toSizes(name, (short) => {
      if (short === "guid") return pool.pool_guid;
      return value(long[short] ?? short) ?? (short === "health" ? pool.state : undefined);
    });
  });
}

function toSizes(name: string, cell: (name: string) => unknown): ZpoolSizes[] {
  const health = cell("health");
  const guid = cell("guid");
  if (name === "" || typeof health !== "string" || !/^[A-Z]+$/.test(health)) return [];
  const percent = Number(String(cell("frag") ?? "").replace("%", "") || Number.NaN);
  const factor = Number(String(cell("dedup") ?? "").replace("x", "") || Number.NaN);
  return [
    {
      name,
      health,
      ...(/^\d+$/.test(String(guid)) ? { guid: String(guid) } : {}),
      ...known({
        sizeBytes: parseQuantity(cell("size")),
        usedBytes: parseQuantity(cell("alloc")),
        freeBytes: parseQuantity(cell("free")),
        fragmentationRatio: percent >= 0 && percent <= 100 ? percent / 100 : undefined,
        deduplicationFactor: factor > 0 ? factor : undefined,
      }),
    },
  ];
}

function moduleVersion(host: Host): string | undefined {
  return /^\d+\.\d+\S*/.exec(host.readText("/sys/module/zfs/version")?.trim() ?? "")?.[0];
}

function isNotInstalled(error: unknown): boolean {
  const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
  return cause?.code === "ENOENT" || cause?.code === "EACCES";
}

function messageOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}
