import { at, type Json, numberAt, textAt } from "./json.ts";
import type { Drive, Message } from "./types.ts";

/**
 * Whether the drive slept and was left alone (`-n`): by a message (all versions), power_mode (7.5) or the exit status that
 * the caller chose for it (`-n standby,3`). What has data was awake.
 */
export function readPower(json: Json, messages: readonly Message[], hasData: boolean): Drive["power"] {
  if (hasData) return "active";
  if (messages.some(({ text }) => leftAsleep(text))) return "standby";
  if (/^(?:standby|sleep)/i.test(textAt(json, "power_mode", "name") ?? "")) return "standby";
  const chosen = chosenStatus(at(json, "smartctl", "argv"));
  const failed = messages.some(({ severity }) => severity === "error");
  return chosen !== null && !failed && numberAt(json, "smartctl", "exit_status") === chosen ? "standby" : "unknown";
}

/** smartctl's word that it left the drive alone: "Device is in STANDBY mode, exit(3)", "... STANDBY (OS) mode". */
export function leftAsleep(line: string): boolean {
  return /\bdevice is in (?!active)[a-z_]{1,20}(?: \([a-z]{1,10}\))? mode\b/i.test(line);
}

/** The STATUS of `-n MODE,STATUS`; null without one, and for 2, which also says that the drive could not be opened. */
function chosenStatus(argv: unknown): number | null {
  if (!Array.isArray(argv)) return null;
  for (const [i, argument] of argv.slice(0, 100).entries()) {
    if (typeof argument !== "string") continue;
    const given =
      argument === "-n" || argument === "--nocheck" ? argv[i + 1] : /^(?:-n|--nocheck=)(.+)$/.exec(argument)?.[1];
    const status = /^[a-z]+,(\d{1,3})(?:,|$)/.exec(typeof given === "string" ? given : "")?.[1];
    if (status !== undefined && Number(status) !== 2 && Number(status) !== 0) return Number(status);
  }
  return null;
}
