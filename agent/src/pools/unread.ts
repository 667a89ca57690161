import type { Reading } from "../collectors/collector.ts";
import { missing } from "../collectors/values.ts";

/** What was known of a resource that could not be read this time: its values are missing, its state says so. */
export function unread(reading: Reading, reason: string): Reading {
  const hung = /no end within|has not ended/.test(reason);
  const state = reading.kind === "pool" && hung ? "stuck" : "unknown";
  return { ...reading, state, reason, values: missing(reading.kind) };
}
