import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fulfilGuard, type GuardRequest, takeGuard } from "./guard-duty.ts";

const started = Date.parse("2026-01-02T03:04:05.678Z");
const state = (Status: string, StartedAt = "2026-01-02T03:04:05.678901234Z") => ({
  State: { Status, Paused: Status === "paused", StartedAt },
  Config: { StopTimeout: 3_600 },
});
const later = "2026-01-02T04:00:00Z";
const gone = { message: "No such container" };

/** What the engine answers one look after the other (the last again and again), and what it is then asked to do. */
const cases: [what: string, by: "pause" | "stop", answers: object[], asked: string[]][] = [
  ["one that is paused", "pause", [state("paused"), state("running")], ["unpause"]],
  [
    "one that is paused only after the first look",
    "pause",
    [state("running"), state("paused"), state("running")],
    ["unpause"],
  ],
  ["one that goes on", "pause", [state("running")], []],
  ["one that was stopped for it", "stop", [state("exited"), state("running", later)], ["start"]],
  ["one that is still being stopped", "stop", [state("running"), state("exited"), state("running", later)], ["start"]],
  ["one that was started since, and stopped again", "stop", [state("exited", later)], []],
  ["one that is gone", "stop", [gone], []],
  ["an engine that fails at first", "pause", [{}, state("paused"), state("running")], ["unpause"]],
];

test.each(cases)("%s", async (_, by, answers, asked) => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-guard-"));
  const left = [...answers];
  const posts: string[] = [];
  const server = createServer(({ method, url }, response) => {
    if (method === "POST") {
      posts.push(url ?? "");
      return void response.writeHead(204).end();
    }
    const answer = (left.length > 1 ? left.shift() : left[0]) ?? {};
    response.writeHead(answer === gone ? 404 : "State" in answer ? 200 : 500).end(JSON.stringify(answer));
  });
  const socket = join(folder, "engine.sock");
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  try {
    const request: GuardRequest = { do: "guard", socket, id: "f00d", by, startedAt: started };
    await takeGuard(request);
    await fulfilGuard();
    expect(posts).toEqual(asked.map((action) => `/containers/f00d/${action}`));
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
