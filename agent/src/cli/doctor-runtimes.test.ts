import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseConfig } from "../config.ts";
import { runtimes } from "./doctor-runtimes.ts";

const folder = mkdtempSync(join(tmpdir(), "fairlead-doctor-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const configOf = (...list: [name: string, socket: string][]) =>
  parseConfig(
    JSON.stringify({
      stateDir: folder,
      runtimes: list.map(([name, socket]) => ({ name, type: "podman", socket: join(folder, socket) })),
    }),
  );

test("one that answers, one that is not there", async () => {
  const server = createServer((_, response) => {
    response.end(JSON.stringify({ Version: "4.3.1", ApiVersion: "1.41", Components: [{ Name: "Podman Engine" }] }));
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "up.sock"), resolve));
  try {
    expect(await runtimes(configOf(["ci", "up.sock"], ["gone", "gone.sock"]))).toEqual([
      { check: "ci", verdict: "ok", found: `podman 4.3.1, API 1.41 at ${folder}/up.sock, the first`, remedy: "" },
      {
        check: "gone",
        verdict: "fault",
        found: `no Podman service: ${folder}/gone.sock does not exist`,
        remedy: "start the engine, or take it out of runtimes",
      },
    ]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("a socket that nobody serves", async () => {
  const { execFileSync } = await import("node:child_process");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, "deaf.sock"), resolve));
  execFileSync("ln", [join(folder, "deaf.sock"), join(folder, "left-podman.sock")]);
  await new Promise((resolve) => server.close(resolve));
  expect(await runtimes(configOf(["ci", "left-podman.sock"]))).toMatchObject([
    { verdict: "fault", found: expect.stringContaining("ECONNREFUSED"), remedy: "systemctl start podman.socket" },
  ]);
});
