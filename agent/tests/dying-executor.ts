// What the executors of tests that kill them share: one that runs a single command and dies at a given point of it.
import { createExecutor } from "../src/executor/create-executor.ts";
import { createLog } from "../src/log.ts";
import { openDocker } from "../src/runtimes/docker.ts";
import type { ContainerRuntime } from "../src/runtimes/runtime.ts";

type Settings = { stateDir: string; socket: string; allow: string[]; dieAt: string };

/** At once, as by the kernel. */
export function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("still alive");
}

/**
 * Recovers what was left open, then runs that command, whose result it prints. `dieAt`: "after NAME": the engine has done
 * it, the journal does not know yet; "during PHASE": the journal knows, the engine was not asked yet.
 */
export async function runDying(
  { stateDir, socket, allow, dieAt }: Settings,
  id: string,
  action: object,
): Promise<void> {
  const executor = createExecutor({
    stateDir,
    config: { allow, readOnly: false },
    runtime: async () => dyingRuntime(await openDocker({ socket }, AbortSignal.timeout(10_000)), dieAt),
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
  executor.handle({ id, deadlineUnixMs: 0, ...action } as never);
}

function dyingRuntime(docker: ContainerRuntime, dieAt: string): ContainerRuntime {
  const call = dieAt.replace(/^after /, "");
  const recreation = docker.recreation && dying(docker.recreation, call);
  return { ...docker, ...dying(docker, call), ...(recreation ? { recreation } : {}) };
}

/** The same, but that it does not come back from the one call. */
function dying<T extends object>(target: T, call: string): T {
  const whole = { ...target };
  const found = Reflect.get(target, call) as unknown;
  if (typeof found !== "function") return whole;
  return {
    ...whole,
    [call]: async (...args: unknown[]) => {
      await found.apply(target, args);
      die();
    },
  };
}
