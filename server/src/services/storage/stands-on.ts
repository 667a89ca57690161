import type { Context } from "../../context.ts";
import { type Links, nameOfDrive, type StandsOn, type StorageNode } from "../../domain/storage/links.ts";
import { type PoolHealth, poolHealth } from "./list-pools.ts";
import { newestOf } from "./newest.ts";

export type StandsOnView = {
  pools: PoolLink[];
  filesystems: { id: number; mountPoint: string; type: string | null; state: string | null }[];
  containers: { id: number; name: string; state: string | null }[];
};

export type PoolLink = {
  id: number;
  key: string;
  name: string;
  type: string | null;
  state: string | null;
} & PoolHealth;

type Values = Pick<Context, "samples" | "pool">;

export type DriveLink = { id: number; key: string; device: string | null; name: string; verdict: string | null };

/** What stands on something, as the API says it. */
export async function standsOnView(
  context: Values,
  { pools, filesystems, containers }: StandsOn,
): Promise<StandsOnView> {
  return {
    pools: await poolLinks(context, pools),
    filesystems: filesystemLinks(filesystems),
    containers: containers.map(({ id, key, state }) => ({ id, name: key, state })),
  };
}

/** Pools to link to, with what makes one that is online unwell. */
export async function poolLinks(context: Values, pools: readonly StorageNode[]): Promise<PoolLink[]> {
  const newest = await newestOf(
    context,
    pools.map(({ id }) => id),
  );
  return pools.map(({ id, key, state, labels }) => ({
    id,
    key,
    name: labels.name ?? key,
    type: labels.type ?? null,
    state,
    ...poolHealth(newest.get(id)),
  }));
}

/** Filesystems to link to. */
export function filesystemLinks(filesystems: readonly StorageNode[]): StandsOnView["filesystems"] {
  return filesystems.map(({ id, key, state, labels }) => ({ id, mountPoint: key, type: labels.type ?? null, state }));
}

/** The drives below something. */
export function driveLinks(links: Links | undefined, id: number): DriveLink[] {
  return (links?.drivesOf(id) ?? []).map((node) => ({
    id: node.id,
    key: node.key,
    device: node.labels.device ?? null,
    name: nameOfDrive(node),
    verdict: node.state,
  }));
}
