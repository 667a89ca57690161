import { setTimeout as delay } from "node:timers/promises";
import { gate } from "../executor/gate.ts";
import type { Outcome } from "../executor/journal.ts";
import { Halted, Refusal, type RunContext } from "../executor/run-context.ts";
import type { Engine } from "../executor/update/engine.ts";
import { insist } from "../executor/update/insist.ts";
import { errorText } from "../log.ts";
import { type DumpEngine, recipes } from "./dump.ts";
import { fill, type Target } from "./fill.ts";
import { type BackupFile, fileOf, type Manifest, readManifest } from "./manifest.ts";
import { unpack } from "./pack.ts";
import { createPacker } from "./packer.ts";
import type { Placed, RestorePlan, RestoreStep } from "./restore-plan.ts";
import { undoRestore } from "./restore-undo.ts";
import { saveContainer } from "./save.ts";
import { openFolder } from "./space.ts";
import { singleFileTar } from "./tar-file.ts";

type Take = (plan: RestorePlan, engine: Engine, context: RunContext) => Promise<void>;

const stableMs = 2_000;
const readyMs = 180_000;

const takes: Record<Exclude<RestoreStep, "commit" | "rollback">, Take> = {
  fill: fillNew,
  stop: stopPresent,
  safety: saveEmptied,
  empty: replaceData,
  create: createNew,
  swap: swapNames,
  start: startNew,
  load: loadDump,
};

const messages: Record<RestoreStep, string> = {
  fill: "fill new volumes",
  stop: "stop the present container",
  safety: "save what is to be overwritten",
  empty: "empty the volumes and fill them again",
  create: "create the container",
  swap: "take over the name",
  start: "start the container",
  load: "load the dump",
  commit: "remove the container that was replaced",
  rollback: "put everything back",
};

/** The steps of a restore, in order. Where volumes are overwritten nothing can be made beside the present container. */
export function stepsOf(plan: RestorePlan): RestoreStep[] {
  const stops: RestoreStep[] = plan.present?.running ? ["stop"] : [];
  const swaps: RestoreStep[] = ["swap"];
  const end: RestoreStep[] = [
    ...(plan.start ? (["start"] as const) : []),
    ...(plan.dump?.load ? (["load"] as const) : []),
    "commit",
  ];
  if (plan.emptied.length > 0) return ["fill", ...stops, "safety", "empty", "create", ...swaps, ...end];
  return ["fill", "create", ...swaps, ...stops, ...end];
}

/** Takes the steps of a plan; whatever fails, everything is put back. */
export async function runRestore(
  plan: RestorePlan,
  from: RestoreStep,
  engine: Engine,
  context: RunContext,
): Promise<Outcome> {
  const order = stepsOf(plan);
  try {
    for (const step of order.slice(order.indexOf(from))) {
      if (from !== "commit") stopSignal(context).throwIfAborted();
      plan.step = step;
      context.keep(plan);
      context.phase(step, messages[step]);
      if (step === "commit") break;
      if (step !== "rollback") await takes[step](plan, engine, context);
    }
  } catch (error) {
    if (context.halted.aborted) throw new Halted("halted", { cause: error });
    const reason = context.cancelled.aborted
      ? "cancelled"
      : context.leaving.aborted
        ? "the agent is being stopped"
        : errorText(error);
    return await undoRestore(
      plan,
      { status: context.cancelled.aborted ? "CANCELLED" : "ROLLED_BACK", reason },
      engine,
      context,
    );
  }
  return await commit(plan, engine, context);
}

function stopSignal({ cancelled, leaving, halted }: RunContext): AbortSignal {
  return AbortSignal.any([cancelled, leaving, halted]);
}

async function fillNew(plan: RestorePlan, engine: Engine, context: RunContext): Promise<void> {
  const signal = stopSignal(context);
  for (const { name, driver, options, labels } of plan.made) {
    await engine.runtime.createVolume({ name, driver, options, labels }, signal);
  }
  const emptied = new Set(plan.emptied.map(({ name }) => name));
  await fillAll(
    plan,
    plan.backup,
    plan.placed.filter(({ volume }) => !emptied.has(volume ?? "")),
    engine,
    context,
  );
  if (plan.emptied.length === 0) return;
  // What the engine refuses must be known before anything is taken away.
  const id = await engine.recreation.create(plan.temporary, plan.create, signal);
  await engine.runtime.remove(id, { force: true, volumes: true }, context.halted);
}

