import { type Manifest, readManifest } from "../../backups/manifest.ts";
import { backupFolder } from "../../backups/settings.ts";
import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import type { RunContext } from "../run-context.ts";
import { targetsOf, type UpdatePlan } from "./plan.ts";

/** What became of the data of containers whose update was undone, and how they come back. */
export type DataLeft = {
  /** "untouched": no new container was started. "kept": they are as the new ones left them. */
  state: "untouched" | "kept";
  /** For people; empty where there is nothing to do. */
  text: string;
  /** By container: the backup of before the update, and the command that puts it back where one does. */
  saved: Record<string, { backup: string; command: string | null }>;
};

/**
 * What an update that was undone leaves of the data: containers come back, data do not, since what came into them meanwhile
 * would be lost. Undefined where its targets have none.
 */
export function dataLeft(plan: UpdatePlan, context: Pick<RunContext, "host">): DataLeft | undefined {
  const holders = targetsOf(plan).filter(({ snapshot }) =>
    ((snapshot.inspect as EngineContainer).Mounts ?? []).some(({ Type, RW }) => Type !== "tmpfs" && RW !== false),
  );
  if (holders.length === 0) return undefined;
  const saved: DataLeft["saved"] = {};
  const texts: string[] = [];
  for (const { snapshot } of holders) {
    const id = plan.backups[snapshot.name];
    const manifest = id === undefined ? undefined : manifestOf(id, context);
    if (id === undefined || manifest === undefined) continue;
    const holds = (what: string) => manifest.files.some((file) => file.what === what);
    const command = holds("volume") ? `fairlead-agent containers restore ${id} --overwrite-volumes` : null;
    saved[snapshot.name] = { backup: id, command };
    if (command !== null) texts.push(`${command} puts back what ${snapshot.name} held before`);
    else if (holds("bind") || holds("dump")) texts.push(`what ${snapshot.name} held before is in the backup ${id}`);
  }
  if (plan.begun.start === undefined) return { state: "untouched", text: "", saved };
  const text = texts.length === 0 ? "" : `its data are as the new container left them: ${texts.join(", ")}`;
  return { state: "kept", text, saved };
}

function manifestOf(id: string, { host }: Pick<RunContext, "host">): Manifest | undefined {
  try {
    return readManifest(backupFolder(host) ?? "", id);
  } catch {
    return undefined;
  }
}
