/** Verdicts of drives from well to worst. A sleeping drive is well; one that says nothing is worse than one that is well. */
export const verdicts = ["healthy", "standby", "unknown", "warning", "critical", "failed"] as const;

/** States of pools from well to worst. */
export const poolStates = [
  "online",
  "unknown",
  "offline",
  "stuck",
  "degraded",
  "removed",
  "unavailable",
  "suspended",
  "faulted",
] as const;

/** States of RAID controllers that someone must look at. */
export const badControllerStates = ["degraded", "failed"] as const;

/** Verdicts that someone must look at. */
export const badVerdicts = ["warning", "critical", "failed"] as const;

/** Pool states that someone must look at. */
export const badPoolStates = poolStates.slice(3);

/** Place of the state among these, worst last; one that is not listed counts as the second. */
export function severityOf(states: readonly string[], state: string | null): number {
  const at = state === null ? -1 : states.indexOf(state);
  return at < 0 ? states.indexOf("unknown") : at;
}
