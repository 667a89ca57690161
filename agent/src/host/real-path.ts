import type { Host } from "./host.ts";

const maxLinks = 40;

/**
 * An absolute path with every symbolic link of it followed, as far as it exists. Links that lead in a circle give the
 * path as it was. Never throws.
 */
export function realPath(host: Pick<Host, "readLink">, path: string): string {
  const left = split(path).reverse();
  let at = "";
  let links = 0;
  while (left.length > 0) {
    const part = left.pop() as string;
    if (part === "..") {
      at = at.slice(0, Math.max(0, at.lastIndexOf("/")));
      continue;
    }
    const target = readLink(host, `${at}/${part}`);
    if (target === undefined) {
      at = `${at}/${part}`;
      continue;
    }
    if (++links > maxLinks) return path;
    if (target.startsWith("/")) at = "";
    left.push(...split(target).reverse());
  }
  return at === "" ? "/" : at;
}

function split(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function readLink(host: Pick<Host, "readLink">, path: string): string | undefined {
  try {
    return host.readLink(path);
  } catch {
    return undefined;
  }
}
