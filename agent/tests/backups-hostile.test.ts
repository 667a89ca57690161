import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pb } from "@fairlead/proto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readManifest, writeManifest } from "../src/backups/manifest.ts";
import { removeExpired } from "../src/backups/retention.ts";
import { createLog } from "../src/log.ts";
import { containersOf, forever, startExecutor } from "./backup-agent.ts";
import { type Dockerd, noDockerd, push, type Registry, startDockerd, startRegistry } from "./dockerd.ts";

const { COMMAND_STATUS_SUCCEEDED: succeeded, COMMAND_STATUS_FAILED: failed } = pb.CommandStatus;
const patient = { timeout: 90_000 };

describe.skipIf(noDockerd !== undefined)(
  `backups under hostile hands${noDockerd ? `: ${noDockerd}` : ""}`,
  { timeout: 180_000 },
  () => {
    let engine: Dockerd;
    let registry: Registry;
    let image = "";
    let agent: Awaited<ReturnType<typeof startExecutor>>;
    const folder = mkdtempSync(join(tmpdir(), "fairlead-hostile-"));
    const backups = join(folder, "backups");
    const { make, inside, state, mountpoint, volumeAt } = containersOf(() => engine);

    beforeAll(async () => {
      [engine, registry] = await Promise.all([startDockerd(), startRegistry()]);
      image = `${registry.address}/app`;
      await engine.image("app:1", [forever]);
      for (const tag of ["1", "2"]) {
        await engine.image("made:x", [forever, `ENV RELEASE=${tag}`]);
        await push(engine.docker, "made:x", `${image}:${tag}`);
      }
      for await (const _ of await engine.docker.pull(`${image}:1`));
      agent = await startExecutor(engine, folder);
    });

    afterAll(async () => {
      await agent?.executor.stop();
      await Promise.all([engine?.close(), registry?.close()]);
      rmSync(folder, { recursive: true, force: true });
    });

    /** Makes a container with a volume at /data that holds "first" in f, and a backup of it; the backup's id. */
    async function saved(name: string, options: object = {}): Promise<string> {
      await make(name, { HostConfig: { Binds: [`${name}:/data`] }, ...options });
      await inside(name, "$B echo first >/data/f");
      const { output, reason } = await agent.run({ containerBackup: { container: name, options: { volumes: true } } });
      expect(reason).toBe("");
      return output.backup;
    }

    test("archives that lead out of their folder are refused by name, though their checksums are right", async () => {
      const id = await saved("forged");
      const { Id } = await engine.docker.getContainer("forged").inspect();
      const manifest = readManifest(backups, id);
      const archive = join(backups, id, "volume-1.tar.zst");
      const make = `import sys,tarfile,io
out=tarfile.open(fileobj=sys.stdout.buffer,mode="w|",format=tarfile.PAX_FORMAT)
def add(name,type=tarfile.REGTYPE,link="",data=b""):
    one=tarfile.TarInfo(name); one.type=type; one.linkname=link; one.size=len(data); out.addfile(one,io.BytesIO(data))
add("_data",tarfile.DIRTYPE)
LINES
out.close()`;
      for (const [lines, told, bytes] of [
        ['add("_data/../../etc/cron.d/x",data=b"x")', /goes up: "_data\/\.\.\/\.\.\/etc\/cron\.d\/x"/],
        ['add("/etc/cron.d/x",data=b"x")', /absolute path \(entry\)/],
        ['add("_data/l",tarfile.LNKTYPE,"/etc/shadow")', /absolute path \(hard link\)/],
        ['add("_data/l",tarfile.LNKTYPE,"_data/../../etc/shadow")', /goes up/],
        [
          'add("_data/l",tarfile.SYMTYPE,"/etc"); add("_data/l/cron.d",data=b"x")',
          /behind a symbolic link: "_data\/l\/cron\.d"/,
        ],
        ['add("other/x",data=b"x")', /beside "_data"/],
        ['add("_data/f",data=b"x"*5000)', /ends too early/, 3_000],
      ] as [string, RegExp, number?][]) {
        const whole = execFileSync("python3", ["-c", make.replace("LINES", lines)], { maxBuffer: 1 << 20 });
        const tar = whole.subarray(0, bytes);
        execFileSync("zstd", ["-q", "-f", "-o", archive], { input: tar });
        const packed = readFileSync(archive);
        const sums = {
          bytes: tar.length,
          compressedBytes: packed.length,
          sha256: createHash("sha256").update(packed).digest("hex"),
          entries: 2,
        };
        // Who may write here is root, and can make the sums right.
        const files = manifest.files.map((file) => (file.what === "volume" ? { ...file, ...sums } : file));
        writeManifest(join(backups, id), { ...manifest, files });
        for (const action of [{ backupVerify: { backup: id } }, { containerRestore: { backup: id } }]) {
          const result = await agent.run(action);
          expect([lines, result.status, result.reason]).toEqual([lines, failed, expect.stringMatching(told)]);
          expect(result.reason).not.toContain("\n");
        }
      }
      expect((await engine.docker.getContainer("forged").inspect()).Id).toBe(Id);
      expect(await inside("forged", "$B cat /data/f")).toBe("first");
    });

    test("a cut archive, and a folder that others may write to", async () => {
      const id = await saved("cut");
      const archive = join(backups, id, "volume-1.tar.zst");
      const { size } = statSync(archive);
      writeFileSync(archive, readFileSync(archive).subarray(0, size - 20));
      const reason = `the backup ${id} is damaged: volume-1.tar.zst: it has ${size - 20} bytes instead of ${size}`;
      expect(await agent.run({ backupVerify: { backup: id } })).toMatchObject({ status: failed, reason });
      chmodSync(backups, 0o777);
      const open = await agent.run({ containerBackup: { container: "cut", options: {} } });
      chmodSync(backups, 0o700);
      expect(open).toMatchObject({
        status: failed,
        reason: `backups.folder: others may write to ${backups}: chmod 700 ${backups}; no backup was made`,
      });
    });

    /** Names as bytes, modes, owners, and every attribute, of all that a folder holds. */
    function attributes(path: string): string[] {
      const script = `import os,sys
root=os.fsencode(sys.argv[1])
for folder,folders,files in os.walk(root):
    for name in sorted(folders+files):
        path=os.path.join(folder,name); s=os.lstat(path)
        marks=[(n,os.getxattr(path,n,follow_symlinks=False).hex()) for n in sorted(os.listxattr(path,follow_symlinks=False))]
        print(os.path.relpath(path,root).hex()[:40],len(name),oct(s.st_mode),s.st_uid,s.st_gid,s.st_rdev,marks)`;
      return execFileSync("python3", ["-c", script, path], { encoding: "utf8" }).trim().split("\n").sort();
    }

    function fillStrangely(path: string): void {
      const script = `import os,sys,stat,struct
os.chdir(sys.argv[1])
def made(name,mode=0o644):
    fd=os.open(name,os.O_CREAT|os.O_WRONLY,0o600); os.write(fd,b"x"); os.close(fd); os.chmod(name,mode)
made(b"\\xff\\xfe\\x80 not text"); made(b"n"*255); made("setuid",0o6755); made("capable",0o755); made("listed"); made("marked")
os.chown("marked",1234,5678)
os.setxattr("capable","security.capability",struct.pack("<5I",0x02000001,1<<10,0,0,0))
os.setxattr("marked","user.mark",b"\\0\\xff")
entry=lambda tag,perm,who=0xffffffff: struct.pack("<HHI",tag,perm,who)
os.setxattr("listed","system.posix_acl_access",struct.pack("<I",2)+entry(1,6)+entry(2,4,1234)+entry(4,4)+entry(16,4)+entry(32,0))
os.mknod("device",stat.S_IFCHR|0o600,os.makedev(1,3))`;
      execFileSync("python3", ["-c", script, path]);
    }

    test("strange names, set-user-id, capabilities, ACLs and attributes: kept on the host; the engine loses some", async () => {
      await make("strange", { HostConfig: { Binds: ["strange:/data"] } });
      fillStrangely(await mountpoint("strange"));
      const before = attributes(await mountpoint("strange"));
      const { output } = await agent.run({ containerBackup: { container: "strange", options: { volumes: true } } });
      const copy = await agent.run({ containerRestore: { backup: output.backup, name: "strange2" } });
      expect([copy.status, copy.reason]).toEqual([succeeded, ""]);
      expect(attributes(await mountpoint(await volumeAt("strange2", "/data")))).toEqual(before);

      const blind = await startExecutor(engine, join(folder, "blind"), {}, "f".repeat(64));
      const through = await blind.run({ containerBackup: { container: "strange", options: { volumes: true } } });
      expect([through.status, through.reason]).toEqual([succeeded, ""]);
      const other = await blind.run({ containerRestore: { backup: through.output.backup, name: "strange3" } });
      expect([other.status, other.reason]).toEqual([succeeded, ""]);
      const lost = before.map((line) => (line.includes("security.capability") ? line : line.replace(/\[.*\]/, "[]")));
      expect(attributes(await mountpoint(await volumeAt("strange3", "/data")))).toEqual(lost);
      await blind.executor.stop();
    });

    test("files that change while they are read are told of, not fatal", async () => {
      await make("busy", { HostConfig: { Binds: ["busy:/data"] } });
      await inside("busy", "$B dd if=/dev/urandom of=/data/log bs=1M count=30");
      const writer = await engine.docker.getContainer("busy").exec({
        Cmd: ["/bin/busybox", "sh", "-c", "while :; do echo more >>/data/log; done"],
      });
      await writer.start({ Detach: true });
      const live = pb.BackupConsistency.BACKUP_CONSISTENCY_LIVE;
      const { status, output } = await agent.run({
        containerBackup: { container: "busy", options: { volumes: true, consistency: live } },
      });
      expect(status).toBe(succeeded);
      expect(output.warnings).toEqual([expect.stringMatching(/^busy: .*log: file changed as we read it/)]);
      expect((await agent.run({ backupVerify: { backup: output.backup } })).status).toBe(succeeded);
    });

    test("what a restore needs and is gone: image, network, name", async () => {
      await engine.image("local:1", [forever]);
      const local = await saved("local", { Image: "local:1" });
      await engine.docker.getContainer("local").remove({ force: true });
      await engine.docker.getImage("local:1").remove();
      expect(await agent.run({ containerRestore: { backup: local } })).toMatchObject({
        status: failed,
        reason: expect.stringMatching(
          /^the image local:1 \(sha256:[0-9a-f]+\) is gone and came from no registry; nothing/,
        ),
      });

      const pulled = await saved("pulled", { Image: `${image}:1` });
      await engine.docker.getContainer("pulled").remove({ force: true });
      await engine.docker.getImage(`${image}:1`).remove();
      const again = await agent.run({ containerRestore: { backup: pulled } });
      expect([again.status, again.reason]).toEqual([succeeded, ""]);

      const net = await engine.docker.createNetwork({ Name: "hostile-net" });
      const joined = await saved("joined", { HostConfig: { NetworkMode: "hostile-net", Binds: ["joined:/data"] } });
      await engine.docker.getContainer("joined").remove({ force: true });
      await net.remove();
      const { status, reason } = await agent.run({ containerRestore: { backup: joined } });
      expect([status, reason]).toEqual([
        failed,
        expect.stringMatching(/^the network hostile-net \(bridge, 10\.[0-9./]+\) is missing: create it first; nothing/),
      ]);
    });

    test("several at once: restores of one name take turns, so do an update and a restore of one container", async () => {
      const id = await saved("turns", { Image: `${image}:1` });
      const copies = await Promise.all(
        [1, 2].map(() => agent.run({ containerRestore: { backup: id, name: "turns-copy" } })),
      );
      expect(copies.map(({ status }) => status).sort()).toEqual([succeeded, failed].sort());
      expect(copies.find(({ status }) => status === failed)?.reason).toMatch(/there is a container turns-copy/);

      const [first, second] = ["00000000-0000-4000-8000-000000000011", "00000000-0000-4000-8000-000000000012"];
      const updating = agent.run(
        { containerUpdate: { container: "turns", image: `${image}:2`, stableSeconds: 1 } },
        first,
      );
      const restoring = agent.run({ containerRestore: { backup: id } }, second);
      const results = await Promise.all([updating, restoring]);
      expect(results.map(({ status, reason }) => [status, reason])).toEqual([
        [succeeded, ""],
        [succeeded, ""],
      ]);
      const order = agent.progress
        .filter(({ id, phase }) => phase && [first, second].includes(id ?? ""))
        .map(({ id }) => id);
      expect(order.lastIndexOf(first)).toBeLessThan(order.indexOf(second));
      expect((await engine.docker.getContainer("turns").inspect()).Config.Image).toBe(`${image}:1`);
    });

    test("a backup that is read does not expire and is not removed meanwhile", async () => {
      const id = await saved("read");
      const wanted = "00000000-0000-4000-8000-000000000021";
      const restoring = agent.run({ containerRestore: { backup: id, overwriteVolumes: true } }, wanted);
      const phases = () => agent.progress.filter((one) => one.id === wanted).map(({ phase }) => phase);
      await expect.poll(phases, patient).toContain("start");
      removeExpired(backups, Date.now() + 10_000 * 86_400_000, createLog("error"));
      const removed = await agent.run({ backupDelete: { backup: id } });
      expect(removed).toMatchObject({ status: failed, reason: `the backup ${id} is being read: wait for its end` });
      const { status, output } = await restoring;
      expect(status).toBe(succeeded);
      // What was saved of the volumes first is what a roll-back would have needed.
      expect(readdirSync(backups).sort()).toEqual([id, output.before].sort());
      expect(await state("read")).toBe("running");
      expect((await agent.run({ backupDelete: { backup: id } })).status).toBe(succeeded);
    });
  },
);
