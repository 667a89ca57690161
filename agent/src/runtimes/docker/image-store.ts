import { familiarName, withDefaultTag } from "@fairlead/shared/image-reference";
import type { ContainerRuntime } from "../runtime.ts";
import type { Connection } from "./connection.ts";
import { limited, withSignal } from "./deadline.ts";
import { unlessGone } from "./failure.ts";
import { imageInfo, pulledName } from "./images.ts";
import type { Inspector } from "./inspector.ts";
import { toImages } from "./listings.ts";
import { followPull } from "./pull-progress.ts";

/** The engine's images. */
export function imageOperations(
  { docker, podman, named, read, write }: Connection,
  inspect: Inspector,
): Pick<ContainerRuntime, "images" | "pullImage" | "tagImage" | "removeImage"> {
  return {
    async images(signal) {
      return toImages(await read("list images", () => withSignal(docker.listImages(), limited(30_000, signal))));
    },
    async pullImage(reference, onProgress, signal) {
      const wanted = withDefaultTag(reference);
      await write(`pull ${pulledName(wanted)}`, async () => {
        const stream = await docker.createImage({
          fromImage: podman ? `${wanted.domain}/${wanted.path}` : familiarName(wanted),
          tag: wanted.digest ?? wanted.tag,
          abortSignal: signal,
        });
        await followPull(stream, onProgress);
      });
      return imageInfo(await inspect.image(pulledName(wanted), signal));
    },
    async tagImage(idOrReference, repository, tag, signal) {
      const image = docker.getImage(named(idOrReference));
      const asked = () => withSignal(image.tag({ repo: named(repository), tag }), limited(30_000, signal));
      await write(`tag ${idOrReference}`, asked);
    },
    async removeImage(idOrReference, { force }, signal) {
      const image = docker.getImage(named(idOrReference));
      const asked = () => withSignal(image.remove({ force }), limited(120_000, signal));
      await write(`remove image ${idOrReference}`, asked).catch(unlessGone);
    },
  };
}
