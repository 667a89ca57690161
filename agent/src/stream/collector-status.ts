import { pb } from "@fairlead/proto";
import type { CollectorHealth } from "../collectors/pass.ts";

const states = {
  ok: pb.CollectorState.COLLECTOR_STATE_OK,
  absent: pb.CollectorState.COLLECTOR_STATE_ABSENT,
  failed: pb.CollectorState.COLLECTOR_STATE_FAILED,
  timed_out: pb.CollectorState.COLLECTOR_STATE_TIMED_OUT,
  disabled: pb.CollectorState.COLLECTOR_STATE_DISABLED,
} as const;

/** A collector's health as the frame that tells of it. */
export function collectorStatus(health: CollectorHealth): pb.CollectorStatus.$Properties {
  return {
    collector: health.name,
    state: states[health.state],
    error: health.error,
    errorCount: health.errorCount,
    durationSeconds: health.durationSeconds,
    lastSuccessUnixMs: Math.round(health.lastSuccessAt),
  };
}

/** Those whose state or error differ from what `told` says; `told` is brought up to date. */
export function changedHealth(now: readonly CollectorHealth[], told: Map<string, string>): CollectorHealth[] {
  return now.filter((health) => {
    const key = `${health.state} ${health.error}`;
    if (told.get(health.name) === key) return false;
    told.set(health.name, key);
    return true;
  });
}
