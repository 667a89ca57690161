import { setTimeout as delay } from "node:timers/promises";
import { formatReference, parseImageReference, repoDigest, withDefaultTag } from "@fairlead/shared/image-reference";
import { errorText } from "../log.ts";
import { rollbackName, temporaryName } from "../runtimes/replacement-names.ts";
import {
  type ContainerRuntime,
  type CreatePlan,
  type ImageInfo,
  type Recreation,
  RuntimeFailure,
  type Snapshot,
} from "../runtimes/runtime.ts";
import type { UpdateArguments } from "./container-command.ts";
import { gate } from "./gate.ts";
import type { Outcome } from "./journal.ts";
import { Halted, Refusal, type RunContext } from "./run-context.ts";

/** The step that was begun last; journaled before it is taken. */
type Step = "create" | "rename" | "stop" | "start" | "gate" | "commit" | "rollback";

/** All that finishing or undoing an update needs, kept in the journal from before its first change. */
export type UpdatePlan = {
  step: Step;
  snapshot: Snapshot;
  image: string;
  imageId: string;
  fromDigest: string | null;
  toDigest: string | null;
  temporary: string;
  rollback: string;
  create: CreatePlan;
  stableMs: number;
  healthTimeoutMs: number;
  newId?: string;
  /** When the old one began to stop and when the service ran again, Unix ms. */
  downAt?: number;
  upAt?: number;
  /** Why it is rolled back, and what that will be reported as. */
  failure?: { status: "ROLLED_BACK" | "CANCELLED"; reason: string; logs: string[] };
};

const logLines = 50;

/**
 * Replaces a container by one of another image, beside it: the new one is created while the old one runs, has to prove
 * itself, and on any failure the old one is put back. Whatever happens to this process, the journal lets `resumeUpdate`
 * finish or undo it.
 */
export async function updateContainer(args: UpdateArguments, context: RunContext): Promise<Outcome> {
  if (args.dryRun || args.backup || args.gates.length > 0) throw new Refusal("this agent can not do that yet");
  const { runtime, recreation } = await engineOf(context);
  const either = AbortSignal.any([context.cancelled, context.halted]);
  let plan: UpdatePlan;
  try {
    context.phase("inspect");
    const snapshot = await recreation.snapshot(args.container, either);
    const obstacle = await recreation.obstacle(snapshot, either);
    if (obstacle) return { status: "FAILED", reason: obstacle };

    const reference = referenceOf(args.image);
    const image = formatReference(withDefaultTag(reference));
    context.phase("pull", `pull ${image}`);
    const pulled = await recreation.pull(reference, (p) => context.progress(p.message, p.percent), either);
    const old = await recreation.image(snapshot.imageId, either);
    const fromDigest = digestOf(snapshot.image, old);
    const toDigest = digestOf(args.image, pulled);
    if (pulled.id === snapshot.imageId) {
      const { id } = snapshot;
      const output = { fromImage: snapshot.image, fromDigest, toImage: args.image, toDigest, oldId: id, newId: id };
      return { status: "SUCCEEDED", output: { ...output, downtimeMs: 0, changed: false } };
    }
    if (pulled.platform !== old.platform) {
      return { status: "FAILED", reason: `${image} is for ${pulled.platform}, the container runs ${old.platform}` };
    }
    const token = context.now().toString(36);
    plan = {
      step: "create",
      snapshot,
      image: args.image,
      imageId: pulled.id,
      fromDigest,
      toDigest,
      temporary: temporaryName(snapshot.name, token),
      rollback: rollbackName(snapshot.name, token),
      create: await recreation.plan(snapshot, args.image, pulled.id, either),
      stableMs: (args.stableSeconds || 10) * 1000,
      healthTimeoutMs: args.healthTimeoutSeconds * 1000,
    };
    if (plan.temporary.length > 255)
      return { status: "FAILED", reason: "the container's name is too long to replace it" };
    context.cancelled.throwIfAborted();
  } catch (error) {
    if (context.halted.aborted) throw new Halted("halted", { cause: error });
    if (context.cancelled.aborted) return { status: "CANCELLED", reason: "cancelled; nothing was changed" };
    return { status: "FAILED", reason: `${errorText(error)}; nothing was changed` };
  }
  return replace(plan, "create", runtime, recreation, context);
}

/** Finishes or undoes an update that was interrupted at any point. */
export async function resumeUpdate(context: RunContext): Promise<Outcome> {
  const plan = context.entry.plan as UpdatePlan | undefined;
  if (!plan) return { status: "FAILED", reason: "the agent was stopped before the update began; nothing was changed" };
  const { runtime, recreation } = await insist(context, () => engineOf(context));
  if (plan.step === "commit") return replace(plan, "commit", runtime, recreation, context);
  if (plan.step === "start" || plan.step === "gate") {
    const { newId = "" } = plan;
    const fitness = await insist(context, () => recreation.fitness(newId, context.halted).catch(unlessMissing));
    if (fitness?.state === "running") return replace(plan, "gate", runtime, recreation, context);
  }
  const reason = plan.failure?.reason ?? `the agent was stopped during the step "${plan.step}"`;
  return putBack(plan, reason, plan.failure?.status ?? "ROLLED_BACK", runtime, recreation, context);
}

