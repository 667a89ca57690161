import type pg from "pg";

/** A table that is cut into partitions by time. */
export type PartitionedTable = "sample" | "rollup_1m" | "rollup_15m" | "rollup_2h";

type Span = "day" | "month" | "year";

const spans: Record<PartitionedTable, Span> = {
  sample: "day",
  rollup_1m: "day",
  rollup_15m: "month",
  rollup_2h: "year",
};

/** All of them. */
export const partitionedTables = Object.keys(spans) as PartitionedTable[];

// Rows are written once and never changed: pages are filled to the brim, and vacuum has only to freeze and to keep the
// visibility map, so it comes by inserts and rarely. Planner statistics serve no query here (all go by primary key).
const storage: Record<PartitionedTable, string> = {
  sample:
    "fillfactor = 100, autovacuum_vacuum_insert_threshold = 5000000, autovacuum_vacuum_insert_scale_factor = 0.5, " +
    "autovacuum_analyze_threshold = 5000000, autovacuum_analyze_scale_factor = 0.5",
  rollup_1m:
    "fillfactor = 100, autovacuum_vacuum_insert_threshold = 1000000, autovacuum_vacuum_insert_scale_factor = 0.5, " +
    "autovacuum_analyze_threshold = 1000000, autovacuum_analyze_scale_factor = 0.5",
  rollup_15m: "fillfactor = 100",
  rollup_2h: "fillfactor = 100",
};

/** Name and bounds (Unix ms, to exclusive) of a partition. */
export type Partition = { table: PartitionedTable; name: string; from: number; to: number };

/** The partition of the table that holds `at` (Unix ms). */
export function partitionOf(table: PartitionedTable, at: number): Partition {
  const date = new Date(at);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const stamp = date.toISOString().slice(0, 10).replaceAll("-", "");
  switch (spans[table]) {
    case "day":
      return { table, name: `${table}_${stamp}`, from: Date.UTC(year, month, day), to: Date.UTC(year, month, day + 1) };
    case "month":
      return {
        table,
        name: `${table}_${stamp.slice(0, 6)}`,
        from: Date.UTC(year, month, 1),
        to: Date.UTC(year, month + 1, 1),
      };
    case "year":
      return { table, name: `${table}_${stamp.slice(0, 4)}`, from: Date.UTC(year, 0, 1), to: Date.UTC(year + 1, 0, 1) };
  }
}

/** The partitions of the table that from <= at <= to (Unix ms) touches. */
export function partitionsBetween(table: PartitionedTable, from: number, to: number): Partition[] {
  const found: Partition[] = [];
  for (let at = from; at <= to; ) {
    const partition = partitionOf(table, at);
    found.push(partition);
    at = partition.to;
  }
  return found;
}

/** Makes those partitions of the table that are missing for from <= at <= to; returns their names. Safe from several servers. */
export async function ensurePartitions(
  pool: pg.Pool,
  table: PartitionedTable,
  from: number,
  to: number,
): Promise<string[]> {
  const wanted = partitionsBetween(table, from, to);
  const present = new Set((await listPartitions(pool, table)).map((partition) => partition.name));
  const made: string[] = [];
  for (const partition of wanted) {
    if (present.has(partition.name)) continue;
    await create(pool, partition);
    made.push(partition.name);
  }
  return made;
}

/** The partitions of the table, oldest first. */
export async function listPartitions(pool: pg.Pool, table: PartitionedTable): Promise<Partition[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = $1::regclass ORDER BY c.relname`,
    [table],
  );
  return rows.flatMap(({ name }) => {
    const stamp = name.slice(table.length + 1);
    if (!/^\d{4}(\d{2}(\d{2})?)?$/.test(stamp)) return [];
    const at = Date.UTC(Number(stamp.slice(0, 4)), Number(stamp.slice(4, 6) || 1) - 1, Number(stamp.slice(6, 8) || 1));
    return [partitionOf(table, at)];
  });
}

/** Drops the partitions of the table that end at or before `before` (Unix ms); returns their names. */
export async function dropPartitions(pool: pg.Pool, table: PartitionedTable, before: number): Promise<string[]> {
  const old = (await listPartitions(pool, table)).filter((partition) => partition.to <= before);
  for (const { name } of old) await withLockTimeout(pool, `DROP TABLE IF EXISTS ${name}`);
  return old.map(({ name }) => name);
}

async function create(pool: pg.Pool, { table, name, from, to }: Partition): Promise<void> {
  // Attaching takes a lock on the parent that lets reads and writes go on; CREATE ... PARTITION OF would stop both.
  const bounds = `FROM ('${new Date(from).toISOString()}') TO ('${new Date(to).toISOString()}')`;
  await withLockTimeout(
    pool,
    `DO $$ BEGIN
       PERFORM pg_advisory_xact_lock(hashtext('${name}'));
       IF to_regclass('${name}') IS NULL THEN
         CREATE TABLE ${name} (LIKE ${table} INCLUDING ALL) WITH (${storage[table]});
         ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES ${bounds};
       END IF;
     END $$`,
  );
}

/** A DDL statement that waits for a lock queues everyone behind it: it gives up soon and tries again. */
async function withLockTimeout(pool: pg.Pool, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await pool.query(`SET LOCAL lock_timeout = '2s'; ${statement}`);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "55P03" || attempt === 5) throw error;
    }
  }
}
