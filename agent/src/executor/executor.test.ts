import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pb } from "@fairlead/proto";
import { afterAll, describe, expect, test } from "vitest";
import { createLog } from "../log.ts";
import type { Fitness } from "../runtimes/runtime.ts";
import { parseCommand } from "./command.ts";
import { createExecutor } from "./create-executor.ts";
import { judge } from "./gate.ts";
import { openJournal } from "./journal.ts";

const folder = mkdtempSync(join(tmpdir(), "fairlead-executor-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const log = createLog("error", { write: () => {} });
const {
  COMMAND_STATUS_SUCCEEDED: succeeded,
  COMMAND_STATUS_FAILED: failed,
  COMMAND_STATUS_EXPIRED: expired,
} = pb.CommandStatus;

type Options = {
  stateDir?: string;
  allow?: string[];
  readOnly?: boolean;
  refresh?: () => Promise<Record<string, unknown>>;
};

function open(options: Options = {}) {
  const stateDir = options.stateDir ?? mkdtempSync(join(folder, "state-"));
  const results: pb.CommandResult.$Properties[] = [];
  const progress: pb.CommandProgress.$Properties[] = [];
  let time = 1_000_000;
  const executor = createExecutor({
    stateDir,
    config: {
      allow: options.allow ?? ["agent.ping", "host.refresh", "container.stop", "container.update"],
      readOnly: options.readOnly ?? false,
    },
    runtime: async () => undefined,
    refresh: options.refresh ?? (async () => ({ readings: 5 })),
    events: { progress: (p) => progress.push(p), result: (r) => results.push(r) },
    log,
    now: () => time++,
  });
  const send = (action: object, id: string = randomUUID()) => {
    executor.handle({ id, deadlineUnixMs: 0, ...action } as never);
    return id;
  };
  return { executor, results, progress, send, stateDir };
}

const ended = (results: unknown[], count = 1) => expect.poll(() => results.length).toBe(count);

describe("commands that need no container", () => {
  test("run once however often they come, and are answered from the journal after a restart", async () => {
    let runs = 0;
    const { executor, results, send, stateDir } = open({ refresh: async () => ({ runs: ++runs }) });
    const id = send({ hostRefresh: {} });
    await executor.recover();
    await ended(results);
    send({ hostRefresh: {} }, id);
    expect(results).toHaveLength(2);
    expect(results[0]).toMatchObject({ id, status: succeeded, outputJson: '{"runs":1}', reason: "" });
    expect(results[1]).toEqual(results[0]);
    const again = open({ stateDir });
    await again.executor.recover();
    expect(again.executor.unconfirmed()).toEqual([results[0]]);
    again.executor.confirm(id);
    expect(again.executor.unconfirmed()).toEqual([]);
    again.send({ hostRefresh: {} }, id);
    expect(again.results).toEqual([results[0]]);
    expect(runs).toBe(1);
    expect(statSync(join(stateDir, "commands", `${id}.json`)).mode & 0o777).toBe(0o600);
  });

  test("a passed deadline, a missing runtime, a failing handler", async () => {
    const { executor, results, send } = open({
      refresh: async () => {
        throw new Error("no collectors");
      },
    });
    await executor.recover();
    const late = send({ agentPing: {}, deadlineUnixMs: 1 });
    const stop = send({ containerStop: { container: "web" } });
    const broken = send({ hostRefresh: {} });
    await ended(results, 3);
    const of = (id: string) => results.find((r) => r.id === id);
    expect(of(late)).toMatchObject({ status: expired });
    expect(of(stop)).toMatchObject({
      status: failed,
      reason: "this host has no container runtime that the agent can reach",
    });
    expect(of(broken)).toMatchObject({ status: failed, reason: "no collectors" });
  });

  test("cancelled while it waits", async () => {
    const { executor, results, send } = open();
    const id = send({ agentPing: {} });
    executor.cancel(id);
    await executor.recover();
    await ended(results);
    expect(results[0]?.status).toBe(pb.CommandStatus.COMMAND_STATUS_CANCELLED);
  });
});

test.for<[what: string, options: Options, action: object, reason: RegExp]>([
  [
    "read-only",
    { readOnly: true },
    { containerStop: { container: "a" } },
    /read-only \(readOnly: true in the agent's conf/,
  ],
  ["not allowed", { allow: ["agent.ping"] }, { hostRefresh: {} }, /host.refresh is refused: add it to "allow"/],
  ["unknown", { allow: ["unknown"] }, {}, /does not know the command: update the agent/],
])("refused by the host: %s", ([, options, action, reason]) => {
  const { results, send, executor } = open(options);
  send(action);
  expect(results).toEqual([expect.objectContaining({ status: failed, reason: expect.stringMatching(reason) })]);
  expect(executor.allowed()).toEqual(
    options.readOnly ? ["agent.ping", "host.refresh"] : options.allow?.filter((t) => t !== "unknown"),
  );
});

test("a server that confirms nothing fills neither memory nor disk", () => {
  const { results, send, stateDir } = open({ allow: [] });
  for (let i = 0; i < 1_002; i++) send({ agentPing: {} });
  expect(readdirSync(join(stateDir, "commands"))).toHaveLength(1_000);
  expect(results.at(-1)?.reason).toBe("1000 commands wait for their end or their confirmation: send it again later");
});

test("a command of a later server is told apart from one that the host forbids", () => {
  const { results, send } = open();
  send({});
  expect(results.at(-1)?.reason).toBe("this agent does not know the command: update the agent");
});

test("an id that is no UUID never becomes a file name", () => {
  const { results, send, stateDir } = open();
  for (const id of ["", "../../etc/cron.d/x", "x".repeat(10_000)]) send({ agentPing: {} }, id);
  expect(results.map((r) => r.reason)).toEqual(Array(3).fill("the command's id is no UUID"));
  expect(readdirSync(join(stateDir, "commands"))).toEqual([]);
});

const hostile = [
  "",
  "a b",
  "-x",
  "../x",
  "x/y/z",
  "a\u0000b",
  "a\nb",
  "$(id)",
  "ä",
  "a".repeat(256),
  "a".repeat(10_240),
];
test.for(hostile)("container name %j is refused by name", (container) => {
  for (const action of [{ containerStart: { container } }, { containerUpdate: { container, image: "nginx" } }]) {
    const parsed = parseCommand(action);
    expect(parsed).toMatchObject({ error: expect.stringMatching(/^container: /) });
    if ("error" in parsed) expect(parsed.error.length).toBeLessThan(200);
  }
});

test.for<[action: object, error: RegExp]>([
  [{ containerUpdate: { container: "web", image: "" } }, /^image: "" is empty: give/],
  [{ containerUpdate: { container: "web", image: "a".repeat(10_240) } }, /^image: "a{60}\.\.\." is longer than/],
  [{ containerUpdate: { container: "web", image: "nginx:1 --privileged" } }, /^image: .*bad tag/],
  [
    { containerRollback: { container: "web", healthTimeoutSeconds: 86_401 } },
    /^healthTimeoutSeconds: 86401 is out of range/,
  ],
  [
    { containerUpdate: { container: "web", image: "nginx", stableSeconds: 86_401 } },
    /^stableSeconds: 86401 is out of range/,
  ],
  [{ containerStop: { container: "web", timeoutSeconds: -1 } }, /^timeoutSeconds: -1 is out of range/],
])("%j is refused", ([action, error]) => {
  expect(parseCommand(action)).toMatchObject({ error: expect.stringMatching(error) });
});

test.for<[what: string, text: string]>([
  ["empty", ""],
  ["cut off", '{"version":1,"id":"'],
  ["something else", "[]"],
  ["null", "null"],
  [
    "another id",
    JSON.stringify({
      version: 1,
      id: randomUUID(),
      type: "agent.ping",
      args: {},
      deadlineAt: 0,
      startedAt: 0,
      phases: [],
    }),
  ],
])("a journal file that is %s is set aside and reported as failed", async ([, text]) => {
  const stateDir = mkdtempSync(join(folder, "state-"));
  const id = randomUUID();
  mkdirSync(join(stateDir, "commands"));
  writeFileSync(join(stateDir, "commands", `${id}.json`), text);
  writeFileSync(join(stateDir, "commands", "stray.tmp"), "x");
  const { executor } = open({ stateDir });
  await executor.recover();
  expect(executor.unconfirmed()).toMatchObject([
    { id, status: failed, reason: expect.stringContaining("was corrupt") },
  ]);
  const names = readdirSync(join(stateDir, "commands")).sort();
  expect(names).toEqual([`${id}.json`, expect.stringMatching(/\.json\.corrupt-\d+$/)]);
});

test("confirmed commands are dropped after a day, others are kept", () => {
  const journal = openJournal(join(mkdtempSync(join(folder, "state-")), "commands"), 0, log);
  const entry = {
    version: 1,
    type: "agent.ping",
    args: {},
    deadlineAt: 0,
    receivedAt: 0,
    startedAt: 1,
    finishedAt: 1,
    phases: [],
  } as const;
  const made = [0, 1, 90_000_000].map((confirmedAt) => ({ ...entry, phases: [], id: randomUUID(), confirmedAt }));
  for (const one of made) journal.save(one);
  journal.prune(90_000_001);
  expect([...journal.entries.keys()]).toEqual([made[0]?.id, made[2]?.id]);
});

const fit: Fitness = {
  state: "running",
  restartCount: 0,
  exitCode: 0,
  oomKilled: false,
  health: undefined,
  healthOutput: "",
  healthTimeoutMs: 0,
  error: "",
};
const sick = { healthTimeoutMs: 30_000, healthOutput: "refused" };

test.for<[what: string, fitness: Partial<Fitness>, elapsedMs: number, verdict: string | boolean | undefined]>([
  ["running, too early", {}, 9_999, undefined],
  ["running long enough", {}, 10_000, true],
  [
    "exited",
    { state: "exited", exitCode: 137, oomKilled: true },
    300,
    "is exited after 0.3 s (exit code 137, out of memory)",
  ],
  ["could not start", { state: "created", error: "no such file" }, 0, "is created after 0.0 s (no such file)"],
  ["restarted meanwhile", { restartCount: 1, exitCode: 0 }, 11_000, "restarted after 11.0 s"],
  [
    "between two starts",
    { restartCount: 1, state: "restarting", exitCode: 1 },
    11_000,
    "restarted after 11.0 s (exit code 1)",
  ],
  ["healthy, too early", { health: "healthy" }, 100, undefined],
  ["healthy long enough", { health: "healthy" }, 10_000, true],
  ["starting is no failure", { health: "starting", ...sick }, 29_000, undefined],
  ["starting for too long", { health: "starting", ...sick }, 30_000, "did not become healthy within 30 s: refused"],
  ["unhealthy", { health: "unhealthy", ...sick }, 1, "is unhealthy: refused"],
])("the gate: %s", ([, fitness, elapsedMs, verdict]) => {
  const said = judge({ ...fit, ...fitness }, elapsedMs, { stableMs: 10_000, healthTimeoutMs: 0 });
  if (verdict === true) expect(said).toEqual({ passed: true });
  else if (verdict === undefined) expect(said).toBeUndefined();
  else expect(said).toEqual({ passed: false, reason: `the new container ${verdict}` });
});
