import type { Host } from "./host.ts";

const folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/**
 * Path of the first of these programs that is on the host: names are looked for in the usual folders, paths as they are.
 * Costs a stat each, no process.
 */
export function findTool(host: Host, names: readonly string[]): string | undefined {
  const paths = names.flatMap((name) => (name.startsWith("/") ? [name] : folders.map((folder) => `${folder}/${name}`)));
  return paths.find((path) => exists(host, path));
}

function exists(host: Host, path: string): boolean {
  try {
    return host.linkCount(path) !== undefined;
  } catch {
    return false;
  }
}
