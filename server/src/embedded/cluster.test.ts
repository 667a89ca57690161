import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { eventually } from "../../tests/eventually.ts";
import { startCluster } from "./cluster.ts";
import { HeldError, holdDataDir } from "./data-dir.ts";

const dataDir = mkdtempSync(join(tmpdir(), "fairlead-cluster-"));
chmodSync(dataDir, 0o755);
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

async function ask(url: string, statement: string): Promise<unknown> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    try {
      await client.connect();
      const { rows } = await client.query({ text: statement, rowMode: "array" });
      await client.end();
      return (rows as unknown[][])[0]?.[0];
    } catch (error) {
      if (attempt > 200) throw error;
      await delay(50);
    }
  }
}

test("a killed postmaster is started again with what was committed, and a running one is adopted", async () => {
  const events: string[] = [];
  const onEvent = (event: string) => events.push(event);
  const first = await startCluster({ dataDir, onEvent });
  await ask(first.url, "CREATE TABLE kept AS SELECT 42 AS n");
  expect(await ask(first.url, "SHOW fsync")).toBe("on");

  process.kill(first.pid(), "SIGKILL");
  expect(await ask(first.url, "SELECT n FROM kept")).toBe(42);
  expect(events).toContain("database died, starting it again");

  const second = await startCluster({ dataDir, onEvent });
  expect(second.pid()).toBe(first.pid());
  expect(events).toContain("database adopted");
  await first.stop();
  await second.stop();
  // Until this process has reaped it, it is still listed.
  const gone = () => expect(() => process.kill(first.pid(), 0)).toThrow("ESRCH");
  await eventually(gone);
});

test("the password lies in a file that others cannot read", () => {
  expect(statSync(join(dataDir, "postgres-password")).mode & 0o777).toBe(0o600);
});

test("a data directory is held by one process; a dead holder does not count", async () => {
  const dir = mkdtempSync(join(tmpdir(), "fairlead-held-"));
  const script = `const { holdDataDir } = await import(${JSON.stringify(import.meta.resolve("./data-dir.ts"))});
    holdDataDir(${JSON.stringify(dir)}); console.log("held"); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  expect(() => holdDataDir(dir)).toThrow(HeldError);
  expect(() => holdDataDir(dir)).toThrow(`process ${child.pid}`);
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  holdDataDir(dir).release();
  rmSync(dir, { recursive: true });
});
