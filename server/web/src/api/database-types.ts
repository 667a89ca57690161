import type { Labels } from "./types.ts";

/** A database server as /api/v1/infrastructure/databases lists it. */
export type Database = {
  id: number;
  serverId: string;
  serverName: string;
  key: string;
  engine: string;
  version: string | null;
  name: string | null;
  address: string | null;
  container: string | null;
  status: string | null;
  statusReason: string;
  stateSince: string | null;
  role: string | null;
  credentials: string | null;
  sizeBytes: number | null;
  connections: number | null;
  connectionsLimit: number | null;
  connectionsUsedRatio: number | null;
  active: number | null;
  queriesPerSecond: number | null;
  cacheHitRatio: number | null;
  replicationLagSeconds: number | null;
  replicas: number | null;
  uptimeSeconds: number | null;
  memoryUsedBytes: number | null;
  diskUsedRatio: number | null;
  probedAt: string | null;
  goneAt: string | null;
};

export type Scalars = Record<string, string | number | boolean>;

/** One database with all that is known of it; null where the agent told nothing. */
export type DatabaseDetail = Database & {
  labels: Labels;
  configurable: boolean | null;
  latest: { at: string; values: Record<string, number | null> } | null;
  host: string | null;
  port: number | null;
  socket: string | null;
  containerId: string | null;
  process: string | null;
  pid: number | null;
  source: string | null;
  dataDirectory: string | null;
  databases: OwnDatabase[] | null;
  replication: Replication | null;
  topStatements: Statement[] | null;
  longRunning: Running[] | null;
  settings: Scalars | null;
  persistence: Scalars | null;
  error: string | null;
  grants: string[] | null;
  tls: { mode: string | null; used: boolean | null; certificateEnds: string | null } | null;
  blocking: Blocker[] | null;
  slowLog: { at: string | number | boolean | null; seconds: number | null; text: string | null }[] | null;
  cluster: Cluster | null;
  /** What the agent tells under names that are not known here. */
  more: { name: string; rows: Scalars[] }[];
  product: string | null;
  credentialsFrom: string | null;
  disks: string[] | null;
  pools: string[] | null;
};

export type OwnDatabase = {
  name: string | null;
  sizeBytes: number | null;
  connections: number | null;
  cacheHitRatio: number | null;
  transactionIdAge: number | null;
  keys: number | null;
  expires: number | null;
  objects: number | null;
  tables: number | null;
};

export type Replication = {
  role: string | null;
  set: string | null;
  upstream: string | null;
  state: string | null;
  error: string | null;
  oplogSeconds: number | null;
  channels: Channel[] | null;
  replicas: Replica[] | null;
  slots: Slot[] | null;
};

export type Channel = {
  name: string | null;
  upstream: string | null;
  state: string | null;
  ioRunning: boolean | null;
  sqlRunning: boolean | null;
  lagSeconds: number | null;
  lagBytes: number | null;
  delaySeconds: number | null;
  gtid: boolean | null;
  error: string | null;
};

export type Cluster = {
  type: string | null;
  name: string | null;
  state: string | null;
  ready: boolean | null;
  role: string | null;
  nodes: number | null;
  offline: number | null;
  members: { address: string | null; state: string | null; role: string | null }[] | null;
};

export type Blocker = {
  pid: number | null;
  seconds: number | null;
  user: string | null;
  database: string | null;
  state: string | null;
  blocks: number[] | null;
  text: string | null;
};

export type Replica = {
  name: string | null;
  address: string | null;
  state: string | null;
  lagSeconds: number | null;
  lagBytes: number | null;
  sync: string | null;
};

export type Slot = {
  name: string | null;
  type: string | null;
  safeBytes: number | null;
  invalidation: string | null;
  active: boolean | null;
  retainedBytes: number | null;
  walStatus: string | null;
};

export type Statement = {
  text: string | null;
  calls: number | null;
  totalSeconds: number | null;
  meanSeconds: number | null;
  rows: number | null;
  hitRatio: number | null;
  failed: number | null;
};

export type Running = {
  pid: number | null;
  application: string | null;
  seconds: number | null;
  user: string | null;
  database: string | null;
  state: string | null;
  waitsFor: string | null;
  text: string | null;
};
