import { openFolder } from "../../backups/space.ts";
import type { EngineImage } from "../../runtimes/docker/engine-types.ts";
import { swapName } from "../../runtimes/replacement-names.ts";
import type { Snapshot } from "../../runtimes/runtime.ts";
import type { UpdateOptions } from "../container-command.ts";
import { Refusal, type RunContext } from "../run-context.ts";
import { backupRequest, withoutItself } from "./backup-request.ts";
import { estimateMembers } from "./backup-step.ts";
import { planComposeFiles } from "./compose-files.ts";
import { type ImageDifference, imageDifference } from "./difference.ts";
import type { Engine } from "./engine.ts";
import { gather, type Participant } from "./gather.ts";
import { containerGuards, engineGuards, majorGuard, pinGuard, roomGuard } from "./guards.ts";
import { toMember, withoutIdle } from "./member.ts";
import type { Guard, Member, UpdatePlan } from "./plan.ts";
import { type Got, pullAll } from "./pull.ts";
import { refuseGuarded, refuseUnfit } from "./refuse.ts";
import { findTarget, type Target, type Wanted } from "./target.ts";

export type Prepared = {
  engine: Engine;
  plan: UpdatePlan;
  /** By name of the target. */
  differences: Record<string, ImageDifference>;
  /** Targets that have the image already; when it is all of them there is nothing to do. */
  unchanged: Member[];
};

/** A participant as it was found. `target`: what it is to get, where it is one. */
type Seen = { participant: Participant; snapshot: Snapshot; target: Wanted | undefined };

const dayMs = 86_400_000;

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
  context.phase("inspect");
  const seen = await look(engine, targets, signal);
  const wanted = seen.flatMap(({ target }) => target ?? []);
  const guards = await guardsBefore(seen, engine, context, signal);
  refuseGuarded(guards, options);

  const images = await pullAll(engine, wanted, context, signal);
  const token = context.now().toString(36);
  const members: Member[] = [];
  const unchanged: Member[] = [];
  const notes: string[] = [];
  const differences: Record<string, ImageDifference> = {};
  for (const { participant, snapshot, target } of seen) {
    const old = await engine.recreation.image(snapshot.imageId, signal);
    const got = target === undefined ? undefined : images.get(target.image);
    const next = target === undefined || got === undefined ? undefined : { target, got };
    const member = await toMember(engine, participant, snapshot, { old, next, token, options }, signal);
    if (next !== undefined) {
      const inspect = await suits(next, old.platform, engine, signal);
      if (next.got.info.id !== snapshot.imageId) {
        const major = await majorGuard(snapshot, { inspect, image: next.target.image }, engine, signal);
        guards.push(...major.guards);
        notes.push(...major.notes);
      }
      differences[snapshot.name] = imageDifference(snapshot.imageInspect as EngineImage, inspect);
    }
    const same = next !== undefined && next.got.info.id === snapshot.imageId;
    (same ? unchanged : members).push(member);
  }
  refuseGuarded(guards, options);

  const plan = toPlan(withoutIdle(members), guards, engine, token, options);
  if (notes.length > 0) plan.notes = notes;
  addBackup(plan, backupRequest(options, wanted), engine);
  const compose = await planComposeFiles(plan, engine, context, signal);
  if (compose !== undefined) plan.compose = compose;
  await guardRoom(plan, engine, options, context, signal);
  return { engine, plan, differences, unchanged };
}

async function look({ recreation }: Engine, targets: readonly Target[], signal: AbortSignal): Promise<Seen[]> {
  const all = await recreation.all(signal);
  const wanted = targets.map((target) => findTarget(target, all));
  const participants = gather(
    wanted.map(({ raw }) => raw),
    all,
  );
  const seen: Seen[] = [];
  for (const participant of participants) {
    const { Id } = participant.raw;
    const target = wanted.find(({ raw }) => raw.Id === Id);
    seen.push({ participant, snapshot: await recreation.snapshot(Id, signal), target });
  }
  return seen;
}

/** What can be said before anything is pulled. */
async function guardsBefore(
  seen: readonly Seen[],
  engine: Engine,
  context: RunContext,
  signal: AbortSignal,
): Promise<Guard[]> {
  const guards: Guard[] = [];
  let size = 0;
  for (const { snapshot, target } of seen) {
    refuseUnfit(snapshot);
    const found = containerGuards(snapshot, engine, context.host.stateDir);
    if (target === undefined) {
      guards.push(...found.filter(({ code }) => code !== "label_never"));
      continue;
    }
    guards.push(...found, ...pinGuard(snapshot, target.image), ...(target.guards ?? []));
    size += Math.max(0, Number(snapshot.imageInspect.Size) || 0);
  }
  guards.push(...(await engineGuards(engine, size, context, signal)));
  return guards;
}

async function suits(
  { target, got }: { target: Wanted; got: Got },
  platform: string,
  { recreation }: Engine,
  signal: AbortSignal,
): Promise<EngineImage> {
  if (got.info.platform !== platform) {
    throw new Refusal(`${target.image} is for ${got.info.platform}, the container runs ${platform}`);
  }
  return (await recreation.inspectImage(got.info.id, signal)) as EngineImage;
}

function toPlan(members: Member[], guards: Guard[], engine: Engine, token: string, options: UpdateOptions): UpdatePlan {
  const own = ownOf(members, engine);
  return {
    version: 2,
    step: "create",
    runtime: engine.runtime.name,
    members,
    guards,
    forceReason: options.forceReason,
    backups: {},
    ...(own === undefined
      ? {}
      : { helper: { name: swapName(own.snapshot.name, token), image: own.imageId, tries: 0 } }),
    keepImageMs: options.keepImageSeconds > 0 ? options.keepImageSeconds * 1000 : 7 * dayMs,
    gates: [],
    begun: {},
  };
}

function addBackup(plan: UpdatePlan, request: ReturnType<typeof backupRequest>, engine: Engine): void {
  if (request === undefined) return;
  const own = ownOf(plan.members, engine);
  plan.backup = { request: own === undefined ? request : withoutItself(request, own) };
}

function ownOf(members: readonly Member[], { runtime }: Engine): Member | undefined {
  return members.find(({ snapshot }) => snapshot.id === runtime.ownContainerId);
}

/** Says in the plan how much its backup may take, and what there is no room for. Throws Guarded. */
async function guardRoom(
  plan: UpdatePlan,
  engine: Engine,
  options: UpdateOptions,
  context: RunContext,
  signal: AbortSignal,
): Promise<void> {
  if (plan.backup === undefined || plan.members.length === 0) return;
  const { bytes } = await estimateMembers(plan, engine, context, signal);
  plan.backup.estimatedBytes = bytes;
  const tight = await roomGuard(openFolder(context), bytes, context);
  plan.guards.push(...tight);
  refuseGuarded(tight, options);
}
