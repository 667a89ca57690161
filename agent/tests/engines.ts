import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Engines of other Debian releases, each a root folder made by scripts/engines.sh. */
export const engineReleases = { "26": "trixie", "28": "forky" } as const;

export type EngineVersion = keyof typeof engineReleases;

/** Root folder of that engine, or undefined where scripts/engines.sh has not made it. */
export function engineRoot(version: EngineVersion): string | undefined {
  const cache =
    process.env.FAIRLEAD_ENGINES ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "fairlead/engines");
  const root = join(cache, engineReleases[version]);
  return existsSync(join(root, "usr/sbin/dockerd")) ? root : undefined;
}

/**
 * Program and arguments that run `command` with that folder as its root, in a mount namespace of its own: without the
 * pivot, loading an image fails. `shared` is to be seen at the same path inside.
 */
export function inRoot(root: string, shared: string, command: readonly string[]): [string, string[]] {
  const script = `set -e
root=$1 shared=$2; shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
cd "$root"
mount -t tmpfs tmpfs tmp
mount -t tmpfs tmpfs run
mkdir -p ".$shared" tmp/.old
mount --rbind "$shared" ".$shared"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
pivot_root . tmp/.old
cd /
umount -l /tmp/.old
exec "$@"`;
  return ["unshare", ["-m", "sh", "-c", script, "sh", root, shared, ...command]];
}
