import { pb } from "@fairlead/proto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AgentsPort, startAgentsPort } from "../../tests/agents-port.ts";
import { eventually } from "../../tests/eventually.ts";
import type { Actor } from "../context.ts";
import { expireCommands, readCommand } from "../db/queries/commands.ts";
import { Failure } from "../failure.ts";
import { cancelCommand } from "../services/command/cancel.ts";
import { createCommand, type NewCommand } from "../services/command/create.ts";

let server: AgentsPort;
beforeAll(async () => {
  server = await startAgentsPort();
});
afterAll(() => server.close());

const actor: Actor = { kind: "user", id: null, name: "ann@example.org", role: "operator", requestId: null, ip: null };
const { ACCEPTED, RUNNING } = {
  ACCEPTED: pb.CommandState.COMMAND_STATE_ACCEPTED,
  RUNNING: pb.CommandState.COMMAND_STATE_RUNNING,
};
const succeeded = pb.CommandStatus.COMMAND_STATUS_SUCCEEDED;

async function order(serverId: string, more: Partial<NewCommand> = {}) {
  const { command } = await createCommand(server.context, actor, { serverId, type: "agent.ping", args: {}, ...more });
  return command;
}
const statusOf = async (id: string) => (await readCommand(server.db, id))?.status;

test("how long a roll-back has to prove itself reaches the agent", async () => {
  const identity = await server.identity();
  const args = { container: "web", stableSeconds: 5, healthTimeoutSeconds: 60 };
  const { id } = await order(identity.serverId, { type: "container.rollback", args });
  const agent = server.open(identity);
  expect(await agent.next("command")).toMatchObject({
    id,
    containerRollback: { ...args, update: "", forceReason: "" },
  });
  agent.stop();
});

test("the whole life: queued offline, sent on connect, sent again, progress, result, confirmed", async () => {
  const identity = await server.identity();
  const args = { container: "web", image: "registry.test/web:2", stableSeconds: 5 };
  const { id, status } = await order(identity.serverId, { type: "container.update", args });
  expect(status).toBe("queued");
  const first = server.open(identity, { instanceId: "i" });
  const frame = await first.next("command");
  expect(frame).toMatchObject({ id, containerUpdate: { container: "web", image: args.image, stableSeconds: 5 } });
  await eventually(async () => expect(await statusOf(id)).toBe("sent"));
  first.stop();
  const second = server.open(identity, { instanceId: "i" });
  expect((await second.next("command")).id).toBe(id); // not accepted before the stream broke
  const at = Date.now();
  const phases = [
    { id, state: ACCEPTED, timeUnixMs: at },
    { id, state: RUNNING, phase: "pull", message: "3 of 7 layers", percent: 40, timeUnixMs: at + 1 },
    { id, state: RUNNING, phase: "start", percent: -1, timeUnixMs: at + 2 },
  ];
  for (const phase of phases.slice(0, 2)) second.send({ commandProgress: phase });
  await eventually(async () => expect(await statusOf(id)).toBe("running"));
  second.stop();
  const third = server.open(identity, { instanceId: "i" });
  await third.next("welcome");
  const finishedAt = at + 50;
  const result = {
    id,
    status: succeeded,
    startedUnixMs: at + 1,
    finishedUnixMs: finishedAt,
    outputJson: '{"digest":"sha256:1"}',
    phases,
  };
  third.send({ commandResult: result });
  expect((await third.next("commandConfirm")).id).toBe(id);
  third.send({ commandResult: { ...result, status: pb.CommandStatus.COMMAND_STATUS_FAILED } });
  expect((await third.next("commandConfirm")).id).toBe(id);
  const command = await readCommand(server.db, id);
  expect(command).toMatchObject({ status: "succeeded", output: { digest: "sha256:1" }, createdBy: actor.name });
  expect(command?.finishedAt?.getTime()).toBe(finishedAt);
  expect(command?.events.map((e) => `${e.status} ${e.phase} ${e.percent}`)).toEqual([
    "queued  null",
    "accepted  0",
    "running pull 40",
    "running start null",
    "succeeded  null",
  ]);
  expect(third.received.filter((f) => f.command)).toEqual([]);
});

test("a connected agent gets it at once, whichever process took the order", async () => {
  const identity = await server.identity();
  const other = await server.more();
  const agent = server.open(identity, {}, other.port);
  await agent.next("welcome");
  const { id } = await order(identity.serverId);
  expect(await agent.next("command")).toMatchObject({ id, agentPing: {} });
  await other.stop();
});

