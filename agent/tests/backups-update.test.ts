import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pb } from "@fairlead/proto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readManifest } from "../src/backups/manifest.ts";
import { containersOf, forever, startExecutor } from "./backup-agent.ts";
import { type Dockerd, noDockerd, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";
import { noRedis, redisProgram } from "./redis.ts";

const { COMMAND_STATUS_SUCCEEDED: succeeded, COMMAND_STATUS_ROLLED_BACK: rolledBack } = pb.CommandStatus;
const none = noDockerd ?? noRedis;
const stop = pb.BackupConsistency.BACKUP_CONSISTENCY_STOP;

describe.skipIf(none !== undefined)(
  `data of containers that are updated${none ? `: ${none}` : ""}`,
  { timeout: 180_000 },
  () => {
    let engine: Dockerd;
    let registry: Registry;
    let agent: Awaited<ReturnType<typeof startExecutor>>;
    let image = "";
    const folder = mkdtempSync(join(tmpdir(), "fairlead-backups-update-"));
    const backups = join(folder, "backups");
    const { make, sh, state } = containersOf(() => engine);
    const libraries = ["/usr", "/lib", "/lib64", "/etc/alternatives"].filter((path) => existsSync(path));
    const redis = (name: string, words: string) => sh(name, `redis-cli -p 6399 ${words}`);

    beforeAll(async () => {
      [engine, registry] = await Promise.all([startDockerd(), startRegistry()]);
      image = `${registry.address}/redis`;
      for (const tag of ["1", "2", "3"]) {
        await engine.image("made:x", [forever, `ENV RELEASE=${tag}`]);
        await push(engine.docker, "made:x", `${image}:${tag}`);
      }
      for await (const _ of await engine.docker.pull(`${image}:1`));
      agent = await startExecutor(engine, folder);
      await make("cache", {
        Image: `${image}:1`,
        Cmd: [redisProgram ?? "", "--dir", "/data", "--port", "6399", "--save", "", "--appendonly", "no"],
        Env: ["PATH=/usr/bin:/bin"],
        HostConfig: { Binds: [...libraries.map((path) => `${path}:${path}:ro`), "cache-data:/data"] },
      });
    });

    afterAll(async () => {
      await agent?.executor.stop();
      await Promise.all([engine?.close(), registry?.close()]);
      rmSync(folder, { recursive: true, force: true });
    });

    const holds = (id: string) => {
      const { files, warnings, consistency } = readManifest(backups, id);
      return { files: files.map(({ what }) => what), warnings, consistency };
    };

    test("stopped for its volumes, dumped before: both are in the backup", async () => {
      await expect.poll(() => redis("cache", "ping"), { timeout: 90_000 }).toBe("PONG");
      await redis("cache", "set answer 42");
      await sh("cache", "echo first >/data/f");
      const options = { volumes: true, dump: true, consistency: stop };
      const saved = await agent.run({ containerBackup: { container: "cache", options } });
      expect([saved.status, saved.reason]).toEqual([succeeded, ""]);
      expect(holds(saved.output.backup)).toEqual({
        files: ["config", "dump", "volume"],
        warnings: [],
        consistency: "stop",
      });
      expect(await state("cache")).toBe("running");

      await expect.poll(() => redis("cache", "set answer 43"), { timeout: 90_000 }).toBe("OK");
      const updated = await agent.run({
        containerUpdate: { container: "cache", image: `${image}:2`, stableSeconds: 1, backup: options },
      });
      expect([updated.status, updated.reason]).toEqual([succeeded, ""]);
      const { cache: id } = updated.output.backups;
      expect(holds(id)).toEqual({ files: ["config", "dump", "volume"], warnings: [], consistency: "stopped" });
      expect((await agent.run({ backupVerify: { backup: id } })).status).toBe(succeeded);
    });

    test("an update that is undone says what became of the data, and the one command that puts them back", async () => {
      const gates = [{ exec: { command: ["/usr/bin/sh", "-c", "echo migrated >/data/f; exit 1"] }, timeoutSeconds: 2 }];
      const update = { container: "cache", image: `${image}:3`, stableSeconds: 1, gates };
      const bare = await agent.run({ containerUpdate: update });
      expect(bare.status).toBe(rolledBack);
      expect(bare.output.data).toEqual({ state: "kept", text: "", saved: {} });
      await sh("cache", "echo second >/data/f");

      const result = await agent.run({ containerUpdate: { ...update, backup: { volumes: true } } });
      expect(result.status).toBe(rolledBack);
      const { cache: id } = result.output.backups;
      const command = `fairlead-agent containers restore ${id} --overwrite-volumes`;
      expect(result.reason).toContain(
        `; its data are as the new container left them: ${command} puts back what cache held`,
      );
      expect(result.output.data).toMatchObject({ state: "kept", saved: { cache: { backup: id, command } } });
      expect(await sh("cache", "cat /data/f")).toBe("migrated");
      const back = await agent.run({ containerRestore: { backup: id, overwriteVolumes: true } });
      expect([back.status, back.reason]).toEqual([succeeded, ""]);
      expect(await sh("cache", "cat /data/f")).toBe("second");
      expect(readdirSync(backups).filter((name) => name.startsWith("."))).toEqual([]);
    });

    test("one that fails before the new container was started left the data alone; its dump goes with it", async () => {
      const before = readdirSync(backups);
      const id = "00000000-0000-4000-8000-000000000001";
      const updating = agent.run(
        {
          containerUpdate: {
            container: "cache",
            image: `${image}:3`,
            backup: { volumes: true, dump: true, consistency: stop },
          },
        },
        id,
      );
      await expect
        .poll(() => agent.progress.some((one) => one.id === id && one.phase === "dump"), { timeout: 90_000 })
        .toBe(true);
      agent.executor.cancel(id);
      const { status, output, reason } = await updating;
      expect([status, reason]).toEqual([pb.CommandStatus.COMMAND_STATUS_CANCELLED, "cancelled"]);
      expect(output.data).toEqual({ state: "untouched", text: "", saved: {} });
      expect(readdirSync(backups)).toEqual(before);
    });
  },
);
