import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { noAbort, rootedHost } from "../../tests/rooted-host.ts";
import type { Host } from "../host/host.ts";
import { runProgram } from "../host/subprocess.ts";
import { runOutside, startOutside } from "./outside.ts";

/** A host with programs of its own: `long` runs until the folder is gone, `systemd-run` notes what it is to run and does. */
function hostWith(files: Record<string, string>): Host & { folder: string; read(file: string): string } {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-outside-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = (name: string, body: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  program(
    "long",
    `cd ${folder} || exit\n(while [ -e ${folder} ]; do sleep 0.05; done) &\necho "$@" > started; echo begun`,
  );
  program("bad", "echo 'ERROR: it runs already' >&2; exit 3");
  program("systemd-run", `echo "$@" > ${folder}/service\nwhile [ "$1" != -- ]; do shift; done\nshift; "$@"`);
  return {
    ...rootedHost(files),
    folder,
    read: (file) => readFileSync(join(folder, file), "utf8").trim(),
    run: (file, args, options) => runProgram(file === "sh" ? file : join(folder, file), args, options),
  };
}

test("without systemd what goes on in the background does not hold us", async () => {
  const host = hostWith({});
  await startOutside(host, join(host.folder, "long"), ["scrub", "start"], "/mnt/a b", noAbort);
  expect(host.read("started")).toBe("scrub start /mnt/a b");
  const bad = startOutside(host, join(host.folder, "bad"), [], "/mnt", noAbort);
  await expect(bad).rejects.toThrow(/bad: ERROR: it runs already$/);
});

test("with systemd it runs in a service of its own, in the foreground of that", async () => {
  const host = hostWith({ "/run/systemd/system/x": "" });
  await expect(startOutside(host, join(host.folder, "bad"), ["scrub", "start"], "/mnt", noAbort)).rejects.toThrow(
    "ERROR: it runs already",
  );
  expect(host.read("service")).toBe(`--quiet --collect -- ${host.folder}/bad scrub start -B /mnt`);
  const done = await runOutside(host, "sh", ["-c", 'echo "$0"', "check"], noAbort);
  expect(done).toMatchObject({ code: 0, stdout: "check\n" });
  expect(host.read("service")).toMatch(/^--quiet --collect --wait --pipe -- sh -c/);
});
