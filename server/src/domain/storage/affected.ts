import type { StandsOn, StorageNode } from "./links.ts";

/** So many of a kind are named, the rest is counted. */
const named = 5;
const longest = 40;

/** "pool tank; filesystems /tank, /tank/vm; containers db, web and 3 more"; empty where nothing stands on it. */
export function affectedText({ pools, filesystems, containers }: StandsOn): string {
  return [
    part("pool", pools, (pool) => pool.labels.name ?? pool.key),
    part("filesystem", filesystems, ({ key }) => key),
    part("container", containers, ({ key }) => key),
  ]
    .filter((each) => each !== "")
    .join("; ");
}

function part(word: string, nodes: readonly StorageNode[], nameOf: (node: StorageNode) => string): string {
  if (nodes.length === 0) return "";
  const names = nodes.slice(0, named).map((node) => short(nameOf(node)));
  const rest = nodes.length - names.length;
  return `${word}${nodes.length === 1 ? "" : "s"} ${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function short(name: string): string {
  const line = name.replace(/\s+/g, " ");
  return line.length > longest ? `${line.slice(0, longest - 3)}...` : line;
}
