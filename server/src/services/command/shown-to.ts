import type { Role } from "../../db/schema.ts";
import { isAtLeast } from "../auth/caller.ts";

/**
 * The command as that role may see it. The last lines that a container wrote before it was given up stand in `output.logs`;
 * like every container's log they are for operators.
 */
export function shownTo<T extends { output: Record<string, unknown> | null }>(role: Role, command: T): T {
  const lines = command.output?.logs;
  if (!Array.isArray(lines) || isAtLeast(role, "operator")) return command;
  const { logs: _, ...output } = command.output ?? {};
  return { ...command, output };
}
