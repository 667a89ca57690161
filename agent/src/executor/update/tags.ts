import { familiarName, parseImageReference, withDefaultTag } from "@fairlead/shared/image-reference";
import { errorText } from "../../log.ts";
import type { ContainerRuntime } from "../../runtimes/runtime.ts";
import type { RunContext } from "../run-context.ts";
import type { Engine } from "./engine.ts";
import type { PullPlan } from "./plan.ts";

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

/**
 * Lets what was pulled for nothing mean again what it meant before: else the next `compose up` would take an image that
 * nobody has tried. Throws nothing: what can't be done is logged.
 */
export async function unpull(
  { pulls }: PullPlan,
  { runtime, recreation }: Engine,
  { halted, log }: RunContext,
): Promise<void> {
  for (const { image, before } of pulls) {
    try {
      const now = await recreation.image(image, halted).catch(() => undefined);
      if (now?.id !== before) await pointTag(runtime, image, before, halted);
    } catch (error) {
      log.warn("the image's tag was not moved back", { image, error: errorText(error) });
    }
  }
}

/** The pulls that a journal tells of when there is no plan yet. */
export function pullsOf(plan: unknown): PullPlan | undefined {
  const known = plan as Partial<PullPlan> | undefined;
  return known?.step === "pull" && Array.isArray(known.pulls) ? (known as PullPlan) : undefined;
}
