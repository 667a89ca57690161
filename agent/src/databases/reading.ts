import { catalogue } from "@fairlead/shared/catalogue";
import type { Reading } from "../collectors/collector.ts";
import type { Listed } from "./listed.ts";
import { type DatabaseMetric, oneLine, tlsMode } from "./probe.ts";
import type { Answer } from "./prober.ts";

/** What is known of a database besides what its probe said. */
export type Surroundings = {
  /** Used share of the filesystem of its data; NaN where that can't be seen. */
  diskUsedRatio: number;
  /** Kernel names of the disks below its data. */
  disks: readonly string[];
  /** Keys of the pools on which its data lie. */
  pools: readonly string[];
  /** Unix ms of the probe. */
  probedAt: number;
  /** Labels from when it last answered. */
  labels: Record<string, string>;
  /** Attributes from when it last answered. */
  attributes: Record<string, unknown>;
};

/** The reading of a database: what it said, or why it said nothing. */
export function databaseReading(listed: Listed, answer: Answer, around: Surroundings): Reading {
  const { target, found, entry } = listed;
  const { status, reason } = answer;
  const values: Partial<Record<DatabaseMetric, number>> = { disk_used_ratio: around.diskUsedRatio, ...answer.values };
  const line = reason === undefined ? undefined : oneLine(reason, target);
  const attributes = {
    ...around.attributes,
    ...answer.attributes,
    engine: target.engine,
    host: target.host ?? null,
    port: target.port ?? null,
    socket: target.socket ?? null,
    container: target.container ?? null,
    containerId: found?.container?.id ?? null,
    process: found?.process?.name ?? null,
    pid: listed.gone === undefined ? (found?.process?.pid ?? null) : null,
    source: entry === undefined ? "discovered" : "configuration",
    name: entry?.name ?? null,
    dataDirectory:
      answer.attributes.dataDirectory ?? around.attributes.dataDirectory ?? found?.dataDirectory?.shown ?? null,
    error: status === "up" ? null : (line ?? null),
    // What it said of itself though it answers: fsync is off, a save failed.
    note: status === "up" ? (line ?? null) : null,
    credentials: credentialsOf(listed, answer),
    credentialsFrom: listed.credentials,
    grants: answer.grants,
    tls: answer.attributes.tls ?? around.attributes.tls ?? { mode: tlsMode(target), used: null },
    probedAt: new Date(around.probedAt).toISOString(),
    disks: around.disks,
    pools: around.pools,
  };
  return {
    kind: "database",
    key: target.key,
    labels: {
      engine: target.engine,
      // Rules select by labels, and lists search in them.
      ...(entry?.name === undefined ? {} : { name: entry.name }),
      ...(target.host === undefined ? {} : { host: target.host }),
      ...(target.port === undefined ? {} : { port: String(target.port) }),
      ...(target.container === undefined ? {} : { container: target.container }),
      ...(found?.role === undefined ? {} : { role: found.role }),
      ...around.labels,
      ...answer.labels,
    },
    attributes,
    state: status,
    ...(line === undefined ? {} : { reason: line }),
    values: catalogue.database.metrics.map(({ name }) => finite(values[name])),
  };
}

/** True where two readings differ in more than what changes with every probe. */
export function differs(one: Reading, other: Reading | undefined): boolean {
  return other === undefined || steady(one) !== steady(other);
}

const steadyNames = ["version", "role", "host", "port", "socket", "containerId", "process", "pid", "source", "name"];
steadyNames.push("dataDirectory", "credentials", "credentialsFrom", "grants", "tls", "disks", "pools");

function steady({ state, labels, attributes = {} }: Reading): string {
  return JSON.stringify([state, labels, steadyNames.map((name) => attributes[name])]);
}

/** Those never tell anything without. */
const closedEngines: ReadonlySet<string> = new Set(["postgresql", "mysql", "mariadb"]);

function credentialsOf(
  { credentials, target }: Listed,
  { status, attributes }: Answer,
): "none_needed" | "configured" | "missing" | "refused" {
  if (credentials !== "none") return status === "needs_credentials" ? "refused" : "configured";
  // Some tell strangers that they serve, and nothing more.
  const told = status === "needs_credentials" || attributes.credentials === "missing";
  return told || closedEngines.has(target.engine) ? "missing" : "none_needed";
}

// Through the child's pipe NaN came as null.
function finite(value: number | null | undefined): number {
  return typeof value === "number" && Number.isFinite(value) ? value : Number.NaN;
}
