import { formatReference, parseImageReference } from "@fairlead/shared/image-reference";
import { Refusal, type RunContext } from "../executor/run-context.ts";
import type { Engine } from "../executor/update/engine.ts";
import { pointTag } from "../executor/update/tags.ts";
import { RuntimeFailure, type Snapshot } from "../runtimes/runtime.ts";
import type { Manifest } from "./manifest.ts";

/** The image that it had, pulled by its digest where it is gone; `reference`: what the new container is to name. */
export async function imageOf(
  snapshot: Snapshot,
  manifest: Manifest,
  { runtime, recreation }: Engine,
  context: RunContext,
  signal: AbortSignal,
): Promise<{ imageId: string; reference: string }> {
  let imageId = snapshot.imageId;
  const found = await recreation.image(imageId, signal).catch(unlessMissing);
  if (found === undefined) {
    const parsed = manifest.digest === null ? undefined : parseImageReference(manifest.digest);
    if (!parsed?.ok) throw new Refusal(`the image ${snapshot.image} (${imageId}) is gone and came from no registry`);
    context.phase("pull", `pull ${formatReference(parsed.reference)}`);
    const report = (p: { message: string; percent: number }) => context.progress(p.message, p.percent);
    imageId = (await recreation.pull(parsed.reference, report, signal)).id;
  }
  const named = await recreation.image(snapshot.image, signal).catch(unlessMissing);
  if (named?.id === imageId) return { imageId, reference: snapshot.image };
  // Its name means nothing here: then it is given back. One that means another image by now stays as it is.
  if (named === undefined) {
    await pointTag(runtime, snapshot.image, imageId, signal);
    const now = await recreation.image(snapshot.image, signal).catch(unlessMissing);
    if (now?.id === imageId) return { imageId, reference: snapshot.image };
  }
  return { imageId, reference: manifest.digest ?? imageId };
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof RuntimeFailure && error.code === "not_found") return undefined;
  throw error;
}
