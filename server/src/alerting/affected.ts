import type { Kysely } from "kysely";
import { type NodeRow, nodesOfServers } from "../db/queries/storage-nodes.ts";
import type { Database } from "../db/schema.ts";
import { affectedText } from "../domain/storage/affected.ts";
import { linkStorage } from "../domain/storage/links.ts";
import { toNode } from "../services/storage/load-links.ts";

/** What can stand on a resource of each kind; of drives the one that it is about is enough, they are large. */
const above: Readonly<Record<string, readonly NodeRow["kind"][]>> = {
  drive: ["pool", "pool_member", "filesystem", "container"],
  pool: ["pool", "filesystem", "container"],
  pool_member: ["pool", "pool_member", "filesystem", "container"],
  filesystem: ["filesystem", "container"],
};

/** What stands on the resource, one line; empty for other kinds and where nothing does. */
export async function affectedLine(
  db: Kysely<Database>,
  of: { serverId: string; resourceId: number; kind: string },
): Promise<string> {
  const kinds = above[of.kind];
  if (kinds === undefined) return "";
  const rows = await nodesOfServers(db, [of.serverId], kinds, of.resourceId);
  return affectedText(linkStorage(rows.map(toNode)).standsOn(of.resourceId));
}
