import type { Kysely } from "kysely";
import { nodesOfServers } from "../db/queries/storage-nodes.ts";
import type { Database } from "../db/schema.ts";
import { affectedText } from "../domain/storage/affected.ts";
import { linkStorage } from "../domain/storage/links.ts";
import { toNode } from "../services/storage/load-links.ts";

const kinds = ["drive", "pool", "pool_member", "filesystem", "container"] as const;
const told: ReadonlySet<string> = new Set(["drive", "pool", "pool_member", "filesystem"]);

/** What stands on the resource, one line; empty for other kinds and where nothing does. */
export async function affectedLine(
  db: Kysely<Database>,
  of: { serverId: string; resourceId: number; kind: string },
): Promise<string> {
  if (!told.has(of.kind)) return "";
  const rows = await nodesOfServers(db, [of.serverId], kinds);
  return affectedText(linkStorage(rows.map(toNode)).standsOn(of.resourceId));
}
