// An executor in a process of its own, for tests that kill it: runs one command and dies at a given point.
import { createExecutor } from "../src/executor/create-executor.ts";
import { createLog } from "../src/log.ts";
import { openDocker } from "../src/runtimes/docker.ts";

const [stateDir = "", socket = "", id = "", action = "{}", dieAt = ""] = process.argv.slice(2);

function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("still alive");
}

// "after NAME": the engine has done it, the journal does not know yet.
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

const executor = createExecutor({
  stateDir,
  config: { allow: ["container.backup", "container.restore"], readOnly: false },
  runtime: async () => {
    const docker = await openDocker({ socket }, AbortSignal.timeout(10_000));
    const recreation = docker.recreation && dying(docker.recreation);
    return { ...dying({ ...docker }), ...wrapped(docker), ...(recreation ? { recreation } : {}) };
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
executor.handle({ id, deadlineUnixMs: 0, ...JSON.parse(action) } as never);

function wrapped<T extends object>(docker: T): Partial<T> {
  const name = dieAt.replace(/^after /, "") as keyof T;
  return dieAt.startsWith("after ") && name in docker ? ({ [name]: dying(docker)[name] } as unknown as Partial<T>) : {};
}
