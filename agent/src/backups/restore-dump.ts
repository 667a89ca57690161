import type { EngineContainer } from "../runtimes/docker/engine-types.ts";
import type { SavedConfig } from "./config.ts";
import { type DumpEngine, recipes } from "./dump.ts";
import type { BackupFile, Manifest } from "./manifest.ts";
import type { RestorePlan } from "./restore-plan.ts";

/** A dump is loaded only where its data are not restored otherwise and there are none yet; else it is for people. */
export function dumpOf(
  manifest: Manifest,
  config: SavedConfig,
  fresh: readonly string[],
  replaces: boolean,
): Pick<RestorePlan, "dump"> | Record<string, never> {
  const file = manifest.files.find(({ what }) => what === "dump");
  if (file === undefined) return {};
  const engine = file.source as DumpEngine;
  const { data, load } = recipes[engine] ?? { data: [], load: undefined };
  const under = (path: string) =>
    data.some((one) => path === one || path.startsWith(`${one}/`) || one.startsWith(`${path}/`));
  const mounts = (config.snapshot.inspect as EngineContainer).Mounts ?? [];
  const mounted = mounts.filter(({ Destination }) => under(Destination));
  const empty = mounted.every(({ Destination }) => fresh.includes(Destination)) && (mounted.length > 0 || !replaces);
  const saved = manifest.files.some(
    (one: BackupFile) => ["volume", "bind"].includes(one.what) && under(one.destination),
  );
  const loads = (load !== undefined || engine === "redis") && empty && !saved;
  return { dump: { engine, file: file.name, load: loads, command: commandOf(engine, file.name) } };
}

function commandOf(engine: DumpEngine, file: string): string {
  const into: Record<DumpEngine, string> = {
    postgresql: "docker exec -i CONTAINER psql -U postgres -d postgres",
    mysql: `docker exec -i CONTAINER sh -c 'MYSQL_PWD="$MYSQL_ROOT_PASSWORD$MARIADB_ROOT_PASSWORD" mariadb -u root'`,
    redis: "docker exec -i CONTAINER sh -c 'cat >/data/dump.rdb' (then restart it with appendonly off)",
    mongodb: "docker exec -i CONTAINER mongorestore --archive --drop",
  };
  return `zstd -dc ${file} | ${into[engine]}`;
}
