import { ratio } from "../probe.ts";
import type { Row } from "./connect.ts";
import { redact } from "./redact.ts";
import { compact, number, rounded, text } from "./rows.ts";
import { folders, type Statement, settings, sizes, topStatements } from "./statements.ts";

/** What is asked each 5 minutes, as it was last told. */
export type Slow = {
  /** When each part is due again, monotonic ms. */
  due: Record<string, number>;
  settings: Record<string, string | number>;
  extension: { version: string; schema: string } | undefined;
  databases: DatabaseEntry[];
  sizeBytes: number;
  /** Databases whose size our role may not see. */
  unsized: number;
  /** Blocks read of each database so far. */
  blocks: Map<string, { hits: number; reads: number }>;
  walBytes: number;
  waitingSegments: number;
  statements: StatementEntry[] | undefined;
  /** What failed, by part. */
  problems: Record<string, string>;
};

export type DatabaseEntry = {
  name: string;
  sizeBytes?: number | undefined;
  connections?: number | undefined;
  cacheHitRatio?: number | undefined;
  transactionIdAge?: number | undefined;
  multixactIdAge?: number | undefined;
};

export type StatementEntry = {
  text: string;
  database?: string | undefined;
  calls?: number | undefined;
  totalSeconds?: number | undefined;
  meanSeconds?: number | undefined;
  rows?: number | undefined;
  hitRatio?: number | undefined;
};

const each = 300_000;
/** A part that the server cancelled or refused is left alone for longer. */
const afterFailure = 1_800_000;
const mostDatabases = 50;
/** Fewer blocks say nothing of a cache. */
const fewBlocks = 1_000;

/** Nothing known yet, all due. */
export function emptySlow(): Slow {
  return {
    ...{ due: {}, settings: {}, extension: undefined, databases: [], sizeBytes: Number.NaN, unsized: 0 },
    ...{ blocks: new Map(), walBytes: Number.NaN, waitingSegments: Number.NaN, statements: undefined, problems: {} },
  };
}

/**
 * Asks what is due, one part at a time, and puts it into `slow`. A part that fails is named in `problems` and leaves the
 * rest alone; `ask` may throw through `isFatal`.
 */
export async function refresh(
  slow: Slow,
  { major, monitors }: { major: number; monitors: boolean },
  ask: (sql: string) => Promise<Row[]>,
  isFatal: (error: unknown) => boolean,
  now: () => number,
): Promise<void> {
  const part = async (statement: Statement, read: (rows: Row[]) => void) => {
    if (now() < (slow.due[statement.name] ?? 0)) return;
    // Set before: a server that hangs on it is not asked for it again at once.
    slow.due[statement.name] = now() + afterFailure;
    try {
      read(await ask(statement.sql));
      slow.due[statement.name] = now() + each;
      delete slow.problems[statement.name];
    } catch (error) {
      if (isFatal(error)) throw error;
      slow.problems[statement.name] = (error as Error).message;
    }
  };
  await part(settings, (rows) => readSettings(slow, rows));
  await part(sizes, (rows) => readSizes(slow, rows));
  if (monitors) await part(folders(major), (rows) => readFolders(slow, rows));
  const { extension } = slow;
  if (extension === undefined) slow.statements = undefined;
  else await part(topStatements(extension.version, extension.schema), (rows) => readStatements(slow, rows));
}

function readSettings(slow: Slow, rows: Row[]): void {
  const extension = rows.find(({ name }) => name === "extension");
  slow.extension = extension && { version: extension.setting ?? "", schema: extension.unit ?? "" };
  const entries = rows
    .filter(({ name }) => name !== "extension")
    .map((row) => [text(row, "name") ?? "", settingValue(text(row, "setting", 300) ?? "", row.unit ?? "")] as const);
  slow.settings = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const scale: Record<string, number> = { B: 1, kB: 1024, "8kB": 8192, "16kB": 16384, "32kB": 32768, MB: 1024 ** 2 };

/** Sizes in bytes, times in seconds, -1 and words as they are. */
function settingValue(setting: string, unit: string): string | number {
  const value = Number(setting);
  if (setting === "" || Number.isNaN(value)) return setting;
  if (value < 0) return value;
  if (unit === "ms") return value / 1000;
  return value * (unit === "min" ? 60 : (scale[unit] ?? 1));
}

function readSizes(slow: Slow, rows: Row[]): void {
  const before = slow.blocks;
  slow.blocks = new Map();
  const entries = rows.map((row): DatabaseEntry => {
    const name = text(row, "name") ?? "";
    const blocks = { hits: number(row, "hits"), reads: number(row, "reads") };
    slow.blocks.set(name, blocks);
    return compact({
      name,
      sizeBytes: rounded(number(row, "size")),
      connections: rounded(number(row, "connections")),
      cacheHitRatio: blockRatio(blocks, before.get(name)),
      transactionIdAge: rounded(number(row, "xid_age")),
      multixactIdAge: rounded(number(row, "mxid_age")),
    });
  });
  slow.unsized = entries.filter(({ sizeBytes }) => sizeBytes === undefined).length;
  const sized = entries.filter(({ sizeBytes }) => sizeBytes !== undefined);
  slow.sizeBytes = sized.length === 0 ? Number.NaN : sized.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
  entries.sort((a, b) => (b.sizeBytes ?? -1) - (a.sizeBytes ?? -1) || (a.name < b.name ? -1 : 1));
  slow.databases = entries.slice(0, mostDatabases);
}

type Blocks = { hits: number; reads: number };

function blockRatio(now: Blocks, before: Blocks = { hits: 0, reads: 0 }): number | undefined {
  const hits = now.hits - before.hits;
  const all = hits + now.reads - before.reads;
  return hits >= 0 && all >= fewBlocks ? rounded(ratio(hits, all), 4) : undefined;
}

function readFolders(slow: Slow, [row]: Row[]): void {
  slow.walBytes = number(row, "wal");
  slow.waitingSegments = number(row, "ready");
}

function readStatements(slow: Slow, rows: Row[]): void {
  slow.statements = rows.map((row) => {
    const [calls, seconds] = [number(row, "calls"), number(row, "seconds")];
    const [hits, reads] = [number(row, "hits"), number(row, "reads")];
    return compact({
      text: redact(row.text ?? ""),
      database: text(row, "database"),
      calls: rounded(calls),
      totalSeconds: rounded(seconds, 3),
      meanSeconds: rounded(seconds / calls, 6),
      rows: rounded(number(row, "rows")),
      hitRatio: rounded(ratio(hits, hits + reads), 4),
    });
  });
}
