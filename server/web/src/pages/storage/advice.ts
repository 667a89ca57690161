import type { DriveReason } from "../../api/storage-types.ts";

/** What to do about a drive that does not answer. */
export const whenUnreadable = "Look whether the drive still answers (dmesg), then at its cable, slot and controller.";

/** What to do about a reason, by its code; `info` ones that ask for nothing have none. */
const advice: Record<string, string> = {
  standby: "Nothing: it is read again when something wakes it.",
  open_failed: whenUnreadable,
  no_data:
    "Switch SMART on (smartctl -s on), or name the right type for its bridge or controller in the agent's configuration.",
  command_failed: "Look at the error log and the cable when it comes again.",
  smart_failed: "Copy off what has no other copy and replace the drive now.",
  health_warning: "Check its cooling and its logs, and plan a replacement.",
  attribute_failed_now: "Copy off what has no other copy and replace the drive now.",
  attribute_failed_past: "It recovered: find out what it was (often heat), then acknowledge it.",
  failure_rate: "Run a long self-test and plan a replacement; acknowledge the count if you accept the risk.",
  predictor: "Run a long self-test; acknowledge the count if it stays as it is.",
  critical_warning: "Save its data and replace the drive; where it is only hot, cool it.",
  spare_low: "Replace the drive before it becomes read-only.",
  wear: "Plan a replacement: its endurance is nearly used.",
  media_errors: "Check what lies on it (scrub the pool, compare with a backup) and replace the drive.",
  grown_defects: "Run a long self-test and plan a replacement; acknowledge the count if it stays as it is.",
  uncorrected_errors: "Check what lies on it (scrub the pool, compare with a backup) and plan a replacement.",
  temperature: "Improve its cooling: fans, dust, the space between drives.",
  self_test_failed:
    "Copy off what has no other copy and replace the drive; a new long test tells whether it repaired itself.",
};

/** Counts of transfers alone: the drive is seldom to blame. */
const cable = new Set(["ata:199"]);

/** What to do about a reason; undefined where nothing needs doing. */
export function adviceOn({ code, attribute, severity }: DriveReason): string | undefined {
  if (attribute !== null && cable.has(attribute)) {
    return "Mostly the cable or the backplane: replace or reseat it, then acknowledge the count.";
  }
  if (severity === "info" && code !== "standby" && code !== "open_failed" && code !== "no_data") return undefined;
  return advice[code];
}
