import { setTimeout as delay } from "node:timers/promises";
import { catalogue } from "@fairlead/shared/catalogue";
import type { Reading } from "../collectors/collector.ts";
import { databaseSettings } from "../databases/settings.ts";
import { createDatabaseWatch } from "../databases/watch.ts";
import { createHost, type Host } from "../host/host.ts";
import { printable } from "../log.ts";
import { type CliCommand, CliError, configOf, exitCode, print } from "./command.ts";
import { bytes, duration, quantity, table } from "./text.ts";

/** `db [NAME]`: asks the databases of this host now. Exit 1 when one is down, does not answer or fails. */
export const db: CliCommand = {
  name: "db",
  register(program, io) {
    program
      .command("db")
      .argument("[name]", "one of them in full: its key, name, container, engine, or the end of its key")
      .description("list the databases of this host, and what to paste for those that need credentials")
      .action(async (name: string | undefined, _options, command) => {
        const config = configOf(command, io);
        const host: Host = {
          ...createHost(),
          dockerSocket: config.docker.socket,
          runtimes: config.runtimes,
          databases: databaseSettings(config),
          stateDir: config.stateDir,
        };
        const watch = createDatabaseWatch(host, { save: false });
        try {
          const first = await watch.collect(Date.now(), io.signal);
          // Rates need two looks.
          if (first.some(({ state }) => state === "up")) await delay(1000, undefined, { signal: io.signal });
          const readings = (await watch.collect(Date.now(), io.signal)).sort((a, b) => (a.key < b.key ? -1 : 1));
          const shown = name === undefined ? readings : chosen(readings, name);
          const full = name !== undefined;
          print(command, io, full ? shown.map(asJson)[0] : shown.map(asJson), () =>
            full ? panels(shown[0] as Reading) : list(shown),
          );
          if (shown.some(({ state }) => state !== "up" && state !== "needs_credentials")) {
            process.exitCode = exitCode.failed;
          }
        } finally {
          watch.stop();
        }
      });
  },
};

/** The one that a name means: key, name, container, engine, or end of the key. Throws CliError for none and for several. */
export function chosen(readings: readonly Reading[], name: string): Reading[] {
  const ways: ((reading: Reading) => boolean)[] = [
    ({ key }) => key === name,
    ({ attributes }) => attributes?.name === name,
    ({ labels }) => labels?.container === name,
    ({ labels }) => labels?.engine === name,
    ({ key }) => key.endsWith(`:${name}`) || key.endsWith(`/${name}`),
  ];
  for (const way of ways) {
    const found = readings.filter(way);
    if (found.length === 1) return found;
    if (found.length > 1) {
      const keys = found.map(({ key }) => key).join(", ");
      throw new CliError(`${JSON.stringify(name)} means several: give one of ${keys}`, exitCode.usage);
    }
  }
  const known = readings.map(({ key }) => key).join(", ") || "none";
  throw new CliError(`no database ${JSON.stringify(name.slice(0, 100))} here: there are ${known}`, exitCode.usage);
}

/** All databases, a line each, then what is wrong and what to paste. */
export function list(readings: readonly Reading[]): string {
  if (readings.length === 0) return "no database was found on this host, and none is configured";
  const rows = readings.map((reading) => {
    const { key, state = "", labels = {}, attributes = {} } = reading;
    const value = valuesOf(reading);
    const version = typeof attributes.version === "string" ? attributes.version : (labels.version ?? "-");
    const limit = value("connections_limit");
    return [
      typeof attributes.name === "string" ? `${attributes.name} (${key})` : key,
      state,
      short(version),
      labels.role ?? "-",
      show(value("size_bytes"), bytes),
      `${show(value("connections"), String)}${Number.isNaN(limit) ? "" : `/${limit}`}`,
      show(value("cache_hit_ratio"), (ratio) => `${(ratio * 100).toFixed(1)} %`),
      show(value("replication_lag_seconds"), duration),
    ];
  });
  const head = ["DATABASE", "STATE", "VERSION", "ROLE", "SIZE", "CONNECTIONS", "HIT", "LAG"];
  const notes = readings.flatMap((reading) => noteOf(reading));
  return [table([head, ...rows]), ...notes].join("\n\n");
}

