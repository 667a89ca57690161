import type { Finished } from "../host/host.ts";
import { oneLine } from "./texts.ts";

/** Why a tool failed, from what it printed; one line. */
export function complaintOf(done: Finished): string {
  if (done.signal !== null) return `ended by ${done.signal}`;
  const said = oneLine(done.stderr.trim() || done.stdout.trim()).slice(0, 200);
  if (done.code === 0) return said === "" ? "printed nothing" : `printed nothing that is understood: ${said}`;
  return said === "" ? `exit code ${done.code}` : said;
}
