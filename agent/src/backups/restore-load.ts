import { setTimeout as delay } from "node:timers/promises";
import { Refusal, type RunContext } from "../executor/run-context.ts";
import type { Engine } from "../executor/update/engine.ts";
import { complaintOf, type DumpEngine, recipes } from "./dump.ts";
import { type BackupFile, fileOf, type Manifest, readManifest } from "./manifest.ts";
import { unpack } from "./pack.ts";
import { type RestorePlan, stopSignal } from "./restore-plan.ts";
import { openFolder } from "./space.ts";
import { singleFileTar } from "./tar-file.ts";

const readyMs = 180_000;

/** What the database reads at its start is put where it looks for it. */
export async function placeDump(plan: RestorePlan, { runtime }: Engine, context: RunContext): Promise<void> {
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

/** Has the database that runs now load its dump. Throws Refusal where it does not. */
export async function loadDump(plan: RestorePlan, { runtime }: Engine, context: RunContext): Promise<void> {
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
    const last = complaintOf(complaint);
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
