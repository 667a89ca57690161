import type { Command } from "../api/types.ts";
import { PlanView } from "../containers/plan-view.tsx";
import { readUpdateOutput } from "../containers/update-output.ts";
import { UpdateResult } from "../containers/update-result.tsx";
import { formatBytes } from "../format/units.ts";

/** What a command on containers came to, for people; nothing of other commands and while it runs. */
export function CommandResult({ command }: { command: Command }) {
  if (!command.finishedAt || !command.output) return null;
  const update = readUpdateOutput(command.output);
  if (update?.plan) return <PlanView output={update} plan={update.plan} />;
  if (update) return <UpdateResult output={update} />;
  const { freedBytes, removed, backup, compressedBytes } = command.output;
  if (command.type === "runtime.prune" && typeof removed === "number") {
    const freed = typeof freedBytes === "number" ? `, ${formatBytes(freedBytes)} freed` : "";
    return <Said>{`${removed} removed${freed}`}</Said>;
  }
  if (command.type === "container.backup" && typeof backup === "string") {
    const size = typeof compressedBytes === "number" ? `, ${formatBytes(compressedBytes)}` : "";
    return <Said>{`Backup ${backup}${size}`}</Said>;
  }
  return null;
}

function Said({ children }: { children: string }) {
  return <p className="rounded-md bg-sunken px-3 py-2">{children}</p>;
}
