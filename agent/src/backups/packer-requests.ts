import { fillTree, hasTar, mayFill, type PackedTar, packTree } from "./host-tar.ts";
import { type Checked, check } from "./pack.ts";

/** What the child of backups is asked. Paths are absolute. */
export type PackerRequest =
  | { do: "able"; path: string }
  | { do: "pack"; job: string; folder: string; name: string; into: string }
  | { do: "fill"; job: string; file: string; root: string; folder: string; name: string }
  | { do: "check"; job: string; file: string; compressed: boolean; tar: boolean }
  /** Bytes that a job has read or written so far. */
  | { do: "progress"; job: string };

export type PackerAnswer = {
  able: { tar: boolean; fill: boolean };
  pack: PackedTar;
  fill: { warnings: string[] };
  check: Checked;
  progress: { bytes: number };
};

const progress = new Map<string, number>();

/** Reads, packs, unpacks and checks; runs in the child. */
export async function runPackerRequest(input: unknown, signal: AbortSignal): Promise<unknown> {
  const asked = input as PackerRequest;
  if (asked.do === "able") return { tar: hasTar(), fill: await mayFill(asked.path) } satisfies PackerAnswer["able"];
  if (asked.do === "progress") return { bytes: progress.get(asked.job) ?? 0 } satisfies PackerAnswer["progress"];
  progress.set(asked.job, 0);
  const count = (piece: Uint8Array) => void progress.set(asked.job, (progress.get(asked.job) ?? 0) + piece.length);
  try {
    if (asked.do === "pack") return await packTree(asked, count, signal);
    if (asked.do === "fill") return await fillTree(asked, count, signal);
    return await check(asked.file, asked, count, signal);
  } finally {
    progress.delete(asked.job);
  }
}
