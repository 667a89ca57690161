import { isSea } from "node:sea";
import { setTimeout as delay } from "node:timers/promises";
import { errorText } from "../../log.ts";
import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import type { ContainerRuntime, CreatePlan, Snapshot } from "../../runtimes/runtime.ts";
import type { JournalEntry, Outcome } from "../journal.ts";
import { Halted, type RunContext } from "../run-context.ts";
import type { Engine } from "./engine.ts";
import { insist } from "./insist.ts";
import { type Member, newIdOf, type UpdatePlan } from "./plan.ts";
import { putBack } from "./put-back.ts";
import { type SwapFiles, swapFiles } from "./swap-files.ts";

/** The hidden argument with which the agent's program replaces the container of an agent; its command's id follows. */
export const swapArgument = "internal-swap";

const pollMs = 300;
/** A helper that has not begun by then does not. */
const beginMs = 60_000;
/** From the start of the new container until its agent has come up. */
const takeOverMs = 90_000;
/** The engine starts one that fell again, with growing pauses. */
const lostMs = 60_000;
const mostTries = 3;
const restarts = 20;
/** One that fell so often before it began has an image that it can't live in. */
const mostFalls = 3;

/** Why the agent in that container can't have it replaced, or undefined. */
export function swapObstacle(
  snapshot: Snapshot,
  runtime: ContainerRuntime,
  stateDir: string | undefined,
): string | undefined {
  const mounts = (snapshot.inspect as EngineContainer).Mounts ?? [];
  const lasting = (path: string) =>
    mounts.some(
      ({ Type, Destination }) =>
        Type !== "tmpfs" && (path === Destination || path.startsWith(`${Destination.replace(/\/$/, "")}/`)),
    );
  if (!stateDir || !lasting(stateDir)) {
    return `its state folder ${stateDir ?? ""} is in no volume: mount one there, else its successor would know nothing`;
  }
  if (runtime.socket === undefined || !lasting(runtime.socket)) {
    return `the engine's socket ${runtime.socket ?? ""} is not mounted from the host: mount it, for who replaces it needs it`;
  }
  return undefined;
}

/**
 * Has a helper container take the steps that this process would not outlive, and waits for what it tells. From the new
 * image first, so that one that can't even start is found before anything is stopped; then from the old one.
 */
export async function handOver(plan: UpdatePlan, engine: Engine, context: RunContext): Promise<Outcome> {
  const files = swapFiles(context.host.stateDir ?? "", context.entry.id);
  files.remove();
  return await helpers(plan, files, engine, context);
}

/** Goes on where an agent finds that a helper was at work: it waits for it, or sends another one. */
export async function attendSwap(plan: UpdatePlan, engine: Engine, context: RunContext): Promise<Outcome> {
  // Passed on and not yet told of.
  if (plan.helper?.outcome !== undefined) return plan.helper.outcome;
  const files = swapFiles(context.host.stateDir ?? "", context.entry.id);
  const mine = engine.runtime.ownContainerId;
  if (mine !== undefined && files.read() !== undefined) files.takeOver(mine);
  if (files.read() === undefined) {
    return await putBack(plan, "the agent was stopped before the swap began", "ROLLED_BACK", engine, context);
  }
  return (await follow(plan, files, engine, context)) ?? (await helpers(plan, files, engine, context));
}

/** Resolves when the agent in the new container has come up; at once where its container does not run. */
export async function tookOver(plan: UpdatePlan, context: RunContext): Promise<void> {
  const own = ownMember(plan);
  if (own?.snapshot.running && own.role !== "restart") {
    await context.swap?.takenOver(newIdOf(own), own.healthTimeoutMs || takeOverMs);
  }
}

async function helpers(plan: UpdatePlan, files: SwapFiles, engine: Engine, context: RunContext): Promise<Outcome> {
  const helper = plan.helper as NonNullable<UpdatePlan["helper"]>;
  let said = "";
  while (helper.tries < mostTries) {
    const own = ownMember(plan);
    if (own === undefined) throw new Error("the agent's own container is not part of the update");
    helper.image = helper.tries === 0 ? own.imageId : own.snapshot.imageId;
    helper.tries++;
    context.keep(plan);
    context.phase("swap", `a helper container of ${helper.tries === 1 ? "the new" : "the old"} image takes over`);
    try {
      await startHelper(plan, own, files, engine, context);
    } catch (error) {
      if (context.halted.aborted) throw new Halted("halted", { cause: error });
      said = errorText(error);
      await fence(plan, engine, context);
      continue;
    }
    const outcome = await follow(plan, files, engine, context);
    if (outcome !== undefined) return outcome;
    said = "it ended before it began";
  }
  const now = files.read()?.plan as UpdatePlan | undefined;
  const begun = now?.begun.rename !== undefined;
  const reason = `no helper container could replace the agent's own (${said})`;
  // This process lives: where it does so in the old container, that is the way back.
  const inOld = ownMember(plan)?.snapshot.id === engine.runtime.ownContainerId;
  if (inOld || !begun) {
    const outcome = await putBack(now ?? plan, reason, "ROLLED_BACK", engine, context);
    files.remove();
    return outcome;
  }
  return { status: "FAILED", reason: `${reason}: look at the container ${ownMember(plan)?.rollback}` };
}

