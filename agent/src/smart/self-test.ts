import type { Drive } from "smartctl-parser";
import type { SelfTestArguments } from "../executor/command.ts";
import { Refusal } from "../executor/run-context.ts";
import { cleanTexts } from "./clean-texts.ts";
import { findDrive, pathOf, readDrive } from "./find-drive.ts";
import { withLearnedType } from "./read-drives.ts";
import type { SmartRequest, TestLook, TestStarted } from "./requests.ts";
import type { SmartContext } from "./run-request.ts";
import type { Answer } from "./smartctl.ts";

type Request<A extends SmartRequest["action"]> = Extract<SmartRequest, { action: A }>;
type Seen = Extract<TestLook, { kind: "seen" }>;

/** Has the drive begin a self-test; a sleeping drive wakes for it. Throws Refusal where it can't or one runs already. */
export async function startSelfTest(request: Request<"test.start">, context: SmartContext): Promise<TestStarted> {
  const drive = await findDrive(request.drive, context);
  const path = pathOf(drive, context);
  const answer = await readDrive(drive, context, { evenIdle: true });
  if (answer.kind === "failed") throw new Refusal(`the drive can't be read: ${answer.reason}`);
  const before: Seen = answer.kind === "read" ? seen(answer.drive) : unseen;
  const protocol = answer.kind === "read" ? answer.drive.protocol : drive.facts.protocol;
  const refusal = refusalOf(request.test, protocol, context.store.smartctlVersion, answer) ?? busy(before);
  if (refusal !== undefined) throw new Refusal(refusal);
  const { code, said } = await context.smartctl.ask(withLearnedType(path, drive), ["-t", request.test], context.signal);
  // Bit 6 and 7 tell of logs, which have nothing to do with this.
  if ((code & 7) !== 0)
    throw new Refusal(`the drive did not begin the test: ${said || `smartctl's exit status ${code}`}`);
  return { before, device: path.name };
}

/** What the drive's self-tests look like now. */
export async function lookAtSelfTests(request: Request<"test.look">, context: SmartContext): Promise<TestLook> {
  const drive = await findDrive(request.drive, context);
  const answer = await readDrive(drive, context, { evenIdle: true });
  context.save({ sync: false });
  if (answer.kind === "asleep") return { kind: "asleep" };
  if (answer.kind === "failed") return { kind: "failed", reason: answer.reason };
  return seen(answer.drive);
}

/** Has the drive end its self-test. */
export async function abortSelfTest(request: Request<"test.abort">, context: SmartContext): Promise<{ said: string }> {
  const drive = await findDrive(request.drive, context);
  const path = pathOf(drive, context);
  const { code, said } = await context.smartctl.ask(withLearnedType(path, drive), ["-X"], context.signal);
  if ((code & 7) !== 0)
    throw new Refusal(`the drive did not end the test: ${said || `smartctl's exit status ${code}`}`);
  return { said };
}

const unseen: Seen = {
  kind: "seen",
  running: null,
  entries: [],
  powerOnHours: null,
  minutes: { short: null, extended: null, conveyance: null },
};

function seen({ selfTest: { running, entries, minutes }, powerOnHours }: Drive): Seen {
  const shown = running === null ? null : { progressRatio: running.progressRatio };
  return cleanTexts({ kind: "seen", running: shown, entries: entries.slice(0, 21), powerOnHours, minutes });
}

function busy({ running }: Seen): string | undefined {
  if (running === null) return undefined;
  const how = running.progressRatio === null ? "" : `, ${Math.round(running.progressRatio * 100)} % done`;
  return `a self-test runs on this drive already${how}: wait for its end, or abort it`;
}

function refusalOf(
  test: SelfTestArguments["test"],
  protocol: unknown,
  version: string | null,
  answer: Answer,
): string | undefined {
  if (test === "conveyance" && protocol !== "ata")
    return "type: conveyance tests are for ATA drives: give short or long";
  if (protocol === "nvme" && olderThan(version, 7, 4)) {
    return `self-tests of NVMe drives need smartctl 7.4 or newer, this host has ${version}: update smartmontools`;
  }
  const capable = answer.kind === "read" ? supports(answer.text, test) : undefined;
  return capable === false ? `the drive has no ${test} self-test` : undefined;
}

/** What an ATA drive says of its own abilities; undefined where it says nothing. */
function supports(text: string, test: SelfTestArguments["test"]): boolean | undefined {
  const name = test === "conveyance" ? "conveyance_self_test_supported" : "self_tests_supported";
  const value = new RegExp(`"${name}"\\s*:\\s*(true|false)`).exec(text)?.[1];
  return value === undefined ? undefined : value === "true";
}

function olderThan(version: string | null, major: number, minor: number): boolean {
  const [a = 0, b = 0] = (version ?? "").split(".").map(Number);
  return version !== null && (a < major || (a === major && b < minor));
}
