import type { ColumnType, Generated, GeneratedAlways } from "kysely";

/** A jsonb column: objects come out; objects go in as JSON text (`JSON.stringify`) so that arrays are not taken for SQL ones. */
export type Json<T> = ColumnType<T, string | undefined, string>;
type At = ColumnType<Date, Date | string | undefined, Date | string>;
type MaybeAt = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
/** bigint columns come out as numbers (see db/connect). */
type Big = ColumnType<number, number | undefined, number>;

export type Role = "viewer" | "operator" | "admin";
export type ServerState = "online" | "degraded" | "offline" | "never_seen" | "paused";
export type CommandStatusName =
  | "queued"
  | "sent"
  | "accepted"
  | "running"
  | "succeeded"
  | "failed"
  | "rolled_back"
  | "expired"
  | "cancelled";
export type Labels = Record<string, string>;

export type Database = {
  user_account: {
    id: Generated<string>;
    email: string;
    name: string;
    role: Role;
    password_hash: string;
    must_change_password: Generated<boolean>;
    disabled_at: MaybeAt;
    created_at: At;
  };
  user_session: {
    id: Generated<string>;
    token_hash: Buffer;
    user_id: string;
    ip: string | null;
    user_agent: string | null;
    created_at: At;
    last_seen_at: At;
    expires_at: At;
  };
  api_token: {
    id: Generated<string>;
    name: string;
    token_hash: Buffer;
    user_id: string;
    role: Role;
    created_at: At;
    expires_at: MaybeAt;
    last_used_at: MaybeAt;
    revoked_at: MaybeAt;
  };
  audit_log: {
    id: GeneratedAlways<number>;
    at: At;
    actor_kind: "user" | "token" | "agent" | "system";
    actor_id: string | null;
    actor_name: string;
    action: string;
    target_kind: string | null;
    target_id: string | null;
    request_id: string | null;
    ip: string | null;
    detail: Json<Record<string, unknown>>;
  };
  secret: {
    id: Generated<string>;
    owner_kind: string;
    owner_id: string;
    name: string;
    key_id: string;
    wrapped_key: Buffer;
    ciphertext: Buffer;
    created_at: At;
    rotated_at: MaybeAt;
  };
  setting: { key: string; value: Json<unknown>; updated_at: At };
  certificate_authority: {
    id: Generated<string>;
    certificate_der: Buffer;
    sha256: string;
    not_after: At;
    created_at: At;
  };
  server: {
    id: Generated<string>;
    name: string;
    hostname: string;
    group_name: Generated<string>;
    labels: Json<Labels>;
    notes: Generated<string>;
    facts: Json<Record<string, unknown>>;
    interval_seconds: Generated<number>;
    disabled_collectors: Generated<string[]>;
    paused_at: MaybeAt;
    state: Generated<ServerState>;
    state_reason: Generated<string>;
    state_since: At;
    connected_at: MaybeAt;
    last_seen_at: MaybeAt;
    last_report_at: MaybeAt;
    clock_skew_ms: number | null;
    agent_version: string | null;
    boot_id: string | null;
    booted_at: MaybeAt;
    reboot_count: Generated<number>;
    instance_id: string | null;
    machine_id: string | null;
    capabilities: Generated<string[]>;
    spool_id: string | null;
    acked_seq: Big;
    spool: Json<{ records: number; bytes: number; droppedRecords: number } | null>;
    refused: Json<Record<string, number>>;
    clone_detected_at: MaybeAt;
    created_at: At;
  };
  enrolment_token: {
    id: Generated<string>;
    name: string;
    token_hash: Buffer;
    max_uses: number | null;
    uses: Generated<number>;
    labels: Json<Labels>;
    group_name: Generated<string>;
    expires_at: MaybeAt;
    revoked_at: MaybeAt;
    last_used_at: MaybeAt;
    created_by: string;
    created_at: At;
  };
  agent_certificate: {
    serial: string;
    server_id: string;
    sha256: string;
    /** SPKI; null for one issued before it was kept and not shown since. */
    public_key_der: Buffer | null;
    /** When the agent first showed it. */
    used_at: MaybeAt;
    not_before: At;
    not_after: At;
    revoked_at: MaybeAt;
    revoked_reason: string | null;
    created_at: At;
  };
  resource: {
    id: GeneratedAlways<number>;
    server_id: string;
    kind: string;
    key: string;
    labels: Json<Labels>;
    attributes: Json<Record<string, unknown>>;
    state: string | null;
    state_since: MaybeAt;
    first_seen_at: At;
    last_seen_at: At;
    gone_at: MaybeAt;
    /** Of a drive. */
    capacity_bytes: GeneratedAlways<number | null>;
    /** Of a database. */
    credentials: GeneratedAlways<string | null>;
  };
  resource_raw: {
    resource_id: number;
    /** Of the attribute as the agent sent it. */
    hash: string;
    /** gzip. */
    raw: Buffer;
  };
  state_change: {
    id: GeneratedAlways<number>;
    server_id: string;
    resource_id: number | null;
    at: At;
    from_state: string | null;
    to_state: string;
    reason: Generated<string>;
  };
  collector_status: {
    server_id: string;
    collector: string;
    state: string;
    error: Generated<string>;
    error_count: Big;
    duration_seconds: number | null;
    last_success_at: MaybeAt;
    updated_at: At;
  };
  sample: { at: At; resource_id: number; values: number[] };
  rollup_1m: Rollup;
  rollup_15m: Rollup;
  rollup_2h: Rollup;
  rollup_pending: { level: number; at: At; server_id: string; source: string | null };
  command: {
    id: Generated<string>;
    server_id: string;
    type: string;
    args: Json<Record<string, unknown>>;
    status: Generated<CommandStatusName>;
    reason: Generated<string>;
    output: Json<Record<string, unknown> | null>;
    idempotency_key: string | null;
    created_by: string;
    deadline: At;
    created_at: At;
    sent_at: MaybeAt;
    accepted_at: MaybeAt;
    started_at: MaybeAt;
    finished_at: MaybeAt;
  };
  command_event: {
    id: GeneratedAlways<number>;
    command_id: string;
    at: At;
    status: string;
    phase: Generated<string>;
    message: Generated<string>;
    percent: number | null;
  };
  receiver: {
    id: Generated<string>;
    name: string;
    kind: string;
    config: Json<Record<string, unknown>>;
    enabled: Generated<boolean>;
    send_resolved: Generated<boolean>;
    created_at: At;
    updated_at: At;
  };
  alert_rule: {
    id: Generated<string>;
    builtin_key: string | null;
    name: string;
    description: Generated<string>;
    enabled: Generated<boolean>;
    severity: Severity;
    condition: Json<unknown>;
    resource_kind: string;
    selector: Json<unknown>;
    for_seconds: Generated<number>;
    keep_firing_seconds: Generated<number>;
    receiver_ids: string[] | null;
    version: Generated<number>;
    created_at: At;
    updated_at: At;
  };
  alert: {
    id: Generated<string>;
    rule_id: string;
    server_id: string;
    resource_id: number | null;
    state: "pending" | "firing" | "resolved";
    severity: Severity;
    generation: Generated<number>;
    summary: string;
    value: number | null;
    threshold: number | null;
    pending_at: At;
    fired_at: MaybeAt;
    resolved_at: MaybeAt;
    resolve_reason: Generated<string>;
    cleared_since: MaybeAt;
    last_evaluated_at: At;
    acked_at: MaybeAt;
    acked_by: string | null;
    ack_note: Generated<string>;
    affected: Generated<string>;
  };
  outbox: {
    id: GeneratedAlways<number>;
    alert_id: string | null;
    receiver_id: string;
    event: "firing" | "resolved" | "test";
    payload: Json<Record<string, unknown>>;
    state: Generated<"waiting" | "delivered" | "failed">;
    attempts: Generated<number>;
    next_attempt_at: At;
    last_error: Generated<string>;
    created_at: At;
    delivered_at: MaybeAt;
  };
  job_run: {
    id: GeneratedAlways<number>;
    job: string;
    trigger: "schedule" | "manual";
    started_at: At;
    finished_at: MaybeAt;
    status: Generated<"running" | "succeeded" | "failed">;
    result: Json<Record<string, unknown>>;
  };
  lease: { name: string; holder: string; expires_at: At };
  storage_forecast: {
    resource_id: number;
    metric: string;
    computed_at: At;
    full_at: MaybeAt;
    confidence: number;
    rate: number | null;
    basis: string;
    reason: string;
    state: Json<unknown>;
  };
};

export type Severity = "info" | "warning" | "critical";

type Rollup = { at: At; resource_id: number; count: number; min: number[]; avg: number[]; max: number[] };
