import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import { RuntimeFailure } from "../../runtimes/runtime.ts";
import { gate } from "../gate.ts";
import { runGates } from "../gates/run-gates.ts";
import type { RunContext } from "../run-context.ts";
import { nameOf } from "./component.ts";
import type { Engine } from "./engine.ts";
import { isSilence, silence } from "./insist.ts";
import { type Member, newIdOf, replacedOf, type Step, targetsOf, type UpdatePlan } from "./plan.ts";
import { retarget } from "./retarget.ts";
import { pointTag } from "./tags.ts";

type Take = (plan: UpdatePlan, engine: Engine, context: RunContext) => Promise<void>;

/** How each step up to the commit is taken; every one may be taken again after it was interrupted. */
export const steps: Record<Exclude<Step, "commit" | "rollback" | "backup">, Take> = {
  create: createAll,
  rename: renameAll,
  stop: stopAll,
  start: startAll,
  gate: gateTargets,
  restart: restartAll,
};

// Those that name another one (links, volumes_from) can't be made before it has its name.
const byName: readonly string[] = ["volumes", "link"];

async function createAll(plan: UpdatePlan, engine: Engine, context: RunContext): Promise<void> {
  for (const { retag, image, imageId } of targetsOf(plan)) {
    if (retag) await pointTag(engine.runtime, image, imageId, context.halted);
  }
  const late = lateOnes(plan);
  for (const member of replacedOf(plan)) if (!late.has(member)) await createOne(member, plan, engine, context);
}

/** And what hangs on one that is made late. */
function lateOnes(plan: UpdatePlan): ReadonlySet<Member> {
  const late = new Set<Member>();
  const names = new Set<string>();
  for (const member of replacedOf(plan)) {
    if (!member.ties.some(({ to, by }) => byName.includes(by) || names.has(to))) continue;
    late.add(member);
    names.add(member.snapshot.name);
  }
  return late;
}

async function createOne(member: Member, plan: UpdatePlan, { recreation }: Engine, context: RunContext): Promise<void> {
  const { temporary, image, imageId } = member;
  member.newId = await recreation.create(
    temporary,
    retarget(member.create, plan, ({ newId }) => newId),
    context.halted,
  );
  context.keep(plan);
  const made = await recreation.find(member.newId, context.halted);
  if (made?.imageId !== imageId) throw new Error(`${image} was moved while it was being used`);
}

async function renameAll(plan: UpdatePlan, engine: Engine, context: RunContext): Promise<void> {
  const { recreation } = engine;
  const late = lateOnes(plan);
  for (const member of replacedOf(plan)) {
    const { snapshot, rollback } = member;
    await recreation.setRestartPolicy(snapshot.id, { Name: "no" }, context.halted);
    await recreation.rename(snapshot.id, rollback, context.halted);
    if (late.has(member)) await createOne(member, plan, engine, context);
    await recreation.rename(newIdOf(member), snapshot.name, context.halted);
  }
}

async function stopAll(plan: UpdatePlan, { runtime }: Engine, { halted }: RunContext): Promise<void> {
  for (const { snapshot } of replacedOf(plan).reverse()) {
    if (snapshot.running) await runtime.stop(snapshot.id, undefined, halted).catch(unlessVanished(snapshot.inspect));
  }
}

// One that was started with --rm is gone as soon as it has stopped.
function unlessVanished(inspect: Record<string, unknown>): (error: unknown) => void {
  return (error) => {
    const vanishes = (inspect as EngineContainer).HostConfig.AutoRemove === true;
    if (!vanishes || !(error instanceof RuntimeFailure) || error.code !== "not_found") throw error;
  };
}

/** The first that "start" starts, ahead of it. */
export async function startFirst(plan: UpdatePlan, engine: Engine, context: RunContext): Promise<void> {
  const first = replacedOf(plan).find(({ snapshot }) => snapshot.running);
  if (first === undefined) return;
  await startOne(first, plan, engine, context);
  first.started = true;
}

async function startOne(member: Member, plan: UpdatePlan, engine: Engine, context: RunContext): Promise<void> {
  await engine.runtime.start(newIdOf(member), context.halted).catch(unlessRemoved(member));
  if (member === targetsOf(plan)[0]) plan.upAt = context.now();
}

async function startAll(plan: UpdatePlan, engine: Engine, context: RunContext): Promise<void> {
  for (const member of replacedOf(plan)) {
    if (!member.snapshot.running) continue;
    // Not twice: one that fell at once would run a second time.
    if (!member.started) await startOne(member, plan, engine, context);
    delete member.started;
    // What comes behind it needs it well, yet does not wait down until it has been so for long: that is for "gate".
    if (needed(member, plan)) await proveItself(member, 0, plan, engine, context, context.halted);
  }
}

