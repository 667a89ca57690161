import { type Kysely, sql } from "kysely";

/**
 * Forecasts of storage, one row a resource and metric: when it is full (or worn out, or null with the reason), how sure
 * that is (0 to 1), and its rate in the metric's own unit a second (filesystems: bytes). The indexes serve the lists of
 * drives and pools over all servers, which are sorted by how bad each is.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw(statements).execute(db);
}

const statements = `
CREATE TABLE storage_forecast (
  resource_id integer NOT NULL REFERENCES resource ON DELETE CASCADE,
  metric text NOT NULL,
  computed_at timestamptz NOT NULL,
  full_at timestamptz,
  confidence real NOT NULL,
  rate double precision,
  basis text NOT NULL,
  reason text NOT NULL,
  -- What the days and weeks told, so that the next run reads the last day alone.
  state jsonb,
  PRIMARY KEY (resource_id, metric)
);
CREATE INDEX storage_forecast_full ON storage_forecast (metric, full_at) WHERE full_at IS NOT NULL;

CREATE INDEX resource_drive_severity ON resource ((coalesce(array_position(
  '{healthy,standby,unknown,warning,critical,failed}'::text[], state), 3)), id) WHERE kind = 'drive';
CREATE INDEX resource_pool_severity ON resource ((coalesce(array_position(
  '{online,unknown,offline,stuck,degraded,removed,unavailable,suspended,faulted}'::text[], state), 2)), id)
  WHERE kind = 'pool';
-- Beside the attributes, which are large and stored compressed: sums and sorts over all drives read this alone.
ALTER TABLE resource ADD COLUMN capacity_bytes bigint GENERATED ALWAYS AS (
  CASE WHEN kind = 'drive' AND jsonb_typeof(attributes->'capacityBytes') = 'number'
    THEN greatest(0, least((attributes->>'capacityBytes')::numeric, 1e18))::bigint END) STORED;
CREATE INDEX resource_drive_capacity ON resource ((coalesce(capacity_bytes, 0)), id) WHERE kind = 'drive';

-- One line: what stands on the drive, pool or filesystem that the alert is about.
ALTER TABLE alert ADD COLUMN affected text NOT NULL DEFAULT '';
`;
