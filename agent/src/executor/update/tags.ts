import { familiarName, parseImageReference, withDefaultTag } from "@fairlead/shared/image-reference";
import type { ContainerRuntime } from "../../runtimes/runtime.ts";

/** Lets the reference's tag mean that image on this host. Throws RuntimeFailure. */
export async function pointTag(
  runtime: ContainerRuntime,
  image: string,
  imageId: string,
  signal: AbortSignal,
): Promise<void> {
  const parsed = parseImageReference(image);
  if (!parsed.ok || parsed.reference.digest !== undefined) return;
  const { tag = "latest" } = withDefaultTag(parsed.reference);
  await runtime.tagImage(imageId, familiarName(parsed.reference), tag, signal);
}
