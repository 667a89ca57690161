import type { Resource } from "../api/types.ts";

/** A text that the agent told of a resource; empty where it told none. */
export function text({ attributes, labels }: Resource, name: string): string {
  const value = attributes[name] ?? labels[name];
  return typeof value === "string" ? value : "";
}

export function list({ attributes }: Resource, name: string): string[] {
  const value = attributes[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** A time as ISO 8601, which agents tell so or in Unix ms; null where there is none. */
export function time({ attributes }: Resource, name: string): string | null {
  const value = attributes[name];
  if (typeof value === "number" && value > 0) return new Date(value).toISOString();
  return typeof value === "string" && !Number.isNaN(Date.parse(value)) ? value : null;
}

/** Some of a list: `a, b and 3 more`. */
export function listText(all: readonly string[], most = 3): string {
  const rest = all.length - most;
  return rest > 0 ? `${all.slice(0, most).join(", ")} and ${rest} more` : all.join(", ");
}
