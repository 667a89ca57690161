import type { Resource, Server } from "../../api/types.ts";
import { formatBytes } from "../../format/units.ts";

/** What the agent said when it enrolled and what its collectors found since. */
export function allFacts(server: Server, resources: readonly Resource[] | undefined): Record<string, unknown> {
  const host = resources?.find((one) => one.kind === "host");
  const { boot_id: _boot, booted_at: _booted, hostname: _hostname, ...found } = host?.attributes ?? {};
  return { ...server.facts, ...found };
}

/** Facts are whatever the agent's inventory holds: flattened to rows of path and text. */
export function factRows(facts: Record<string, unknown>): [string, string][] {
  const rows: [string, string][] = [];
  const walk = (path: string, value: unknown) => {
    if (value === null || value === undefined || value === "") return;
    if (Array.isArray(value)) {
      if (value.every((one) => typeof one !== "object")) {
        if (value.length > 0) rows.push([path, value.join(", ")]);
      } else for (const [i, one] of value.entries()) walk(`${path} ${i + 1}`, one);
    } else if (typeof value === "object") {
      for (const [name, inner] of Object.entries(value)) walk(path ? `${path} · ${words(name)}` : words(name), inner);
    } else if (typeof value === "number" && /bytes$/i.test(path))
      rows.push([path.replace(/ ?bytes$/i, ""), formatBytes(value)]);
    else rows.push([path, String(value)]);
  };
  walk("", facts);
  return rows;
}

/** `kernelVersion` or `kernel_version` -> `kernel version`. */
function words(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
}

/** The first fact among several names that is text, a number, or an object with a name. */
export function fact(facts: Record<string, unknown>, ...paths: string[]): string | null {
  for (const path of paths) {
    let value: unknown = facts;
    for (const part of path.split(".")) {
      value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[part] : undefined;
    }
    if ((typeof value === "string" && value) || typeof value === "number") return String(value);
  }
  return null;
}
