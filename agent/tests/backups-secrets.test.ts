import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pb } from "@fairlead/proto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { containersOf, forever, startExecutor } from "./backup-agent.ts";
import { type Dockerd, noDockerd, startDockerd } from "./dockerd.ts";

const { COMMAND_STATUS_SUCCEEDED: succeeded } = pb.CommandStatus;
const patient = { timeout: 90_000 };
const secret = "s3cret'of \\it";
const file = "/data/secret";

/** What a tool is called, the variable that names the file of its password, the end of what it prints. */
const databases = [
  [
    "postgresql",
    "postgres:15",
    "pg_dumpall",
    "POSTGRES_PASSWORD_FILE",
    "-- PostgreSQL database cluster dump complete\\n",
  ],
  ["mysql", "mariadb:11", "mariadb-dump", "MARIADB_ROOT_PASSWORD_FILE", "-- Dump completed on now\\n"],
  ["redis", "redis:7", "redis-cli", "REDIS_PASSWORD_FILE", "REDIS0011\\377\\0\\0\\0\\0\\0\\0\\0\\0"],
  ["mongodb", "mongo:7", "mongodump", "MONGO_INITDB_ROOT_PASSWORD_FILE", "\\155\\342\\231\\201\\377\\377\\377\\377"],
] as const;

describe.skipIf(noDockerd !== undefined)(
  `passwords of databases${noDockerd ? `: ${noDockerd}` : ""}`,
  { timeout: 180_000 },
  () => {
    let engine: Dockerd;
    let agent: Awaited<ReturnType<typeof startExecutor>>;
    const folder = mkdtempSync(join(tmpdir(), "fairlead-secrets-"));
    const tools = join(folder, "tools");
    const { make, mountpoint } = containersOf(() => engine);

    beforeAll(async () => {
      engine = await startDockerd();
      await engine.image("app:1", [forever]);
      agent = await startExecutor(engine, folder);
      mkdirSync(tools);
      for (const name of ["sh", "sed", "mktemp", "rm", "cat", "sleep", "touch", "stat"]) {
        symlinkSync("/bin/busybox", join(tools, name));
      }
      for (const [, , tool, , output] of databases) {
        // It tells what it was given, and waits to be looked at.
        const script = `#!/bin/busybox sh
for arg; do case $arg in --config=*) cat "\${arg#*=}" >/data/config; stat -c %a "\${arg#*=}" >/data/mode; echo "\${arg#*=}" >/data/path ;; esac; done
echo "$PGPASSWORD$MYSQL_PWD$REDISCLI_AUTH" >/data/variable
touch /data/ready
while ! test -e /data/go; do sleep 0.05; done
printf '${output}'
`;
        writeFileSync(join(tools, tool), script);
        chmodSync(join(tools, tool), 0o755);
      }
    });

    afterAll(async () => {
      await agent?.executor.stop();
      await engine?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Processes of this host whose arguments or environment (the file's name says which) hold the secret. */
    function holders(name: "cmdline" | "environ"): string[] {
      return readdirSync("/proc").flatMap((pid) => {
        try {
          if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/${name}`, "latin1").includes(secret)) return [];
          return [readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").trim()];
        } catch {
          return [];
        }
      });
    }

    test.each(databases)(
      "%s: the password is in no argument, and in the environment of its tool alone",
      async (...row) => {
        const [kind, image, tool, variable] = row;
        const [repo = "", tag = ""] = image.split(":");
        await engine.docker.getImage("app:1").tag({ repo, tag });
        const name = `keeps-${kind}`;
        await make(name, {
          Image: image,
          Env: ["PATH=/tools", `${variable}=${file}`, "MONGO_INITDB_ROOT_USERNAME=root"],
          HostConfig: { Binds: [`${tools}:/tools:ro`, `${name}:/data`], Tmpfs: { "/tmp": "" } },
        });
        const data = await mountpoint(name);
        writeFileSync(join(data, "secret"), `${secret}\n`);
        const saving = agent.run({ containerBackup: { container: name, options: { dump: true } } });
        await expect.poll(() => existsSync(join(data, "ready")), patient).toBe(true);

        const container = engine.docker.getContainer(name);
        const { Processes } = await container.top({ ps_args: "-eo pid,args" });
        expect(Processes.some((line: string[]) => line.join(" ").includes(tool))).toBe(true);
        expect(JSON.stringify(Processes)).not.toContain("s3cret");
        const { ExecIDs } = await container.inspect();
        const execs = await Promise.all((ExecIDs ?? []).map((id) => engine.docker.getExec(id).inspect()));
        expect(execs).toHaveLength(1);
        expect(JSON.stringify(execs)).not.toContain("s3cret");
        expect(holders("cmdline")).toEqual([]);
        const read = (of: string) => readFileSync(join(data, of), "utf8").trim();
        if (kind === "mongodb") {
          expect(holders("environ")).toEqual([]);
          expect([read("config"), read("mode")]).toEqual([`password: '${secret.replace("'", "''")}'`, "600"]);
        } else {
          // The kernel shows it to root and to processes of the same user alone.
          const others = holders("environ").filter((line) => !line.endsWith(`/${tool}`) && !line.includes(`/${tool} `));
          expect(others.filter((line) => line !== "sleep 0.05")).toEqual([]);
          expect(read("variable")).toBe(secret);
        }

        writeFileSync(join(data, "go"), "");
        const { status, reason, output } = await saving;
        expect([status, reason]).toEqual([succeeded, ""]);
        expect(output.files).toMatchObject([{ what: "config" }, { what: "dump", source: kind }]);
        expect(JSON.stringify([agent.progress, output])).not.toContain("s3cret");
        if (kind === "mongodb") {
          const there = await container.exec({ Cmd: ["/tools/stat", read("path")], AttachStderr: true });
          for await (const _ of await there.start({}));
          expect((await there.inspect()).ExitCode).toBe(1);
        }
      },
    );
  },
);
