import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  failed,
  forever,
  noPodmanStage as missing,
  type PodmanStage,
  rolledBack,
  startPodmanStage,
  succeeded,
} from "./podman-stage.ts";

describe.skipIf(missing !== undefined)(`what hangs on Podman's containers (${missing ?? "private podman"})`, () => {
  let stage: PodmanStage;

  beforeAll(async () => {
    stage = await startPodmanStage({
      "1": [forever, "ENV RELEASE=1", "VOLUME /anon"],
      "2": [forever, "ENV RELEASE=2", "VOLUME /anon"],
      bad: ['CMD ["/bin/busybox","false"]', "VOLUME /anon"],
    });
  }, 60_000);

  afterAll(() => stage?.close());

  /** A container of tag 1 made by the program, which runs. */
  const podmanRun = (name: string, ...args: string[]) =>
    stage.engine.cli("run", "-d", "--name", name, ...args, `${stage.app}:1`).trim();

  async function family(...names: string[]) {
    const found = await Promise.all(names.map((name) => stage.inspect(name)));
    return found.map(({ Id, State, HostConfig, Config, Mounts }) => ({
      id: Id,
      running: State.Running,
      release: Config.Env.find((one: string) => one.startsWith("RELEASE=")),
      network: HostConfig.NetworkMode,
      pid: HostConfig.PidMode,
      mounts: Mounts.map(({ Name, Destination, RW }) => `${Name}:${Destination}:${RW}`).sort(),
    }));
  }

  test("what shares its network, its processes and its volumes is made again with it, and goes back with it", async () => {
    podmanRun("vpn", "--network", "none", "--volume", "shared:/shared");
    podmanRun("rider", "--network", "container:vpn");
    podmanRun("watcher", "--pid", "container:vpn", "--network", "none");
    podmanRun("reader", "--volumes-from", "vpn:ro", "--network", "none");
    podmanRun("bystander", "--network", "none");
    const names = ["vpn", "rider", "watcher", "reader", "bystander"];
    const before = await family(...names);
    expect(await stage.update("vpn", "2")).toMatchObject({ status: succeeded, reason: "", output: { changed: true } });
    const [vpn, ...others] = await family(...names);
    expect(vpn).toMatchObject({ release: "RELEASE=2", running: true, mounts: before[0]?.mounts });
    expect(others.map(({ release, running }) => [release, running])).toEqual(others.map(() => ["RELEASE=1", true]));
    const [rider, watcher, reader, bystander] = others;
    expect([rider?.network, watcher?.pid]).toEqual([`container:${vpn?.id}`, `container:${vpn?.id}`]);
    expect(reader?.mounts).toEqual(before[3]?.mounts);
    expect(bystander).toEqual(before[4]);
    expect(await stage.named("")).toHaveLength(names.length);

    const back = await stage.run({ containerRollback: { container: "vpn" } });
    expect(back).toMatchObject({ status: succeeded, reason: "" });
    const again = await family(...names);
    expect(again.map(({ release, running }) => [release, running])).toEqual(names.map(() => ["RELEASE=1", true]));
    expect(again[1]?.network).toBe(`container:${again[0]?.id}`);

    // A bad one: the old ones run again, all of them, as they were.
    expect((await stage.update("vpn", "bad")).status).toBe(rolledBack);
    expect(await family(...names)).toEqual(again);
    await stage.remove("reader", "watcher", "rider", "vpn", "bystander");
  });

  test("what requires it can't be made again: refused before anything is pulled", async () => {
    podmanRun("base", "--network", "none");
    podmanRun("needy", "--network", "none", "--requires", "base");
    const before = await family("base", "needy");
    const { status, reason } = await stage.update("base", "2");
    expect([status, reason]).toEqual([failed, expect.stringMatching(/^needy was made with --requires.*nothing/)]);
    expect(await family("base", "needy")).toEqual(before);
    await stage.remove("needy", "base");
  });

  test("one that goes when it stops", async () => {
    podmanRun("brief", "--rm", "--network", "none", "--volume", "kept:/kept");
    const [before] = await family("brief");
    expect((await stage.update("brief", "bad")).status).toBe(rolledBack);
    const [back] = await family("brief");
    expect(back).toMatchObject({ release: "RELEASE=1", running: true, mounts: before?.mounts });
    expect(await stage.update("brief", "2")).toMatchObject({ status: succeeded, reason: "" });
    const [after] = await family("brief");
    expect(after).toMatchObject({ release: "RELEASE=2", running: true, mounts: before?.mounts });
    expect((await stage.inspect("brief")).HostConfig.AutoRemove).toBe(true);
    expect(await stage.named("brief")).toEqual(["brief running"]);
    await stage.remove("brief");
  });

  test("one that is stopped stays so", async () => {
    stage.engine.cli("create", "--name", "asleep", "--network", "none", "--volume", "dream:/dream", `${stage.app}:1`);
    expect(await stage.update("asleep", "2")).toMatchObject({ status: succeeded, reason: "" });
    expect(await family("asleep")).toMatchObject([{ release: "RELEASE=2", running: false }]);
    expect(existsSync(join(stage.folder, "state/commands"))).toBe(true);
    await stage.remove("asleep");
  });
});
