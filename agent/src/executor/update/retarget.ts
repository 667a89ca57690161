import type { CreatePlan } from "../../runtimes/runtime.ts";
import { type Member, replacedOf, type UpdatePlan } from "./plan.ts";

const modes = ["NetworkMode", "IpcMode", "PidMode"] as const;

/** The same request, where what shares a namespace with a member shares it with the container that `idOf` names. */
export function retarget(
  create: CreatePlan,
  plan: UpdatePlan,
  idOf: (member: Member) => string | undefined,
): CreatePlan {
  const host = { ...(create.create.HostConfig as Record<string, unknown>) };
  for (const mode of modes) {
    const id = sharedWith(host[mode], plan).flatMap((member) => idOf(member) ?? [])[0];
    if (id !== undefined) host[mode] = `container:${id}`;
  }
  return { ...create, create: { ...create.create, HostConfig: host } };
}

/** The members whose namespaces a container with these settings shares. */
export function sharesWith(host: Readonly<Record<string, unknown>>, plan: UpdatePlan): Member[] {
  return modes.flatMap((mode) => sharedWith(host[mode], plan));
}

function sharedWith(mode: unknown, plan: UpdatePlan): Member[] {
  if (typeof mode !== "string" || !mode.startsWith("container:")) return [];
  const of = mode.slice("container:".length);
  return replacedOf(plan).filter(({ snapshot: { id, name } }) => of === name || (of.length >= 12 && id.startsWith(of)));
}
