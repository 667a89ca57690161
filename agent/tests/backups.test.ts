import { execFile, execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { pb } from "@fairlead/proto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listBackups } from "../src/backups/manifest.ts";
import { containersOf, forever, startExecutor } from "./backup-agent.ts";
import { type Dockerd, noDockerd, push, startDockerd, startRegistry } from "./dockerd.ts";
import { containedMariadb, noMariadb } from "./mariadb.ts";
import { noPostgres, postgresPrograms } from "./postgres.ts";
import { noRedis, redisProgram } from "./redis.ts";

const {
  COMMAND_STATUS_SUCCEEDED: succeeded,
  COMMAND_STATUS_FAILED: failed,
  COMMAND_STATUS_ROLLED_BACK: rolledBack,
} = pb.CommandStatus;
const run = promisify(execFile);
/** A few at a time. */
async function inTurns<T>(all: readonly T[], step: (one: T, i: number) => Promise<void>): Promise<void> {
  const left = all.map((one, i) => [one, i] as const);
  const next = async () => {
    for (let taken = left.shift(); taken !== undefined; taken = left.shift()) await step(...taken);
  };
  await Promise.all([next(), next(), next()]);
}

describe.skipIf(noDockerd !== undefined)(
  `backups of containers${noDockerd ? `: ${noDockerd}` : ""}`,
  { timeout: 180_000 },
  () => {
    let engine: Dockerd;
    let agent: Awaited<ReturnType<typeof startExecutor>>;
    const folder = mkdtempSync(join(tmpdir(), "fairlead-backups-"));
    const backups = join(folder, "backups");

    beforeAll(async () => {
      engine = await startDockerd();
      await engine.image("app:1", [forever, "VOLUME /anon"]);
      agent = await startExecutor(engine, folder);
    });

    afterAll(async () => {
      await agent?.executor.stop();
      await engine?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const { make, inside, sh, state, mountpoint, volumeAt } = containersOf(() => engine);
    const child = join(import.meta.dirname, "backup-child.ts");

    /** Everything that a folder of the host holds: owners, modes, links, sizes with holes, times, attributes, data. */
    function treeOf(path: string): string {
      const list = "find . -type d -printf '%P|%U:%G|%m|%T@\\n' -o -printf '%P|%U:%G|%m|%s|%y|%l|%n|%T@\\n' | sort";
      const header = "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime";
      const data =
        "find . -type f ! -name hole -print0 | sort -z | xargs -0 cat | sha256sum; tail -c 3 hole; du -k hole";
      const marked = `tar --format=posix ${header} --xattrs -cf - ./-rf | sha256sum`;
      return execFileSync("sh", ["-c", `cd "$1"; ${list}; ${data}; ${marked}`, "sh", path], {
        encoding: "utf8",
        maxBuffer: 16 << 20,
      });
    }
    /** Owners, modes, links, odd names, a hole, attributes, many small files. */
    async function fillOddly(volume: string): Promise<string> {
      const path = await mountpoint(volume);
      const script = `cd "$1"
umask 022
mkdir -p many deep/a/b empty; for i in $(seq 1 1000); do echo $i >many/$i; done
printf x >"odd
name"; printf x >"  blanks "; printf x >'q"uo\\te'; printf x >-rf
ln -s /etc/passwd absolute; ln -s ../../../../etc up; ln -s nowhere dangling; ln ./-rf hard
mkfifo pipe; mknod device c 1 3
truncate -s 300M hole; printf end >>hole
printf s >setuid; chmod 6755 setuid; chown 1234:5678 deep deep/a; chmod 1777 empty; chmod 000 "  blanks "
touch -d 2001-02-03T04:05:06.789Z deep/a/b; chown 70:71 .; chmod 2750 .`;
      execFileSync("sh", ["-c", script, "sh", path]);
      execFileSync("python3", [
        "-c",
        "import os,sys; os.setxattr(sys.argv[1], b'user.mark', b'\\x00\\xff')",
        `${path}/-rf`,
      ]);
      return path;
    }

    test("volumes, anonymous ones too, and a bind: saved while paused, made again beside the original", async () => {
      const bind = join(folder, "bind");
      mkdirSync(bind);
      writeFileSync(join(bind, "f"), "bound");
      await make("odd", {
        Labels: { "com.docker.compose.project": "p", mine: "yes" },
        HostConfig: { Binds: ["named:/data", `${bind}:/bound`] },
      });
      await inside("odd", "$B echo anon >/anon/g");
      const path = await fillOddly("named");
      const before = treeOf(path);
      const { status, output, reason } = await agent.run({
        containerBackup: { container: "odd", options: { volumes: true, binds: ["/bound"] } },
      });
      expect([status, reason]).toEqual([succeeded, ""]);
      expect(output).toMatchObject({ container: "odd", consistency: "pause" });
      expect(output.warnings).toEqual(["named: 1 device nodes"]);
      expect(output.compressedBytes).toBeLessThan(1_000_000);
      const at = join(backups, output.backup);
      expect(readdirSync(at).sort()).toEqual(
        ["bind-1.tar.zst", "config.json", "manifest.json", "volume-1.tar.zst", "volume-2.tar.zst"].sort(),
      );
      expect(statSync(at).mode & 0o777).toBe(0o700);
      expect(statSync(join(at, "config.json")).mode & 0o777).toBe(0o600);
      expect(await state("odd")).toBe("running");
      expect(await agent.run({ backupVerify: { backup: output.backup } })).toMatchObject({ status: succeeded });

      const copy = await agent.run({ containerRestore: { backup: output.backup, name: "copy" } });
      expect([copy.status, copy.reason]).toEqual([succeeded, ""]);
      expect(copy.output.notes).toContain("the copy belongs to no compose project: its labels were left out");
      const named = await volumeAt("copy", "/data");
      expect(named).toMatch(/^named-restored-/);
      expect(treeOf(await mountpoint(named))).toBe(before);
      expect(await inside("copy", "$B cat /anon/g /bound/f")).toBe("anon\nbound");
      const made = await engine.docker.getContainer("copy").inspect();
      expect(made.Config.Labels).toEqual({ mine: "yes" });
      expect(made.State.Running).toBe(true);
      expect(treeOf(path)).toBe(before);
      expect(await agent.run({ containerRestore: { backup: output.backup, name: "copy" } })).toMatchObject({
        status: failed,
        reason: "name: there is a container copy: give another name, or none; nothing was changed",
      });
    });

    test("in place: new volumes beside the present ones, or over them", async () => {
      await make("place", {
        Env: ["A=1"],
        HostConfig: { Binds: ["place-data:/data"], RestartPolicy: { Name: "always" } },
      });
      await inside("place", "$B echo first >/data/f");
      const { output } = await agent.run({ containerBackup: { container: "place", options: { volumes: true } } });
      await inside("place", "$B echo second >/data/f; $B touch /data/later");
      const beside = await agent.run({ containerRestore: { backup: output.backup } });
      expect([beside.status, beside.reason]).toEqual([succeeded, ""]);
      expect(await inside("place", "$B cat /data/f; $B ls /data")).toBe("first\nf");
      expect(readdirSync(await mountpoint("place-data")).sort()).toEqual(["f", "later"]);
      expect((await engine.docker.getContainer("place").inspect()).HostConfig.RestartPolicy?.Name).toBe("always");

      const again = await agent.run({ containerBackup: { container: "place", options: { volumes: true } } });
      await inside("place", "$B echo third >/data/f; $B touch /data/more");
      const volume = await volumeAt("place", "/data");
      const over = await agent.run({ containerRestore: { backup: again.output.backup, overwriteVolumes: true } });
      expect([over.status, over.reason]).toEqual([succeeded, ""]);
      expect(await volumeAt("place", "/data")).toBe(volume);
      expect(await inside("place", "$B cat /data/f; $B ls /data")).toBe("first\nf");
      // What was overwritten has been saved before.
      const undo = await agent.run({ containerRestore: { backup: over.output.before, overwriteVolumes: true } });
      expect([undo.status, undo.reason]).toEqual([succeeded, ""]);
      expect(await inside("place", "$B cat /data/f; $B ls /data")).toBe("third\nf\nmore");
      const names = (await engine.docker.listContainers({ all: true })).map(({ Names }) => Names[0]);
      expect(names.filter((name) => name?.includes("fairlead"))).toEqual([]);
    });

    test("what was damaged or changed is found and never restored", async () => {
      await make("hurt", { HostConfig: { Binds: ["hurt-data:/data"] } });
      await inside("hurt", "$B dd if=/dev/urandom of=/data/f bs=1000 count=300");
      const { output } = await agent.run({ containerBackup: { container: "hurt", options: { volumes: true } } });
      const at = join(backups, output.backup);
      const file = join(at, output.files.find(({ source }: { source: string }) => source === "hurt-data").name);
      const bytes = readFileSync(file);
      bytes.writeUInt8(bytes.readUInt8(5_000) ^ 1, 5_000);
      writeFileSync(file, bytes);
      const verified = await agent.run({ backupVerify: { backup: output.backup } });
      expect(verified).toMatchObject({
        status: failed,
        reason: expect.stringContaining("its checksum is another one"),
      });
      const id = (await engine.docker.getContainer("hurt").inspect()).Id;
      const restored = await agent.run({ containerRestore: { backup: output.backup, overwriteVolumes: true } });
      expect(restored).toMatchObject({ status: failed, reason: expect.stringContaining("is damaged") });
      expect((await engine.docker.getContainer("hurt").inspect()).Id).toBe(id);
      expect(listBackups(backups, Date.now()).find((one) => one.id === output.backup)).toMatchObject({
        state: "damaged",
      });

      writeFileSync(file, bytes.subarray(0, 100));
      expect(listBackups(backups, Date.now()).find((one) => one.id === output.backup)?.problem).toMatch(
        /has 100 bytes|checksum/,
      );
      const manifest = join(at, "manifest.json");
      const text = readFileSync(manifest, "utf8");
      for (const [what, changed] of [
        ["was changed after it was written", text.replace('"hurt"', '"other"')],
        ["of version 2", text.replace('"version": 1', '"version": 2')],
        ["can't be read", text.slice(0, 100)],
        ["not as it was written (files.0.name)", text.replace('"config.json"', '"../../etc/passwd"')],
      ] as const) {
        writeFileSync(manifest, changed);
        const refused = await agent.run({ containerRestore: { backup: output.backup } });
        expect(refused).toMatchObject({ status: failed, reason: expect.stringContaining(what) });
      }
      expect(await agent.run({ backupDelete: { backup: output.backup } })).toMatchObject({ status: succeeded });
      expect(existsSync(at)).toBe(false);
      expect(await agent.run({ backupDelete: { backup: output.backup } })).toMatchObject({ status: failed });
    });

    test("one that does not run when restored is put back, with all that was made for it", async () => {
      const cmd = ["/bin/busybox", "sh", "-c", "test -e /data/bad && exit 9; while :; do /bin/busybox sleep 0.1; done"];
      await make("frail", { Cmd: cmd, StopTimeout: 0, HostConfig: { Binds: ["frail-data:/data"] } });
      await inside("frail", "$B touch /data/bad");
      const { output } = await agent.run({ containerBackup: { container: "frail", options: { volumes: true } } });
      await inside("frail", "$B rm /data/bad; $B echo kept >/data/f");
      const before = await engine.docker.getContainer("frail").inspect();
      const volumes = async () => (await engine.docker.listVolumes()).Volumes.map(({ Name }) => Name).sort();
      const there = await volumes();
      for (const overwriteVolumes of [false, true]) {
        const result = await agent.run({ containerRestore: { backup: output.backup, overwriteVolumes } });
        expect(result).toMatchObject({ status: rolledBack, reason: expect.stringMatching(/exit code 9/) });
        const after = await engine.docker.getContainer("frail").inspect();
        expect([after.State.Running, after.HostConfig.RestartPolicy?.Name || "no"]).toEqual([true, "no"]);
        expect(await inside("frail", "$B cat /data/f; $B ls /data")).toBe("kept\nf");
        expect(await volumes()).toEqual(there);
        if (!overwriteVolumes) expect(after.Id).toBe(before.Id);
      }
    });

    test("a disk without room: refused before it starts, cleaned up when it fills meanwhile", async () => {
      const small = join(folder, "small");
      mkdirSync(small);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", small]);
      const other = await startExecutor(engine, join(folder, "other"), {
        backups: { folder: join(small, "b"), keepDays: 1 },
      });
      try {
        await make("large", { HostConfig: { Binds: ["large-data:/data"], Tmpfs: { "/tmp": "size=64m" } } });
        await inside("large", "$B dd if=/dev/urandom of=/data/f bs=1M count=40");
        const refused = await other.run({ containerBackup: { container: "large", options: { volumes: true } } });
        expect(refused).toMatchObject({
          status: failed,
          reason: expect.stringMatching(/has 2[34].* free, the backup needs up to/),
        });
        // The engine does not tell how much lies on a device of its own.
        await engine.docker.createVolume({
          Name: "unknown",
          DriverOpts: { type: "tmpfs", device: "tmpfs", o: "size=64m" },
        });
        await make("unknown", { HostConfig: { Binds: ["unknown:/data"] } });
        await inside("unknown", "$B dd if=/dev/urandom of=/data/f bs=1M count=40");
        const full = await other.run({ containerBackup: { container: "unknown", options: { volumes: true } } });
        expect(full).toMatchObject({ status: failed, reason: expect.stringMatching(/is full|is filling up/) });
        expect(readdirSync(join(small, "b"))).toEqual([]);
        expect(await state("unknown")).toBe("running");
        const most = await startExecutor(engine, join(folder, "most"), {
          backups: { keepDays: 1, maxBytes: 10 << 20 },
        });
        const capped = await most.run({ containerBackup: { container: "large", options: { volumes: true } } });
        expect(capped).toMatchObject({ status: failed, reason: expect.stringContaining("backups.maxBytes") });
        await most.executor.stop();
      } finally {
        await other.executor.stop();
        execFileSync("umount", [small]);
      }
    });

    test("what only the engine sees is read and written through it; cancelling leaves nothing", async () => {
      await engine.docker.createVolume({ Name: "apart", DriverOpts: { type: "tmpfs", device: "tmpfs" } });
      await make("apart", { HostConfig: { Binds: ["apart:/data"] } });
      await inside(
        "apart",
        "$B echo x >/data/f; $B chown 70:71 /data /data/f; $B chmod 2750 /data; $B ln -s f /data/l",
      );
      const stopping = await agent.run({
        containerBackup: { container: "apart", options: { volumes: true, consistency: 2 } },
      });
      expect(stopping).toMatchObject({ status: failed, reason: expect.stringContaining("lies in memory and is lost") });
      const saved = await agent.run({ containerBackup: { container: "apart", options: { volumes: true } } });
      expect(saved).toMatchObject({ status: succeeded, output: { consistency: "pause" } });
      expect(await state("apart")).toBe("running");
      expect((await agent.run({ backupVerify: { backup: saved.output.backup } })).status).toBe(succeeded);

      // As in the hardened service, which may read the engine's folders but not write there or give files away.
      const action = { containerRestore: { backup: saved.output.backup, name: "apart2" } };
      const args = ["--bounding-set=-chown", process.execPath, child, folder, engine.socket, randomUUID()];
      const { stdout } = await run("setpriv", [...args, JSON.stringify(action), ""], { timeout: 60_000 });
      const restored = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
      expect([restored.status, restored.reason]).toEqual([succeeded, ""]);
      expect(await inside("apart2", "$B stat -c '%u:%g %a' /data /data/f; $B readlink /data/l; $B cat /data/f")).toBe(
        "70:71 2750\n70:71 644\nf\nx",
      );

      await make("slow", { HostConfig: { Binds: ["slow-data:/data"] } });
      await inside("slow", "$B dd if=/dev/urandom of=/data/f bs=1M count=40");
      const id = randomUUID();
      const begun = agent.run({ containerBackup: { container: "slow", options: { volumes: true } } }, id);
      await expect.poll(() => agent.progress.some((one) => one.id === id && one.phase === "read")).toBe(true);
      agent.executor.cancel(id);
      expect((await begun).status).toBe(pb.CommandStatus.COMMAND_STATUS_CANCELLED);
      expect(await state("slow")).toBe("running");
      expect(readdirSync(backups).filter((name) => name.startsWith("."))).toEqual([]);
    });

    /** Runs a command in a process that dies at that point, then lets another one find what is left; its result. */
    async function killed(stateDir: string, action: object, dieAt: string) {
      const id = randomUUID();
      const args = [child, stateDir, engine.socket, id, JSON.stringify(action), dieAt];
      const ended = await run(process.execPath, args, { timeout: 60_000 }).catch((error) => error);
      if (ended.signal !== "SIGKILL")
        throw new Error(`${dieAt}: it did not die there: ${ended.stdout} ${ended.stderr}`);
      const next = await startExecutor(engine, stateDir);
      await expect.poll(() => next.results.get(id), { timeout: 90_000 }).toBeDefined();
      await next.executor.stop();
      const { status, reason } = next.results.get(id) ?? {};
      return { status, reason };
    }

    const settled = async (name: string) => {
      const { State, Mounts } = await engine.docker.getContainer(name).inspect();
      const volume = Mounts.find(({ Destination }) => Destination === "/data")?.Name ?? "";
      return { state: State.Status, data: readFileSync(join(await mountpoint(volume), "f"), "utf8") };
    };

    test("an update saves first: while the old one is paused, or after it has stopped", async () => {
      const registry = await startRegistry();
      try {
        const image = `${registry.address}/app`;
        for (const tag of ["1", "2", "3"]) {
          await engine.image("made:x", [forever, `ENV RELEASE=${tag}`]);
          await push(engine.docker, "made:x", `${image}:${tag}`);
        }
        for await (const _ of await engine.docker.pull(`${image}:1`));
        await make("updated", { Image: `${image}:1`, HostConfig: { Binds: ["updated-data:/data"] } });
        await inside("updated", "$B echo data >/data/f");
        for (const [tag, consistency, told] of [
          ["2", 0, "pause"],
          ["3", 2, "stopped"],
        ] as const) {
          const backup = { volumes: true, consistency, keepDays: 3 };
          const result = await agent.run({
            containerUpdate: { container: "updated", image: `${image}:${tag}`, stableSeconds: 1, backup },
          });
          expect([result.status, result.reason]).toEqual([succeeded, ""]);
          const made = listBackups(backups, Date.now()).find(({ id }) => id === result.output.backups.updated);
          expect(made?.manifest).toMatchObject({
            ...{ container: "updated", command: result.id, reason: "container.update", consistency: told },
            files: [{ what: "config" }, { what: "volume", source: "updated-data", entries: 2 }],
          });
          expect(Math.round(((made?.manifest?.expires ?? 0) - Date.now()) / 86_400_000)).toBe(3);
        }
      } finally {
        await registry.close();
      }
    });

    test("the agent killed while it saves: the container goes on, half a backup counts for nothing", async () => {
      const points = ["during pause", "after pause", "during read", "after unpause", "during stop", "after stop"];
      await inTurns(points, async (point, i) => {
        const name = `dies-${i}`;
        const stateDir = join(folder, name);
        await make(name, { HostConfig: { Binds: [`${name}:/data`] } });
        await inside(name, "$B echo data >/data/f");
        const consistency = point.endsWith("stop") ? 2 : 1;
        const { status, reason } = await killed(
          stateDir,
          { containerBackup: { container: name, options: { volumes: true, consistency } } },
          point,
        );
        expect([point, status]).toEqual([point, failed]);
        expect(reason).toMatch(/the agent was stopped meanwhile; no backup was made/);
        expect([point, await state(name)]).toEqual([point, "running"]);
        expect([point, readdirSync(join(stateDir, "backups"))]).toEqual([point, []]);
      });
    });

    test("the agent killed while it restores: the old one or the restored one, never half of it", async () => {
      const beside = [
        "during fill",
        "after createVolume",
        "after create",
        "during swap",
        "after rename",
        "during stop",
      ];
      const over = [
        "during safety",
        "after remove",
        "after removeVolume",
        "during create",
        "during start",
        "during commit",
      ];
      const points = [
        ...beside.map((point) => [point, false] as const),
        ...over.map((point) => [point, true] as const),
      ];
      await inTurns(points, async ([point, overwriteVolumes], i) => {
        const name = `falls-${i}`;
        const stateDir = join(folder, name);
        await make(name, { HostConfig: { Binds: [`${name}:/data`], RestartPolicy: { Name: "unless-stopped" } } });
        await inside(name, "$B echo saved >/data/f");
        const first = await startExecutor(engine, stateDir);
        const saved = await first.run({ containerBackup: { container: name, options: { volumes: true } } });
        await first.executor.stop();
        expect([point, saved.status, saved.reason]).toEqual([point, succeeded, ""]);
        await inside(name, "$B echo present >/data/f");
        const action = { containerRestore: { backup: saved.output.backup, overwriteVolumes } };
        const { status, reason } = await killed(stateDir, action, point);
        const done = point === "during commit";
        expect([point, status]).toEqual([point, done ? succeeded : rolledBack]);
        if (!done) expect(reason).toMatch(/the agent was stopped during the step/);
        expect([point, await settled(name)]).toEqual([
          point,
          { state: "running", data: done ? "saved\n" : "present\n" },
        ]);
        const { HostConfig } = await engine.docker.getContainer(name).inspect();
        expect([point, HostConfig.RestartPolicy?.Name]).toEqual([point, "unless-stopped"]);
      });
      const names = (await engine.docker.listContainers({ all: true })).map(({ Names }) => Names[0] ?? "");
      expect(names.filter((name) => name.includes("fairlead"))).toEqual([]);
      const volumes = (await engine.docker.listVolumes()).Volumes.map(({ Name }) => Name);
      expect(volumes.filter((name) => /^falls-.*-restored-/.test(name))).toEqual([]);
    });

    const libraries = ["/usr", "/lib", "/lib64", "/etc/alternatives"].filter((path) => existsSync(path));
    const readOnly = libraries.map((path) => `${path}:${path}:ro`);
    const dumpOnly = { dump: true };
    test.skipIf(noPostgres !== undefined)(
      `PostgreSQL: dumped, changed, loaded into a new one${noPostgres ?? ""}`,
      async () => {
        await engine.docker.getImage("app:1").tag({ repo: "postgres", tag: "15" });
        const [bin = ""] = postgresPrograms;
        const data = "/var/lib/postgresql/data";
        const server = `test -s ${data}/PG_VERSION || initdb -U postgres -A trust --no-sync -D ${data} >/dev/null
exec postgres -D ${data} -k /tmp -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=16MB`;
        const entry = `ln -sf /usr/bin/sh /bin/sh; chmod 1777 /tmp; chown 65534:65534 ${data}; exec setpriv --reuid=65534 --regid=65534 --clear-groups sh -c "$0"`;
        const made = await engine.docker.createContainer({
          name: "pg",
          Image: "postgres:15",
          Cmd: ["/usr/bin/sh", "-c", entry, server],
          Env: [`PATH=${bin}:/usr/bin:/bin`, "PGHOST=/tmp", "POSTGRES_PASSWORD=s3cret"],
          HostConfig: { NetworkMode: "none", Binds: [...readOnly, "/etc/passwd:/etc/passwd:ro", `pg-data:${data}`] },
        });
        await made.start();
        const sql = (name: string, text: string) => sh(name, `psql -U postgres -qtA -c "${text}" 2>&1`);
        await expect.poll(() => sql("pg", "SELECT 1"), { timeout: 90_000 }).toBe("1");
        await sql("pg", "CREATE TABLE t AS SELECT generate_series(1, 50000) AS n");
        await sql("pg", "CREATE ROLE somebody LOGIN PASSWORD 'x'");
        const saved = await agent.run({ containerBackup: { container: "pg", options: dumpOnly } });
        expect([saved.status, saved.reason]).toEqual([succeeded, ""]);
        expect(saved.output).toMatchObject({ consistency: "live", warnings: [] });
        expect(JSON.stringify(agent.progress) + JSON.stringify(saved)).not.toContain("s3cret");
        await sql("pg", "DROP TABLE t");
        const restored = await agent.run({ containerRestore: { backup: saved.output.backup, name: "pg2" } });
        expect([restored.status, restored.reason]).toEqual([succeeded, ""]);
        expect(restored.output.dump).toMatchObject({ engine: "postgresql", loaded: true });
        expect(await sql("pg2", "SELECT sum(n) FROM t")).toBe("1250025000");
        expect(await sql("pg2", "SELECT count(*) FROM pg_roles WHERE rolname = 'somebody'")).toBe("1");
        // In place there are data: the dump is for people.
        const place = await agent.run({ containerRestore: { backup: saved.output.backup } });
        expect(place.output.dump).toMatchObject({ loaded: false, command: expect.stringContaining("psql") });
        await make("pg-none");
        const none = await agent.run({ containerBackup: { container: "pg-none", options: dumpOnly } });
        expect(none.output.warnings).toEqual(["no dump: the container holds no database that is known"]);
        await Promise.all(["pg", "pg2"].map((name) => engine.docker.getContainer(name).remove({ force: true })));
      },
    );

    test.skipIf(noMariadb !== undefined)(
      `MariaDB: dumped and loaded; a wrong password fails${noMariadb ?? ""}`,
      async () => {
        await engine.docker.getImage("app:1").tag({ repo: "mariadb", tag: "10.11" });
        const password = "root-s3cret";
        const contained = containedMariadb([`ALTER USER root@localhost IDENTIFIED BY '${password}'`]);
        const template = contained.HostConfig.Binds.find((bind) => bind.endsWith(":/var/lib/mysql")) ?? "";
        const binds = contained.HostConfig.Binds.filter((bind) => bind !== template && !bind.endsWith(":/run/mysqld"));
        const server =
          'mkdir -p /run/mysqld; test -d /var/lib/mysql/mysql || cp -a /template/. /var/lib/mysql; exec "$@"';
        const options = (name: string, secret: string) => ({
          name,
          Image: "mariadb:10.11",
          Cmd: ["/usr/bin/sh", "-c", server, "sh", ...contained.Cmd],
          Env: [...contained.Env, `MARIADB_ROOT_PASSWORD=${secret}`],
          HostConfig: {
            NetworkMode: "none",
            Binds: [
              ...binds,
              "/etc/alternatives:/etc/alternatives:ro",
              `${template.split(":")[0]}:/template:ro`,
              `${name}-data:/var/lib/mysql`,
            ],
          },
        });
        try {
          await (await engine.docker.createContainer(options("maria", password))).start();
          const sql = (name: string, text: string) =>
            sh(name, `MYSQL_PWD=${password} mariadb -uroot -NB -e "${text}" 2>&1`);
          await expect.poll(() => sql("maria", "SELECT 1"), { timeout: 90_000 }).toBe("1");
          await sql("maria", "CREATE DATABASE shop; CREATE TABLE shop.t (n INT); INSERT INTO shop.t VALUES (41), (1)");
          const saved = await agent.run({ containerBackup: { container: "maria", options: dumpOnly } });
          expect([saved.status, saved.reason]).toEqual([succeeded, ""]);
          const restored = await agent.run({ containerRestore: { backup: saved.output.backup, name: "maria2" } });
          expect([restored.status, restored.reason]).toEqual([succeeded, ""]);
          expect(restored.output.dump).toMatchObject({ engine: "mysql", loaded: true });
          expect(await sql("maria2", "SELECT SUM(n) FROM shop.t")).toBe("42");
          await engine.docker.getContainer("maria2").remove({ force: true });

          await (await engine.docker.createContainer(options("wrong", "not-it"))).start();
          await expect.poll(() => sql("wrong", "SELECT 1"), { timeout: 90_000 }).toBe("1");
          const failing = await agent.run({ containerBackup: { container: "wrong", options: dumpOnly } });
          expect(failing).toMatchObject({
            status: failed,
            reason: expect.stringMatching(/mysql dump failed with exit code 2.*Access denied/),
          });
          expect(failing.reason).not.toContain("not-it");
        } finally {
          for (const name of ["maria", "maria2", "wrong"])
            await engine.docker
              .getContainer(name)
              .remove({ force: true })
              .catch(() => {});
          contained.close();
        }
      },
    );

    test.skipIf(noRedis !== undefined)(`Redis: dumped and loaded${noRedis ?? ""}`, async () => {
      await engine.docker.getImage("app:1").tag({ repo: "redis", tag: "7" });
      const made = await engine.docker.createContainer({
        name: "cache",
        Image: "redis:7",
        Cmd: [redisProgram ?? "", "--dir", "/data", "--port", "6399", "--requirepass", "pw-of-redis", "--save", ""],
        Env: ["PATH=/usr/bin:/bin"],
        HostConfig: { NetworkMode: "none", Binds: [...readOnly, "cache-data:/data"] },
      });
      await made.start();
      const redis = (name: string, words: string) => sh(name, `REDISCLI_AUTH=pw-of-redis redis-cli -p 6399 ${words}`);
      await expect.poll(() => redis("cache", "ping")).toBe("PONG");
      await redis("cache", "set answer 42");
      const saved = await agent.run({ containerBackup: { container: "cache", options: dumpOnly } });
      expect([saved.status, saved.reason]).toEqual([succeeded, ""]);
      const restored = await agent.run({ containerRestore: { backup: saved.output.backup, name: "cache2" } });
      expect([restored.status, restored.reason]).toEqual([succeeded, ""]);
      await expect.poll(() => redis("cache2", "get answer")).toBe("42");
    });
  },
);
