import { errorText } from "../log.ts";
import { type BackupFile, fileOf, type Manifest } from "./manifest.ts";
import { type Checked, check } from "./pack.ts";
import type { Packer } from "./packer.ts";

/** Checksum and size of a small file. */
export async function checkFile(path: string, signal: AbortSignal): Promise<Checked> {
  return await check(path, { compressed: false, tar: false }, () => undefined, signal);
}

/** What is wrong with the files of a backup, read whole; "" = nothing. `onBytes`: of all files together, as they lie there. */
export async function flawOf(
  folder: string,
  manifest: Manifest,
  packer: Packer,
  onBytes: (bytes: number, file: BackupFile) => void,
  signal: AbortSignal,
): Promise<string> {
  let passed = 0;
  for (const file of manifest.files) {
    const request = {
      do: "check" as const,
      file: fileOf(folder, manifest.id, file),
      compressed: file.compression === "zstd",
      tar: file.root !== undefined,
    };
    try {
      const found = await packer.work(request, (bytes) => onBytes(passed + bytes, file), signal);
      const flaw = difference(file, found);
      if (flaw !== "") return `${file.name}: ${flaw}`;
    } catch (error) {
      signal.throwIfAborted();
      return `${file.name}: ${errorText(error)}`;
    }
    passed += file.compressedBytes;
    onBytes(passed, file);
  }
  return "";
}

function difference(file: BackupFile, found: Checked): string {
  if (found.compressedBytes !== file.compressedBytes) {
    return `it has ${found.compressedBytes} bytes instead of ${file.compressedBytes}`;
  }
  if (found.sha256 !== file.sha256) return "its checksum is another one";
  if (found.problem !== "") return found.problem;
  if (found.bytes !== file.bytes) return `it holds ${found.bytes} bytes instead of ${file.bytes}`;
  if (file.entries !== undefined && found.entries !== file.entries) {
    return `it holds ${found.entries} entries instead of ${file.entries}`;
  }
  return "";
}
