// An agent's executor that runs inside a container, for tests that have it replace its own: takes the command in
// STATE/wanted.json and writes its results into STATE/results.
import { appendFileSync, existsSync, readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { createExecutor } from "../src/executor/create-executor.ts";
import { swapArgument } from "../src/executor/update/swap.ts";
import { createLog } from "../src/log.ts";
import { openDocker } from "../src/runtimes/docker.ts";
import { ownContainerId } from "../src/runtimes/own-container.ts";

const args = process.argv.slice(2);
if (args[0] === swapArgument) {
  const dieAt = join(args[2] ?? "", "helper-dies");
  // Once: the engine starts it again.
  if (existsSync(dieAt)) {
    const ms = Number(readFileSync(dieAt, "utf8"));
    unlinkSync(dieAt);
    setTimeout(() => process.kill(process.pid, "SIGKILL"), ms);
  }
  // The agent's own program, which ends by itself.
  await import("../src/main.ts");
  await new Promise(() => {});
}
const [stateDir = "", socket = ""] = args;
const executor = createExecutor({
  stateDir,
  config: { allow: ["container.update"], readOnly: false },
  runtime: () => openDocker({ socket, ownContainerId: ownContainerId() }, AbortSignal.timeout(10_000)),
  refresh: async () => ({}),
  events: {
    progress: () => {},
    result: (result) => appendFileSync(join(stateDir, "results"), `${JSON.stringify(result)}\n`),
  },
  log: createLog("info"),
  now: Date.now,
});
process.once("SIGTERM", () => void executor.stop().then(() => process.exit(0)));
// A release that is broken in a way that no health check sees.
if (process.env.RELEASE === "deaf") setInterval(() => {}, 1_000);
else {
  await executor.recover();
  setInterval(() => {
    const wanted = join(stateDir, "wanted.json");
    if (!existsSync(wanted)) return;
    const command = JSON.parse(readFileSync(wanted, "utf8"));
    unlinkSync(wanted);
    executor.handle(command);
  }, 100);
}
