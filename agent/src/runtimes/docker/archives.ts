import { Readable } from "node:stream";
import type { ContainerRuntime } from "../runtime.ts";
import type { Connection } from "./connection.ts";
import { archiveOf } from "./library.ts";

/** Files of containers, as tars. */
export function archiveOperations({
  container,
  read,
  write,
}: Connection): Pick<ContainerRuntime, "archiveOut" | "archiveIn"> {
  return {
    async archiveOut(id, path, signal) {
      return await read(`read ${path} of the container`, () => archiveOf(container(id), path, signal));
    },
    async archiveIn(id, path, tar, signal) {
      // The copy on write of the engine's own "docker cp": a folder does not replace a file.
      const options = { path, noOverwriteDirNonDir: "1", abortSignal: signal };
      await write(`write ${path} of the container`, () => container(id).putArchive(Readable.from(tar), options));
    },
  };
}