async function startHelper(
  plan: UpdatePlan,
  own: Member,
  files: SwapFiles,
  engine: Engine,
  context: RunContext,
): Promise<void> {
  await fence(plan, engine, context);
  const { entry, halted, host } = context;
  // What the last helper came to counts where there was one.
  const last = files.read();
  files.save(
    last === undefined ? { ...entry, plan } : { ...last, plan: { ...(last.plan as object), helper: plan.helper } },
  );
  const argument = [swapArgument, entry.id, host.stateDir ?? "", engine.runtime.socket ?? "", plan.runtime];
  const id = await engine.recreation.create(plan.helper?.name ?? "", helperBody(own, plan, argument), halted);
  await engine.runtime.start(id, halted);
}

/** Its own settings as far as the helper needs them: what it may reach, and where socket and state folder are. */
function helperBody(own: Member, plan: UpdatePlan, argument: string[]): CreatePlan {
  const { Config, HostConfig } = own.snapshot.inspect as EngineContainer;
  const made = (own.create.create.HostConfig ?? HostConfig) as EngineContainer["HostConfig"];
  const kept = [
    "Binds",
    "Mounts",
    "VolumesFrom",
    "Privileged",
    "SecurityOpt",
    "UsernsMode",
    "GroupAdd",
    "CapAdd",
    "Runtime",
  ];
  const settings = Object.fromEntries(kept.flatMap((name) => (made[name] == null ? [] : [[name, made[name]]])));
  return {
    create: {
      Image: plan.helper?.image,
      Entrypoint: ownProgram(),
      Cmd: argument,
      User: Config.User ?? "",
      Env: ["LC_ALL=C"],
      Labels: { "fairlead.update": "never" },
      Healthcheck: { Test: ["NONE"] },
      HostConfig: {
        ...settings,
        ...(HostConfig.ReadonlyRootfs === true ? { ReadonlyRootfs: true } : {}),
        NetworkMode: "none",
        RestartPolicy: { Name: "on-failure", MaximumRetryCount: restarts },
      },
    },
    networks: [],
  };
}

function ownProgram(): string[] {
  return isSea() ? [process.execPath] : [process.execPath, process.argv[1] ?? ""];
}

/** Passes on what the helper tells until it has an outcome; undefined where the helper is lost. */
async function follow(
  plan: UpdatePlan,
  files: SwapFiles,
  engine: Engine,
  context: RunContext,
): Promise<Outcome | undefined> {
  let shown = context.entry.phases.length;
  const from = performance.now();
  let alive = from;
  for (;;) {
    if (context.halted.aborted || context.leaving.aborted) throw new Halted("halted");
    const entry = files.read();
    for (const { phase, message } of entry?.phases.slice(shown) ?? []) context.phase(phase, message);
    shown = Math.max(shown, entry?.phases.length ?? 0);
    if (entry?.outcome !== undefined) return await settled(entry, plan, files, engine, context);
    if (context.cancelled.aborted && !files.cancelled()) files.cancel();
    const now = performance.now();
    const begun = (entry?.plan as UpdatePlan | undefined)?.begun.rename !== undefined;
    const state = await helperState(plan, engine, context);
    if (state !== "ended" && state !== "gone") alive = now;
    const isLost =
      state === "gone" || (state === "falling" && !begun) || (state === "ended" && (!begun || now - alive > lostMs));
    if (isLost || (!begun && now - from > beginMs)) {
      // It may have come to its end between the two looks.
      const last = files.read();
      if (last?.outcome !== undefined) return await settled(last, plan, files, engine, context);
      await fence(plan, engine, context);
      return undefined;
    }
    await delay(pollMs, undefined, { signal: AbortSignal.any([context.halted, context.leaving]) }).catch(() => {});
  }
}

async function settled(
  entry: JournalEntry,
  plan: UpdatePlan,
  files: SwapFiles,
  engine: Engine,
  context: RunContext,
): Promise<Outcome> {
  await fence(plan, engine, context).catch((error) => {
    if (error instanceof Halted) throw error;
    context.log.warn("the helper container could not be removed", { error: errorText(error) });
  });
  const outcome = entry.outcome as Outcome;
  if (plan.helper !== undefined) plan.helper.outcome = outcome;
  context.keep(plan);
  files.remove();
  return outcome;
}

async function helperState(
  { helper }: UpdatePlan,
  { recreation }: Engine,
  { halted }: RunContext,
): Promise<"running" | "falling" | "ended" | "gone" | "unknown"> {
  try {
    const found = await recreation.find(helper?.name ?? "", halted);
    if (found === undefined) return "gone";
    const { state, restartCount } = await recreation.fitness(found.id, halted);
    if (state !== "running" && state !== "restarting") return "ended";
    return restartCount >= mostFalls ? "falling" : "running";
  } catch (error) {
    if (halted.aborted) throw new Halted("halted", { cause: error });
    return "unknown";
  }
}

/** No helper is at work when this returns. */
async function fence({ helper }: UpdatePlan, { recreation }: Engine, context: RunContext): Promise<void> {
  await insist(context, async () => {
    const found = await recreation.find(helper?.name ?? "", context.halted);
    if (found !== undefined) await recreation.remove(found.id, { force: true }, context.halted);
  });
}

/** The member that is the agent's own container: the one that the helper is named for. */
function ownMember(plan: UpdatePlan): Member | undefined {
  const name = plan.helper?.name.replace(/-fairlead-swap-[0-9a-z]+$/, "");
  return plan.members.find(({ snapshot }) => snapshot.name === name);
}
