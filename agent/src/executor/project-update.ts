import type { EngineContainer } from "../runtimes/docker/engine-types.ts";
import type { ProjectUpdateArguments } from "./container-command.ts";
import { resumeUpdate, update } from "./container-update.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";
import { type Engine, engineOf } from "./update/engine.ts";

const projectLabel = "com.docker.compose.project";
const serviceLabel = "com.docker.compose.service";

/**
 * Updates services of a compose project, each with all its containers, in the order of their dependencies: all of them
 * pass their gates, or all are put back.
 */
export async function updateProject(args: ProjectUpdateArguments, context: RunContext): Promise<Outcome> {
  const { project, images } = args;
  return await update(context, args, async (signal) => {
    const { engine, containers } = await findProject(project, context, signal);
    const services = new Set(containers.map(serviceOf).filter((service) => service !== ""));
    const unknown = Object.keys(images).find((service) => !services.has(service));
    if (unknown !== undefined) {
      const known = [...services].sort().join(", ");
      throw new Refusal(`images.${unknown}: the project ${project} has no such service: it has ${known}`);
    }
    const targets = containers.flatMap((container) => {
      const service = serviceOf(container);
      const image = Object.hasOwn(images, service) ? images[service] : undefined;
      return image === undefined ? [] : [{ container: container.Id, image, gates: [] }];
    });
    return { engine, targets };
  });
}

export function resumeProject(_: ProjectUpdateArguments, context: RunContext): Promise<Outcome> {
  return resumeUpdate(context);
}

async function findProject(
  project: string,
  { runtimes }: RunContext,
  signal: AbortSignal,
): Promise<{ engine: Engine; containers: EngineContainer[] }> {
  for (const runtime of await runtimes.all()) {
    const all = (await runtime.recreation?.all(signal)) ?? [];
    const containers = all.filter(({ Config }) => Config.Labels?.[projectLabel] === project);
    if (containers.length > 0) return { engine: engineOf(runtime), containers };
  }
  throw new Refusal(`project: there is no compose project ${project} on this host`);
}

function serviceOf(container: EngineContainer): string {
  return container.Config.Labels?.[serviceLabel] ?? "";
}