/** Fills those volumes and folders out of that backup. */
export async function fillAll(
  plan: RestorePlan,
  backup: string,
  placed: readonly Placed[],
  engine: Engine,
  context: RunContext,
  signal: AbortSignal = stopSignal(context),
): Promise<void> {
  const folder = openFolder(context);
  const total = placed.reduce((sum, { file }) => sum + file.bytes, 0);
  const packer = createPacker();
  let passed = 0;
  for (const { file, volume, path } of placed) {
    const target: Target = volume === undefined ? { path: path ?? "" } : { volume };
    const { warnings } = await fill(target, {
      ...{ engine, context, packer, signal, imageId: plan.imageId, carrier: plan.carrier },
      from: { folder, id: backup, file },
      onBytes: (bytes) => context.progress(`fill ${volume ?? path}`, total > 0 ? ((passed + bytes) / total) * 100 : -1),
    });
    plan.notes.push(...warnings.slice(0, 5).map((line) => `${volume ?? path}: ${line}`));
    passed += file.bytes;
  }
}

async function stopPresent(plan: RestorePlan, { runtime, recreation }: Engine, context: RunContext): Promise<void> {
  const { present } = plan;
  if (present === undefined) return;
  plan.downAt ??= context.now();
  context.keep(plan);
  // Else the engine starts it again behind our back.
  await recreation.setRestartPolicy(present.id, { Name: "no" }, context.halted);
  await runtime.stop(present.id, undefined, context.halted);
}

async function saveEmptied(plan: RestorePlan, engine: Engine, context: RunContext): Promise<void> {
  const { present } = plan;
  if (present === undefined) throw new Refusal("there is no container whose volumes could be saved");
  const request = { volumes: true, binds: [], dump: false, consistency: "default" as const, keepDays: 0 };
  const manifest = await saveContainer(
    {
      ...{ engine, snapshot: present, request },
      reason: "container.restore",
      stopped: { readFrom: present.id },
      hold: () => undefined,
      signal: stopSignal(context),
    },
    context,
  );
  plan.safety = manifest.id;
  context.keep(plan);
}

async function replaceData(plan: RestorePlan, engine: Engine, context: RunContext): Promise<void> {
  const { runtime, recreation } = engine;
  if (plan.present) await recreation.remove(plan.present.id, { force: true }, context.halted);
  await emptyVolumes(plan, engine, context);
  const emptied = new Set(plan.emptied.map(({ name }) => name));
  const placed = plan.placed.filter(({ volume }) => volume !== undefined && emptied.has(volume));
  await fillAll(plan, plan.backup, placed, { runtime, recreation }, context);
}

/** Removes the volumes that are overwritten and makes them anew. */
export async function emptyVolumes(plan: RestorePlan, { runtime }: Engine, { halted }: RunContext): Promise<void> {
  for (const { name, driver, options, labels } of plan.emptied) {
    if ((await runtime.findVolume(name, halted)) !== undefined) await runtime.removeVolume(name, halted);
    await runtime.createVolume({ name, driver, options, labels }, halted);
  }
}

async function createNew(plan: RestorePlan, { recreation }: Engine, context: RunContext): Promise<void> {
  plan.newId = await recreation.create(plan.temporary, plan.create, context.halted);
  context.keep(plan);
}

async function swapNames(plan: RestorePlan, { recreation }: Engine, context: RunContext): Promise<void> {
  const { present, newId = "" } = plan;
  const old = present && (await recreation.find(present.id, context.halted));
  if (old !== undefined && present !== undefined) {
    plan.downAt ??= context.now();
    context.keep(plan);
    await recreation.setRestartPolicy(old.id, { Name: "no" }, context.halted);
    await recreation.rename(old.id, plan.aside, context.halted);
  }
  await recreation.rename(newId, plan.name, context.halted);
}

async function startNew(plan: RestorePlan, engine: Engine, context: RunContext): Promise<void> {
  const { runtime, recreation } = engine;
  const { newId = "", dump } = plan;
  if (dump?.load && recipes[dump.engine as DumpEngine].load === undefined) await placeDump(plan, engine, context);
  await runtime.start(newId, context.halted);
  plan.upAt = context.now();
  const verdict = await gate(
    () => recreation.fitness(newId, context.halted),
    { stableMs, healthTimeoutMs: 0 },
    ({ state, health }) => context.progress(`${state}${health ? `, ${health}` : ""}`, -1),
    stopSignal(context),
  );
  if (!verdict.passed) {
    const [last] = (await runtime.logs(newId, 1, context.halted).catch(() => [])).slice(-1);
    throw new Refusal(`${verdict.reason}${last ? `; its log ends with: ${last.slice(0, 200)}` : ""}`);
  }
}

