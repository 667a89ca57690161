import { randomInt } from "node:crypto";
import { runChaos } from "../../server/tests/system/chaos.ts";

/**
 * Kills server, database and agents with -9 at random under load (FAIRLEAD_BENCH_KILLS, default 20; FAIRLEAD_BENCH_SEED
 * repeats a run) and compares every value that agents spooled with what is stored. Fails on any difference.
 */
export default async function bench(): Promise<Record<string, unknown>> {
  const kills = Number(process.env.FAIRLEAD_BENCH_KILLS ?? 20);
  const seed = Number(process.env.FAIRLEAD_BENCH_SEED ?? randomInt(2 ** 31));
  const print = (line: string) => console.error(line);
  const result = await runChaos({ kills, seed, agents: 3, waitForRollups: true, print });
  const faults = [
    ...result.missing,
    ...result.unexpected,
    ...result.wrong,
    ...result.wrongChanges,
    ...result.gaps,
    ...result.rollups.wrong,
  ];
  for (const fault of faults.slice(0, 20)) console.error(fault);
  if (faults.length > 0) throw new Error(`${faults.length} differences; FAIRLEAD_BENCH_SEED=${seed} repeats the run`);
  const { reports, samples, changes, dropped, longestAbsenceMs, crashes, rollups } = result;
  return {
    kills: result.kills,
    seed,
    reports,
    samples,
    lost: 0,
    doubled: 0,
    changes,
    dropped,
    longest_agent_absence_ms: longestAbsenceMs,
    rollup_rows_equal: rollups.equal,
    failed_restarts: crashes.length,
  };
}
