// The shapes that /api/v1 answers with, as far as the page uses them. Times are ISO 8601 strings unless said.

export type Role = "viewer" | "operator" | "admin";
export type Labels = Record<string, string>;
export type Page<T> = { items: T[]; nextCursor: string | null };
export type ServerState = "online" | "degraded" | "offline" | "never_seen" | "paused";
export type Severity = "info" | "warning" | "critical";
export type CommandStatus =
  | "queued"
  | "sent"
  | "accepted"
  | "running"
  | "succeeded"
  | "failed"
  | "rolled_back"
  | "expired"
  | "cancelled";

export type User = { id: string; email: string; name: string; role: Role };
export type Me = { user: User; mustChangePassword: boolean };
export type UserRow = User & {
  disabledAt: string | null;
  createdAt: string;
  lastSeenAt: string | null;
  mustChangePassword: boolean;
};
export type NewUser = UserRow & { oneTimePassword: string };

export type Latest = {
  at: string;
  hostResourceId: number;
  cpuUsageRatio: number | null;
  memoryUsedRatio: number | null;
  memoryTotalBytes: number | null;
  diskUsedRatio: number | null;
  load5PerCore: number | null;
  uptimeSeconds: number | null;
  receiveBytesPerSecond: number | null;
  transmitBytesPerSecond: number | null;
};

export type Server = {
  id: string;
  name: string;
  hostname: string;
  group: string;
  labels: Labels;
  notes: string;
  state: ServerState;
  stateReason: string;
  stateSince: string;
  connected: boolean;
  lastSeenAt: string | null;
  lastReportAt: string | null;
  clockSkewMs: number | null;
  agentVersion: string | null;
  intervalSeconds: number;
  disabledCollectors: string[];
  paused: boolean;
  bootedAt: string | null;
  rebootCount: number;
  facts: Record<string, unknown>;
  capabilities: string[];
  spool: { records: number; bytes: number; droppedRecords: number } | null;
  refused: Record<string, number>;
  firingAlerts: number;
  containers: { total: number; running: number; unhealthy: number };
  latest: Latest | null;
  createdAt: string;
};

export type Resource = {
  id: number;
  serverId: string;
  kind: string;
  key: string;
  labels: Labels;
  attributes: Record<string, unknown>;
  state: string | null;
  stateSince: string | null;
  firstSeenAt: string;
  lastSeenAt: string;
  goneAt: string | null;
  latest: { at: string; values: Record<string, number | null> } | null;
};

export type StateChange = {
  id: number;
  at: string;
  from: string | null;
  to: string;
  reason: string;
};

export type CollectorStatus = {
  name: string;
  state: string;
  error: string;
  errorCount: number;
  durationSeconds: number | null;
  lastSuccessAt: string | null;
  updatedAt: string;
};

export type Container = {
  id: number;
  serverId: string;
  serverName: string;
  name: string;
  image: string;
  imageId: string | null;
  digest: string | null;
  tag: string | null;
  state: string | null;
  status: string | null;
  health: string | null;
  restartCount: number | null;
  exitCode: number | null;
  ports: string[];
  labels: Labels;
  composeProject: string | null;
  composeService: string | null;
  createdAt: string | null;
  startedAt: string | null;
  latest: { at: string; values: Record<string, number | null> } | null;
  goneAt: string | null;
};

/** An update or roll-back of a container; `id` is its command's. */
export type ContainerUpdate = {
  id: string;
  serverId: string;
  serverName: string;
  type: string;
  target: string;
  status: string;
  reason: string;
  fromImage: string | null;
  fromDigest: string | null;
  toImage: string | null;
  toDigest: string | null;
  downtimeMs: number | null;
  backups: Record<string, string>;
  forceReason: string;
  containers: { name: string; role: string }[];
  createdBy: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
};

export type CommandEvent = {
  at: string;
  status: string;
  phase: string;
  message: string;
  percent: number | null;
};

export type Command = {
  id: string;
  serverId: string;
  serverName: string;
  type: string;
  args: Record<string, unknown>;
  status: CommandStatus;
  reason: string;
  output: Record<string, unknown> | null;
  createdBy: string;
  deadline: string;
  createdAt: string;
  sentAt: string | null;
  acceptedAt: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  events: CommandEvent[];
};

export type Alert = {
  id: string;
  ruleId: string;
  ruleName: string;
  serverId: string;
  serverName: string;
  resourceId: number | null;
  resourceKind: string | null;
  resourceKey: string | null;
  state: "pending" | "firing" | "resolved";
  severity: Severity;
  summary: string;
  value: number | null;
  threshold: number | null;
  pendingAt: string;
  firedAt: string | null;
  resolvedAt: string | null;
  resolveReason: string;
  ackedAt: string | null;
  ackedBy: string | null;
  ackNote: string;
};

export type AlertRule = {
  id: string;
  builtinKey: string | null;
  name: string;
  description: string;
  enabled: boolean;
  severity: Severity;
  condition: Record<string, unknown>;
  resourceKind: string;
  selector: unknown;
  forSeconds: number;
  keepFiringSeconds: number;
  receiverIds: string[] | null;
};

export type Receiver = {
  id: string;
  name: string;
  kind: string;
  config: Record<string, unknown>;
  /** Which secrets are set; they themselves are never shown. */
  secrets: Record<string, boolean>;
  enabled: boolean;
  sendResolved: boolean;
  createdAt: string;
};

export type Delivery = {
  id: number;
  alertId: string | null;
  receiverId: string;
  receiverName: string;
  event: "firing" | "resolved" | "test";
  state: "waiting" | "delivered" | "failed";
  summary: string;
  attempts: number;
  nextAttemptAt: string | null;
  lastError: string;
  createdAt: string;
  deliveredAt: string | null;
};

export type ApiToken = {
  id: string;
  name: string;
  role: Role;
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
};

export type EnrolmentToken = {
  state: "usable" | "used_up" | "expired" | "revoked";
  id: string;
  name: string;
  maxUses: number | null;
  uses: number;
  labels: Labels;
  group: string;
  expiresAt: string | null;
  revokedAt: string | null;
  lastUsedAt: string | null;
  createdBy: string;
  createdAt: string;
};

export type NewEnrolmentToken = EnrolmentToken & { token: string; installCommand: string };

export type Job = {
  name: string;
  help: string;
  cron: string;
  nextRunAt: string | null;
  running: boolean;
  last: { startedAt: string; finishedAt: string | null; status: string; result: Record<string, unknown> } | null;
};

export type HealthCheck = { name: string; status: string; summary: string; remedy: string };
export type Health = { status: string; checks: HealthCheck[] };

export type AuditEntry = {
  id: number;
  at: string;
  actorKind: "user" | "token" | "agent" | "system";
  actorId: string | null;
  actorName: string;
  action: string;
  targetKind: string | null;
  targetId: string | null;
  requestId: string | null;
  ip: string | null;
  detail: Record<string, unknown>;
};

/** One series of /metrics: parallel arrays, `at` in Unix ms, null = missing. Raw series carry `avg` only. */
export type Series = {
  resourceId: number;
  serverId: string;
  kind: string;
  key: string;
  metric: string;
  unit: string;
  at: number[];
  min?: (number | null)[] | null;
  avg: (number | null)[];
  max?: (number | null)[] | null;
};
export type Metrics = { resolution: string; from: number | string; to: number | string; series: Series[] };

export type LiveValues = {
  serverId: string;
  at: number | string;
  resources: { id: number; kind: string; key: string; values: (number | null)[] }[];
};