/** What the database reads at its start is put where it looks for it. */
async function placeDump(plan: RestorePlan, { runtime }: Engine, context: RunContext): Promise<void> {
  const { dump, newId = "" } = plan;
  const folder = openFolder(context);
  const manifest = readManifest(folder, plan.backup);
  const file = dumpFile(manifest);
  if (dump === undefined || file === undefined) return;
  const [data = "/data"] = recipes[dump.engine as DumpEngine].data;
  const tar = singleFileTar(
    { name: "dump.rdb", bytes: file.bytes, mode: 0o644 },
    unpack(fileOf(folder, manifest.id, file)),
  );
  await runtime.archiveIn(newId, data, tar, stopSignal(context));
  dump.loaded = true;
}

async function loadDump(plan: RestorePlan, { runtime }: Engine, context: RunContext): Promise<void> {
  const { dump, newId = "" } = plan;
  if (dump === undefined || dump.loaded) return;
  const { load, ready } = recipes[dump.engine as DumpEngine];
  if (load === undefined) return;
  if (!plan.start) {
    plan.notes.push("the dump was not loaded: the container was not to be started");
    return;
  }
  const signal = stopSignal(context);
  const folder = openFolder(context);
  const manifest = readManifest(folder, plan.backup);
  const file = dumpFile(manifest);
  if (file === undefined) return;
  if (ready !== undefined) await untilReady(newId, ready, runtime, signal);
  let complaint = "";
  const stdin = unpack(fileOf(folder, manifest.id, file));
  const { exitCode } = await runtime.exec(
    newId,
    { command: ["sh", "-c", load], stdin },
    (stream, chunk) => {
      if (stream === "stderr") complaint = (complaint + Buffer.from(chunk).toString("utf8")).slice(-2_000);
    },
    signal,
  );
  if (exitCode !== 0) {
    const last = complaint.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
    throw new Refusal(`the dump could not be loaded (exit code ${exitCode})${last && `: ${last}`}`);
  }
  dump.loaded = true;
}

function dumpFile({ files }: Manifest): BackupFile | undefined {
  return files.find(({ what }) => what === "dump");
}

async function untilReady(id: string, ready: string, runtime: Engine["runtime"], signal: AbortSignal): Promise<void> {
  const until = performance.now() + readyMs;
  for (;;) {
    const { exitCode } = await runtime.exec(id, { command: ["sh", "-c", ready] }, () => undefined, signal);
    if (exitCode === 0) return;
    if (performance.now() > until) throw new Refusal(`the database did not take statements within ${readyMs / 1000} s`);
    await delay(500, undefined, { signal });
  }
}

/** The new one is there: the one that it replaces goes. From here on there is no way back. */
async function commit(plan: RestorePlan, { recreation }: Engine, context: RunContext): Promise<Outcome> {
  const { present } = plan;
  if (present !== undefined) {
    try {
      await insist(context, () => recreation.remove(present.id, { force: true }, context.halted));
    } catch (error) {
      if (error instanceof Halted) throw error;
      plan.notes.push(
        `the container that was replaced could not be removed, it is stopped as ${plan.aside}: ${errorText(error)}`,
      );
    }
  }
  return { status: "SUCCEEDED", output: restoreOutput(plan) };
}

/** What a restore tells of itself. */
export function restoreOutput(plan: RestorePlan): Record<string, unknown> {
  const { name, newId, backup, present, placed, dump, downAt, upAt, notes, safety, start } = plan;
  return {
    container: name,
    id: newId ?? null,
    backup,
    replaced: present?.id ?? null,
    started: start,
    volumes: placed.map(({ file, volume, path }) => ({ from: file.source, to: volume ?? path, at: file.destination })),
    notes,
    ...(safety === undefined ? {} : { before: safety }),
    ...(dump === undefined
      ? {}
      : { dump: { engine: dump.engine, file: dump.file, loaded: dump.loaded === true, command: dump.command } }),
    downtimeMs:
      downAt === undefined || present?.running !== true ? 0 : upAt === undefined ? null : Math.max(0, upAt - downAt),
  };
}
