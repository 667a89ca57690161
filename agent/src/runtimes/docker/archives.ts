import { posix } from "node:path";
import { Readable } from "node:stream";
import { rootedTar } from "../podman/rooted-tar.ts";
import type { ContainerRuntime } from "../runtime.ts";
import type { Connection } from "./connection.ts";
import { explained } from "./failure.ts";
import { archiveOf } from "./library.ts";

/** Files of containers, as tars. */
export function archiveOperations({
  podman,
  container,
  read,
  write,
  failure,
}: Connection): Pick<ContainerRuntime, "archiveOut" | "archiveIn"> {
  return {
    async archiveOut(id, path, signal) {
      const tar = await read(`read ${path} of the container`, () => archiveOf(container(id), path, signal));
      const whole = podman ? rootedTar(tar, posix.basename(path)) : tar;
      return explained(whole, (error) => failure(error, `read ${path} of the container`));
    },
    async archiveIn(id, path, tar, signal) {
      // The copy on write of the engine's own "docker cp": a folder does not replace a file.
      const options = { path, noOverwriteDirNonDir: "1", abortSignal: signal };
      await write(`write ${path} of the container`, () => container(id).putArchive(Readable.from(tar), options));
    },
  };
}
