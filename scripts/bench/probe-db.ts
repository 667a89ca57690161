/** What one engine's part measures, or the reason why it can't be measured here. */
export type EngineFigures = Record<string, unknown> | { skipped: string };

/** One file an engine in probe-db/, loaded and run one after the other. */
const engines: Record<string, () => Promise<{ bench(): Promise<EngineFigures> }>> = {
  postgresql: () => import("./probe-db/postgresql.ts"),
  mariadb: () => import("./probe-db/mariadb.ts"),
  mysql: () => import("./probe-db/mysql.ts"),
  mongodb: () => import("./probe-db/mongodb.ts"),
  redis: () => import("./probe-db/redis.ts"),
  minio: () => import("./probe-db/minio.ts"),
};

/**
 * Measures what a probe costs the database server, engine by engine: statements, round trips, bytes, and CPU time of the
 * server's own process. `FAIRLEAD_BENCH_ENGINES=postgresql,redis` measures these only.
 */
export default async function bench(): Promise<Record<string, unknown>> {
  const wanted = process.env.FAIRLEAD_BENCH_ENGINES?.split(",") ?? Object.keys(engines);
  const figures: Record<string, EngineFigures> = {};
  for (const [name, load] of Object.entries(engines)) {
    if (!wanted.includes(name)) continue;
    console.error(`${name} ...`);
    figures[name] = await (await load()).bench();
  }
  return figures;
}
