import {
  formatReference,
  type ImageReference,
  parseImageReference,
  repoDigest,
  withDefaultTag,
} from "@fairlead/shared/image-reference";
import { openFolder } from "../../backups/space.ts";
import type { EngineContainer, EngineImage } from "../../runtimes/docker/engine-types.ts";
import { rollbackName, swapName, temporaryName } from "../../runtimes/replacement-names.ts";
import { type ImageInfo, type PullProgress, RuntimeFailure, type Snapshot } from "../../runtimes/runtime.ts";
import type { BackupRequest, GateSpec, UpdateOptions } from "../container-command.ts";
import { readLabels } from "../gates/labels.ts";
import { Refusal, type RunContext } from "../run-context.ts";
import { estimateMembers } from "./backup-step.ts";
import { nameOf } from "./component.ts";
import { outdatedLines } from "./compose-files.ts";
import { type ImageDifference, imageDifference } from "./difference.ts";
import type { Engine } from "./engine.ts";
import { gather, type Participant } from "./gather.ts";
import { containerGuards, engineGuards, majorGuard, pinGuard, roomGuard } from "./guards.ts";
import type { Guard, Member, PullPlan, UpdatePlan } from "./plan.ts";

/** One container and the image that it is to get. `imageId`: an image that is here already is taken instead of a pull. */
export type Target = { container: string; image: string; gates: GateSpec[]; imageId?: string };

export type Prepared = {
  engine: Engine;
  plan: UpdatePlan;
  /** By name of the target. */
  differences: Record<string, ImageDifference>;
  /** Targets that have the image already; when it is all of them there is nothing to do. */
  unchanged: Member[];
};

/** The guards of this host that stand against an update. */
export class Guarded extends Refusal {
  readonly guards: readonly Guard[];
  constructor(guards: readonly Guard[]) {
    const reasons = guards.map(({ code, message }) => `${message} (${code})`).join("; ");
    const remedy = guards.every(({ forcible }) => forcible) ? ": force it with a reason, if you must" : "";
    super(`refused: ${reasons}${remedy}; nothing was changed`);
    this.guards = guards;
  }
}

const dayMs = 86_400_000;
/** A recreated dependent has proved itself sooner: its image is the one that ran before. */
const dependentStableMs = 2_000;
const longestName = 255;
/** A pull that says nothing for so long will not go on. */
const silentPullMs = 10 * 60_000;

/**
 * Looks at everything that an update needs to know, pulls the images and makes the plan; changes nothing else. Throws
 * Refusal or Guarded where it must not be done.
 */
