import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expireKeptImages } from "../src/executor/update/expire.ts";
import { createLog } from "../src/log.ts";
import { openDocker } from "../src/runtimes/docker.ts";
import { singleRuntime } from "../src/runtimes/index.ts";
import { type Dockerd, noDockerd, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";
import { type Stage, stage } from "./update-stage.ts";

const [succeeded, failed, rolledBack] = ["SUCCEEDED", "FAILED", "ROLLED_BACK"];
const quick = { Labels: { "fairlead.stable": "1s" } };
const forever = 'CMD ["/bin/busybox","sh","-c","trap \\"exit 0\\" TERM; while :; do /bin/busybox sleep 0.1; done"]';

describe.skipIf(noDockerd !== undefined)(
  `updates of more than one container${noDockerd ? `: ${noDockerd}` : ""}`,
  () => {
    let engine: Dockerd;
    let registry: Registry;
    let app = "";
    let executor: Stage["executor"];
    let run: Stage["run"];
    let messages: string[];
    const folder = mkdtempSync(join(tmpdir(), "fairlead-update-engine-"));

    beforeAll(async () => {
      [engine, registry] = await Promise.all([startDockerd(), startRegistry()]);
      app = `${registry.address}/app`;
      const images: [tag: string, changes: string[]][] = [
        ["1", [forever, "ENV RELEASE=1", "VOLUME /data"]],
        ["2", [forever, "ENV RELEASE=2", "ENV ADDED=x", "VOLUME /data", "EXPOSE 8080"]],
        ["bad", ['CMD ["/bin/busybox","false"]', "VOLUME /data"]],
        ["pg16", [forever, "ENV PG_MAJOR=16"]],
        ["pg17", [forever, "ENV PG_MAJOR=17"]],
        // The program itself does not heed SIGTERM.
        [
          "web",
          ['CMD ["/bin/busybox","sh","-c","/bin/busybox httpd -f -p 8080 -h /bin & trap \\"exit 0\\" TERM; wait"]'],
        ],
      ];
      for (const [tag, changes] of images) {
        await engine.image("made:x", changes);
        await push(engine.docker, "made:x", `${app}:${tag}`);
      }
      ({ run, messages, executor } = await stage(engine, folder));
    }, 60_000);

    afterAll(async () => {
      await executor?.stop();
      await Promise.all([engine?.close(), registry?.close()]);
      rmSync(folder, { recursive: true, force: true });
    });

    const update = (container: string, tag: string, more: object = {}) =>
      run({ containerUpdate: { container, image: `${app}:${tag}`, stableSeconds: 1, ...more } });

    async function make(name: string, tag: string, options: object = {}): Promise<string> {
      for await (const _ of await engine.docker.pull(`${app}:${tag}`));
      const made = await engine.docker.createContainer({
        name,
        Image: `${app}:${tag}`,
        HostConfig: { NetworkMode: "none" },
        ...options,
      });
      await made.start();
      return made.id;
    }

    const inspect = (name: string) => engine.docker.getContainer(name).inspect();
    const imageId = async (tag: string) => (await engine.docker.getImage(`${app}:${tag}`).inspect()).Id;

    test("a dry run tells the whole plan and changes nothing", async () => {
      const id = await make("dry", "1", {
        Env: [
          "MINE=yes",
          "DB_PASSWORD=hidden",
          "DATABASE_URL=postgres://app:hidden@db/shop",
          "AWS_ACCESS_KEY_ID=hidden",
        ],
        Labels: { "fairlead.gate.tcp": ":8080", "proxy.auth": "hidden" },
        Healthcheck: { Test: ["CMD", "/bin/probe", "--token", "hidden"] },
      });
      await make("dry-rider", "1", { HostConfig: { NetworkMode: "container:dry" } });
      const { status, output } = await update("dry", "2", { dryRun: true });
      expect(status).toBe(succeeded);
      expect(output).toMatchObject({ changed: false, dryRun: true, toImage: `${app}:2` });
      const changes = [
        { field: "env", name: "ADDED", to: "x" },
        { field: "env", name: "RELEASE", from: "1", to: "2" },
        { field: "exposedPort", name: "8080/tcp", to: true },
      ];
      const target = {
        name: "dry",
        role: "target",
        gates: [{ kind: "tcp", port: 8080 }],
        create: {
          Env: [
            "MINE=yes",
            "DB_PASSWORD=(not shown)",
            "DATABASE_URL=postgres://app:(not shown)@db/shop",
            "AWS_ACCESS_KEY_ID=(not shown)",
          ],
        },
        difference: { changes },
        stays: { volumes: [expect.anything()] },
      };
      const rider = { name: "dry-rider", role: "recreate", because: [{ to: "dry", by: "network" }] };
      const plan = { steps: ["create", "rename", "stop", "start", "gate", "commit"], containers: [target, rider] };
      expect(output).toMatchObject({ plan });
      expect(JSON.stringify(output)).not.toContain("hidden");
      expect((await inspect("dry")).Id).toBe(id);
      expect(await engine.docker.listContainers({ all: true })).toHaveLength(2);
    });

    test("roll-back after an update: the old image, the present settings, the tag too", async () => {
      await make("back", "1", quick);
      const before = await inspect("back");
      await update("back", "2");
      await engine.docker.getContainer("back").update({ Memory: 64 << 20, MemorySwap: 64 << 20 } as object);
      const asked = { container: "back", stableSeconds: 2, healthTimeoutSeconds: 3 };
      const result = await run({ containerRollback: asked });
      expect(result).toMatchObject({ status: succeeded, output: { changed: true, toImage: `${app}:1` } });
      // Before its own label, which says 1 s.
      expect(messages).toContain("it has to run for 2 s, and be healthy where it has a check");
      const after = await inspect("back");
      expect([after.Image, after.Config.Image, after.HostConfig.Memory]).toEqual([before.Image, `${app}:1`, 64 << 20]);
      // And forth again, as the last update was the way back.
      expect((await run({ containerRollback: { container: "back" } })).output.toImage).toBe(`${app}:2`);
      expect((await run({ containerRollback: { container: "none-such" } })).status).toBe(failed);
    });

    test("what replaced the container since is not rolled back unless it is forced; what the agent made of it is", async () => {
      // A stranger of the same name and image, with other data.
      await make("stranger", "1");
      const first = await update("stranger", "2");
      await engine.docker.getContainer("stranger").remove({ force: true });
      const stranger = await make("stranger", "2", { HostConfig: { NetworkMode: "none", Binds: ["other:/data"] } });
      const refused = await run({ containerRollback: { container: "stranger", stableSeconds: 1 } });
      expect(refused).toMatchObject({
        status: failed,
        output: { guards: [{ code: "replaced_since", forcible: true }] },
      });
      expect(refused.reason).toBe(
        `refused: stranger is not the container that the update to ${app}:2 made: someone replaced it since (replaced_since): force it with a reason, if you must; nothing was changed`,
      );
      expect((await inspect("stranger")).Id).toBe(stranger);
      const forced = await run({ containerRollback: { container: "stranger", stableSeconds: 1, forceReason: "mine" } });
      expect(forced).toMatchObject({ status: succeeded, output: { toImage: `${app}:1`, forceReason: "mine" } });

      // A compose service: made anew of the same image it is the same, of another one it is not.
      const labels = { "com.docker.compose.project": "lineage", "com.docker.compose.service": "web" };
      await make("lineage", "1", { Labels: labels });
      await update("lineage", "2");
      await engine.docker.getContainer("lineage").remove({ force: true });
      await make("lineage", "pg16", { Labels: labels });
      const jumped = await run({ containerRollback: { container: "lineage", stableSeconds: 1 } });
      expect(jumped.reason).toContain(`someone replaced it since, and runs ${app}:pg16 (replaced_since)`);
      await engine.docker.getContainer("lineage").remove({ force: true });
      await make("lineage", "2", { Labels: labels });
      expect(await run({ containerRollback: { container: "lineage", stableSeconds: 1 } })).toMatchObject({
        status: succeeded,
      });

      // Recreated by an update of what it hangs on, it is still its own successor.
      await make("root", "1");
      await make("follower", "1", { HostConfig: { NetworkMode: "container:root" } });
      await update("follower", "2");
      await update("root", "2");
      expect(await run({ containerRollback: { container: "follower", stableSeconds: 1 } })).toMatchObject({
        status: succeeded,
        reason: "",
        output: { toImage: `${app}:1` },
      });
      expect(first.status).toBe(succeeded);
    });

    test("roll-back where the tag moved with the update", async () => {
      await engine.image("moving:latest", [forever, "ENV RELEASE=a"]);
      await push(engine.docker, "moving:latest", `${registry.address}/moving:latest`);
      for await (const _ of await engine.docker.pull(`${registry.address}/moving:latest`));
      const made = await engine.docker.createContainer({
        name: "moves",
        Image: `${registry.address}/moving`,
        HostConfig: { NetworkMode: "none" },
      });
      await made.start();
      const before = await inspect("moves");
      await engine.image("moving:next", [forever, "ENV RELEASE=b"]);
      await push(engine.docker, "moving:next", `${registry.address}/moving:latest`);
      const image = `${registry.address}/moving`;
      expect(await run({ containerUpdate: { container: "moves", image, stableSeconds: 1 } })).toMatchObject({
        status: succeeded,
      });
      expect((await inspect("moves")).Image).not.toBe(before.Image);
      expect(await run({ containerRollback: { container: "moves" } })).toMatchObject({ status: succeeded, reason: "" });
      const after = await inspect("moves");
      expect([after.Image, after.Config.Image]).toEqual([before.Image, image]);
      expect((await engine.docker.getImage(image).inspect()).Id).toBe(before.Image);
    });

    test("an update that fails moves the tag back, so that nobody picks the bad image up", async () => {
      await make("tagged", "1");
      const good = await imageId("1");
      await engine.image("made:x", ['CMD ["/bin/busybox","false"]', "VOLUME /data"]);
      await push(engine.docker, "made:x", `${app}:1x`);
      for await (const _ of await engine.docker.pull(`${app}:1`));
      await engine.docker.getImage(`${app}:1`).tag({ repo: app, tag: "1x" });
      const result = await update("tagged", "1x");
      expect(result.status).toBe(rolledBack);
      expect((await engine.docker.getImage(`${app}:1x`).inspect()).Id).toBe(good);
    });

    test("a project is updated in the order of its dependencies, or not at all", async () => {
      const labels = (service: string, dependsOn = "") => ({
        Labels: {
          "com.docker.compose.project": "shop",
          "com.docker.compose.service": service,
          ...(dependsOn === "" ? {} : { "com.docker.compose.depends_on": dependsOn }),
        },
      });
      await make("shop-api-1", "1", labels("api", "db:service_started:false"));
      await make("shop-db-1", "1", labels("db"));
      await make("shop-page-1", "1", labels("page", "api:service_started:true"));
      const started = (await inspect("shop-page-1")).State.StartedAt;
      const images = { api: `${app}:2`, db: `${app}:2` };
      const good = await run({ projectUpdate: { project: "shop", images, stableSeconds: 1 } });
      const roles = [
        { name: "shop-db-1", role: "target" },
        { name: "shop-api-1", role: "target" },
        { name: "shop-page-1", role: "restart" },
      ];
      expect(good).toMatchObject({ status: succeeded, reason: "", output: { containers: roles } });
      expect((await inspect("shop-page-1")).State.StartedAt).not.toBe(started);
      const ids = [(await inspect("shop-api-1")).Id, (await inspect("shop-db-1")).Id];
      const bad = await run({
        projectUpdate: { project: "shop", images: { db: `${app}:1`, api: `${app}:bad` }, stableSeconds: 1 },
      });
      expect(bad.status).toBe(rolledBack);
      expect([(await inspect("shop-api-1")).Id, (await inspect("shop-db-1")).Id]).toEqual(ids);
      const none = await run({ projectUpdate: { project: "shop", images: { cache: `${app}:1` } } });
      expect(none.reason).toBe(
        "images.cache: the project shop has no such service: it has api, db, page; nothing was changed",
      );
      expect((await run({ projectUpdate: { project: "none", images } })).reason).toMatch(/no compose project none/);
    });

    test("guards hold unless they are forced with a reason, which the result tells", async () => {
      await make("never", "1", { Labels: { "fairlead.update": "never" } });
      await make("data", "pg16", { HostConfig: { NetworkMode: "none", Binds: ["pgdata:/var/lib/postgresql"] } });
      await make("swarmed", "1", { Labels: { "com.docker.swarm.task.id": "x" } });
      const refused = await update("never", "2");
      expect(refused).toMatchObject({ status: failed, output: { guards: [{ code: "label_never", forcible: true }] } });
      const major = await update("data", "pg17");
      expect(major.output.guards).toMatchObject([{ code: "database_major" }]);
      expect(major.reason).toMatch(/PostgreSQL 17 can't be relied on to read the data of 16.*nothing was changed/);
      const forced = await update("never", "2", { forceReason: "asked by the owner" });
      expect(forced).toMatchObject({
        status: succeeded,
        output: { forceReason: "asked by the owner", guards: [{ code: "label_never" }] },
      });
      const orchestrated = await update("swarmed", "2", { forceReason: "please" });
      expect(orchestrated.output.guards).toMatchObject([{ code: "orchestrated", forcible: false }]);
      const digest = (await engine.docker.getImage(`${app}:1`).inspect()).RepoDigests[0] ?? "";
      for await (const _ of await engine.docker.pull(digest));
      const made = await engine.docker.createContainer({
        name: "pinned",
        Image: digest,
        HostConfig: { NetworkMode: "none" },
      });
      await made.start();
      expect((await update("pinned", "2")).output.guards).toMatchObject([{ code: "pinned_digest" }]);
    });

    test("gates by label and by command decide over an update", async () => {
      await make("gated", "web", {
        HostConfig: { NetworkMode: "host" },
        Labels: { "fairlead.gate.exec": "/bin/busybox true" },
      });
      const gates = [{ http: { port: 8080, path: "/busybox", status: "200" }, timeoutSeconds: 5 }];
      const good = await update("gated", "2", {
        gates: [{ exec: { command: ["/bin/busybox", "test", "-d", "/bin"] } }],
      });
      expect(good.output.gates).toMatchObject([
        { gate: "exec /bin/busybox true", passed: true },
        { gate: "exec /bin/busybox test -d /bin", passed: true },
      ]);
      const bad = await update("gated", "1", { gates });
      expect(bad.status).toBe(rolledBack);
      expect(bad.reason).toMatch(
        /did not pass the gate http :8080\/busybox: http:\/\/127.0.0.1:8080\/busybox: ECONNREFUSED/,
      );
      await make("typo", "1", { Labels: { "fairlead.gate.htpp": ":80" } });
      expect((await update("typo", "2")).reason).toMatch(
        /label "fairlead.gate.htpp": ":80": no such label.*nothing was changed/,
      );
    });

    test("images kept for a roll-back are let go when their time is over", async () => {
      const runtimes = singleRuntime(() => openDocker({ socket: engine.socket }, AbortSignal.timeout(5_000)));
      const kept = async () => (await engine.docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
      await make("expires", "1", quick);
      await update("expires", "2");
      expect((await kept()).some((tag) => tag.startsWith("fairlead/rollback:"))).toBe(true);
      const limit = AbortSignal.timeout(20_000);
      const expire = (now: number) => expireKeptImages(folder, runtimes, now, limit, createLog("error"));
      expect(await expire(Date.now())).toBe(0);
      expect(await expire(Date.now() + 8 * 86_400_000)).toBeGreaterThan(0);
      expect((await kept()).filter((tag) => tag.startsWith("fairlead/rollback:"))).toEqual([]);
      const late = await run({ containerRollback: { container: "expires" } });
      expect(late.reason).toMatch(/no longer kept; nothing was changed/);
      expect((await inspect("expires")).State.Running).toBe(true);
    });
  },
);
