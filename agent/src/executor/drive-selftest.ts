import { setTimeout as delay } from "node:timers/promises";
import { duration } from "../cli/text.ts";
import type { Host } from "../host/host.ts";
import { errorText } from "../log.ts";
import type { TestEntry, TestLook, TestStarted } from "../smart/requests.ts";
import { noteDriveChange } from "../smart/smart-child.ts";
import type { SelfTestArguments } from "./command.ts";
import { askDrive } from "./drive-acknowledge.ts";
import type { Outcome } from "./journal.ts";
import { Halted, type RunContext } from "./run-context.ts";

/** What following a test over a restart of the agent needs; `begun` false: the drive was about to be told. */
type Plan = {
  begun: boolean;
  startedAt: number;
  bootId: string;
  device: string;
  /** The log's entries before the test, as text. */
  before: string[];
  /** The drive's age at its start. */
  hours: number | null;
  minutes: number | null;
};

/** Times in ms; tests set their own. */
export type Timing = { leastPollMs: number; mostPollMs: number; graceMs: number; stillMs: number };

const usual: Timing = {
  leastPollMs: 10_000,
  mostPollMs: 120_000,
  // A test that nobody has seen running may not have begun yet.
  graceMs: 60_000,
  // Drives pause a test while they are busy; one that stands still for a day is lost.
  stillMs: 24 * 3_600_000,
};

/** Has a drive test itself and follows it to its end. Cancelling the command aborts the test. */
export async function runSelfTest(args: SelfTestArguments, context: RunContext, timing = usual): Promise<Outcome> {
  context.phase("start", `${args.test} self-test`);
  const plan: Plan = {
    begun: false,
    startedAt: context.now(),
    bootId: bootIdOf(context.host),
    device: "",
    before: [],
    hours: null,
    minutes: null,
  };
  context.keep(plan);
  const request = { action: "test.start" as const, drive: args.drive, test: args.test };
  const { before, device } = (await askDrive(context.host, request, context.halted)) as TestStarted;
  plan.device = device;
  plan.before = before.entries.filter(({ result }) => result !== "running").map(textOf);
  plan.hours = before.powerOnHours;
  plan.minutes = before.minutes[args.test === "long" ? "extended" : args.test];
  plan.begun = true;
  context.keep(plan);
  tellSoon(context);
  return await follow(args, plan, context, timing);
}

/** Goes on following a test that was under way when the agent ended. */
export async function resumeSelfTest(args: SelfTestArguments, context: RunContext, timing = usual): Promise<Outcome> {
  const plan = context.entry.plan as Plan | undefined;
  if (plan === undefined || !plan.begun) {
    return { status: "FAILED", reason: "the agent was stopped before it knew that the test began: start it again" };
  }
  context.phase("resume", "the agent was restarted");
  return await follow(args, plan, context, timing);
}

async function follow(args: SelfTestArguments, plan: Plan, context: RunContext, timing: Timing): Promise<Outcome> {
  const { halted, cancelled, leaving } = context;
  context.phase("test", `${plan.device}${plan.minutes === null ? "" : `, about ${duration(plan.minutes * 60)}`}`);
  const rebooted = plan.bootId !== "" && plan.bootId !== bootIdOf(context.host);
  let seenRunning = rebooted;
  let last = { progress: -1, at: context.now() };
  for (;;) {
    if (cancelled.aborted) return await abort(args, context, last.progress);
    const look = await lookAt(args.drive, context);
    if (halted.aborted) throw new Halted();
    if (look.kind === "seen") {
      const ended = endOf(look, plan, seenRunning, context.now() - plan.startedAt > timing.graceMs);
      if (ended !== undefined) {
        tellSoon(context);
        return rebooted ? afterReboot(ended) : ended;
      }
      if (look.running !== null) {
        seenRunning = true;
        const progress = look.running.progressRatio ?? -1;
        if (progress !== last.progress) last = { progress, at: context.now() };
        tell(progress, last.at, plan, context);
      }
    }
    if (context.now() - last.at > timing.stillMs) return { status: "FAILED", reason: stillReason(look, timing) };
    const wait = pollMs(plan, timing);
    await delay(wait, undefined, { signal: AbortSignal.any([halted, leaving, cancelled]) }).catch(() => undefined);
    if (halted.aborted || leaving.aborted) throw new Halted();
  }
}

