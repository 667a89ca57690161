import { familiarName, type ImageReference } from "@fairlead/shared/image-reference";
import type { ImageInfo } from "../runtime.ts";
import type { EngineImage } from "./engine-types.ts";

/** What is known of an image from the engine's inspect. */
export function imageInfo(raw: EngineImage): ImageInfo {
  const variant = raw.Variant ? `/${raw.Variant}` : "";
  return { id: raw.Id, digests: raw.RepoDigests ?? [], platform: `${raw.Os}/${raw.Architecture}${variant}` };
}

/** The name that an engine knows a pulled image by: its digest where one was asked for. */
export function pulledName(reference: ImageReference): string {
  const name = familiarName(reference);
  return reference.digest ? `${name}@${reference.digest}` : `${name}:${reference.tag}`;
}
