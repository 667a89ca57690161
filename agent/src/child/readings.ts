import { findKind } from "@fairlead/shared/catalogue";
import type { Reading } from "../collectors/collector.ts";

/** Readings as a child sent them: missing values came as null. Throws where it sent something else. */
export function readingsFromChild(result: unknown): Reading[] {
  if (!Array.isArray(result)) throw new Error("child: no list of readings");
  return result.map((one: Reading) => {
    const kind = findKind(one?.kind);
    if (kind === undefined || typeof one.key !== "string") throw new Error("child: not a reading");
    const given = Array.from(one.values ?? []) as (number | null)[];
    return { ...one, values: kind.metrics.map((_, i) => given[i] ?? Number.NaN) };
  });
}
