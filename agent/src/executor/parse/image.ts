import { pb } from "@fairlead/proto";
import type { PruneScope } from "../../runtimes/runtime.ts";
import { imageError, runtimeError } from "../argument-checks.ts";
import { checked, type GivenCommand, type Parsed } from "./checked.ts";

/** Images and what is unused; undefined for another command. */
export function parseImage(given: GivenCommand): Parsed | undefined {
  if (given.imagePull) {
    const args = { runtime: given.imagePull.runtime ?? "", image: given.imagePull.image ?? "" };
    return checked([runtimeError(args.runtime), imageError(args.image)], { type: "image.pull", args });
  }
  if (given.imageRemove) {
    const { runtime, image, force } = given.imageRemove;
    const args = { runtime: runtime ?? "", image: image ?? "", force: force ?? false };
    const isId = /^(sha256:)?[0-9a-f]{12,64}$/.test(args.image);
    const errors = [runtimeError(args.runtime), isId ? undefined : imageError(args.image)];
    return checked(errors, { type: "image.remove", args });
  }
  if (given.runtimePrune) {
    const { runtime, scope: asked } = given.runtimePrune;
    const scope = scopes[asked ?? 0];
    if (scope === undefined) return { type: "runtime.prune", error: `scope: ${asked} is unknown: update the agent` };
    return checked([runtimeError(runtime ?? "")], { type: "runtime.prune", args: { runtime: runtime ?? "", scope } });
  }
  return undefined;
}

const scopes: Partial<Record<number, PruneScope>> = {
  [pb.PruneScope.PRUNE_SCOPE_CONTAINERS]: "containers",
  [pb.PruneScope.PRUNE_SCOPE_DANGLING_IMAGES]: "dangling-images",
  [pb.PruneScope.PRUNE_SCOPE_UNUSED_IMAGES]: "unused-images",
  [pb.PruneScope.PRUNE_SCOPE_VOLUMES]: "volumes",
  [pb.PruneScope.PRUNE_SCOPE_NETWORKS]: "networks",
  [pb.PruneScope.PRUNE_SCOPE_BUILD_CACHE]: "build-cache",
};
