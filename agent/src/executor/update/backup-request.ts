import type { BackupRequest, UpdateOptions } from "../container-command.ts";
import { readLabels } from "../gates/labels.ts";
import { Refusal } from "../run-context.ts";
import type { Member } from "./plan.ts";
import type { Wanted } from "./target.ts";

/** The backup that the command asks for; without one that of the labels of the targets. */
export function backupRequest(options: UpdateOptions, wanted: readonly Wanted[]): BackupRequest | undefined {
  if (options.backup !== undefined) return options.backup;
  return wanted.map(({ raw }) => readLabels(raw.Config.Labels ?? {}).backup).find((request) => request !== undefined);
}

/**
 * The request where the agent's own container takes part: paused it would not come back to unpause itself, and who goes
 * on when it is stopped knows nothing of its backups. Throws Refusal.
 */
export function withoutItself(request: BackupRequest, { role, snapshot }: Member): BackupRequest {
  const { consistency } = request;
  if (consistency === "stop" || (consistency === "pause" && role === "target")) {
    throw new Refusal(
      `backup.consistency: ${consistency} is not possible for ${snapshot.name}, which this agent runs in: take live`,
    );
  }
  return role === "target" ? { ...request, consistency: "live" } : request;
}
