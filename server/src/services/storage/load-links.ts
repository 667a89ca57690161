import type { Context } from "../../context.ts";
import { type NodeRow, nodesOfServers } from "../../db/queries/storage-nodes.ts";
import { text, texts } from "../../domain/storage/json.ts";
import {
  type Links,
  linkStorage,
  type StorageNode,
  type StorageRisk,
  storageRisks,
} from "../../domain/storage/links.ts";

const allKinds = ["drive", "pool", "pool_member", "filesystem", "container"] as const;

/** Who stands on whom, by server. `kinds`: what to look at; `more`: rows that the caller has already. */
export async function loadLinks(
  { db }: Pick<Context, "db">,
  serverIds: readonly string[],
  kinds: readonly NodeRow["kind"][] = allKinds,
  more: readonly NodeRow[] = [],
): Promise<Map<string, Links>> {
  const rows = [...more, ...(await nodesOfServers(db, [...new Set(serverIds)], kinds))];
  const byServer = Map.groupBy(rows, (row) => row.serverId);
  return new Map([...byServer].map(([serverId, each]) => [serverId, linkStorage(each.map(toNode))]));
}

/** What on a server's storage speaks against changing anything now; empty where all is well. */
export async function storageRisksOf(context: Pick<Context, "db">, serverId: string): Promise<StorageRisk[]> {
  const links = (await loadLinks(context, [serverId], ["drive", "pool", "pool_member", "filesystem"])).get(serverId);
  return links === undefined ? [] : storageRisks(links);
}

/** A stored resource as a node of the links. */
export function toNode(row: NodeRow): StorageNode {
  const { id, kind, key, state, labels } = row;
  const drive = kind === "drive" ? driveKey(key) : undefined;
  return {
    id,
    kind,
    key,
    state,
    labels,
    disks: texts(row.disks),
    pools: texts(row.pools),
    poolKey: kind === "pool_member" ? (labels.pool ?? text(row.poolKey)) : null,
    serial: drive?.serial ?? text(row.serial),
    slot: drive?.slot ?? text(row.slot),
    mountSources: Array.isArray(row.mountSources)
      ? row.mountSources.flatMap((each) => {
          const source = text((each as { source?: unknown } | null)?.source, 4096);
          return source === null ? [] : [source];
        })
      : [],
  };
}

/** Serial number and slot of a drive's key: model/serial/wwn/slot/place, each percent-encoded. */
function driveKey(key: string): { serial: string | null; slot: string | null } {
  const [, serial, , slot] = key.split("/").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  return { serial: serial || null, slot: slot || null };
}
