import { randomInt } from "node:crypto";
import { runChaos } from "../../server/tests/system/chaos.ts";
import { runCut } from "../../server/tests/system/cut.ts";
import { noNetwork } from "../../server/tests/system/network.ts";

/**
 * Kills server, database and agents with -9 at random under load (FAIRLEAD_BENCH_KILLS, default 20; FAIRLEAD_BENCH_SEED
 * repeats a run), then cuts the network of two agents (FAIRLEAD_BENCH_CUT_SECONDS, default 600, 0 leaves it out), and
 * compares every value that agents spooled with what is stored. Fails on any difference.
 */
export default async function bench(): Promise<Record<string, unknown>> {
  const kills = Number(process.env.FAIRLEAD_BENCH_KILLS ?? 20);
  const cutSeconds = Number(process.env.FAIRLEAD_BENCH_CUT_SECONDS ?? 600);
  const seed = Number(process.env.FAIRLEAD_BENCH_SEED ?? randomInt(2 ** 31));
  return { ...(await kill(kills, seed)), ...(cutSeconds > 0 ? { cut: await cut(cutSeconds) } : {}) };
}

const print = (line: string) => console.error(line);

async function kill(kills: number, seed: number): Promise<Record<string, unknown>> {
  const result = await runChaos({ kills, seed, agents: 3, waitForRollups: true, print });
  const { missing, unexpected, wrong, wrongChanges, gaps, rollups } = result;
  refuse([...missing, ...unexpected, ...wrong, ...wrongChanges, ...gaps, ...rollups.wrong], `seed ${seed}`);
  return {
    kills: result.kills,
    seed,
    reports: result.reports,
    samples: result.samples,
    lost: 0,
    doubled: 0,
    changes: result.changes,
    dropped: result.dropped,
    longest_agent_absence_ms: result.longestAbsenceMs,
    rollup_rows_equal: rollups.equal,
    failed_restarts: result.crashes,
  };
}

async function cut(seconds: number): Promise<Record<string, unknown>> {
  const reason = noNetwork();
  if (reason !== undefined) return { skipped: reason };
  const result = await runCut(seconds * 1000, print);
  const { missing, unexpected, wrong } = result.difference;
  refuse([...missing, ...unexpected, ...wrong, ...result.wrongChanges, ...result.rollups.wrong], "network cut");
  return {
    seconds,
    lost: 0,
    doubled: 0,
    backlog_reports: result.backlog,
    offline_after_ms: result.offlineAfterMs,
    online_after_ms: result.onlineAfterMs,
    caught_up_after_ms: result.caughtUpAfterMs,
    first_stored_age_ms: result.firstStoredAgeMs,
    rollup_rows_equal: result.rollups.equal,
  };
}

function refuse(faults: readonly string[], what: string): void {
  for (const fault of faults.slice(0, 20)) print(fault);
  if (faults.length > 0) throw new Error(`${faults.length} differences: ${what}`);
}
