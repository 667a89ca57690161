import type { Baseline } from "./baseline.ts";
import { failureRate } from "./failure-rates.ts";
import { gradeByRate } from "./judge-ata.ts";
import { countReason, failing, type Grade, type Reason, reason, smartFailed } from "./reason.ts";
import type { Drive } from "./types.ts";

/** Additional sense code of a warning (temperature, background test), where 0x5d predicts failure. */
const warningSense = 0x0b;

/**
 * Rules for SCSI and SAS. A grown defect is what ATA calls a reallocated sector and has its failure rates, but none is
 * usual, so that the first one is a warning; errors left uncorrected fail a drive as they do on ATA (attribute 187).
 */
export function judgeScsi(drive: Drive, baseline: Baseline | undefined): Reason[] {
  const reasons: Reason[] = [];
  const { scsi } = drive;
  if (failing(drive)) {
    const said = scsi?.status ? ` (${scsi.status})` : "";
    const only = scsi?.asc === warningSense;
    reasons.push(only ? reason("health_warning", "warning", `The drive warns of its health${said}`) : smartFailed());
  }
  if (!scsi) return reasons;
  reasons.push(
    ...countReason("grown_defects", "scsi:grown_defects", scsi.grownDefects, baseline, gradeDefects),
    ...countReason("failure_rate", "scsi:pending_defects", scsi.pendingDefects, baseline, (count) =>
      gradeByRate(197, count, "pending defects"),
    ),
  );
  for (const kind of ["read", "write", "verify"] as const) {
    const grade = (count: number) => gradeByRate(187, count, `uncorrected ${kind} errors`);
    reasons.push(
      ...countReason("uncorrected_errors", `scsi:${kind}_uncorrected`, scsi.uncorrected[kind], baseline, grade),
    );
  }
  return reasons;
}

function gradeDefects(count: number): Grade {
  if (count <= 0) return undefined;
  const grade = gradeByRate(5, count, "grown defects");
  if (grade && grade.severity !== "info") return grade;
  const rate = (failureRate(5, count)?.rate ?? 0) * 100;
  return {
    severity: "warning",
    threshold: 1,
    text: grade?.text ?? `${count} grown defects (${rate} % fail within a year)`,
  };
}
