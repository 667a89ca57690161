import { type Kysely, sql } from "kysely";

/**
 * What a tool printed of a drive (gzip, up to 48 KB) moves out of the attributes: these are written with every reading,
 * it changes a few times a day. And the credentials of databases get a column, since people filter by them.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql.raw(statements).execute(db);
}

const statements = `
CREATE TABLE resource_raw (
  resource_id integer PRIMARY KEY REFERENCES resource ON DELETE CASCADE,
  -- Of the text that the agent sent, so that the same is not written again; empty where it is not known.
  hash text NOT NULL,
  raw bytea NOT NULL
);
-- It is compressed already.
ALTER TABLE resource_raw ALTER COLUMN raw SET STORAGE EXTERNAL;

INSERT INTO resource_raw (resource_id, hash, raw)
  SELECT id, '', decode(attributes->>'raw', 'base64') FROM resource
  WHERE kind = 'drive' AND length(attributes->>'raw') % 4 = 0
    AND attributes->>'raw' ~ '^[A-Za-z0-9+/]+={0,2}$';
UPDATE resource SET attributes = attributes - 'raw' WHERE kind = 'drive' AND attributes ? 'raw';

-- Room in each page for the next version of its rows: an update then touches no index.
ALTER TABLE resource SET (fillfactor = 70);

ALTER TABLE resource ADD COLUMN credentials text GENERATED ALWAYS AS (
  CASE WHEN kind = 'database' THEN left(attributes->>'credentials', 50) END) STORED;
`;
