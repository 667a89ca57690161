import { describe, expect, test } from "vitest";
import { reportTimes } from "./compare.ts";
import { runCut } from "./cut.ts";
import { createNetwork, noLoss, noNetwork } from "./network.ts";
import { settle } from "./settle.ts";
import { until } from "./until.ts";
import { Witness } from "./witness.ts";
import { World } from "./world.ts";

const reason = noNetwork();

describe.skipIf(reason !== undefined)(`network cut${reason === undefined ? "" : ` (${reason})`}`, () => {
  test("everything arrives with its own time, the newest first", { timeout: 240_000 }, async () => {
    const lines: string[] = [];
    const result = await runCut(30_000, (line) => lines.push(line)).catch((error) => {
      console.error(lines.join("\n"));
      throw error;
    });
    const { missing, unexpected, wrong } = result.difference;
    const { wrongChanges, rollups } = result;
    expect({ missing, unexpected, wrong, wrongChanges, rollups: rollups.wrong }).toEqual({
      missing: [],
      unexpected: [],
      wrong: [],
      wrongChanges: [],
      rollups: [],
    });
    expect(result.backlog).toBeGreaterThan(15);
    // Three intervals, but ten seconds at least.
    expect(result.offlineAfterMs).toBeGreaterThan(8_000);
    expect(result.states.slice(result.states.indexOf("online"))).toEqual(["online", "offline", "online"]);
    // The newest first, not the backlog: a report that is made while the session opens may still be on its way.
    expect(result.newerThanFirstStored).toBeLessThan(result.backlog / 3);
    expect(rollups.windows).toEqual(expect.arrayContaining(result.lateWindows));
  });
});

const unable = noLoss();

test.skipIf(unable !== undefined)(
  `a link that loses a tenth of all packets loses no report${unable === undefined ? "" : ` (${unable})`}`,
  { timeout: 120_000 },
  async () => {
    const network = createNetwork();
    const world = await World.start();
    try {
      network.lose(0.1);
      const agent = await world.addAgent({ name: "far", prefix: network.prefix, host: network.gateway });
      const witness = new Witness(agent.stateDir);
      await until("ten reports", async () => reportTimes(await witness.records()).length >= 10);
      await settle(world);
      expect((await agent.status())?.spool.dropped).toBe(0);
      witness.close();
    } finally {
      await world.close();
      network.close();
    }
  },
);
