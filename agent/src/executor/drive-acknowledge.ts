import { TaskError } from "../child/child.ts";
import type { Host } from "../host/host.ts";
import type { Acknowledged, SmartRequest } from "../smart/requests.ts";
import { askSmart, findSmartctl, noteDriveChange } from "../smart/smart-child.ts";
import type { AcknowledgeArguments } from "./command.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";

const deadlineMs = 120_000;

/** Accepts the counts that a drive shows now, or forgets what was accepted; twice is as once. */
export async function acknowledgeDrive(args: AcknowledgeArguments, context: RunContext): Promise<Outcome> {
  context.phase("acknowledge");
  const done = (await askDrive(context.host, { action: "acknowledge", ...args }, context.halted)) as Acknowledged;
  noteDriveChange();
  context.soon("smart");
  return { status: "SUCCEEDED", output: { drive: args.drive, ...done } };
}

type DriveRequest = { action: Exclude<SmartRequest["action"], "pass" | "told">; drive: string } & Record<
  string,
  unknown
>;

/** Asks the child about one drive. Throws Refusal in the child's words where it can't be done. */
export async function askDrive(host: Host, request: DriveRequest, signal: AbortSignal): Promise<unknown> {
  const program = findSmartctl(host);
  if (program === undefined) throw new Refusal("smartctl is not installed on this host: install smartmontools");
  try {
    return await askSmart(host, program, request as never, { deadlineMs, signal });
  } catch (error) {
    if (error instanceof TaskError && (error.kind === "Refusal" || error.kind === "NotHere")) {
      throw new Refusal(error.message);
    }
    throw error;
  }
}