export async function prepare(
  engine: Engine,
  targets: readonly Target[],
  options: UpdateOptions,
  context: RunContext,
  signal: AbortSignal,
): Promise<Prepared> {
  const { runtime, recreation } = engine;
  context.phase("inspect");
  const all = await recreation.all(signal);
  const wanted = targets.map((target) => ({ ...target, raw: find(all, target.container) }));
  const participants = gather(
    wanted.map(({ raw }) => raw),
    all,
  );
  const snapshots = new Map<string, Snapshot>();
  for (const { raw } of participants) snapshots.set(raw.Id, await recreation.snapshot(raw.Id, signal));

  const guards: Guard[] = [];
  for (const participant of participants) {
    const snapshot = snapshotOf(snapshots, participant);
    refuseUnfit(snapshot);
    const found = containerGuards(snapshot, engine, context.host.stateDir);
    guards.push(...(participant.role === "target" ? found : found.filter(({ code }) => code !== "label_never")));
  }
  for (const { raw, image } of wanted) guards.push(...pinGuard(snapshots.get(raw.Id) as Snapshot, image));
  const size = wanted.reduce((sum, { raw }) => sum + imageSize(snapshots.get(raw.Id)), 0);
  guards.push(...(await engineGuards(engine, size, context, signal)));
  refuseGuarded(guards, options);

  const images = await pullAll(engine, wanted, context, signal);
  const token = context.now().toString(36);
  const members: Member[] = [];
  const unchanged: Member[] = [];
  const differences: Record<string, ImageDifference> = {};
  for (const participant of participants) {
    const snapshot = snapshotOf(snapshots, participant);
    const old = await recreation.image(snapshot.imageId, signal);
    const target = wanted.find(({ raw }) => raw.Id === snapshot.id);
    const got = target === undefined ? undefined : images.get(target.image);
    const member = await toMember(engine, participant, snapshot, { old, target, got, token, options }, signal);
    if (target !== undefined && got !== undefined) {
      const next = (await recreation.inspectImage(got.info.id, signal)) as EngineImage;
      guards.push(...majorGuard(snapshot, next));
      differences[snapshot.name] = imageDifference(snapshot.imageInspect as EngineImage, next);
      if (got.info.platform !== old.platform) {
        throw new Refusal(`${target.image} is for ${got.info.platform}, the container runs ${old.platform}`);
      }
      if (got.info.id === snapshot.imageId) {
        unchanged.push(member);
        continue;
      }
    }
    members.push(member);
  }
  refuseGuarded(guards, options);
  const kept = withoutIdle(members);
  const own = kept.find(({ snapshot }) => snapshot.id === runtime.ownContainerId);
  const plan: UpdatePlan = {
    version: 2,
    step: "create",
    runtime: runtime.name,
    members: kept,
    guards,
    forceReason: options.forceReason,
    ...backupOf(options, wanted),
    backups: {},
    ...(own === undefined
      ? {}
      : { helper: { name: swapName(own.snapshot.name, token), image: own.imageId, tries: 0 } }),
    keepImageMs: options.keepImageSeconds > 0 ? options.keepImageSeconds * 1000 : 7 * dayMs,
    gates: [],
    begun: {},
  };
  if (own !== undefined && plan.backup !== undefined) withoutItself(plan.backup.request, own);
  const outdated = await outdatedLines(plan, context.host);
  if (outdated.length > 0) plan.outdated = outdated;
  if (plan.backup !== undefined && plan.members.length > 0) {
    const { bytes } = await estimateMembers(plan, engine, context, signal);
    plan.backup.estimatedBytes = bytes;
    const tight = await roomGuard(openFolder(context), bytes, context);
    plan.guards.push(...tight);
    refuseGuarded(tight, options);
  }
  return { engine, plan, differences, unchanged };
}

type Wanted = Target & { raw: EngineContainer };
type Got = { info: ImageInfo; tagBefore: string | null | undefined; retag?: boolean };

function find(all: readonly EngineContainer[], id: string): EngineContainer {
  const raw = all.find((one) => one.Id === id || nameOf(one) === id);
  if (raw === undefined) throw new RuntimeFailure("not_found", `No such container: ${id}`);
  return raw;
}

function snapshotOf(snapshots: ReadonlyMap<string, Snapshot>, { raw }: Participant): Snapshot {
  const snapshot = snapshots.get(raw.Id);
  if (snapshot === undefined) throw new Error(`${nameOf(raw)} was not looked at`);
  return snapshot;
}

function refuseUnfit({ name, inspect }: Snapshot): void {
  const status = (inspect as EngineContainer).State.Status ?? "";
  if (status === "paused" || status === "removing" || status === "dead") throw new Refusal(`${name} is ${status}`);
}

function refuseGuarded(guards: readonly Guard[], { forceReason, dryRun }: UpdateOptions): void {
  // A plan shows what stands against it.
  if (dryRun) return;
  const standing = guards.filter(({ forcible }) => !forcible || forceReason === "");
  if (standing.length > 0) throw new Guarded(standing);
}

function imageSize(snapshot: Snapshot | undefined): number {
  const size = Number(snapshot?.imageInspect.Size);
  return size > 0 ? size : 0;
}

/** Pulls each image once, remembering in the journal what its name meant here before. */
async function pullAll(
  engine: Engine,
  wanted: readonly Wanted[],
  context: RunContext,
  signal: AbortSignal,
): Promise<Map<string, Got>> {
  const { runtime, recreation } = engine;
  const images = new Map<string, Got>();
  const pulled: PullPlan = { version: 2, step: "pull", runtime: runtime.name, pulls: [] };
  for (const { image, imageId } of wanted) {
    if (images.has(image)) continue;
    if (imageId !== undefined) {
      const named = await recreation.image(image, signal).catch(unlessMissing);
      const moves = named?.id !== imageId && parseDigest(image) === undefined;
      const tagBefore = moves ? (named?.id ?? null) : undefined;
      images.set(image, { info: await recreation.image(imageId, signal), tagBefore, retag: moves });
      continue;
    }
    const parsed = parseImageReference(image);
    if (!parsed.ok) throw new Refusal(`image: ${parsed.error}`);
    const name = formatReference(withDefaultTag(parsed.reference));
    context.phase("pull", `pull ${name}`);
    const before = await recreation.image(name, signal).catch(unlessMissing);
    if (before !== undefined && parsed.reference.digest === undefined) {
      pulled.pulls.push({ image: name, before: before.id });
      context.keep(pulled);
    }
    const info = await pullOne(engine, parsed.reference, context, signal);
    images.set(image, { info, tagBefore: parsed.reference.digest === undefined ? (before?.id ?? null) : undefined });
  }
  return images;
}

