import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withoutLibatomic, writeWithoutLibatomic } from "./without-libatomic.mjs";

const official = join(import.meta.dirname, `../node_modules/node-linux-${process.arch}/bin/node`);

describe("a Node binary without libatomic", () => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-node-"));
  const changed = join(folder, "node");
  beforeAll(() => writeWithoutLibatomic(official, changed));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("asks the loader for no such library", () => {
    const listed = (file: string) => execFileSync(file, [], { env: { LD_TRACE_LOADED_OBJECTS: "1" } }).toString();
    expect(listed(official)).toContain("libatomic.so.1");
    expect(listed(changed)).not.toContain("libatomic");
    expect(listed(changed)).toContain("libstdc++.so.6");
  });

  test("runs what calls the function: new functions, WebAssembly, workers", () => {
    const script = `
      const wasm = Buffer.from("0061736d0100000001060160017f017f03020100070801046164643100000a09010700200041016a0b", "hex");
      let sum = 0;
      for (let i = 0; i < 500; i++) sum += new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports.add1(new Function("return " + i)());
      const { Worker } = require("node:worker_threads");
      const worker = new Worker("require('node:worker_threads').parentPort.postMessage(eval('40 + 2'))", { eval: true });
      worker.on("message", (m) => console.log(sum, m));`;
    expect(execFileSync(changed, ["-e", script]).toString().trim()).toBe("125250 42");
  });

  test("another binary is left alone", () => {
    const other = readFileSync(official);
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    expect(() => withoutLibatomic(other)).toThrow("not a Node binary that this was made for");
    expect(() => withoutLibatomic(Buffer.from("#!/bin/sh"))).toThrow("not a Node binary");
  });
});
