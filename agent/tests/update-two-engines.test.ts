import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { pb } from "@fairlead/proto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createExecutor } from "../src/executor/create-executor.ts";
import { createLog } from "../src/log.ts";
import { createRuntimes } from "../src/runtimes/index.ts";
import { type Dockerd, noDockerd, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";
import { endedOf, forever, pulled } from "./update-stage.ts";

describe.skipIf(noDockerd !== undefined)("updates while one of two engines is silent", { timeout: 90_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-two-"));
  let engines: Dockerd[] = [];
  let registry: Registry;
  let app = "";

  beforeAll(async () => {
    registry = await startRegistry();
    engines = [await startDockerd(), await startDockerd()];
    app = `${registry.address}/app`;
    for (const engine of engines) {
      for (const tag of ["1", "2"]) {
        await engine.image("made:x", [forever, `ENV RELEASE=${tag}`]);
        await push(engine.docker, "made:x", `${app}:${tag}`);
      }
      await pulled(engine, `${app}:1`);
    }
  }, 60_000);

  afterAll(async () => {
    await Promise.all([...engines.map((engine) => engine.close()), registry?.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test("the other one serves, and what waits says for what", async () => {
    const [dead, well] = engines as [Dockerd, Dockerd];
    for (const [engine, names] of [
      [dead, ["first", "second", "third"]],
      [well, ["other"]],
    ] as const) {
      for (const name of names) {
        const HostConfig = { NetworkMode: "none" };
        await (await engine.docker.createContainer({ name, Image: `${app}:1`, HostConfig })).start();
      }
    }
    const told = new Map<string, string[]>();
    const results = new Map<string, pb.CommandResult.$Properties>();
    const configured = [
      { name: "dead", type: "docker" as const, socket: dead.socket },
      { name: "well", type: "docker" as const, socket: well.socket },
    ];
    const runtimes = createRuntimes({ configured, stateDir: folder });
    const executor = createExecutor({
      stateDir: folder,
      config: { allow: ["container.update", "container.restart"], readOnly: false },
      runtime: () => runtimes.get(""),
      runtimes,
      refresh: async () => ({}),
      events: {
        progress: ({ id = "", phase, message }) => {
          told.set(id ?? "", [...(told.get(id ?? "") ?? []), `${phase ?? ""}: ${message ?? ""}`]);
        },
        result: (result) => results.set(result.id ?? "", result),
      },
      log: createLog("error", { write: () => {} }),
      now: Date.now,
    });
    await executor.recover();
    const send = (action: object) => {
      const id = randomUUID();
      executor.handle({ id, deadlineUnixMs: 0, ...action } as never);
      return id;
    };
    const update = (container: string, stableSeconds: number) =>
      send({ containerUpdate: { container, image: `${app}:2`, stableSeconds } });
    const saidOf = (id: string) => () => (told.get(id) ?? []).join("\n");
    const stuck = [update("first", 600), update("second", 600)];
    for (const id of stuck) await expect.poll(saidOf(id), { timeout: 30_000 }).toMatch(/^gate: /m);
    const pid = Number(readFileSync(join(dead.folder, "pid"), "utf8"));
    process.kill(pid, "SIGSTOP");
    try {
      const third = update("third", 1);
      const restart = send({ containerRestart: { container: "first" } });
      const other = update("well/other", 1);
      await expect
        .poll(() => results.get(other) && endedOf(results.get(other) ?? {}), { timeout: 60_000 })
        .toMatchObject({
          status: "SUCCEEDED",
          reason: "",
        });
      await expect.poll(saidOf(restart)).toMatch(/^: waits for another command on this container$/m);
      await expect.poll(saidOf(third), { timeout: 30_000 }).toMatch(/^: waits for an answer of the engine$/m);
      await expect
        .poll(() => results.get(third) && endedOf(results.get(third) ?? {}), { timeout: 60_000 })
        .toMatchObject({
          status: "FAILED",
          reason: expect.stringMatching(/did not answer in time.*nothing was changed$/),
        });
      for (const id of stuck) {
        executor.cancel(id);
        await expect.poll(saidOf(id), { timeout: 60_000 }).toMatch(/the engine does not answer, trying again/);
      }
      expect([...stuck, restart].some((id) => results.has(id))).toBe(false);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    for (const id of stuck) {
      await expect.poll(() => endedOf(results.get(id) ?? {}).status, { timeout: 60_000 }).toBe("CANCELLED");
    }
    await executor.stop();
  });
});