test("an agent answers for its own commands only", async () => {
  const [mine, theirs] = [await server.identity(), await server.identity()];
  const { id } = await order(mine.serverId);
  const agent = server.open(theirs);
  await agent.next("welcome");
  agent.send({ commandResult: { id, status: succeeded } });
  await agent.next("commandConfirm");
  agent.send({ commandResult: { id: "nonsense", status: succeeded } });
  await agent.next("commandConfirm");
  expect(await statusOf(id)).toBe("queued");
});

test("cancel: at once while queued, by the agent after that, and again after it comes back", async () => {
  const identity = await server.identity();
  const queued = await order(identity.serverId);
  expect((await cancelCommand(server.context, actor, { id: queued.id })).status).toBe("cancelled");
  await expect(cancelCommand(server.context, actor, { id: queued.id })).rejects.toThrow(/is over: it is cancelled/);
  const agent = server.open(identity);
  await agent.next("welcome");
  const sent = await order(identity.serverId);
  await agent.next("command");
  expect((await cancelCommand(server.context, actor, { id: sent.id })).status).toBe("sent");
  expect((await agent.next("commandCancel")).id).toBe(sent.id);
  agent.stop();
  const back = server.open(identity);
  expect((await back.next("commandCancel")).id).toBe(sent.id);
  back.send({ commandResult: { id: sent.id, status: pb.CommandStatus.COMMAND_STATUS_CANCELLED } });
  await back.next("commandConfirm");
  expect(await statusOf(sent.id)).toBe("cancelled");
});

test("what nobody fetched before its deadline expires; a late result wins", async () => {
  const identity = await server.identity();
  const { id } = await order(identity.serverId, { deadlineSeconds: 1 });
  const expired = server.event("command", (e) => e.commandId === id && e.status === "expired");
  expect((await expired).message).toMatch(/not connected before the deadline/);
  const agent = server.open(identity);
  await agent.next("welcome");
  agent.send({ commandResult: { id, status: succeeded } });
  await agent.next("commandConfirm");
  expect(await statusOf(id)).toBe("succeeded");
});

test("a command that runs expires an hour after its deadline, unless it has told of itself since", async () => {
  const { serverId } = await server.identity();
  const [silent, telling] = [await order(serverId), await order(serverId)];
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  const ids = [silent.id, telling.id];
  await server.db
    .updateTable("command")
    .set({ status: "running", deadline: ago(9) })
    .where("id", "in", ids)
    .execute();
  await server.db
    .insertInto("command_event")
    .values([
      { command_id: silent.id, at: ago(2), status: "running", percent: 10 },
      { command_id: telling.id, at: ago(0.5), status: "running", percent: 20 },
    ])
    .execute();
  const expired = await expireCommands(server.db, { now: ago(0), sentBefore: ago(1), runningBefore: ago(1) });
  const mine = expired.filter(({ id }) => ids.includes(id));
  // The server's own sweep may have been first.
  expect(mine.every(({ id }) => id === silent.id)).toBe(true);
  expect([await statusOf(silent.id), await statusOf(telling.id)]).toEqual(["expired", "running"]);
});

test("an idempotency key makes one command", async () => {
  const { serverId } = await server.identity();
  const input = { serverId, type: "container.stop", args: { container: "a" }, idempotencyKey: "key-1" };
  const made = await Promise.all([1, 2, 3].map(() => createCommand(server.context, actor, input)));
  expect(new Set(made.map((m) => m.command.id)).size).toBe(1);
  expect(made.filter((m) => m.created)).toHaveLength(1);
  const other = { ...input, args: { container: "b" } };
  await expect(createCommand(server.context, actor, other)).rejects.toThrow(/used for another command/);
  const audit = await server.db
    .selectFrom("audit_log")
    .select("action")
    .where("target_id", "=", made[0]?.command.id ?? "")
    .execute();
  expect(audit).toEqual([{ action: "command.create" }]);
});

describe("wrong orders name the field", () => {
  test.each<[Partial<NewCommand>, string]>([
    [{ type: "rm" }, "type must be one of agent.ping, host.refresh, container.start"],
    [{ type: "toString" }, "type must be one of"],
    [{ type: "container.start" }, "args.container is missing"],
    [{ type: "container.start", args: { container: "a", force: true } }, "args.force is not known"],
    [{ type: "container.update", args: { container: "a", image: "a b" } }, "args.image must be an image reference"],
    [{ deadlineSeconds: 0 }, "deadlineSeconds must be a whole number"],
    [{ idempotencyKey: "" }, "Idempotency-Key must have"],
    [{ serverId: "00000000-0000-7000-8000-000000000000" }, "There is no such server"],
  ])("%j", async (change, message) => {
    const identity = await server.identity();
    const failure = await order(identity.serverId, change).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).message).toContain(message);
  });
});