/** One database with everything that is known of it. */
export function panels(reading: Reading): string {
  const { key, state = "", attributes: a = {} } = reading;
  const metrics = catalogue.database.metrics.flatMap(({ name, unit }, i) => {
    const value = reading.values[i] ?? Number.NaN;
    return Number.isNaN(value) ? [] : [[`  ${name}`, quantity(value, unit)]];
  });
  const facts = [
    "version",
    "role",
    "process",
    "pid",
    "container",
    "dataDirectory",
    "source",
    "credentials",
    "tls",
    "disks",
  ];
  const known = facts.flatMap((name) =>
    a[name] === null || a[name] === undefined ? [] : [[`  ${name}`, plain(a[name])]],
  );
  return [
    printable(`${key}  ${state}${reading.reason === undefined ? "" : `: ${reading.reason}`}`),
    table(known),
    metrics.length === 0 ? "" : table(metrics),
    ...["replication", "persistence", "settings"].map((name) => mapping(name, a[name])),
    ...["databases", "topStatements", "slowLog", "longRunning"].map((name) => rowsOf(name, a[name])),
    statements(a.grants),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function asJson(reading: Reading): Record<string, unknown> {
  const { key, state, reason, labels, attributes } = reading;
  const values = catalogue.database.metrics.map(({ name }, i) => {
    const value = reading.values[i] ?? Number.NaN;
    return [name, Number.isFinite(value) ? value : null];
  });
  return { key, state, reason: reason ?? null, labels, values: Object.fromEntries(values), attributes };
}

function noteOf({ key, reason, attributes = {} }: Reading): string[] {
  const paste = statements(attributes.grants);
  if (reason === undefined && paste === "") return [];
  return [
    [`${printable(key)}: ${printable(reason ?? "more could be seen with")}`, paste]
      .filter((part) => part !== "")
      .join("\n"),
  ];
}

// Statements stand alone on their lines, to be copied.
function statements(grants: unknown): string {
  return Array.isArray(grants) && grants.length > 0
    ? grants.map((line) => `  ${printable(String(line))}`).join("\n")
    : "";
}

function mapping(title: string, value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
  const rows = Object.entries(value).flatMap(([name, inner]) => {
    if (inner === null || inner === undefined || (Array.isArray(inner) && inner.length === 0)) return [];
    return [[`  ${name}`, plain(inner)]];
  });
  return rows.length === 0 ? "" : `${title}\n${table(rows)}`;
}

function rowsOf(title: string, value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return "";
  const rows = value.slice(0, 20).filter((row) => typeof row === "object" && row !== null) as Record<string, unknown>[];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) =>
    rows.some((row) => row[name] !== null && row[name] !== undefined),
  );
  const ordered = [...columns.filter((name) => name !== "text"), ...columns.filter((name) => name === "text")];
  const cells = rows.map((row) => ordered.map((name) => cell(name, row[name])));
  return `${title}\n${table([ordered.map((name, i) => (i === 0 ? `  ${name}` : name)), ...cells.map(([first = "", ...rest]) => [`  ${first}`, ...rest])])}`;
}

function cell(name: string, value: unknown): string {
  if (typeof value !== "number") return plain(value);
  if (/bytes$/i.test(name)) return bytes(value);
  if (/seconds$/i.test(name)) return duration(value);
  return /ratio$/i.test(name) ? `${(value * 100).toFixed(1)} %` : String(value);
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "-";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 300 ? `${text.slice(0, 297)}...` : text;
}

function valuesOf(reading: Reading): (name: string) => number {
  const names = catalogue.database.metrics.map(({ name }) => name as string);
  return (name) => reading.values[names.indexOf(name)] ?? Number.NaN;
}

function show(value: number, format: (value: number) => string): string {
  return Number.isNaN(value) ? "-" : format(value);
}

// "PostgreSQL 15.9 (Debian 15.9-1) on x86_64 ..."
function short(version: string): string {
  return version.length > 30 ? `${version.slice(0, 27)}...` : version;
}
