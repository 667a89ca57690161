import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RuntimeFailure } from "../src/runtimes/runtime.ts";
import { type Dockerd, noDockerd, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";
import { forever, type Stage, shell, stage } from "./update-stage.ts";

const [succeeded, failed] = ["SUCCEEDED", "FAILED"];

describe.skipIf(noDockerd !== undefined)(`updates of databases${noDockerd ? `: ${noDockerd}` : ""}`, () => {
  let engine: Dockerd;
  let registry: Registry;
  let app = "";
  let executor: Stage["executor"];
  let run: Stage["run"];
  let before: Stage["before"];
  const folder = mkdtempSync(join(tmpdir(), "fairlead-update-databases-"));

  beforeAll(async () => {
    [engine, registry] = await Promise.all([startDockerd(), startRegistry()]);
    app = `${registry.address}/app`;
    const images: [tag: string, changes: string[]][] = [
      ["plain", [forever]],
      ["other", [forever, "ENV RELEASE=2"]],
      ["pg13", [forever, "ENV PG_MAJOR=13"]],
      ["pg16", [forever, "ENV PG_MAJOR=16"]],
      ["pg16b", [forever, "ENV PG_MAJOR=16", "ENV B=1"]],
      ["pg18", [forever, "ENV PG_MAJOR=18", "ENV PGDATA=/var/lib/postgresql/18/docker"]],
      ["maria11", [forever, "ENV MARIADB_VERSION=1:11.4.2+maria~ubu2404"]],
    ];
    for (const [tag, changes] of images) {
      await engine.image("made:x", changes);
      await push(engine.docker, "made:x", `${app}:${tag}`);
    }
    ({ run, before, executor } = await stage(engine, folder));
  }, 60_000);

  afterAll(async () => {
    await executor?.stop();
    await Promise.all([engine?.close(), registry?.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const update = (container: string, tag: string, more: object = {}) =>
    run({ containerUpdate: { container, image: `${app}:${tag}`, stableSeconds: 1, ...more } });

  async function make(name: string, tag: string, Binds: string[], file: [path: string, text: string]): Promise<void> {
    for await (const _ of await engine.docker.pull(`${app}:${tag}`));
    const made = await engine.docker.createContainer({
      name,
      Image: `${app}:${tag}`,
      HostConfig: { NetworkMode: "none", Binds },
    });
    await made.start();
    const [path, text] = file;
    await shell(engine, name, `mkdir -p $(dirname ${path}) && printf '${text}' >${path}`);
  }

  test("data of an image that tells nothing are known by their own file, whether the container runs or not", async () => {
    await make("old", "plain", ["old:/var/lib/postgresql/data"], ["/var/lib/postgresql/data/PG_VERSION", "13\\n"]);
    const refused = {
      status: failed,
      reason: `refused: PostgreSQL 16 can't be relied on to read the data of 13 (PG_VERSION in the volume old; PG_MAJOR of the new image): dump with 13 and load into 16, or upgrade the data first (database_major): force it with a reason, if you must; nothing was changed`,
    };
    expect(await update("old", "pg16")).toMatchObject(refused);
    await engine.docker.getContainer("old").stop();
    expect(await update("old", "pg16")).toMatchObject(refused);
    expect((await update("old", "pg13")).status).toBe(succeeded);
  });

  test("after a forced update whose server never opened the data there is a way back, and none to others", async () => {
    await make("forced", "pg13", ["forced:/data"], ["/data/PG_VERSION", "13\\n"]);
    const forth = await update("forced", "pg16", { forceReason: "to see" });
    expect(forth).toMatchObject({ status: succeeded, output: { guards: [{ code: "database_major" }] } });
    expect((await update("forced", "pg18")).reason).toMatch(/18 can't be relied on to read the data of 13/);
    const back = await run({ containerRollback: { container: "forced", stableSeconds: 1 } });
    expect(back).toMatchObject({ status: succeeded });
  });

  test("what can't be told of the new image is a note, no guard", async () => {
    await make("custom", "plain", ["custom:/data"], ["/data/PG_VERSION", "13\\n"]);
    const note = `custom: the container holds data of PostgreSQL 13 (PG_VERSION in the volume custom), and nothing tells which version ${app}:other is: it has to be able to read them`;
    const planned = await update("custom", "other", { dryRun: true });
    expect(planned.output).toMatchObject({ plan: { warnings: [note] } });
    const done = await update("custom", "other");
    expect(done).toMatchObject({ status: succeeded, output: { warning: note } });
  });

  test("where the host does not see a volume the engine is asked; host folders too", async () => {
    const device = join(engine.folder, "elsewhere");
    mkdirSync(device);
    await engine.docker.createVolume({
      Name: "options",
      Driver: "local",
      DriverOpts: { type: "none", o: "bind", device },
    });
    await make("asked", "plain", ["options:/bitnami/postgresql"], ["/bitnami/postgresql/data/PG_VERSION", "15\\n"]);
    expect((await update("asked", "pg16")).reason).toMatch(/data of 15 \(PG_VERSION in the volume options/);
    await engine.docker.getContainer("asked").stop();
    expect((await update("asked", "pg16")).reason).toMatch(/data of 15 \(PG_VERSION in the volume options/);

    const bind = join(engine.folder, "bound");
    mkdirSync(bind);
    const info = ["/var/lib/mysql/mysql_upgrade_info", "10.6.18-MariaDB"] as [string, string];
    await make("bound", "plain", [`${bind}:/var/lib/mysql`], info);
    expect((await update("bound", "maria11")).reason).toMatch(
      `MariaDB 11.4 can't be relied on to read the data of 10.6 (mysql_upgrade_info in ${bind}; MARIADB_VERSION of`,
    );
  });

  test("data that could not be read are told of", async () => {
    const bind = join(engine.folder, "unread");
    mkdirSync(bind);
    await make("unread", "plain", [`${bind}:/var/lib/postgresql/data`, "/etc/hostname:/etc/name"], ["/tmp/x", ""]);
    before("archiveOut", () => {
      throw new RuntimeFailure("refused", "no such answer");
    });
    const { status, output } = await update("unread", "pg16");
    expect(status).toBe(succeeded);
    expect(output.warning).toBe("unread: the version of its data could not be read: no such answer");
    // Below a mounted file there is nothing to read.
    expect((await update("unread", "pg16b")).output.warning).toBeUndefined();
  });

  test("what the new server would open counts", async () => {
    const binds = ["layout:/var/lib/postgresql"];
    await make("layout", "pg16", binds, ["/var/lib/postgresql/data/PG_VERSION", "16\\n"]);
    expect((await update("layout", "pg18")).reason).toMatch(/18 can't be relied on to read the data of 16/);
    // Upgraded beside the old ones by a person.
    await shell(
      engine,
      "layout",
      "mkdir -p /var/lib/postgresql/18/docker && echo 18 >/var/lib/postgresql/18/docker/PG_VERSION",
    );
    expect((await update("layout", "pg18")).status).toBe(succeeded);
  });

  test("a volume's links, pipes and folders lead nowhere", async () => {
    const outside = join(folder, "PG_VERSION");
    writeFileSync(outside, "9.6\n");
    await make("trap", "plain", ["trap:/data"], ["/data/x", ""]);
    const { Mountpoint } = await engine.docker.getVolume("trap").inspect();
    symlinkSync(outside, join(Mountpoint, "PG_VERSION"));
    await shell(engine, "trap", "mkdir -p /data/data/PG_VERSION /data/pgdata && mkfifo /data/pgdata/PG_VERSION");
    expect((await update("trap", "pg16")).status).toBe(succeeded);
  });
});
