import type { ContainerRuntime } from "../../runtimes/runtime.ts";
import type { RunContext } from "../run-context.ts";
import type { Engine } from "./engine.ts";
import type { Trouble } from "./persist.ts";
import { type Member, replacedOf, type UpdatePlan } from "./plan.ts";

/** An old container that is not as it was; `commands` make it so, for a person to type. */
export type LeftOver = { container: string; name: string | null; state: string; commands: string[] };

/** What a roll-back that did not succeed leaves. Throws nothing: of what the engine does not tell nothing is said. */
export async function whatIsLeft(
  plan: UpdatePlan,
  troubles: readonly Trouble[],
  engine: Engine,
  context: RunContext,
): Promise<LeftOver[]> {
  const found = replacedOf(plan).map((member) => leftOf(member, troubles, engine, context).catch(() => undefined));
  return (await Promise.all(found)).filter((one) => one !== undefined);
}

/** "web is down: its old container is web-fairlead-old-x, exited: docker rename ... && docker start web". */
export function leftText(all: readonly LeftOver[]): string {
  return all
    .map(({ container, name, state, commands }) => {
      if (name === null) return `${container}: its old container is gone`;
      const where = name === container ? "" : ` as ${name}`;
      const remedy = commands.length === 0 ? "" : `: ${commands.join(" && ")}`;
      return `the old ${container} is ${state}${where}${remedy}`;
    })
    .join("; ");
}

async function leftOf(
  { snapshot, restored }: Member,
  troubles: readonly Trouble[],
  { runtime, recreation }: Engine,
  { halted }: RunContext,
): Promise<LeftOver | undefined> {
  const { id, name: container, restartPolicy, running } = snapshot;
  const old = (await recreation.find(id, halted)) ?? (restored && (await recreation.find(restored, halted)));
  if (!old) return { container, name: null, state: "gone", commands: [] };
  const { state } = await recreation.fitness(old.id, halted);
  const commands: string[] = [];
  const engine = programOf(runtime);
  if (old.name !== container) commands.push(`${engine} rename ${old.name} ${container}`);
  if (troubles.some(({ name, what }) => name === container && what === "policy")) {
    const { Name, MaximumRetryCount } = restartPolicy;
    const most = MaximumRetryCount ? `:${MaximumRetryCount}` : "";
    commands.push(`${engine} update --restart ${Name || "no"}${most} ${container}`);
  }
  if (running && state !== "running") commands.push(`${engine} start ${container}`);
  return commands.length === 0 ? undefined : { container, name: old.name, state, commands };
}

function programOf({ name, type, socket }: ContainerRuntime): string {
  if (name === type || socket === undefined) return type;
  return type === "podman" ? `podman --url unix://${socket}` : `docker -H unix://${socket}`;
}