const order: readonly Step[] = ["create", "rename", "stop", "start", "gate", "commit"];

async function replace(
  plan: UpdatePlan,
  from: Step,
  runtime: ContainerRuntime,
  recreation: Recreation,
  context: RunContext,
): Promise<Outcome> {
  const { halted, cancelled } = context;
  try {
    for (const step of order.slice(order.indexOf(from))) {
      const onlyWhileRunning = step === "stop" || step === "start" || step === "gate";
      if (onlyWhileRunning && !plan.snapshot.running) continue;
      if (from !== "commit") cancelled.throwIfAborted();
      halted.throwIfAborted();
      plan.step = step;
      if (step === "stop") plan.downAt = context.now();
      context.keep(plan);
      context.phase(step, messageOf(step, plan));
      if (step === "commit") break;
      await take(step, plan, runtime, recreation, context);
    }
  } catch (error) {
    if (halted.aborted) throw new Halted("halted", { cause: error });
    const status = cancelled.aborted ? "CANCELLED" : "ROLLED_BACK";
    const reason = cancelled.aborted ? "cancelled" : errorText(error);
    return putBack(plan, reason, status, runtime, recreation, context);
  }
  return commit(plan, recreation, context);
}

async function take(
  step: Step,
  plan: UpdatePlan,
  runtime: ContainerRuntime,
  recreation: Recreation,
  context: RunContext,
): Promise<void> {
  const { snapshot } = plan;
  const { halted } = context;
  const newId = () => {
    if (!plan.newId) throw new Error("the new container is missing");
    return plan.newId;
  };
  switch (step) {
    case "create": {
      plan.newId = await recreation.create(plan.temporary, plan.create, halted);
      context.keep(plan);
      const made = await recreation.find(plan.newId, halted);
      if (made?.imageId !== plan.imageId) throw new Error(`${plan.image} was moved while it was being used`);
      return;
    }
    case "rename":
      await recreation.setRestartPolicy(snapshot.id, { Name: "no" }, halted);
      await recreation.rename(snapshot.id, plan.rollback, halted);
      await recreation.rename(newId(), snapshot.name, halted);
      return;
    case "stop":
      return runtime.stop(snapshot.id, undefined, halted);
    case "start":
      await runtime.start(newId(), halted);
      plan.upAt = context.now();
      return;
    case "gate": {
      const id = newId();
      const verdict = await gate(
        () => recreation.fitness(id, halted),
        plan,
        (fitness) => context.progress(fitness.health ? `health: ${fitness.health}` : "running", -1),
        AbortSignal.any([context.cancelled, halted]),
      );
      if (!verdict.passed) throw new Error(verdict.reason);
      return;
    }
    case "commit":
    case "rollback":
      return;
    default:
      step satisfies never;
  }
}

// The new one has proved itself: from here on there is no way back.
async function commit(plan: UpdatePlan, recreation: Recreation, context: RunContext): Promise<Outcome> {
  const output: Record<string, unknown> = { ...common(plan), newId: plan.newId, changed: true };
  try {
    await insist(context, () => recreation.remove(plan.snapshot.id, { force: true }, context.halted));
  } catch (error) {
    if (error instanceof Halted) throw error;
    output.warning = `the old container could not be removed, it is stopped as ${plan.rollback}: ${errorText(error)}`;
  }
  return { status: "SUCCEEDED", output };
}

