import { type Links, nameOfDrive, type StandsOn, type StorageNode } from "../../domain/storage/links.ts";

export type StandsOnView = {
  pools: { id: number; key: string; name: string; type: string | null; state: string | null }[];
  filesystems: { id: number; mountPoint: string; type: string | null; state: string | null }[];
  containers: { id: number; name: string; state: string | null }[];
};

export type DriveLink = { id: number; key: string; device: string | null; name: string; verdict: string | null };

/** What stands on something, as the API says it. */
export function standsOnView({ pools, filesystems, containers }: StandsOn): StandsOnView {
  return {
    pools: pools.map(poolLink),
    filesystems: filesystems.map(({ id, key, state, labels }) => ({
      id,
      mountPoint: key,
      type: labels.type ?? null,
      state,
    })),
    containers: containers.map(({ id, key, state }) => ({ id, name: key, state })),
  };
}

/** A pool to link to. */
export function poolLink({ id, key, state, labels }: StorageNode): StandsOnView["pools"][number] {
  return { id, key, name: labels.name ?? key, type: labels.type ?? null, state };
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
