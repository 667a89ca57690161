import type { z } from "zod";
import { flag, instantText, isRecord, list, number, object, type Shape, scalar, scalars, text } from "./shapes.ts";

const shapes = {
  engine: text(32),
  version: text(100),
  name: text(255),
  host: text(255),
  port: number,
  socket: text(1_024),
  container: text(255),
  containerId: text(128),
  process: text(255),
  pid: number,
  source: text(32),
  role: text(64),
  dataDirectory: text(1_024),
  credentials: text(32),
  error: text(1_000),
  /** What is amiss though it is up. */
  note: text(1_000),
  probedAt: instantText,
  credentialsFrom: text(64),
  product: text(100),
  tls: object({ mode: text(32), used: flag, certificateEnds: instantText }),
  grants: list(text(2_000), 50),
  disks: list(text(64), 256),
  pools: list(text(512), 64),
  databases: list(
    object({
      name: text(255),
      sizeBytes: number,
      connections: number,
      cacheHitRatio: number,
      transactionIdAge: number,
      keys: number,
      expires: number,
      objects: number,
      tables: number,
    }),
    50,
  ),
  replication: object({
    role: text(64),
    /** Name of the replica set. */
    set: text(255),
    upstream: text(512),
    state: text(255),
    error: text(500),
    oplogSeconds: number,
    /** Sources that it follows. */
    channels: list(
      object({
        name: text(100),
        upstream: text(255),
        state: text(255),
        ioRunning: flag,
        sqlRunning: flag,
        lagSeconds: number,
        lagBytes: number,
        delaySeconds: number,
        gtid: flag,
        error: text(500),
      }),
      20,
    ),
    replicas: list(
      object({
        name: text(255),
        address: text(255),
        state: text(100),
        lagSeconds: number,
        writeLagSeconds: number,
        flushLagSeconds: number,
        lagBytes: number,
        sync: text(64),
      }),
      100,
    ),
    slots: list(
      object({
        name: text(255),
        type: text(64),
        active: flag,
        retainedBytes: number,
        safeBytes: number,
        walStatus: text(64),
        invalidation: text(100),
        transactionIdAge: number,
      }),
      100,
    ),
  }),
  topStatements: list(
    object({
      text: text(500),
      calls: number,
      totalSeconds: number,
      meanSeconds: number,
      rows: number,
      hitRatio: number,
      failed: number,
    }),
    20,
  ),
  longRunning: list(
    object({
      pid: number,
      seconds: number,
      user: text(255),
      database: text(255),
      application: text(255),
      state: text(100),
      waitsFor: text(255),
      text: text(500),
    }),
    10,
  ),
  /** Who holds what others wait for; `blocks`: their process ids. */
  blocking: list(
    object({
      pid: number,
      seconds: number,
      user: text(255),
      database: text(255),
      state: text(100),
      blocks: list(number, 20),
      text: text(500),
    }),
    10,
  ),
  /** Commands that took long; `at` as the agent wrote it. */
  slowLog: list(object({ at: scalar, seconds: number, text: text(500) }), 20),
  cluster: object({
    type: text(64),
    name: text(255),
    state: text(100),
    ready: flag,
    role: text(64),
    nodes: number,
    offline: number,
    members: list(object({ address: text(255), state: text(100), role: text(64) }), 50),
  }),
  settings: scalars(60),
  persistence: scalars(60),
} satisfies Record<string, Shape<unknown>>;

type Shapes = typeof shapes;

/** What an agent tells of a database beyond its measured values; null where it tells nothing or nonsense. */
export type DatabaseParts = { [K in keyof Shapes]: Shapes[K] extends Shape<infer T> ? T | null : never } & {
  /** What it tells under names that this server does not know, as rows of plain values. */
  more: { name: string; rows: Record<string, string | number | boolean>[] }[];
};

const names = Object.keys(shapes) as (keyof Shapes)[];
const rows = list(scalars(12), 50);
const more = list(object({ name: text(64), rows }), 10);

/** The shape of each part in answers. */
export const partSchemas = Object.fromEntries([
  ...names.map((name) => [name, shapes[name].schema]),
  ["more", more.schema],
]) as { [K in keyof DatabaseParts]: z.ZodType<DatabaseParts[K], DatabaseParts[K]> };

/** Reads a database's attributes: whatever an agent sent, bounded, wrong shapes as null. */
export function readParts(attributes: unknown): DatabaseParts {
  const given = isRecord(attributes) ? attributes : {};
  const read = names.map((name) => [name, shapes[name].read(Object.hasOwn(given, name) ? given[name] : undefined)]);
  return { ...(Object.fromEntries(read) as DatabaseParts), more: readMore(given) };
}

function readMore(given: Record<string, unknown>): DatabaseParts["more"] {
  return Object.entries(given)
    .filter(([name]) => !Object.hasOwn(shapes, name) && /^[a-zA-Z]\w{0,63}$/.test(name))
    .flatMap(([name, value]) => {
      const found = rows.read(Array.isArray(value) ? value : [value])?.filter((row) => Object.keys(row).length > 0);
      return found === undefined || found.length === 0 ? [] : [{ name, rows: found }];
    })
    .slice(0, 10)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
