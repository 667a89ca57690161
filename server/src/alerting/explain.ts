import { type Kysely, sql } from "kysely";
import type { Database } from "../db/schema.ts";
import { driveReasons } from "../domain/storage/drive.ts";
import { text } from "../domain/storage/json.ts";
import { membersMissing } from "../domain/storage/pool.ts";

const longest = 200;

/**
 * Why a resource is in its state, one line, where no reason came with the event (its agent or the evaluator started
 * while it was so): what its last change said, else what its attributes say. Empty where nothing does.
 */
export async function explainState(db: Kysely<Database>, serverId: string, resourceId: number): Promise<string> {
  const { rows } = await sql<{
    kind: string;
    reason: string | null;
    reasons: unknown;
    members: unknown;
    status: unknown;
  }>`
    SELECT r.kind, c.reason, a.* FROM resource r
    LEFT JOIN LATERAL (SELECT reason, to_state FROM state_change
      WHERE server_id = ${serverId} AND resource_id = r.id ORDER BY at DESC, id DESC LIMIT 1) c ON c.to_state = r.state
    CROSS JOIN LATERAL jsonb_to_record(CASE WHEN r.kind IN ('drive', 'pool') THEN r.attributes ELSE '{}' END)
      AS a(reasons jsonb, members jsonb, status jsonb)
    WHERE r.id = ${resourceId}`.execute(db);
  const [row] = rows;
  if (row === undefined) return "";
  const found = text(row.reason) ?? reasonOf(row) ?? "";
  const line = found.replace(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 3)}...` : line;
}

function reasonOf({
  kind,
  reasons,
  members,
  status,
}: {
  kind: string;
  reasons: unknown;
  members: unknown;
  status: unknown;
}) {
  if (kind === "drive") return driveReasons(reasons).find(({ severity }) => severity !== "info")?.text;
  return kind === "pool" ? (membersMissing(members) ?? text(status)) : undefined;
}
