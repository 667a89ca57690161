import { commandRunners } from "./runners.ts";

/** What the host's own configuration allows (`allow`, `readOnly`). */
export type Permission = { allow: readonly string[]; readOnly: boolean };

const harmless: readonly string[] = ["agent.ping", "host.refresh"];

/** Why this host does not take commands of that type, with the remedy; undefined where it does. */
export function refusalOf(type: string, { allow, readOnly }: Permission): string | undefined {
  if (readOnly && !harmless.includes(type)) {
    return `${type} is refused: this host is read-only (readOnly: true in the agent's configuration)`;
  }
  if (!allow.includes(type)) return `${type} is refused: add it to "allow" in the agent's configuration on this host`;
  return undefined;
}

/** The types of commands that this host takes. */
export function allowedTypes(permission: Permission): string[] {
  return Object.keys(commandRunners).filter((type) => refusalOf(type, permission) === undefined);
}
