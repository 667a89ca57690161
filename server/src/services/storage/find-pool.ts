import type { Context } from "../../context.ts";
import { storageRows } from "../../db/queries/storage.ts";
import { text } from "../../domain/storage/json.ts";
import type { Links, StorageNode } from "../../domain/storage/links.ts";
import { type MemberDrive, memberTree, type PoolMember } from "../../domain/storage/pool.ts";
import { Failure } from "../../failure.ts";
import { namedValues } from "../resource/latest-values.ts";
import { type Pool, toPool } from "./list-pools.ts";
import { loadLinks } from "./load-links.ts";
import { newestOf } from "./newest.ts";
import { type DriveLink, driveLinks, poolLinks, type StandsOnView, standsOnView } from "./stands-on.ts";

/** A pool with its tree of members, each with its drive. */
export type PoolDetail = Pool & {
  guid: string | null;
  /** The tool's own word. */
  health: string | null;
  status: string | null;
  action: string | null;
  tool: string | null;
  toolVersion: string | null;
  members: PoolMember[];
  drives: DriveLink[];
  /** Pools that it stands on. */
  below: StandsOnView["pools"];
  pools: StandsOnView["pools"];
  filesystems: StandsOnView["filesystems"];
  containers: StandsOnView["containers"];
  attributes: Record<string, unknown>;
  latest: { at: Date; values: Record<string, number | null> } | null;
};

/** One pool. Throws not_found. */
export async function findPool(context: Context, id: number): Promise<PoolDetail> {
  const [row] = await storageRows(context.db, "pool", [id], "all");
  if (row === undefined) throw new Failure("not_found", "There is no such pool");
  const newest = (await newestOf(context, [id])).get(id);
  const links = (await loadLinks(context, [row.serverId])).get(row.serverId);
  const { attributes: a } = row;
  const standsOn = links?.standsOn(id) ?? { pools: [], filesystems: [], containers: [] };
  return {
    ...toPool(row, newest),
    guid: text(a.guid),
    health: text(a.health),
    status: text(a.status, 2000),
    action: text(a.action, 2000),
    tool: text(a.tool),
    toolVersion: text(a.toolVersion),
    members: memberTree(a.members, memberFinder(links, row.key)),
    drives: driveLinks(links, id),
    below: await poolLinks(context, links?.poolsOf(id) ?? []),
    ...(await standsOnView(context, standsOn)),
    attributes: row.attributes,
    latest: namedValues("pool", newest),
  };
}

/** Finds the resource of a leaf of the tree, and the drive that it is. */
export function memberFinder(links: Links | undefined, poolKey: string): Parameters<typeof memberTree>[1] {
  const members = [...(links?.nodes.values() ?? [])].filter(
    (node) => node.kind === "pool_member" && node.poolKey === poolKey,
  );
  const byKey = new Map(members.map((node) => [node.key, node]));
  return ({ device, name, path }) => {
    const node = [device, name, path].map((each) => byKey.get(`${poolKey}/${each}`)).find((each) => each !== undefined);
    const drive = node === undefined ? null : (links?.driveOfMember(node.id) ?? null);
    return { id: node?.id ?? null, drive: drive === null ? null : memberDrive(drive) };
  };
}

function memberDrive({ id, key, labels, serial, state }: StorageNode): MemberDrive {
  return { id, key, device: labels.device ?? null, model: labels.model ?? null, serial, verdict: state };
}
