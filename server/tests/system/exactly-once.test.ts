import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { runChaos } from "./chaos.ts";

test("every report is stored exactly once, whoever is killed", { timeout: 240_000 }, async () => {
  const seed = Number(process.env.FAIRLEAD_TEST_SEED ?? randomInt(2 ** 31));
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  try {
    const result = await runChaos({ kills: 5, seed, agents: 3, waitForRollups: false, print });
    const { missing, unexpected, wrong, wrongChanges, gaps, rollups } = result;
    expect({ missing, unexpected, wrong, wrongChanges, gaps, rollups: rollups.wrong }).toEqual({
      missing: [],
      unexpected: [],
      wrong: [],
      wrongChanges: [],
      gaps: [],
      rollups: [],
    });
    expect(result.dropped).toBe(0);
    // A server whose database is killed while it starts says so, ends with 1 and is started again. Agents never end.
    expect(result.crashes.filter((crash) => !crash.startsWith("server ended with 1: fairlead: "))).toEqual([]);
    expect(result.reports).toBeGreaterThan(20);
    expect(result.samples).toBeGreaterThan(result.reports * 5);
    // The agent whose clock is behind fills minutes that are closed: those are rolled up again and again.
    expect(rollups.equal).toBeGreaterThan(0);
  } catch (error) {
    console.error(lines.join("\n"));
    throw new Error(`FAIRLEAD_TEST_SEED=${seed} repeats it`, { cause: error });
  }
});
