// An executor in a process of its own, for tests that kill it: runs one command and dies at a given point.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { createExecutor } from "../src/executor/create-executor.ts";
import { createLog } from "../src/log.ts";
import { openDocker } from "../src/runtimes/docker.ts";
import type { ContainerRuntime } from "../src/runtimes/runtime.ts";

const [stateDir = "", socket = "", id = "", container = "", image = "", dieAt = "", action = ""] =
  process.argv.slice(2);

function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("still alive");
}

// "after NAME": the engine has done it, the journal does not know yet; "during PHASE": the journal knows, the engine
// was not asked yet.
function dying<T extends object>(target: T): T {
  return new Proxy(target, {
    get(from, name) {
      const value = Reflect.get(from, name) as unknown;
      if (typeof value !== "function" || dieAt !== `after ${String(name)}`) return value;
      return async (...args: unknown[]) => {
        await value.apply(from, args);
        die();
      };
    },
  });
}

// "write N": as soon as the journal was written so often.
const writes = Number(/^write (\d+)$/.exec(dieAt)?.[1] ?? 0);
if (writes > 0) {
  let count = 0;
  const rename = fs.renameSync;
  fs.renameSync = (from, to) => {
    rename(from, to);
    if (String(to).includes("/commands/") && ++count === writes) die();
  };
  syncBuiltinESMExports();
}

const executor = createExecutor({
  stateDir,
  config: { allow: ["container.update", "project.update"], readOnly: false },
  runtime: async () => {
    const docker = await openDocker({ socket }, AbortSignal.timeout(10_000));
    const runtime: ContainerRuntime = dying(docker);
    return docker.recreation ? { ...docker, ...bound(runtime, docker), recreation: dying(docker.recreation) } : docker;
  },
  refresh: async () => ({}),
  events: {
    progress: ({ phase }) => {
      if (dieAt === `during ${phase}`) die();
    },
    result: (result) => {
      console.log(JSON.stringify(result));
      process.exit(0);
    },
  },
  log: createLog("error"),
  now: Date.now,
});

await executor.recover();
const wanted = action === "" ? { containerUpdate: { container, image, stableSeconds: 1 } } : JSON.parse(action);
executor.handle({ id, deadlineUnixMs: 0, ...wanted } as never);

function bound(runtime: ContainerRuntime, docker: ContainerRuntime): Pick<ContainerRuntime, "start" | "stop"> {
  return { start: runtime.start.bind(docker), stop: runtime.stop.bind(docker) };
}
