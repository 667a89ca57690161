import { expect, test } from "vitest";
import { type ContainerChange, createContainerTable } from "./container-table.ts";
import { type ContainerInfo, type ContainerRuntime, type RuntimeEvent, RuntimeFailure } from "./runtime.ts";

const blank: ContainerInfo = {
  id: "",
  name: "",
  image: "app:1",
  imageId: "sha256:1",
  digest: undefined,
  tag: "1",
  state: "running",
  health: undefined,
  healthOutput: "",
  exitCode: 0,
  oomKilled: false,
  restartCount: 0,
  pid: 1,
  createdAt: 1,
  startedAt: 1,
  finishedAt: 0,
  ports: [],
  labels: {},
  mounts: [],
  mountSources: [],
  networks: [],
  networkMode: "bridge",
  restartPolicy: "no",
  memoryLimit: 0,
};
const running = (id: string, name: string, startedAt = 1): ContainerInfo => ({ ...blank, id, name, startedAt });
const ended = (id: string, name: string, exitCode = 0, finishedAt = 2): ContainerInfo => {
  return { ...blank, id, name, state: "exited", pid: 0, exitCode, finishedAt };
};
const created = (id: string, name: string): ContainerInfo => {
  return { ...blank, id, name, state: "created", pid: 0, startedAt: 0 };
};

/** One event and what the engine answers when it is asked about it; undefined: no such container. */
type Scene = [action: string, id: string, name: string, answer: ContainerInfo | undefined, exitCode?: number];

async function play(first: ContainerInfo[], scenes: Scene[]) {
  const known = new Map(first.map((info) => [info.id, info]));
  const questions: string[] = [];
  const done = new AbortController();
  async function* events(): AsyncGenerator<RuntimeEvent> {
    for (const [action, id, name, answer, exitCode] of scenes) {
      if (answer) known.set(id, answer);
      else known.delete(id);
      yield { type: "container", action, id, name, at: 5, exitCode };
    }
    await new Promise((resolve) => done.signal.addEventListener("abort", resolve));
  }
  const runtime = {
    list: async () => {
      questions.push("list");
      return [...known.values()].map(({ id, name }) => ({ id, name, fingerprint: id }));
    },
    describe: async (id: string) => {
      questions.push(id);
      const info = known.get(id);
      if (!info) throw new RuntimeFailure("not_found", "no such container");
      return { ...info };
    },
    subscribe: async () => events(),
  } as unknown as ContainerRuntime;
  const table = createContainerTable({ open: async () => runtime });
  const told: ContainerChange[] = [];
  const follows = table.follow((change) => told.push(change), done.signal);
  await expect.poll(() => questions.length).toBe(1 + first.length + scenes.filter(([a]) => a !== "destroy").length);
  // The last event's effect comes after its question.
  await table.refresh(Date.now(), AbortSignal.timeout(1_000));
  const shown = [...table.visible()].map(([key, { id, state }]) => `${key} ${id} ${state}`);
  const asked = questions.length;
  await table.refresh(Date.now(), AbortSignal.timeout(1_000));
  expect(questions).toHaveLength(asked);
  done.abort();
  await follows;
  return { told: told.map(({ key, from, to, reason }) => [key, from, to, reason ?? ""].join(" > ")), shown };
}

const oldName = "web-fairlead-old-m1";

test.for<[what: string, first: ContainerInfo[], scenes: Scene[], told: string[], shown: string[]]>([
  [
    "started and ended",
    [created("a", "web")],
    [
      ["start", "a", "web", running("a", "web")],
      ["die", "a", "web", ended("a", "web", 3), 3],
    ],
    ["web > created > running > started", "web > running > exited > exit code 3"],
    ["web a exited"],
  ],
  [
    "ended before anyone could ask",
    [created("a", "web")],
    [
      ["start", "a", "web", ended("a", "web", 3)],
      ["oom", "a", "web", ended("a", "web", 137)],
      ["die", "a", "web", undefined, 137],
    ],
    [
      "web > created > running > started",
      "web > running > running > out of memory: the kernel killed a process",
      "web > running > gone > removed",
    ],
    [],
  ],
  [
    "restarted by the engine",
    [running("a", "web")],
    [
      ["die", "a", "web", running("a", "web", 9), 1],
      ["start", "a", "web", { ...running("a", "web", 9), restartCount: 1 }],
    ],
    ["web > running > exited > exit code 1", "web > exited > running > restart 1"],
    ["web a running"],
  ],
  [
    "replaced",
    [running("a", "web")],
    [
      ["create", "b", "web-fairlead-new-m1", created("b", "web-fairlead-new-m1")],
      ["rename", "a", oldName, running("a", oldName)],
      ["rename", "b", "web", created("b", "web")],
      ["die", "a", oldName, ended("a", oldName), 0],
      ["start", "b", "web", running("b", "web", 7)],
      ["destroy", "a", oldName, undefined],
    ],
    ["web > running > exited > exit code 0", "web > exited > running > started"],
    ["web b running"],
  ],
  [
    "replaced, read late",
    [running("a", "web")],
    [
      ["rename", "a", oldName, ended("a", oldName)],
      ["rename", "b", "web", running("b", "web", 7)],
      ["die", "a", oldName, ended("a", oldName), 0],
      ["start", "b", "web", running("b", "web", 7)],
      ["destroy", "a", oldName, undefined],
    ],
    ["web > running > exited > exit code 0", "web > exited > running > "],
    ["web b running"],
  ],
])("a container that is %s", async ([, first, scenes, told, shown]) => {
  expect(await play(first, scenes)).toEqual({ told, shown });
});

test("a list that was cut off goes on where it ended", async () => {
  const all = Array.from({ length: 20 }, (_, i) => running(`id${i}`, `name${i}`));
  let asked = 0;
  const runtime = {
    list: async () => all.map(({ id, name }) => ({ id, name, fingerprint: id })),
    describe: async (id: string, signal: AbortSignal) => {
      signal.throwIfAborted();
      asked++;
      return all.find((info) => info.id === id);
    },
  } as unknown as ContainerRuntime;
  const table = createContainerTable({ open: async () => runtime });
  const cut = new AbortController();
  const describe = runtime.describe;
  runtime.describe = async (id, signal) => {
    const info = await describe(id, signal);
    if (asked === 12) cut.abort(new Error("too slow"));
    return info;
  };
  await expect(table.refresh(1, cut.signal)).rejects.toThrow("too slow");
  const before = asked;
  await table.refresh(2, AbortSignal.timeout(1_000));
  expect(table.visible().size).toBe(20);
  expect(asked - before).toBeLessThan(12);
  // Without events the next one begins anew.
  await table.refresh(3, AbortSignal.timeout(1_000));
  expect(asked - before).toBeGreaterThanOrEqual(20);
});
