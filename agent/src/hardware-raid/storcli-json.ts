import { record } from "../pools/json.ts";

/** Part of an output of storcli, of which nothing is certain. */
export type Json = Record<string, unknown>;

/** The objects of a list; empty where it is none. */
export function rows(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(record) : [];
}

/** A text or number as text, trimmed; empty where it is neither. */
export function text(value: unknown): string {
  return typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
}

/** Drive group and number of a volume, from "0/239". */
export function groupOf(row: Json): string {
  return text(row["DG/VD"]).split("/")[0] ?? "";
}

/** The number of a volume. */
export function numberOf(row: Json): string {
  return text(row["DG/VD"]).split("/")[1] ?? "";
}

/** The drive's state; the second generation of the tool tells what it is for and how it is apart: "Conf", "Online". */
export function wordOf(row: Json): string {
  const [state, status] = [text(row.State), text(row.Status)];
  return status === "" || /^(GHS|DHS|JBOD)/i.test(state) ? state : status;
}
