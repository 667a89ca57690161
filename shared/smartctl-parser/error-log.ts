import { countAt, type Json, listAt, textAt } from "./json.ts";
import { unwrapHours } from "./self-test.ts";
import type { ErrorLog } from "./types.ts";

const maxEntries = 20;

/** ATA's error log: how many errors there ever were, and the last few that the drive still tells of. */
export function readAtaErrors(json: Json, powerOnHours: number | null): ErrorLog {
  const log = countAt(json, "ata_smart_error_log", "extended", "count") === null ? "summary" : "extended";
  return {
    count: countAt(json, "ata_smart_error_log", log, "count"),
    entries: listAt(maxEntries, json, "ata_smart_error_log", log, "table").map((entry) => ({
      number: countAt(entry, "error_number"),
      atHours: unwrapHours(countAt(entry, "lifetime_hours"), powerOnHours),
      text: textAt(entry, "error_description") ?? "unknown error",
    })),
  };
}

/** NVMe's error log; it counts refused commands too, so that its length says nothing of health. */
export function readNvmeErrors(json: Json): ErrorLog {
  return {
    count: countAt(json, "nvme_smart_health_information_log", "num_err_log_entries"),
    entries: listAt(maxEntries, json, "nvme_error_information_log", "table").map((entry) => ({
      number: countAt(entry, "error_count"),
      atHours: null,
      text: textAt(entry, "status_field", "string") ?? "unknown error",
    })),
  };
}
