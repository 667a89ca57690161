import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pb } from "@fairlead/proto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readManifest } from "../src/backups/manifest.ts";
import { containersOf, forever, startExecutor } from "./backup-agent.ts";
import { type Dockerd, noEngine, startDockerd } from "./dockerd.ts";

const { COMMAND_STATUS_SUCCEEDED: succeeded } = pb.CommandStatus;
const none = noEngine("26");

describe.skipIf(none !== undefined)(`an engine in another root${none ? `: ${none}` : ""}`, { timeout: 180_000 }, () => {
  let engine: Dockerd;
  let agent: Awaited<ReturnType<typeof startExecutor>>;
  const folder = mkdtempSync(join(tmpdir(), "fairlead-roots-"));
  const { make, inside, volumeAt } = containersOf(() => engine);
  const host = join(folder, "bound");

  beforeAll(async () => {
    engine = await startDockerd("26");
    await engine.image("app:1", [forever]);
    agent = await startExecutor(engine, folder);
    // There is one of that path here, too: another folder, with other files.
    mkdirSync(host);
    writeFileSync(join(host, "ours"), "the host's");
  });

  afterAll(async () => {
    await agent?.executor.stop();
    await engine?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("its folders are read and written through it, never ours of the same path", async () => {
    await make("apart", { HostConfig: { Binds: ["apart-data:/data", `${host}:/bound`] } });
    await inside("apart", "$B echo volume >/data/f; $B echo theirs >/bound/f; $B touch /bound/theirs");
    // The engine's own folder is shared with it: that one is the same.
    const [mount = ""] = [(await engine.docker.getVolume("apart-data").inspect()).Mountpoint];
    execFileSync("python3", ["-c", "import os,sys; os.setxattr(sys.argv[1], b'user.mark', b'x')", join(mount, "f")]);
    const saved = await agent.run({
      containerBackup: { container: "apart", options: { volumes: true, binds: ["/bound"] } },
    });
    expect([saved.status, saved.reason]).toEqual([succeeded, ""]);
    const backups = join(folder, "backups");
    const { files } = readManifest(backups, saved.output.backup);
    expect(files.map(({ what, via, entries }) => [what, via, entries])).toEqual([
      ["config", undefined, undefined],
      ["volume", "host", 2],
      ["bind", "engine", 3],
    ]);
    const tar = join(backups, saved.output.backup, "bind-1.tar.zst");
    const listed = execFileSync("sh", ["-c", 'zstd -dc "$1" | tar -t', "sh", tar], { encoding: "utf8" });
    expect(listed.trim().split("\n").sort()).toEqual(["bound/", "bound/f", "bound/theirs"]);

    // What is gone here is there for the engine, and must not be written over.
    rmSync(host, { recursive: true });
    await inside("apart", "$B echo later >/bound/f");
    const copy = await agent.run({ containerRestore: { backup: saved.output.backup, name: "apart2" } });
    expect([copy.status, copy.reason]).toEqual([succeeded, ""]);
    expect(await inside("apart2", "$B cat /bound/f /data/f")).toBe("theirs\nvolume");
    expect(await inside("apart", "$B cat /bound/f")).toBe("later");
    expect(readdirSync(folder).filter((name) => name.startsWith("bound"))).toEqual([]);
    const restored = await volumeAt("apart2", "/data");
    const data = (await engine.docker.getVolume(restored).inspect()).Mountpoint;
    expect(readFileSync(join(data, "f"), "utf8")).toBe("volume\n");
    expect(existsSync(host)).toBe(false);
  });
});