// Takes the world as it finds it, so that it may be begun again at any point.
async function putBack(
  plan: UpdatePlan,
  reason: string,
  status: "ROLLED_BACK" | "CANCELLED",
  runtime: ContainerRuntime,
  recreation: Recreation,
  context: RunContext,
): Promise<Outcome> {
  const { snapshot } = plan;
  const { halted } = context;
  plan.step = "rollback";
  plan.failure ??= { status, reason, logs: [] };
  // A journal that can't be written (a full disk) must not keep the old container from coming back.
  const record = (write: () => void) => {
    try {
      write();
    } catch (error) {
      context.log.error("command journal could not be written", { error: errorText(error) });
    }
  };
  record(() => context.keep(plan));
  record(() => context.phase("rollback", plan.failure?.reason));
  try {
    return await insist(context, async () => {
      const failure = plan.failure ?? { status, reason, logs: [] };
      const old = await recreation.find(snapshot.id, halted);
      const made = await recreation.find(plan.newId ?? plan.temporary, halted);
      if (!old) return await keepNew(plan, made?.id, runtime, recreation, context);
      if (made && made.id !== old.id) {
        if (failure.logs.length === 0) {
          failure.logs = await runtime.logs(made.id, logLines, halted).catch(() => []);
          record(() => context.keep(plan));
        }
        await recreation.remove(made.id, { force: true }, halted);
      }
      if (old.name !== snapshot.name) await recreation.rename(old.id, snapshot.name, halted);
      await recreation.setRestartPolicy(old.id, snapshot.restartPolicy, halted);
      if (snapshot.running) {
        await runtime.start(old.id, halted);
        if (plan.downAt) plan.upAt = context.now();
        const { state, exitCode } = await recreation.fitness(old.id, halted);
        if (state !== "running" && state !== "restarting") {
          throw new Refusal(`the old container was put back but is ${state} (exit code ${exitCode})`);
        }
      }
      const output = { ...common(plan), newId: null, changed: false, logs: failure.logs };
      return { status: failure.status, reason: failure.reason, output };
    });
  } catch (error) {
    if (error instanceof Halted) throw error;
    const output = { ...common(plan), newId: null, changed: false, logs: plan.failure.logs };
    return { status: "FAILED", reason: `${plan.failure.reason}; roll-back: ${errorText(error)}`, output };
  }
}

// Someone else removed the old container: the new one is all there is.
async function keepNew(
  plan: UpdatePlan,
  id: string | undefined,
  runtime: ContainerRuntime,
  recreation: Recreation,
  context: RunContext,
): Promise<Outcome> {
  const output = { ...common(plan), newId: id ?? null, changed: id !== undefined };
  const why = plan.failure?.reason ?? "";
  if (!id) return { status: "FAILED", reason: `${why}; the old container was removed by someone else`, output };
  const made = await recreation.find(id, context.halted);
  if (made && made.name !== plan.snapshot.name) await recreation.rename(id, plan.snapshot.name, context.halted);
  if (plan.snapshot.running) await runtime.start(id, context.halted);
  return {
    status: "FAILED",
    reason: `${why}; the old container was removed by someone else, so the new one was kept`,
    output,
  };
}

function common(plan: UpdatePlan): Record<string, unknown> {
  const { downAt, upAt } = plan;
  return {
    fromImage: plan.snapshot.image,
    fromDigest: plan.fromDigest,
    toImage: plan.image,
    toDigest: plan.toDigest,
    oldId: plan.snapshot.id,
    downtimeMs:
      downAt !== undefined && upAt !== undefined ? Math.max(0, upAt - downAt) : downAt === undefined ? 0 : null,
  };
}

/** Repeats while the engine does not answer (for ever: half-done is worse than late), a few times on other errors. */
async function insist<T>(context: RunContext, attempt: () => Promise<T>): Promise<T> {
  let others = 0;
  for (let wait = 200; ; wait = Math.min(10_000, wait * 2)) {
    try {
      return await attempt();
    } catch (error) {
      if (context.halted.aborted) throw new Halted("halted", { cause: error });
      const silent = error instanceof RuntimeFailure && ["unreachable", "absent", "forbidden"].includes(error.code);
      if (error instanceof Refusal || (!silent && ++others >= 4)) throw error;
      context.log.warn("container engine, trying again", { error: errorText(error), waitMs: wait });
      await delay(wait, undefined, { signal: context.halted }).catch(() => {});
    }
  }
}

async function engineOf(context: RunContext): Promise<{ runtime: ContainerRuntime; recreation: Recreation }> {
  const runtime = await context.runtime();
  if (!runtime.recreation) throw new Refusal(`${runtime.name} workloads can't be replaced container by container`);
  return { runtime, recreation: runtime.recreation };
}

function referenceOf(image: string) {
  const parsed = parseImageReference(image);
  if (!parsed.ok) throw new Refusal(`image: ${parsed.error}`);
  return parsed.reference;
}

function digestOf(image: string, info: ImageInfo): string | null {
  const parsed = parseImageReference(image);
  return parsed.ok ? (repoDigest(parsed.reference, info.digests) ?? null) : null;
}

function messageOf(step: Step, plan: UpdatePlan): string {
  switch (step) {
    case "create":
      return `create the new container from ${plan.image}`;
    case "rename":
      return `the old one becomes ${plan.rollback}`;
    case "stop":
      return "stop the old one";
    case "start":
      return "start the new one";
    case "gate":
      return `it has to run for ${plan.stableMs / 1000} s, and be healthy where it has a check`;
    case "commit":
      return "remove the old one";
    case "rollback":
      return "put the old one back";
    default:
      return step satisfies never;
  }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof RuntimeFailure && error.code === "not_found") return undefined;
  throw error;
}
