import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createHost, type StatFs } from "./host.ts";

const folder = mkdtempSync(join(tmpdir(), "fairlead-host-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const some: StatFs = { blockSize: 4096, blocks: 9, free: 5, available: 4, files: 3, freeFiles: 2 };

describe("readText", () => {
  test("reads under the root, larger than the buffer, and gives undefined for what is not there", () => {
    mkdirSync(join(folder, "sys"), { recursive: true });
    writeFileSync(join(folder, "sys/small"), "ünï\n");
    writeFileSync(join(folder, "sys/large"), "x".repeat(100_000));
    const host = createHost(folder);
    expect(host.readText("/sys/small")).toBe("ünï\n");
    expect(host.readText("/sys/large")).toBe("x".repeat(100_000));
    expect(host.readText("/sys/none")).toBeUndefined();
    expect(host.readText("/sys/small/under")).toBeUndefined();
    expect(() => host.readText("/sys")).toThrow(/EISDIR/);
    expect(host.readDir("/none")).toBeUndefined();
    expect(host.readLink("/sys/small")).toBeUndefined();
    expect(host.linkCount("/none")).toBeUndefined();
  });

  test("a kept /proc file is read anew each time", () => {
    const host = createHost();
    const times = new Set<string | undefined>();
    const until = performance.now() + 5000;
    // /proc/uptime counts hundredths of a second.
    while (times.size < 4 && performance.now() < until) times.add(host.readText("/proc/uptime"));
    expect(times.size).toBe(4);
  });
});

describe("a hung call", () => {
  test("rejects at the deadline, is not repeated until it answered, and disturbs no other", async () => {
    const asked: string[] = [];
    const release = new Map<string, (value: StatFs) => void>();
    const host = createHost("/", {
      statfs: (path) => {
        asked.push(path);
        if (!path.startsWith("/hung")) return Promise.resolve(some);
        return new Promise((resolve) => release.set(path, resolve));
      },
    });
    const first = await Promise.allSettled(["/hung1", "/a", "/hung2", "/tmp"].map((path) => host.statfs(path, 200)));
    expect(first.map((r) => r.status)).toEqual(["rejected", "fulfilled", "rejected", "fulfilled"]);
    await expect(host.statfs("/hung1", 20)).rejects.toThrow("/hung1: no answer for 0 s");
    // Both slots are held: the next one is asked through a process.
    expect((await host.statfs("/", 5000)).blocks).toBeGreaterThan(0);
    expect(asked.filter((path) => path === "/")).toEqual([]);
    release.get("/hung1")?.(some);
    await expect.poll(() => host.statfs("/c", 20)).toEqual(some);
    expect(asked.filter((path) => path === "/hung1")).toHaveLength(1);
  });

  test("a file that blocks in open does so in the pool", async () => {
    const fifo = join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    const host = createHost();
    await expect(host.readSlowText(fifo, 20)).rejects.toThrow("no answer within 20 ms");
    expect(await host.readSlowText("/proc/self/comm", 1000)).toMatch(/\n$/);
    writeFileSync(fifo, "42\n");
    await expect.poll(() => host.readSlowText(fifo, 20).catch((e: Error) => e.message)).toMatch(/within 20 ms/);
    writeFileSync(fifo, "43\n");
  });
});

test("a process with a hung call can still exit, with its code", async () => {
  const fifo = join(folder, "never");
  execFileSync("mkfifo", [fifo]);
  const script = `
    import { createHost } from ${JSON.stringify(join(import.meta.dirname, "host.ts"))};
    await createHost().readSlowText(${JSON.stringify(fifo)}, 10).catch((error) => console.log(error.message));
    process.exit(7);`;
  const done = await createHost().run("node", ["--input-type=module", "-e", script], { deadlineMs: 10_000 });
  expect(done).toMatchObject({ code: 7, stdout: `${fifo}: no answer within 10 ms\n` });
});

describe("run", () => {
  const host = createHost();

  test("gives output and exit code, with no environment but PATH and LC_ALL", async () => {
    const done = await host.run("sh", ["-c", "env; echo oops >&2; exit 3"], { deadlineMs: 5000 });
    expect(done.code).toBe(3);
    expect(done.stderr).toBe("oops\n");
    const names = done.stdout
      .trim()
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(names.filter((name) => !["PWD", "_", "SHLVL", "OLDPWD"].includes(name ?? "")).sort()).toEqual([
      "LC_ALL",
      "PATH",
    ]);
  });

  test.each([
    ["a missing program", "no-such-program", [], {}, /can't be started/],
    ["the deadline", "sleep", ["60"], { deadlineMs: 30 }, /no end within 30 ms/],
    ["too much output", "sh", ["-c", "yes"], { maxBytes: 1000 }, /more than 1000 bytes/],
    ["an aborted signal", "sleep", ["60"], { signal: AbortSignal.abort() }, /aborted/],
  ])("rejects on %s", async (_, file, args, options, message) => {
    await expect(host.run(file, args, { deadlineMs: 5000, ...options })).rejects.toThrow(message);
  });

  test("kills the whole group", async () => {
    const file = join(folder, "pids");
    const abort = new AbortController();
    const run = host.run("sh", ["-c", `sleep 300 & echo $! > ${file}; wait`], {
      deadlineMs: 5000,
      signal: abort.signal,
    });
    await expect.poll(() => host.readText(file)).toMatch(/\d+\n/);
    const pid = Number(host.readText(file));
    abort.abort();
    await expect(run).rejects.toThrow("aborted");
    await expect.poll(() => host.readText(`/proc/${pid}/stat`)?.split(" ")[2] ?? "gone").toMatch(/gone|Z/);
  });
});
