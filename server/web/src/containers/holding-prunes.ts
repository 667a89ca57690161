import type { HoldingKind } from "./holding-columns.tsx";

export type Prune = { scope: string; name: string; says: string };

/** What can be cleaned up of each kind, and what that means. */
export const prunes: Record<HoldingKind, readonly Prune[]> = {
  image: [
    {
      scope: "dangling-images",
      name: "Prune untagged images",
      says: "Images without a tag that no container uses are removed.",
    },
    {
      scope: "unused-images",
      name: "Prune unused images",
      says: "All images that no container uses are removed, also those kept for a roll-back.",
    },
    { scope: "build-cache", name: "Prune the build cache", says: "The next build takes longer." },
  ],
  volume: [
    {
      scope: "volumes",
      name: "Prune anonymous volumes",
      says: "Anonymous volumes that no container uses are removed with their data. Named ones stay.",
    },
  ],
  network: [{ scope: "networks", name: "Prune unused networks", says: "Networks that no container uses are removed." }],
};
