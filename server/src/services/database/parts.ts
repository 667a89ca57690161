import type { z } from "zod";
import { flag, isRecord, list, number, object, record, type Shape, scalar, text } from "./shapes.ts";

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
  probedAt: text(40),
  tls: object({ mode: text(32), used: flag }),
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
      tables: number,
    }),
    50,
  ),
  replication: object({
    role: text(64),
    upstream: text(512),
    state: text(100),
    replicas: list(
      object({
        name: text(255),
        address: text(255),
        state: text(100),
        lagSeconds: number,
        lagBytes: number,
        sync: text(64),
      }),
      100,
    ),
    slots: list(object({ name: text(255), active: flag, retainedBytes: number, walStatus: text(64) }), 100),
  }),
  topStatements: list(
    object({
      text: text(500),
      calls: number,
      totalSeconds: number,
      meanSeconds: number,
      rows: number,
      hitRatio: number,
    }),
    20,
  ),
  longRunning: list(
    object({
      seconds: number,
      user: text(255),
      database: text(255),
      state: text(100),
      waitsFor: text(255),
      text: text(500),
    }),
    10,
  ),
  settings: record(scalar, 60),
  persistence: record(scalar, 60),
} satisfies Record<string, Shape<unknown>>;

type Shapes = typeof shapes;

/** What an agent tells of a database beyond its measured values; null where it tells nothing or nonsense. */
export type DatabaseParts = { [K in keyof Shapes]: Shapes[K] extends Shape<infer T> ? T | null : never };

const names = Object.keys(shapes) as (keyof Shapes)[];

/** The shape of each part in answers. */
export const partSchemas = Object.fromEntries(names.map((name) => [name, shapes[name].schema])) as {
  [K in keyof Shapes]: z.ZodType<DatabaseParts[K], DatabaseParts[K]>;
};

/** Reads a database's attributes: whatever an agent sent, bounded, wrong shapes as null. */
export function readParts(attributes: unknown): DatabaseParts {
  const given = isRecord(attributes) ? attributes : {};
  const read = names.map((name) => [name, shapes[name].read(Object.hasOwn(given, name) ? given[name] : undefined)]);
  return Object.fromEntries(read) as DatabaseParts;
}
