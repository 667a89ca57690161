import {
  formatReference,
  type ImageReference,
  parseImageReference,
  withDefaultTag,
} from "@fairlead/shared/image-reference";
import { type ImageInfo, type PullProgress, RuntimeFailure } from "../../runtimes/runtime.ts";
import { Refusal, type RunContext } from "../run-context.ts";
import type { Engine } from "./engine.ts";
import type { PullPlan } from "./plan.ts";
import type { Target } from "./target.ts";

/** An image that is here by now. `tagBefore`, `retag`: as in Member. */
export type Got = { info: ImageInfo; tagBefore: string | null | undefined; retag?: boolean };

/** A pull that says nothing for so long will not go on. */
const silentPullMs = 10 * 60_000;

/**
 * Pulls each image once, remembering in the journal what its name meant here before; by the image's reference. Throws
 * Refusal and RuntimeFailure.
 */
export async function pullAll(
  engine: Engine,
  wanted: readonly Target[],
  context: RunContext,
  signal: AbortSignal,
): Promise<Map<string, Got>> {
  const pulled: PullPlan = { version: 2, step: "pull", runtime: engine.runtime.name, pulls: [] };
  const images = new Map<string, Got>();
  for (const { image, imageId } of wanted) {
    if (images.has(image)) continue;
    const got =
      imageId === undefined ? pull(engine, image, pulled, context, signal) : take(engine, image, imageId, signal);
    images.set(image, await got);
  }
  return images;
}

async function take({ recreation }: Engine, image: string, imageId: string, signal: AbortSignal): Promise<Got> {
  const named = await recreation.image(image, signal).catch(unlessMissing);
  const moves = named?.id !== imageId && digestOf(image) === undefined;
  const tagBefore = moves ? (named?.id ?? null) : undefined;
  return { info: await recreation.image(imageId, signal), tagBefore, retag: moves };
}

async function pull(
  engine: Engine,
  image: string,
  pulled: PullPlan,
  context: RunContext,
  signal: AbortSignal,
): Promise<Got> {
  const parsed = parseImageReference(image);
  if (!parsed.ok) throw new Refusal(`image: ${parsed.error}`);
  const { reference } = parsed;
  const name = formatReference(withDefaultTag(reference));
  context.phase("pull", `pull ${name}`);
  const before = await engine.recreation.image(name, signal).catch(unlessMissing);
  if (before !== undefined && reference.digest === undefined) {
    pulled.pulls.push({ image: name, before: before.id });
    context.keep(pulled);
  }
  const info = await pullUnlessSilent(engine, reference, context, signal);
  return { info, tagBefore: reference.digest === undefined ? (before?.id ?? null) : undefined };
}

/** Pulls with progress. Throws Refusal where the registry says nothing for too long. */
export async function pullUnlessSilent(
  { recreation }: Engine,
  reference: ImageReference,
  context: RunContext,
  signal: AbortSignal,
): Promise<ImageInfo> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), silentPullMs);
  const report = (p: PullProgress) => {
    timer.refresh();
    context.progress(p.message, p.percent);
  };
  try {
    return await recreation.pull(reference, report, AbortSignal.any([signal, silent.signal]));
  } catch (error) {
    if (!silent.signal.aborted || signal.aborted) throw error;
    throw new Refusal(`the pull of ${formatReference(reference)} stood still for ${silentPullMs / 60_000} minutes`);
  } finally {
    clearTimeout(timer);
  }
}

function digestOf(image: string): string | undefined {
  const parsed = parseImageReference(image);
  return parsed.ok ? parsed.reference.digest : undefined;
}

/** For a catch: undefined where there is no such thing, what was thrown else. */
export function unlessMissing(error: unknown): undefined {
  if (error instanceof RuntimeFailure && error.code === "not_found") return undefined;
  throw error;
}
