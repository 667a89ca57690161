import { replacedOf, type UpdatePlan } from "./plan.ts";

/** What engines say, for people: the ids of containers that take part as their names, other ids short. */
export function withNames(text: string, plan?: UpdatePlan): string {
  const names = new Map<string, string>();
  for (const { snapshot, newId } of plan === undefined ? [] : replacedOf(plan)) {
    names.set(snapshot.id, `the old ${snapshot.name}`);
    if (newId !== undefined) names.set(newId, `the new ${snapshot.name}`);
  }
  // In a path of the engine a name would lead nowhere.
  return text.replace(/(\/?)\b([0-9a-f]{64})\b/g, (_, slash: string, id: string) => {
    return slash + ((slash === "" ? names.get(id) : undefined) ?? id.slice(0, 12));
  });
}
