import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import { Refusal } from "../run-context.ts";
import { componentOf, dependenciesOf, nameOf, type Tie } from "./component.ts";
import { inOrder } from "./order.ts";
import type { Member } from "./plan.ts";

/** A container that takes part in an update, before anything is known of its new image. */
export type Participant = { raw: EngineContainer; role: Member["role"]; ties: { to: string; by: Tie }[] };

const projectLabel = "com.docker.compose.project";
const serviceLabel = "com.docker.compose.service";

/**
 * The targets with all that has to go along, each behind what it hangs on: by namespaces, volumes and links, and by the
 * dependencies of compose. Throws Refusal for a ring.
 */
export function gather(targets: readonly EngineContainer[], all: readonly EngineContainer[]): Participant[] {
  const byId = new Map(all.map((one) => [one.Id, one]));
  const found = new Map<string, Participant>();
  for (const raw of targets) found.set(raw.Id, { raw, role: "target", ties: [] });
  for (const target of targets) {
    const component = componentOf(target, all);
    if ("cycle" in component) throw ring(component.cycle);
    for (const { id, how, ties } of component.dependents) {
      const raw = byId.get(id);
      if (raw === undefined) continue;
      const known = found.get(id) ?? { raw, role: how, ties: [] };
      if (known.role === "restart" && how === "recreate") known.role = "recreate";
      for (const tie of ties) {
        if (!known.ties.some(({ to, by }) => to === tie.to && by === tie.by)) known.ties.push(tie);
      }
      found.set(id, known);
    }
  }
  const services = new Map<string, string[]>();
  for (const { raw } of found.values()) {
    const service = serviceOf(raw, raw.Config.Labels?.[serviceLabel] ?? "");
    services.set(service, [...(services.get(service) ?? []), nameOf(raw)]);
  }
  const things = [...found.values()].map((one) => ({
    ...one,
    name: nameOf(one.raw),
    after: [
      ...one.ties.map(({ to }) => to),
      ...dependenciesOf(one.raw).flatMap(({ service }) => services.get(serviceOf(one.raw, service)) ?? []),
    ],
  }));
  const order = inOrder(things);
  if ("cycle" in order) throw ring(order.cycle);
  return order.ordered.map(({ raw, role, ties }) => ({ raw, role, ties }));
}

// Services of different projects share names, and one service may have several containers.
function serviceOf({ Config }: EngineContainer, service: string): string {
  return `${Config.Labels?.[projectLabel] ?? ""}\0${service}`;
}

function ring(names: readonly string[]): Refusal {
  return new Refusal(`${names.join(", ")} depend on each other in a ring: none of them can be replaced first`);
}
