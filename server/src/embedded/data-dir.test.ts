import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdDataDir } from "./data-dir.ts";

test("a data directory is held once, and one that can't be is named", () => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-data-"));
  try {
    const held = holdDataDir(join(folder, "a", "b"));
    expect(() => holdDataDir(join(folder, "a", "b"))).toThrow(`is held by process ${process.pid}`);
    held.release();
    holdDataDir(join(folder, "a", "b")).release();
    writeFileSync(join(folder, "file"), "");
    expect(() => holdDataDir(join(folder, "file"))).toThrow("is no folder: choose another one with FAIRLEAD_DATA_DIR");
    expect(() => holdDataDir(join(folder, "file", "x"))).toThrow("is no folder");
    expect(() => holdDataDir("/proc/fairlead")).toThrow("/proc/fairlead can't be written (ENOENT)");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
