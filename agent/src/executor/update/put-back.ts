import { errorText } from "../../log.ts";
import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import type { Outcome } from "../journal.ts";
import { Refusal, type RunContext } from "../run-context.ts";
import { dataLeft } from "./data-left.ts";
import type { Engine } from "./engine.ts";
import { isSilence } from "./insist.ts";
import { outputOf } from "./output.ts";
import { mostUrgent, persist, type Trouble } from "./persist.ts";
import { type Member, replacedOf, targetsOf, type UpdatePlan } from "./plan.ts";
import { retarget, sharesWith } from "./retarget.ts";
import { restartAll } from "./steps.ts";
import { pointTag } from "./tags.ts";
import { leftText, whatIsLeft } from "./what-is-left.ts";
import { withNames } from "./with-names.ts";

const logLines = 50;

/**
 * Puts everything back, each part for itself: what keeps a name or a policy from coming back must not keep the service down.
 * Takes the world as it finds it, so that it may be begun again at any point; what may pass is waited for.
 */
export async function putBack(
  plan: UpdatePlan,
  reason: string,
  status: "ROLLED_BACK" | "CANCELLED",
  engine: Engine,
  context: RunContext,
): Promise<Outcome> {
  plan.step = "rollback";
  if (plan.begun.rollback === undefined) {
    plan.begun.rollback = context.now();
    // It was the new one that was up then.
    delete plan.upAt;
  }
  plan.failure ??= { status, reason: withNames(reason, plan), logs: [] };
  const { failure } = plan;
  // A journal that can't be written (a full disk) must not keep the old container from coming back.
  const record = (write: () => void) => {
    try {
      write();
    } catch (error) {
      context.log.error("command journal could not be written", { error: errorText(error) });
    }
  };
  record(() => context.keep(plan));
  record(() => context.phase("rollback", failure.reason));
  const orphans: Member[] = [];
  const attempt = () => putBackOnce(plan, orphans, engine, context, record);
  const told = async (troubles: readonly Trouble[]) => {
    const left = leftText(await whatIsLeft(plan, troubles, engine, context));
    const problem = withNames(errorText(mostUrgent(troubles)?.error), plan);
    return left === "" ? problem : `${problem}; ${left}`;
  };
  const { troubles, givenUp } = await persist(context, attempt, told);
  if (troubles.length > 0) {
    const leftovers = await whatIsLeft(plan, troubles, engine, context);
    const output = { ...outputOf(plan), newId: null, changed: false, logs: failure.logs, leftovers };
    const end = givenUp ? "; cancelled, it is not tried again" : "";
    return { status: "FAILED", reason: `${failure.reason}; roll-back: ${await told(troubles)}${end}`, output };
  }
  if (orphans.length > 0) return keptOutcome(plan, orphans);
  const data = dataLeft(plan, context);
  const output = { ...outputOf(plan), newId: null, changed: false, logs: failure.logs, ...(data ? { data } : {}) };
  const hint = data === undefined || data.text === "" ? "" : `; ${data.text}`;
  return { status: failure.status, reason: failure.reason + hint, output };
}

/** One attempt at all of it; what failed. Throws while the engine is silent. */
async function putBackOnce(
  plan: UpdatePlan,
  orphans: Member[],
  engine: Engine,
  context: RunContext,
  record: (write: () => void) => void,
): Promise<Trouble[]> {
  orphans.length = 0;
  const troubles: Trouble[] = [];
  // What can't be done for one must not keep the others down.
  const each = async (member: Member, what: Trouble["what"], step: () => Promise<void>) => {
    try {
      await step();
    } catch (error) {
      if (context.halted.aborted || isSilence(error)) throw error;
      troubles.push({ name: member.snapshot.name, what, error });
    }
  };
  for (const member of replacedOf(plan).reverse()) {
    await each(member, "new", () => removeNew(member, plan, engine, context, record, orphans));
  }
  await tagsBack(plan, engine, context);
  const olds = replacedOf(plan).filter((member) => !orphans.includes(member));
  // Before the renaming nothing of the old ones was changed.
  for (const member of plan.begun.rename === undefined ? [] : olds) {
    await each(member, "policy", () => policyBack(member, engine, context));
    await each(member, "name", () => nameBack(member, engine, context));
  }
  for (const member of olds) await each(member, "start", () => startOld(member, plan, engine, context, record));
  for (const member of orphans) await each(member, "start", () => keepNew(member, plan, engine, context));
  // They were told of the new ones, which are gone; not again and again while another one is not back.
  const [first] = targetsOf(plan);
  if (plan.begun.restart !== undefined && troubles.length === 0 && first !== undefined) {
    await each(first, "restart", () => restartAll(plan, engine, context));
  }
  return troubles;
}

/** The new one goes; one whose old one someone else removed is all there is of it. */
async function removeNew(
  member: Member,
  plan: UpdatePlan,
  { runtime, recreation }: Engine,
  context: RunContext,
  record: (write: () => void) => void,
  orphans: Member[],
): Promise<void> {
  const { halted } = context;
  const logs = plan.failure?.logs ?? [];
  const { snapshot } = member;
  const old = await recreation.find(snapshot.id, halted);
  const made = await recreation.find(member.newId ?? member.temporary, halted);
  if (old === undefined && !vanishes(member) && member.restored === undefined && !isTorn(member, plan)) {
    orphans.push(member);
    if (made !== undefined) member.newId = made.id;
    else delete member.newId;
    return;
  }
  // A killed backup leaves it paused.
  if (old !== undefined && snapshot.running) await resume(old.id, runtime, context);
  if (made === undefined || made.id === old?.id) return;
  const mayTell = context.host.containerLogs !== false || context.entry.local === true;
  if (logs.length === 0 && member.role === "target" && mayTell) {
    logs.push(...(await runtime.logs(made.id, logLines, halted).catch(() => [])));
    record(() => context.keep(plan));
  }
  // One that was put back into place of an old one that vanished is no new one.
  if (member.restored === made.id) return;
  await recreation.remove(made.id, { force: true }, halted);
}

