import { readFileSync } from "node:fs";

const inCgroup = /\/(?:docker|containers|docker-|libpod-)\/?([0-9a-f]{64})\b/;
// The engine mounts files of the container's own folder; where containers are only seen from outside, as on their host,
// other things of them are mounted elsewhere.
const inMounts =
  /\/([0-9a-f]{64})\/(?:userdata\/)?(?:hostname|hosts|resolv\.conf) \/etc\/(?:hostname|hosts|resolv\.conf) /;

/** Id of the container that this process runs in, or undefined. */
export function ownContainerId(read = (path: string) => readFileSync(path, "utf8")): string | undefined {
  for (const [path, pattern] of [
    ["/proc/self/cgroup", inCgroup],
    ["/proc/self/mountinfo", inMounts],
  ] as const) {
    try {
      const found = pattern.exec(read(path));
      if (found) return found[1];
    } catch {
      // Not readable: no container that we could tell.
    }
  }
  return undefined;
}
