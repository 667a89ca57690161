import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDocker } from "../src/runtimes/docker.ts";
import { forever, noPodmanStage as missing, type PodmanStage, startPodmanStage, succeeded } from "./podman-stage.ts";

describe.skipIf(missing !== undefined)(`backups of Podman's containers (${missing ?? "private podman"})`, () => {
  let stage: PodmanStage;

  beforeAll(async () => {
    stage = await startPodmanStage({
      "1": [forever, "ENV RELEASE=1", "VOLUME /anon"],
      "2": [forever, "ENV RELEASE=2", "VOLUME /anon"],
    });
  }, 60_000);

  afterAll(() => stage?.close());

  const backUp = (container: string, consistency: number) =>
    stage.run({ containerBackup: { container, options: { volumes: true, consistency } } });

  async function mounts(name: string): Promise<Record<string, { volume: string; source: string }>> {
    const { Mounts } = await stage.inspect(name);
    return Object.fromEntries(
      Mounts.map(({ Name = "", Source, Destination }) => [Destination, { volume: Name, source: Source }]),
    );
  }

  test.for([
    ["paused", 1],
    ["stopped", 2],
  ] as const)("volumes, named and anonymous, saved while %s, made again beside and in place", async ([how, way]) => {
    const name = `kept-${how}`;
    await stage.make(name, {}, { Binds: [`${name}:/named`] });
    const { output, ...ended } = await backUp(name, way);
    expect(ended).toEqual({ status: succeeded, reason: "" });
    expect((await stage.inspect(name)).State).toMatchObject({ Running: true, Paused: false });
    const before = await mounts(name);
    for (const { source } of Object.values(before)) writeFileSync(join(source, name), "spoilt");

    const copy = await stage.run({ containerRestore: { backup: output.backup, name: `${name}-copy` } });
    expect([copy.status, copy.reason]).toEqual([succeeded, ""]);
    expect(await stage.named(`${name}-copy`)).toEqual([`${name}-copy running`]);
    const copied = await mounts(`${name}-copy`);
    for (const path of ["/anon", "/named"]) {
      expect(copied[path]?.volume).not.toBe(before[path]?.volume);
      expect(readFileSync(join(copied[path]?.source ?? "", name), "utf8")).toBe(name);
      expect(readFileSync(join(before[path]?.source ?? "", name), "utf8")).toBe("spoilt");
    }
    await stage.remove(`${name}-copy`);

    const back = await stage.run({ containerRestore: { backup: output.backup, overwriteVolumes: true } });
    expect([back.status, back.reason]).toEqual([succeeded, ""]);
    expect(await stage.named(name)).toEqual([`${name} running`]);
    expect((await mounts(name))["/named"]?.volume).toBe(name);
    expect(await stage.data(name)).toEqual([`/anon ${name}`, `/named ${name}`]);
    await stage.remove(name);
  });

  test("a volume is read through the API the same, whether its container runs or not", async () => {
    await stage.make("read", {}, { Binds: ["told:/named"] });
    const signal = AbortSignal.timeout(30_000);
    const runtime = await openDocker({ socket: stage.engine.socket }, signal);
    const list = async (path: string) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of await runtime.archiveOut("read", path, signal)) pieces.push(piece);
      return execFileSync("tar", ["-tPf", "-"], { input: Buffer.concat(pieces) })
        .toString()
        .split("\n")
        .filter(Boolean);
    };
    const paths = ["/named", "/anon/", "/named/read", "/etc"];
    const running = await Promise.all(paths.map(list));
    expect(running[0]?.map((name) => name.replace(/\/$/, "")).sort()).toEqual(["named", "named/read"]);
    await runtime.stop("read", 1, signal);
    const bare = (names: string[]) => names.map((name) => name.replace(/\/$/, "")).sort();
    expect((await Promise.all(paths.map(list))).map(bare)).toEqual(running.map(bare));
    await stage.remove("read");
  });

  test("an update saves first, and what it saved can be had again after the old one is gone", async () => {
    await stage.make("shop", {}, { Binds: ["goods:/named"] });
    const backup = { volumes: true, consistency: 2 };
    const { output, ...ended } = await stage.update("shop", "2", { backup });
    expect(ended).toEqual({ status: succeeded, reason: "" });
    const [id] = Object.values(output.backups ?? {}) as string[];
    const { source } = (await mounts("shop"))["/named"] ?? {};
    writeFileSync(join(source ?? "", "shop"), "migrated");
    const back = await stage.run({ containerRestore: { backup: id, overwriteVolumes: true } });
    expect([back.status, back.reason]).toEqual([succeeded, ""]);
    expect((await stage.inspect("shop")).Config.Env).toContain("RELEASE=1");
    expect(await stage.data("shop")).toEqual(["/anon shop", "/named shop"]);
    expect(existsSync(join(stage.folder, "state/backups"))).toBe(true);
    await stage.remove("shop");
  });
});
