import { basename } from "node:path";
import { parseImageReference } from "@fairlead/shared/image-reference";
import type { EngineConfig } from "../../runtimes/docker/engine-types.ts";

export type DatabaseEngine = "PostgreSQL" | "MariaDB" | "MySQL" | "MongoDB" | "Elasticsearch" | "Redis" | "Valkey";

/** A database and what counts as its major version ("16", "9.6", "11.4"). `by`: what of the image told it. */
export type Database = { engine: DatabaseEngine; major: string; by: string };

type Known = {
  engine: DatabaseEngine;
  variables: readonly string[];
  /** Last parts of image names whose tags tell the version. */
  names: RegExp;
  /** Major version of a version or tag. */
  major(version: string): string | undefined;
};

// Two numbers: "1:11.4.2+maria~ubu2404", "8.0.36-28", "ps-8.4".
const two = (version: string) => /^(?:\d+:|ps-|v)?(\d+\.\d+)/.exec(version)?.[1];

// What the official images and those of Bitnami and Percona put into their environment.
const known: readonly Known[] = [
  {
    engine: "PostgreSQL",
    variables: ["PG_MAJOR", "PG_VERSION", "POSTGRESQL_VERSION"],
    names: /^(postgres|postgresql|postgresql-repmgr|postgis)$/,
    // One number since 10, two before.
    major: (version) => /^v?(9\.\d+|\d{2,3})(?!\d)/.exec(version)?.[1],
  },
  {
    engine: "PostgreSQL",
    variables: [],
    // Their tags begin with a version of their own: "0.8.0-pg17", "2.17.2-pg16".
    names: /^(pgvector|timescaledb|timescaledb-ha|paradedb)$/,
    major: (version) => /(?:^|[-_.])pg(\d{2})(?!\d)/.exec(version)?.[1],
  },
  {
    engine: "MariaDB",
    variables: ["MARIADB_VERSION", "MARIADB_MAJOR"],
    names: /^mariadb(-galera)?$/,
    major: two,
  },
  {
    engine: "MySQL",
    variables: ["MYSQL_MAJOR", "MYSQL_VERSION", "PS_VERSION"],
    names: /^(mysql|mysql-server|percona|percona-server)$/,
    major: two,
  },
  {
    engine: "MongoDB",
    variables: ["MONGO_MAJOR", "MONGO_VERSION", "MONGODB_VERSION"],
    names: /^(mongo|mongodb|mongodb-community-server|percona-server-mongodb)$/,
    major: two,
  },
  {
    engine: "Elasticsearch",
    variables: ["ELASTIC_VERSION", "ELASTICSEARCH_VERSION"],
    names: /^elasticsearch$/,
    major: (version) => /^(\d+)\./.exec(version)?.[1],
  },
  { engine: "Valkey", variables: ["VALKEY_VERSION"], names: /^valkey$/, major: two },
  { engine: "Redis", variables: ["REDIS_VERSION"], names: /^redis$/, major: two },
];

const versionLabel = "org.opencontainers.image.version";
const titleLabel = "org.opencontainers.image.title";

/** The database that an image holds: as its variables tell, else its labels, else its name and tag. */
export function databaseOf(image: EngineConfig | null | undefined, reference = ""): Database | undefined {
  const variables = new Map(
    (image?.Env ?? []).map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, Math.max(0, at)), entry.slice(at + 1)];
    }),
  );
  const labels = image?.Labels ?? {};
  const parsed = parseImageReference(reference);
  const name = parsed.ok ? basename(parsed.reference.path) : "";
  const tag = (parsed.ok ? parsed.reference.tag : undefined) ?? "";
  // Labels come along from a base image: a version counts only below a title that names the database.
  const title = (labels[titleLabel] ?? "").toLowerCase();
  const sources: ((one: Known) => readonly [by: string, version: string][])[] = [
    (one) => one.variables.map((variable) => [variable, variables.get(variable) ?? ""]),
    (one) => (one.names.test(title) ? [[`label ${versionLabel}`, labels[versionLabel] ?? ""]] : []),
    (one) => (one.names.test(name) ? [["tag", tag]] : []),
  ];
  for (const source of sources) {
    for (const one of known) {
      for (const [by, version] of source(one)) {
        const major = one.major(version);
        if (major !== undefined) return { engine: one.engine, major, by };
      }
    }
  }
  return undefined;
}
