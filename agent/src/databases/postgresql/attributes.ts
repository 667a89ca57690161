import { type Target, tlsMode } from "../probe.ts";
import type { Connection, Row } from "./connect.ts";
import { redact } from "./redact.ts";
import { type Answers, compact, flag, number, rounded, text } from "./rows.ts";
import type { Slow } from "./slow.ts";
import type { StandbyState } from "./standby.ts";
import { idLimit } from "./wraparound.ts";

/** Role of the server in replication. */
export type Role = "primary" | "replica" | "standalone";

/** A standby is a replica; what has standbys, or keeps log for them, a primary. */
export function roleOf(answers: Answers): Role {
  if (flag(answers.cluster?.[0], "in_recovery") === true) return "replica";
  return (answers.replicas?.length ?? 0) + (answers.slots?.length ?? 0) > 0 ? "primary" : "standalone";
}

/** What a probe tells beside numbers. All text comes from the server: cut, statements without their literals. */
export function attributesOf(
  target: Target,
  connection: Connection,
  answers: Answers,
  slow: Slow,
  standby: StandbyState | undefined,
  blocking: Row[],
): Record<string, unknown> {
  const { data_directory: dataDirectory, ...settings } = slow.settings;
  return compact({
    version: connection.version,
    role: roleOf(answers),
    dataDirectory: dataDirectory || undefined,
    databases: slow.databases,
    replication: replication(answers, standby),
    topStatements: slow.statements,
    longRunning: (answers.running ?? []).map((row) => longRunning(row, blocking)),
    blocking: blocking.length === 0 ? undefined : blocking.map(blocker),
    settings,
    persistence: persistence(answers, slow),
    wraparound: wraparound(answers),
    preparedTransactions: prepared(answers),
    tls: compact({
      mode: tlsMode(target),
      used: connection.encrypted,
      certificateEnds: connection.certificateEnds,
    }),
  });
}

function replication(answers: Answers, standby: StandbyState | undefined): Record<string, unknown> {
  const recovery = answers.recovery?.[0];
  const host = text(recovery, "sender_host");
  const upstream = host === undefined ? undefined : `${host}:${text(recovery, "sender_port") ?? ""}`;
  return compact({
    role: roleOf(answers),
    upstream: standby === undefined ? undefined : upstream,
    state: standby?.state,
    replicas: (answers.replicas ?? []).map(replica),
    slots: (answers.slots ?? []).map(slot),
  });
}

function replica(row: Row): Record<string, unknown> {
  const bytes = number(row, "bytes");
  const lag = number(row, "replay_lag");
  return compact({
    name: text(row, "name"),
    address: text(row, "address") ?? "local",
    state: text(row, "state"),
    // Unknown while nothing was sent for a while; what has everything does not lag.
    lagSeconds: rounded(Number.isNaN(lag) && bytes <= 0 ? 0 : lag, 3),
    writeLagSeconds: rounded(number(row, "write_lag"), 3),
    flushLagSeconds: rounded(number(row, "flush_lag"), 3),
    lagBytes: rounded(Math.max(0, bytes)),
    sync: text(row, "sync"),
  });
}

function slot(row: Row): Record<string, unknown> {
  return compact({
    name: text(row, "name"),
    type: text(row, "type"),
    active: flag(row, "active"),
    retainedBytes: rounded(Math.max(0, number(row, "retained"))),
    walStatus: text(row, "wal_status"),
    safeBytes: rounded(number(row, "safe_wal_size")),
    transactionIdAge: rounded(number(row, "xid_age")),
    invalidation: text(row, "invalidation_reason"),
    synced: flag(row, "synced") === true ? true : undefined,
  });
}

function longRunning(row: Row, blocking: Row[]): Record<string, unknown> {
  const by = blocking.filter(({ blocks }) => (blocks ?? "").split(",").includes(row.pid ?? "")).map(({ pid }) => pid);
  const event = [text(row, "wait_event_type"), text(row, "wait_event")].filter((part) => part !== undefined).join(": ");
  // A client that thinks is no wait of the server.
  const waits = text(row, "wait_event_type") === "Client" ? "" : event;
  const held = by.length === 0 ? "" : `${waits === "" ? "" : " "}held by ${by.slice(0, 5).join(", ")}`;
  return compact({
    pid: rounded(number(row, "pid")),
    seconds: rounded(number(row, "seconds")),
    user: text(row, "user"),
    database: text(row, "database"),
    application: text(row, "application_name") || undefined,
    state: text(row, "state"),
    waitsFor: waits + held || undefined,
    text: redact(row.text ?? ""),
  });
}

function blocker(row: Row): Record<string, unknown> {
  return compact({
    pid: rounded(number(row, "pid")),
    seconds: rounded(number(row, "seconds")),
    user: text(row, "user"),
    database: text(row, "database"),
    // A prepared transaction holds its locks as pid 0.
    state: row.pid === "0" ? "prepared transaction" : (text(row, "state") ?? text(row, "type")),
    blocks: (row.blocks ?? "").split(",").map(Number),
    text: redact(row.text ?? ""),
  });
}

function persistence(answers: Answers, slow: Slow): Record<string, unknown> {
  const [cluster, archiver, writes] = [answers.cluster?.[0], answers.archiver?.[0], answers.writes?.[0]];
  const archives = cluster?.archive_mode !== undefined && cluster.archive_mode !== "off";
  return compact({
    walBytes: rounded(slow.walBytes),
    checkpoints: rounded(number(writes, "checkpoints")),
    checkpointsForced: rounded(number(writes, "forced")),
    checksumFailures: rounded(number(answers.totals?.[0], "checksum_failures")),
    archiver: !archives
      ? undefined
      : compact({
          mode: text(cluster, "archive_mode"),
          archived: rounded(number(archiver, "archived")),
          failed: rounded(number(archiver, "failed")),
          lastArchived: text(archiver, "last_archived_wal"),
          lastFailed: text(archiver, "last_failed_wal"),
          lastArchivedSeconds: rounded(number(archiver, "archived_age")),
          lastFailedSeconds: rounded(number(archiver, "failed_age")),
          waitingSegments: rounded(slow.waitingSegments),
        }),
  });
}

function wraparound(answers: Answers): Record<string, unknown> {
  const row = answers.cluster?.[0];
  return compact({
    limit: idLimit,
    transactionIdAge: rounded(number(row, "xid_age")),
    multixactIdAge: rounded(number(row, "mxid_age")),
  });
}

function prepared(answers: Answers): Record<string, unknown> | undefined {
  const row = answers.prepared?.[0];
  if (!(number(row, "count") > 0)) return undefined;
  return compact({ count: rounded(number(row, "count")), oldestSeconds: rounded(number(row, "oldest")) });
}