async function pullOne(
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

type Material = {
  old: ImageInfo;
  target: Wanted | undefined;
  got: Got | undefined;
  token: string;
  options: UpdateOptions;
};

async function toMember(
  { recreation }: Engine,
  { role, ties }: Participant,
  snapshot: Snapshot,
  { old, target, got, token, options }: Material,
  signal: AbortSignal,
): Promise<Member> {
  const wishes = readLabels((snapshot.inspect as EngineContainer).Config.Labels ?? {});
  const isTarget = target !== undefined && got !== undefined;
  const imageId = isTarget ? got.info.id : snapshot.imageId;
  const image = isTarget ? target.image : await sameImage(recreation, snapshot, signal);
  const temporary = temporaryName(snapshot.name, token);
  if (temporary.length > longestName) throw new Refusal(`the name of ${snapshot.name} is too long to replace it`);
  return {
    role,
    snapshot,
    image,
    imageId,
    fromDigest: digestOf(snapshot.image, old),
    toDigest: digestOf(image, isTarget ? got.info : old),
    temporary,
    rollback: rollbackName(snapshot.name, token),
    create: role === "restart" ? { create: {}, networks: [] } : await recreation.plan(snapshot, image, imageId, signal),
    ties,
    ...(isTarget && got.tagBefore !== undefined ? { tagBefore: got.tagBefore } : {}),
    ...(isTarget && got.retag ? { retag: true as const } : {}),
    gates: isTarget ? [...wishes.gates, ...target.gates] : [],
    stableMs: isTarget ? (options.stableSeconds || wishes.stableSeconds || 10) * 1000 : dependentStableMs,
    healthTimeoutMs: isTarget ? options.healthTimeoutSeconds * 1000 : 0,
  };
}

// Where its tag means another image by now, a dependent is made of the image that it has.
async function sameImage(recreation: Engine["recreation"], snapshot: Snapshot, signal: AbortSignal): Promise<string> {
  const named = await recreation.image(snapshot.image, signal).catch(unlessMissing);
  return named?.id === snapshot.imageId ? snapshot.image : snapshot.imageId;
}

/** What goes along only with a target that turned out to have its image already stays as it is. */
function withoutIdle(members: readonly Member[]): Member[] {
  const busy = new Set<string>();
  return members.filter((member) => {
    if (member.role !== "target" && !member.ties.some(({ to }) => busy.has(to))) return false;
    busy.add(member.snapshot.name);
    return true;
  });
}

// What the command asks for counts; without it what the labels of the targets ask for.
function backupOf(
  options: UpdateOptions,
  wanted: readonly Wanted[],
): { backup: { request: BackupRequest } } | Record<string, never> {
  const labelled = wanted
    .map(({ raw }) => readLabels(raw.Config.Labels ?? {}).backup)
    .find((request) => request !== undefined);
  const request = options.backup ?? labelled;
  return request === undefined ? {} : { backup: { request } };
}

// Paused it would not come back to unpause itself, and who goes on when it is stopped knows nothing of its backups.
function withoutItself(request: BackupRequest, { role, snapshot }: Member): void {
  const { consistency } = request;
  if (consistency === "stop" || (consistency === "pause" && role === "target")) {
    throw new Refusal(
      `backup.consistency: ${consistency} is not possible for ${snapshot.name}, which this agent runs in: take live`,
    );
  }
  if (role === "target") request.consistency = "live";
}

function parseDigest(image: string): string | undefined {
  const parsed = parseImageReference(image);
  return parsed.ok ? parsed.reference.digest : undefined;
}

function digestOf(image: string, info: ImageInfo): string | null {
  const parsed = parseImageReference(image);
  return parsed.ok ? (repoDigest(parsed.reference, info.digests) ?? null) : null;
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof RuntimeFailure && error.code === "not_found") return undefined;
  throw error;
}