/** What a look says of the test that was begun; undefined while it may still run. */
function endOf(look: Seen, plan: Plan, seenRunning: boolean, overdue: boolean): Outcome | undefined {
  if (look.running !== null) return undefined;
  const finished = look.entries.filter(({ result }) => result !== "running");
  const entry = finished[0];
  // A full log of equal entries looks the same with one more.
  const isNew =
    JSON.stringify(finished.map(textOf)) !== JSON.stringify(plan.before) ||
    (seenRunning && plan.hours !== null && (entry?.atHours ?? -1) >= Math.floor(plan.hours));
  if (entry !== undefined && isNew) return outcomeOf(entry, plan);
  if (!seenRunning && !overdue) return undefined;
  const reason = "the test has ended, but the drive keeps no record of it";
  return { status: "FAILED", reason: seenRunning ? reason : "the drive accepted the test, but never began it" };
}

function outcomeOf(entry: TestEntry, plan: Plan): Outcome {
  const output = { device: plan.device, entry };
  const words = entry.text === "" ? entry.result : entry.text;
  switch (entry.result) {
    case "passed":
      return { status: "SUCCEEDED", output };
    case "failed": {
      const where = entry.lba === null ? "" : ` at LBA ${entry.lba}`;
      return { status: "FAILED", reason: `the self-test failed${where}: ${words}`, output };
    }
    default:
      return { status: "FAILED", reason: `the self-test did not come to its end: ${words}`, output };
  }
}

function afterReboot(outcome: Outcome): Outcome {
  if (outcome.status === "SUCCEEDED") return outcome;
  return { ...outcome, reason: `the host was started anew during the test; ${outcome.reason ?? ""}` };
}

type Seen = Extract<TestLook, { kind: "seen" }>;

/** A look that failed tells nothing: the next may not. */
async function lookAt(drive: string, { host, halted, log }: RunContext): Promise<TestLook> {
  try {
    return (await askDrive(host, { action: "test.look", drive }, halted)) as TestLook;
  } catch (error) {
    log.debug("self-test not seen", { error: errorText(error) });
    return { kind: "failed", reason: errorText(error) };
  }
}

async function abort(args: SelfTestArguments, context: RunContext, progress: number): Promise<Outcome> {
  const at = progress < 0 ? "" : ` at ${Math.round(progress * 100)} %`;
  try {
    await askDrive(context.host, { action: "test.abort", drive: args.drive }, context.halted);
  } catch (error) {
    const reason = `cancelled, but the test could not be aborted${at}: ${errorText(error)}`;
    return { status: "FAILED", reason };
  }
  tellSoon(context);
  return { status: "CANCELLED", reason: `cancelled: the test was aborted${at}` };
}

function tell(progress: number, progressAt: number, { minutes, startedAt }: Plan, context: RunContext): void {
  const elapsed = (context.now() - startedAt) / 1000;
  if (progress < 0) {
    context.progress(`the test has run for ${duration(rounded(elapsed))}`, 0);
    return;
  }
  const expected = minutes !== null ? minutes * 60 : progress > 0 ? elapsed / progress : Number.NaN;
  const left = expected * (1 - progress);
  // Many drives tell tenths only: in between it is the time that shows that they go on.
  const since = Math.max(0, context.now() - progressAt) / 1000;
  const about = Number.isFinite(left) ? `, about ${duration(rounded(Math.max(0, left - since)))} left` : "";
  context.progress(`${Math.round(progress * 100)} % done${about}`, Math.round(progress * 100));
}

/** Long times to a quarter of an hour, so that a test of days is told of some hundred times. */
function rounded(seconds: number): number {
  return seconds < 3600 ? Math.round(seconds / 60) * 60 : Math.round(seconds / 900) * 900;
}

function stillReason(look: TestLook, { stillMs }: Timing): string {
  const why = look.kind === "asleep" ? ": the drive sleeps" : look.kind === "failed" ? `: ${look.reason}` : "";
  return `the test was not seen to go on for ${duration(stillMs / 1000)}${why}`;
}

/** A fortieth of the time that the test takes. */
function pollMs({ minutes }: Plan, { leastPollMs, mostPollMs }: Timing): number {
  return Math.min(mostPollMs, Math.max(leastPollMs, ((minutes ?? 10) * 60_000) / 40));
}

/** The list shows that a test runs, or what came of it, without waiting for the next pass. */
function tellSoon(context: RunContext): void {
  noteDriveChange();
  context.soon("smart");
}

function textOf(entry: TestEntry): string {
  return JSON.stringify([entry.type, entry.result, entry.atHours, entry.lba, entry.text]);
}

function bootIdOf(host: Host): string {
  try {
    return host.readText("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  } catch {
    return "";
  }
}