function needed({ snapshot }: Member, plan: UpdatePlan): boolean {
  return plan.members.some(({ role, ties }) => role !== "restart" && ties.some(({ to }) => to === snapshot.name));
}

async function gateTargets(plan: UpdatePlan, engine: Engine, context: RunContext): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([context.halted, failed.signal]);
  const errors: unknown[] = [];
  const prove = async (member: Member) => {
    try {
      await proveItself(member, member.stableMs, plan, engine, context, signal);
    } catch (error) {
      errors.push(error);
      failed.abort();
    }
  };
  await Promise.all(
    replacedOf(plan)
      .filter(({ snapshot }) => snapshot.running)
      .map(prove),
  );
  if (errors.length > 0) throw errors[0];
}

async function proveItself(
  member: Member,
  stableMs: number,
  plan: UpdatePlan,
  engine: Engine,
  context: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { runtime, recreation } = engine;
  const { name } = member.snapshot;
  const id = newIdOf(member);
  const either = AbortSignal.any([context.cancelled, signal]);
  const which = member.role === "target" && targetsOf(plan).length === 1 ? "" : `${name}: `;
  const fitness = async () => {
    try {
      return await recreation.fitness(id, context.halted);
    } catch (error) {
      if (isSilence(error)) context.progress(silence(), -1);
      throw error;
    }
  };
  const verdict = await gate(
    fitness,
    { stableMs, healthTimeoutMs: member.healthTimeoutMs },
    (fitness) => context.progress(`${which}${fitness.health ? `health: ${fitness.health}` : "running"}`, -1),
    either,
  ).catch(unlessRemoved(member));
  if (!verdict.passed) throw new Error(`${which}${verdict.reason}`);
  const passed = plan.gates.some(({ container }) => container === name);
  const outcomes = await runGates(
    passed ? [] : member.gates,
    runtime,
    () => recreation.reach(id, context.halted),
    (message) => context.progress(`${which}${message}`, -1),
    either,
  );
  plan.gates.push(...outcomes.map((outcome) => ({ container: name, ...outcome })));
  const failed = outcomes.find(({ passed }) => !passed);
  if (failed) throw new Error(`${which}the new container did not pass the gate ${failed.gate}: ${failed.said}`);
  // A gate that passed says nothing when the container fell meanwhile.
  const { state, restartCount } = await fitness().catch(unlessRemoved(member));
  if (state !== "running" || restartCount > 0) throw new Error(`${which}the new container is ${state} after its gates`);
}

// Its id alone would tell nobody what happened. A network that is gone is "not found" as well.
function unlessRemoved({ snapshot, newId = "" }: Member): (error: unknown) => never {
  return (error) => {
    const isGone = error instanceof RuntimeFailure && error.code === "not_found" && error.message.includes(newId);
    throw isGone && newId !== "" ? new Error(removedNew(snapshot.name)) : error;
  };
}

/** Why an update whose new container is gone can't go on. */
export function removedNew(name: string): string {
  return `someone removed the new container of ${name}`;
}

// They keep their settings and their images: what they depend on is new, and they ask to be told by a restart.
export async function restartAll(plan: UpdatePlan, { runtime }: Engine, { halted }: RunContext): Promise<void> {
  for (const { role, snapshot } of plan.members) {
    if (role !== "restart" || !snapshot.running) continue;
    await runtime.restart(snapshot.id, undefined, halted).catch((error) => {
      // Someone removed it meanwhile.
      if (!(error instanceof RuntimeFailure) || error.code !== "not_found") throw error;
    });
  }
}

/** What a step is about, for people. */
export function messageOf(step: Step, plan: UpdatePlan): string {
  const targets = targetsOf(plan);
  const names = replacedOf(plan).map(({ snapshot }) => snapshot.name);
  const images = [...new Set(targets.map(({ image }) => image))].join(", ");
  const along = names.length > targets.length ? ` (${names.join(", ")})` : "";
  switch (step) {
    case "create":
      return `create the new container from ${images}${along}`;
    case "backup":
      return "save what it holds";
    case "rename":
      return `the old one becomes ${targets[0]?.rollback ?? ""}${along}`;
    case "stop":
      return `stop the old one${along}`;
    case "start":
      return `start the new one${along}`;
    case "gate":
      return `it has to run for ${(targets[0]?.stableMs ?? 0) / 1000} s, and be healthy where it has a check`;
    case "restart":
      return `restart ${plan.members
        .filter(({ role }) => role === "restart")
        .map(({ snapshot }) => nameOf(snapshot.inspect as EngineContainer))
        .join(", ")}`;
    case "commit":
      return "remove the old one";
    case "rollback":
      return "put the old one back";
    default:
      return step satisfies never;
  }
}
