import { acknowledge, judge } from "smartctl-parser";
import { Refusal } from "../executor/run-context.ts";
import { cleanTexts } from "./clean-texts.ts";
import { findDrive, readDrive, rememberedDrive } from "./find-drive.ts";
import type { Acknowledged, SmartRequest } from "./requests.ts";
import type { SmartContext } from "./run-request.ts";

/**
 * Accepts the counts that a drive shows, or forgets what was accepted, and judges it anew. A drive that sleeps is not woken:
 * the counts of its last read are taken. Throws Refusal.
 */
export async function acknowledgeCounts(
  request: Extract<SmartRequest, { action: "acknowledge" }>,
  context: SmartContext,
): Promise<Acknowledged> {
  const drive = await findDrive(request.drive, context);
  const answer = await readDrive(drive, context);
  const now = answer.kind === "read" ? answer.drive : rememberedDrive(drive);
  if (now === undefined) {
    const why = answer.kind === "failed" ? answer.reason : "it sleeps";
    throw new Refusal(`the drive was never read, its counts are not known: ${why}`);
  }
  const counts = acknowledge(now);
  const baseline = request.reset
    ? without(drive.baseline, request.counters)
    : { ...drive.baseline, ...chosen(counts, request.counters) };
  const was = JSON.stringify(drive.baseline);
  drive.baseline = baseline;
  if (was !== JSON.stringify(baseline)) drive.baselineAt = Object.keys(baseline).length === 0 ? 0 : context.now();
  drive.judgement = cleanTexts(judge(now, { baseline }));
  context.save({ sync: true });
  const { verdict, reasons } = drive.judgement ?? { verdict: "unknown", reasons: [] };
  return {
    verdict,
    baseline,
    reasons: reasons.slice(0, 20).map(({ severity, text }) => ({ severity, text })),
    measuredAt: drive.measuredAt > 0 ? new Date(drive.measuredAt).toISOString() : null,
  };
}

/** The named counts, or all that are not 0: those need no acceptance. */
function chosen(counts: Readonly<Record<string, number>>, names: readonly string[]): Record<string, number> {
  if (names.length === 0) return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  return Object.fromEntries(
    names.map((name) => {
      const count = Object.hasOwn(counts, name) ? counts[name] : undefined;
      if (count === undefined) {
        const known = Object.keys(counts).join(", ") || "none";
        throw new Refusal(`counters: ${JSON.stringify(name)} is no counter of this drive: it has ${known}`);
      }
      return [name, count];
    }),
  );
}

function without(baseline: Readonly<Record<string, number>>, names: readonly string[]): Record<string, number> {
  const unknown = names.find((name) => !Object.hasOwn(baseline, name));
  if (unknown !== undefined) {
    const known = Object.keys(baseline).join(", ") || "nothing is";
    throw new Refusal(`counters: ${JSON.stringify(unknown)} is not accepted of this drive: ${known}`);
  }
  return Object.fromEntries(Object.entries(baseline).filter(([name]) => names.length > 0 && !names.includes(name)));
}
