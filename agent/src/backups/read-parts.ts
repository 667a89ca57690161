import { basename, join } from "node:path";
import type { EngineContainer } from "../runtimes/docker/engine-types.ts";
import { whileHeld } from "./hold.ts";
import type { BackupFile, Manifest } from "./manifest.ts";
import { pack } from "./pack.ts";
import { createPacker, type Packer } from "./packer.ts";
import type { Part } from "./parts.ts";
import { megabytes } from "./space.ts";
import { TarWalk } from "./tar-walk.ts";
import type { Work } from "./work.ts";

/** Saves volumes and folders, the container held meanwhile where that is asked for. */
export async function saveParts(
  work: Work,
  parts: readonly Part[],
  consistency: Manifest["consistency"],
): Promise<void> {
  if (parts.length === 0) return;
  const alreadyPaused = (work.snapshot.inspect as EngineContainer).State.Paused === true;
  const packer = createPacker();
  if (consistency === "stop") await whileHeld(work, "stop", () => readParts(work, parts, packer));
  else if (consistency === "pause" && !alreadyPaused)
    await whileHeld(work, "pause", () => readParts(work, parts, packer));
  else await readParts(work, parts, packer);
}

async function readParts(work: Work, parts: readonly Part[], packer: Packer): Promise<void> {
  const counts: Record<Part["what"], number> = { volume: 0, bind: 0 };
  for (const part of parts) {
    const name = `${part.what}-${++counts[part.what]}.tar.zst`;
    work.context.phase("read", `read ${part.what} ${part.source}`);
    await readPart(work, part, name, packer);
  }
}

async function readPart(work: Work, part: Part, name: string, packer: Packer): Promise<void> {
  const { folder, context, signal, sizes } = work;
  const into = join(folder, name);
  const known = sizes.parts.find(({ source }) => source === part.source)?.bytes ?? undefined;
  const report = (bytes: number) => {
    const total = sizes.unknown ? known : sizes.bytes;
    const done = sizes.unknown ? bytes : work.passed + bytes;
    // An archive is a little larger than what lies on the disk.
    const percent = total ? Math.min(99, (done / total) * 100) : -1;
    context.progress(`${part.source}: ${megabytes(bytes)} read`, percent);
  };
  const { source, destination, what } = part;
  const seen = part.host !== undefined && (await packer.able(part.host.folder)).tar ? part.host : undefined;
  if (seen !== undefined) {
    const done = await packer.work({ do: "pack", ...seen, into }, report, signal);
    const { warnings, ...packed } = done;
    work.warnings.push(...warnings.map((line) => `${source}: ${line}`.slice(0, 300)));
    work.files.push({ name, what, source, destination, ...packed, compression: "zstd", root: seen.name, via: "host" });
  } else work.files.push({ name, ...(await readThroughEngine(work, part, into, report)) });
  work.passed += known ?? 0;
}

async function readThroughEngine(
  work: Work,
  part: Part,
  into: string,
  report: (bytes: number) => void,
): Promise<Omit<BackupFile, "name">> {
  const { engine, snapshot, signal, stopped } = work;
  const { source, destination, what } = part;
  const walk = new TarWalk();
  let bytes = 0;
  const from = stopped?.readFrom ?? snapshot.id;
  const tar = await engine.runtime.archiveOut(from, destination, signal);
  const packed = await pack(
    tar,
    into,
    (piece) => {
      walk.take(piece);
      bytes += piece.length;
      report(bytes);
    },
    signal,
  );
  walk.end();
  if (walk.devices > 0) work.warnings.push(`${source}: ${walk.devices} device nodes`);
  const root = walk.root ?? basename(destination);
  const { entries, isFolder: folder } = walk;
  return { what, source, destination, ...packed, compression: "zstd", root, entries, folder, via: "engine" };
}
