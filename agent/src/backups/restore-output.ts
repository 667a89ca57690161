import type { RestorePlan } from "./restore-plan.ts";

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
