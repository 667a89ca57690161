import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimFolder, lockFolder, removeState, sweepTemporary } from "./state-folder.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fairlead-state-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("claiming", () => {
  test("closes it to others and leaves nothing", () => {
    mkdirSync(join(folder, "own"), { mode: 0o755 });
    writeFileSync(join(folder, "own/key.pem"), "");
    claimFolder(join(folder, "own"));
    expect(statSync(join(folder, "own")).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, "own"))).toEqual(["key.pem"]);
  });

  test("a folder that others use stays open to them", () => {
    mkdirSync(join(folder, "lib/dpkg"), { recursive: true, mode: 0o755 });
    expect(() => claimFolder(join(folder, "lib"))).toThrow(/lib: holds files of others \(dpkg\): give a folder/);
    expect(statSync(join(folder, "lib")).mode & 0o777).toBe(0o755);
  });

  test("one that is closed already may hold other files", () => {
    writeFileSync(join(folder, "agent.yaml"), "");
    claimFolder(folder);
    expect(readdirSync(folder)).toEqual(["agent.yaml"]);
  });

  test("a file in its place is named", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => claimFolder(join(folder, "file"))).toThrow(/stateDir: .*file: can't be used: EEXIST/);
  });
});

describe("the lock", () => {
  test("is held by one, and given back", () => {
    const unlock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(`another agent (pid ${process.pid}) runs on ${folder}: stop it first`);
    unlock();
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(["4194304.1.boot", "1.1.otherboot", "self.x", "../../etc/passwd", ""])("of %j is taken over", (dead) => {
    if (dead !== "") symlinkSync(dead, join(folder, "agent.lock"));
    lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(/another agent/);
    expect(readdirSync(folder)).toEqual(["agent.lock"]);
  });
});

test("removing takes only what is the agent's", () => {
  mkdirSync(join(folder, "spool"));
  mkdirSync(join(folder, "dpkg"));
  for (const name of ["key.pem", "cert.pem.12.tmp", "spool/0000000001.seg", "dpkg/status"])
    writeFileSync(join(folder, name), "");
  symlinkSync(tmpdir(), join(folder, "commands"));
  sweepTemporary(folder);
  expect(readdirSync(folder).sort()).toEqual(["commands", "dpkg", "key.pem", "spool"]);
  expect(removeState(folder)).toBe(false);
  expect(readdirSync(folder)).toEqual(["dpkg"]);
  expect(existsSync(tmpdir())).toBe(true);
  rmSync(join(folder, "dpkg"), { recursive: true });
  expect(removeState(folder)).toBe(true);
});
