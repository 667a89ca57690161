import type { EngineConfig } from "../../runtimes/docker/engine-types.ts";

type Engine = { engine: string; variables: readonly string[]; major(version: string): string | undefined };

// What the official images and those of Bitnami and Percona put into their environment.
const engines: readonly Engine[] = [
  {
    engine: "PostgreSQL",
    variables: ["PG_MAJOR", "PG_VERSION", "POSTGRESQL_VERSION"],
    // One number since 10, two before.
    major: (version) => /^(9\.\d+|\d{2,})/.exec(version)?.[1],
  },
  {
    engine: "MariaDB",
    variables: ["MARIADB_VERSION", "MARIADB_MAJOR"],
    // "1:11.4.2+maria~ubu2404"
    major: (version) => /^(?:\d+:)?(\d+\.\d+)/.exec(version)?.[1],
  },
  {
    engine: "MySQL",
    variables: ["MYSQL_MAJOR", "MYSQL_VERSION", "PS_VERSION"],
    major: (version) => /^(\d+\.\d+)/.exec(version)?.[1],
  },
  {
    engine: "MongoDB",
    variables: ["MONGO_MAJOR", "MONGO_VERSION", "MONGODB_VERSION"],
    major: (version) => /^(\d+\.\d+)/.exec(version)?.[1],
  },
  {
    engine: "Elasticsearch",
    variables: ["ELASTIC_VERSION", "ELASTICSEARCH_VERSION"],
    major: (version) => /^(\d+)\./.exec(version)?.[1],
  },
];

/** The database that an image holds, as its own variables tell, with what counts as its major version. */
export function databaseOf(image: EngineConfig | null | undefined): { engine: string; major: string } | undefined {
  const variables = new Map(
    (image?.Env ?? []).map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, Math.max(0, at)), entry.slice(at + 1)];
    }),
  );
  for (const { engine, variables: names, major } of engines) {
    for (const name of names) {
      const found = major(variables.get(name) ?? "");
      if (found !== undefined) return { engine, major: found };
    }
  }
  return undefined;
}

/** Why that image must not run over the other's data, in one sentence, or undefined. */
export function majorObstacle(
  from: EngineConfig | null | undefined,
  to: EngineConfig | null | undefined,
): string | undefined {
  const old = databaseOf(from);
  if (old === undefined) return undefined;
  const next = databaseOf(to);
  if (next === undefined)
    return `the container holds ${old.engine} ${old.major}, what the new image holds is not known`;
  if (old.engine !== next.engine) return `the container holds ${old.engine}, the new image ${next.engine}`;
  if (old.major === next.major) return undefined;
  return `${old.engine} ${next.major} can't be relied on to read the data of ${old.major}: dump and restore, or upgrade the data first`;
}
