import { readFileSync } from "node:fs";

/** Id of the container that this process runs in, or undefined. */
export function ownContainerId(read = (path: string) => readFileSync(path, "utf8")): string | undefined {
  for (const path of ["/proc/self/cgroup", "/proc/self/mountinfo"]) {
    try {
      const found = /\/(?:docker|containers|docker-|libpod-)\/?([0-9a-f]{64})\b/.exec(read(path));
      if (found) return found[1];
    } catch {
      // Not readable: no container that we could tell.
    }
  }
  return undefined;
}
