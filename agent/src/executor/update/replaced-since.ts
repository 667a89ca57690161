import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import type { Kept } from "./kept.ts";
import type { Guard } from "./plan.ts";

const projectLabel = "com.docker.compose.project";
const serviceLabel = "com.docker.compose.service";

/** "PROJECT/SERVICE" of a compose container; undefined for others. */
export function serviceOf({ Config }: Pick<EngineContainer, "Config">): string | undefined {
  const project = Config.Labels?.[projectLabel];
  const service = Config.Labels?.[serviceLabel];
  return project && service ? `${project}/${service}` : undefined;
}

/**
 * Speaks against rolling back what is not the container that the update made, only another one of its name: its data are
 * others, or its image is two versions on. What compose made anew of the same image is the same service.
 */
export function replacedSince(record: Kept, newest: Kept, present: EngineContainer): Guard[] {
  const name = record.container;
  const isMade = record.newId === present.Id;
  const sameImage = newest.toImageId === present.Image;
  const sameService = record.service !== undefined && record.service === serviceOf(present);
  // Records of earlier releases know no more than the image.
  if (isMade || (sameImage && (sameService || record.newId === undefined))) return [];
  const now = sameImage ? "" : `, and runs ${present.Config.Image}`;
  const message = `${name} is not the container that the update to ${record.toImage} made: someone replaced it since${now}`;
  return [{ code: "replaced_since", container: name, message, forcible: true }];
}