async function resume(id: string, runtime: Engine["runtime"], { halted }: RunContext): Promise<void> {
  const { state } = await runtime.describe(id, halted);
  if (state === "paused") await runtime.unpause(id, halted);
}

/** What the pull moved is moved back: else the next `compose up` would take the image that failed. */
async function tagsBack(plan: UpdatePlan, { runtime, recreation }: Engine, { halted, log }: RunContext): Promise<void> {
  for (const { image, imageId, tagBefore } of targetsOf(plan)) {
    if (!tagBefore || tagBefore === imageId) continue;
    const now = await recreation.image(image, halted).catch(() => undefined);
    if (now?.id !== imageId) continue;
    await pointTag(runtime, image, tagBefore, halted).catch((error) =>
      log.warn("the image's tag was not moved back", { image, error: errorText(error) }),
    );
  }
}

async function policyBack({ snapshot }: Member, { recreation }: Engine, { halted }: RunContext): Promise<void> {
  const old = await recreation.find(snapshot.id, halted);
  if (old !== undefined) await recreation.setRestartPolicy(old.id, snapshot.restartPolicy, halted);
}

async function nameBack({ snapshot }: Member, { recreation }: Engine, { halted }: RunContext): Promise<void> {
  const old = await recreation.find(snapshot.id, halted);
  if (old !== undefined && old.name !== snapshot.name) await recreation.rename(old.id, snapshot.name, halted);
}

async function startOld(
  member: Member,
  plan: UpdatePlan,
  engine: Engine,
  context: RunContext,
  record: (write: () => void) => void,
): Promise<void> {
  const { runtime, recreation } = engine;
  const { snapshot } = member;
  let { id } = snapshot;
  const made = member.newId === undefined ? undefined : await recreation.find(member.newId, context.halted);
  if (made !== undefined && made.id !== member.restored) {
    // It could not be removed: never both.
    await runtime.stop(made.id, undefined, context.halted);
  }
  const old = await recreation.find(id, context.halted);
  // What shared the namespace of one that had to be made again can't be started any more.
  const torn = isTorn(member, plan);
  if (old !== undefined && torn) await recreation.remove(id, { force: true }, context.halted);
  if (old === undefined || torn) id = await makeAgain(member, plan, engine, context, record);
  if (!snapshot.running) return;
  await runtime.start(id, context.halted);
  const isFirst = plan.downAt !== undefined && member === targetsOf(plan)[0];
  if (isFirst) plan.upAt ??= context.now();
  const { state, exitCode } = await recreation.fitness(id, context.halted);
  if (state !== "running" && state !== "restarting") {
    if (isFirst) delete plan.upAt;
    throw new Refusal(`the old container ${snapshot.name} was put back but is ${state} (exit code ${exitCode})`);
  }
}

/** An old one that vanished (it was started with --rm) or can't be started is made again from what was kept. */
async function makeAgain(
  member: Member,
  plan: UpdatePlan,
  { recreation }: Engine,
  context: RunContext,
  record: (write: () => void) => void,
): Promise<string> {
  const { snapshot } = member;
  const there = await recreation.find(snapshot.name, context.halted);
  if (there !== undefined) return there.id;
  const body = await recreation.plan(snapshot, snapshot.image, snapshot.imageId, context.halted);
  const again = retarget(body, plan, ({ restored }) => restored);
  const made = await recreation.create(snapshot.name, again, context.halted);
  member.restored = made;
  record(() => context.keep(plan));
  return made;
}

function vanishes({ snapshot }: Member): boolean {
  return (snapshot.inspect as EngineContainer).HostConfig.AutoRemove === true;
}

/** It may have been removed to be made again, since what it shared a namespace with was. */
function isTorn({ snapshot }: Member, plan: UpdatePlan): boolean {
  const host = snapshot.inspect.HostConfig as Record<string, unknown>;
  return sharesWith(host, plan).some((root) => root.restored !== undefined);
}

async function keepNew(
  member: Member,
  plan: UpdatePlan,
  { runtime, recreation }: Engine,
  { halted, now }: RunContext,
): Promise<void> {
  const { newId, snapshot } = member;
  if (newId === undefined) return;
  const made = await recreation.find(newId, halted);
  if (made && made.name !== snapshot.name) await recreation.rename(newId, snapshot.name, halted);
  if (!snapshot.running) return;
  await runtime.start(newId, halted);
  if (plan.downAt !== undefined && member === targetsOf(plan)[0]) plan.upAt ??= now();
}

function keptOutcome(plan: UpdatePlan, orphans: readonly Member[]): Outcome {
  const why = plan.failure?.reason ?? "";
  const { newId } = targetsOf(plan)[0] ?? {};
  const names = orphans.map(({ snapshot }) => snapshot.name).join(", ");
  const which = orphans.length === 1 && plan.members.length === 1 ? "the old container was" : `the old ${names} was`;
  const kept = orphans.some((one) => one.newId !== undefined);
  return {
    status: "FAILED",
    reason: `${why}; ${which} removed by someone else${kept ? ", so the new one was kept" : ""}`,
    output: { ...outputOf(plan), newId: newId ?? null, changed: newId !== undefined },
  };
}
