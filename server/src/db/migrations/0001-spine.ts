import { type Kysely, sql } from "kysely";

/** First shape: servers, resources, samples, commands, alerting, people. Times are timestamptz, ids uuid v7. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw(statements).execute(db);
}

const statements = `
-- PostgreSQL has it from 18 on; before, the same by hand: 48 bits of milliseconds, then chance.
DO $do$ BEGIN
  IF current_setting('server_version_num')::int < 180000 THEN
    CREATE FUNCTION uuidv7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $fn$
      SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        52, 1), 53, 1), 'hex')::uuid
    $fn$;
  END IF;
END $do$;

CREATE TABLE user_account (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  email text NOT NULL,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  password_hash text NOT NULL,
  must_change_password boolean NOT NULL DEFAULT false,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX user_account_email ON user_account (lower(email));

CREATE TABLE user_session (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  token_hash bytea NOT NULL UNIQUE,
  user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
  ip text,
  user_agent text,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);

CREATE TABLE api_token (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

CREATE TABLE audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'token', 'agent', 'system')),
  actor_id text,
  actor_name text NOT NULL,
  action text NOT NULL,
  target_kind text,
  target_id text,
  request_id text,
  ip text,
  detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_at ON audit_log (at DESC);

CREATE TABLE secret (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  owner_kind text NOT NULL,
  owner_id text NOT NULL,
  name text NOT NULL,
  key_id text NOT NULL,
  wrapped_key bytea NOT NULL,
  ciphertext bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  rotated_at timestamptz,
  UNIQUE (owner_kind, owner_id, name)
);

CREATE TABLE setting (key text PRIMARY KEY, value jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now());

CREATE TABLE certificate_authority (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  certificate_der bytea NOT NULL,
  sha256 text NOT NULL,
  not_after timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE server (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL,
  hostname text NOT NULL,
  group_name text NOT NULL DEFAULT '',
  labels jsonb NOT NULL DEFAULT '{}',
  notes text NOT NULL DEFAULT '',
  facts jsonb NOT NULL DEFAULT '{}',
  interval_seconds integer NOT NULL DEFAULT 10 CHECK (interval_seconds BETWEEN 1 AND 300),
  disabled_collectors text[] NOT NULL DEFAULT '{}',
  paused_at timestamptz,
  state text NOT NULL DEFAULT 'never_seen'
    CHECK (state IN ('online', 'degraded', 'offline', 'never_seen', 'paused')),
  state_reason text NOT NULL DEFAULT '',
  state_since timestamptz NOT NULL DEFAULT now(),
  connected_at timestamptz,
  last_seen_at timestamptz,
  last_report_at timestamptz,
  clock_skew_ms integer,
  agent_version text,
  boot_id text,
  booted_at timestamptz,
  reboot_count integer NOT NULL DEFAULT 0,
  instance_id text,
  machine_id text,
  capabilities text[] NOT NULL DEFAULT '{}',
  spool_id text,
  acked_seq bigint NOT NULL DEFAULT 0,
  spool jsonb,
  refused jsonb NOT NULL DEFAULT '{}',
  clone_detected_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE enrolment_token (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  max_uses integer,
  uses integer NOT NULL DEFAULT 0,
  labels jsonb NOT NULL DEFAULT '{}',
  group_name text NOT NULL DEFAULT '',
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE agent_certificate (
  serial text PRIMARY KEY,
  server_id uuid NOT NULL REFERENCES server ON DELETE CASCADE,
  sha256 text NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_reason text,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX agent_certificate_server ON agent_certificate (server_id);

CREATE TABLE resource (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  server_id uuid NOT NULL REFERENCES server ON DELETE CASCADE,
  kind text NOT NULL,
  key text NOT NULL,
  labels jsonb NOT NULL DEFAULT '{}',
  attributes jsonb NOT NULL DEFAULT '{}',
  state text,
  state_since timestamptz,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  gone_at timestamptz,
  UNIQUE (server_id, kind, key)
);
CREATE INDEX resource_kind ON resource (kind, server_id);

CREATE TABLE state_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  server_id uuid NOT NULL REFERENCES server ON DELETE CASCADE,
  resource_id integer REFERENCES resource ON DELETE CASCADE,
  at timestamptz NOT NULL,
  from_state text,
  to_state text NOT NULL,
  reason text NOT NULL DEFAULT '',
  UNIQUE NULLS NOT DISTINCT (server_id, resource_id, at, to_state)
);
CREATE INDEX state_change_at ON state_change (server_id, at DESC);

CREATE TABLE collector_status (
  server_id uuid NOT NULL REFERENCES server ON DELETE CASCADE,
  collector text NOT NULL,
  state text NOT NULL,
  error text NOT NULL DEFAULT '',
  error_count bigint NOT NULL DEFAULT 0,
  duration_seconds double precision,
  last_success_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (server_id, collector)
);

CREATE TABLE sample (
  at timestamptz NOT NULL,
  resource_id integer NOT NULL,
  values real[] NOT NULL,
  PRIMARY KEY (resource_id, at)
) PARTITION BY RANGE (at);
CREATE TABLE rollup_1m (
  at timestamptz NOT NULL, resource_id integer NOT NULL, count integer NOT NULL,
  min real[] NOT NULL, avg real[] NOT NULL, max real[] NOT NULL,
  PRIMARY KEY (resource_id, at)
) PARTITION BY RANGE (at);
CREATE TABLE rollup_15m (LIKE rollup_1m, PRIMARY KEY (resource_id, at)) PARTITION BY RANGE (at);
CREATE TABLE rollup_2h (LIKE rollup_1m, PRIMARY KEY (resource_id, at)) PARTITION BY RANGE (at);

-- Windows whose roll-up must be made (again). Written in the transaction that stores the samples, so a crash forgets none.
-- source: the ingest process that alone wrote the window's samples while it was open; null where that is not so.
CREATE TABLE rollup_pending (
  level smallint NOT NULL,
  at timestamptz NOT NULL,
  server_id uuid NOT NULL,
  source uuid,
  PRIMARY KEY (level, at, server_id)
);

CREATE TABLE command (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  server_id uuid NOT NULL REFERENCES server ON DELETE CASCADE,
  type text NOT NULL,
  args jsonb NOT NULL,
  status text NOT NULL DEFAULT 'queued' CHECK (status IN
    ('queued', 'sent', 'accepted', 'running', 'succeeded', 'failed', 'rolled_back', 'expired', 'cancelled')),
  reason text NOT NULL DEFAULT '',
  output jsonb,
  idempotency_key text UNIQUE,
  created_by text NOT NULL,
  deadline timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  accepted_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz
);
CREATE INDEX command_open ON command (server_id, created_at)
  WHERE status IN ('queued', 'sent', 'accepted', 'running');
CREATE INDEX command_created ON command (created_at DESC);

CREATE TABLE command_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  command_id uuid NOT NULL REFERENCES command ON DELETE CASCADE,
  at timestamptz NOT NULL,
  status text NOT NULL,
  phase text NOT NULL DEFAULT '',
  message text NOT NULL DEFAULT '',
  percent real,
  UNIQUE (command_id, at, status, phase, message)
);

CREATE TABLE receiver (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  name text NOT NULL UNIQUE,
  kind text NOT NULL,
  config jsonb NOT NULL DEFAULT '{}',
  enabled boolean NOT NULL DEFAULT true,
  send_resolved boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE alert_rule (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  builtin_key text UNIQUE,
  name text NOT NULL UNIQUE,
  description text NOT NULL DEFAULT '',
  enabled boolean NOT NULL DEFAULT true,
  severity text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  -- {type: threshold | absence | state, ...}: the shape is server/src/domain/alerts/rule.ts
  condition jsonb NOT NULL,
  resource_kind text NOT NULL,
  selector jsonb NOT NULL DEFAULT '{}',
  for_seconds integer NOT NULL DEFAULT 0,
  keep_firing_seconds integer NOT NULL DEFAULT 0,
  receiver_ids uuid[],
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE alert (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  rule_id uuid NOT NULL REFERENCES alert_rule ON DELETE CASCADE,
  server_id uuid NOT NULL REFERENCES server ON DELETE CASCADE,
  resource_id integer REFERENCES resource ON DELETE CASCADE,
  state text NOT NULL CHECK (state IN ('pending', 'firing', 'resolved')),
  severity text NOT NULL,
  generation integer NOT NULL DEFAULT 1,
  summary text NOT NULL,
  value double precision,
  threshold double precision,
  pending_at timestamptz NOT NULL,
  fired_at timestamptz,
  resolved_at timestamptz,
  resolve_reason text NOT NULL DEFAULT '',
  cleared_since timestamptz,
  last_evaluated_at timestamptz NOT NULL,
  acked_at timestamptz,
  acked_by text,
  ack_note text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX alert_active ON alert (rule_id, server_id, resource_id) NULLS NOT DISTINCT
  WHERE state IN ('pending', 'firing');
CREATE INDEX alert_recent ON alert (fired_at DESC);

CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alert_id uuid REFERENCES alert ON DELETE CASCADE,
  receiver_id uuid NOT NULL REFERENCES receiver ON DELETE CASCADE,
  event text NOT NULL CHECK (event IN ('firing', 'resolved', 'test')),
  payload jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  last_error text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  delivered_at timestamptz,
  UNIQUE (alert_id, receiver_id, event)
);
CREATE INDEX outbox_waiting ON outbox (next_attempt_at) WHERE state = 'waiting';

CREATE TABLE job_run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job text NOT NULL,
  trigger text NOT NULL CHECK (trigger IN ('schedule', 'manual')),
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'succeeded', 'failed')),
  result jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX job_run_job ON job_run (job, started_at DESC);

CREATE TABLE lease (name text PRIMARY KEY, holder text NOT NULL, expires_at timestamptz NOT NULL);
`;
