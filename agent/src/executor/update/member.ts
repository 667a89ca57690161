import { parseImageReference, repoDigest } from "@fairlead/shared/image-reference";
import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import { rollbackName, temporaryName } from "../../runtimes/replacement-names.ts";
import type { ImageInfo, Snapshot } from "../../runtimes/runtime.ts";
import type { UpdateOptions } from "../container-command.ts";
import { readLabels } from "../gates/labels.ts";
import { Refusal } from "../run-context.ts";
import type { Engine } from "./engine.ts";
import type { Participant } from "./gather.ts";
import type { Member } from "./plan.ts";
import { type Got, unlessMissing } from "./pull.ts";
import type { Wanted } from "./target.ts";

/** A recreated dependent has proved itself sooner: its image is the one that ran before. */
const dependentStableMs = 2_000;
const longestName = 255;

/** What a member is made of. `next` only of a target. */
export type Material = {
  old: ImageInfo;
  next: { target: Wanted; got: Got } | undefined;
  /** Sets the names of this update apart from those of others. */
  token: string;
  options: UpdateOptions;
};

/** The participant as it goes into the plan. Throws Refusal where its name has no room for the additions. */
export async function toMember(
  { recreation }: Engine,
  { role, ties }: Participant,
  snapshot: Snapshot,
  { old, next, token, options }: Material,
  signal: AbortSignal,
): Promise<Member> {
  const wishes = readLabels((snapshot.inspect as EngineContainer).Config.Labels ?? {});
  const imageId = next?.got.info.id ?? snapshot.imageId;
  const image = next?.target.image ?? (await sameImage(recreation, snapshot, signal));
  const temporary = temporaryName(snapshot.name, token);
  if (temporary.length > longestName) throw new Refusal(`the name of ${snapshot.name} is too long to replace it`);
  return {
    role,
    snapshot,
    image,
    imageId,
    fromDigest: digestOf(snapshot.image, old),
    toDigest: digestOf(image, next?.got.info ?? old),
    temporary,
    rollback: rollbackName(snapshot.name, token),
    create: role === "restart" ? { create: {}, networks: [] } : await recreation.plan(snapshot, image, imageId, signal),
    ties,
    ...(next?.got.tagBefore !== undefined ? { tagBefore: next.got.tagBefore } : {}),
    ...(next?.got.retag ? { retag: true as const } : {}),
    gates: next ? [...wishes.gates, ...next.target.gates] : [],
    stableMs: next ? (options.stableSeconds || wishes.stableSeconds || 10) * 1000 : dependentStableMs,
    healthTimeoutMs: next ? options.healthTimeoutSeconds * 1000 : 0,
  };
}

/** What goes along only with a target that turned out to have its image already stays as it is. */
export function withoutIdle(members: readonly Member[]): Member[] {
  const busy = new Set<string>();
  return members.filter((member) => {
    if (member.role !== "target" && !member.ties.some(({ to }) => busy.has(to))) return false;
    busy.add(member.snapshot.name);
    return true;
  });
}

// Where its tag means another image by now, a dependent is made of the image that it has.
async function sameImage(recreation: Engine["recreation"], snapshot: Snapshot, signal: AbortSignal): Promise<string> {
  const named = await recreation.image(snapshot.image, signal).catch(unlessMissing);
  return named?.id === snapshot.imageId ? snapshot.image : snapshot.imageId;
}

function digestOf(image: string, info: ImageInfo): string | null {
  const parsed = parseImageReference(image);
  return parsed.ok ? (repoDigest(parsed.reference, info.digests) ?? null) : null;
}
