import { until } from "./until.ts";
import type { Agent, World } from "./world.ts";

/** What is asked of an agent that settles. */
export type Settling = Pick<Agent, "name" | "serverId" | "status" | "cli"> & { process: { tail(): string } };

/** Resolves when the agents have nothing left to send. From then on they report once in 300 s. */
export async function settle(world: World, agents: readonly Settling[] = world.agents): Promise<void> {
  await world.ready();
  await until("intervals are set", async () => {
    for (const { serverId } of agents)
      await world.api("PATCH", `infrastructure/servers/${serverId}`, { intervalSeconds: 300 });
    return true;
  });
  await Promise.all(
    agents.map(async (agent) => {
      let last = "";
      await until(
        `${agent.name} has sent all`,
        async () => {
          const status = await agent.status();
          last = JSON.stringify(status?.connection);
          return status?.config.intervalSeconds === 300 && status.spool.records === 0;
        },
        { patienceMs: 120_000, explain: () => `${last}\n${agent.process.tail()}`, everyMs: 50 },
      );
      const { stdout } = await agent.cli("status", "--json");
      if (JSON.parse(stdout).spool.records !== 0) throw new Error(`status tells otherwise: ${stdout}`);
    }),
  );
}
