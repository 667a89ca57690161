import { join } from "node:path";
import { Refusal } from "../executor/run-context.ts";
import type { EngineContainer, EngineImage } from "../runtimes/docker/engine-types.ts";
import { dump, dumpEngineOf, recipes } from "./dump.ts";
import { megabytes } from "./space.ts";
import type { Work } from "./work.ts";

/** Dumps the container's database into the backup. Throws Refusal where a dump is all that is asked for and impossible. */
export async function saveDump(work: Work): Promise<void> {
  const { engine, snapshot, request, folder, context, signal, stopped } = work;
  const raw = snapshot.inspect as EngineContainer;
  const kind = dumpEngineOf(raw, snapshot.imageInspect as EngineImage);
  if (kind === undefined) {
    work.warnings.push("no dump: the container holds no database that is known");
    return;
  }
  if (!snapshot.running || stopped !== undefined) {
    if (!request.volumes && request.binds.length === 0) {
      throw new Refusal(
        `the ${kind} database of ${snapshot.name} has to run to be dumped: choose pause, or save its volumes`,
      );
    }
    work.warnings.push(`no dump: the ${kind} database did not run`);
    return;
  }
  context.phase("dump", `dump ${kind}`);
  const name = `dump.${recipes[kind].suffix}.zst`;
  const report = (bytes: number) => context.progress(`dump ${kind}, ${megabytes(bytes)}`, -1);
  const into = join(folder, name);
  const { warnings, ...packed } = await dump(kind, { runtime: engine.runtime, container: raw, into }, report, signal);
  work.warnings.push(...warnings);
  work.files.push({ name, what: "dump", source: kind, destination: "", ...packed, compression: "zstd" });
}
