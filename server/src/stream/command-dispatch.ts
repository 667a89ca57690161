import { pb } from "@fairlead/proto";
import type { Context } from "../context.ts";
import {
  addCommandEvents,
  argsKept,
  type CommandEventView,
  expireCommands,
  lockCommand,
  type OpenCommand,
  readCancelRequested,
  readSendable,
} from "../db/queries/commands.ts";
import { type CommandEvent, nextStatus, runningGrace, sentGrace } from "../domain/commands/transitions.ts";
import { cleanText, parseObject } from "./clean-text.ts";
import { toCommandFrame } from "./command-frame.ts";
import { plausible } from "./hello.ts";
import type { AgentSession } from "./session-registry.ts";

type Needs = Pick<Context, "db" | "bus" | "now" | "log">;

/** Sends commands to the agents that are connected here and stores what they answer. */
export type CommandDispatch = {
  /** Sends what waits. `again`: also what was sent before and not accepted, and wishes to cancel (after Welcome). */
  send(session: AgentSession, again: boolean): Promise<void>;
  progress(serverId: string, frame: pb.CommandProgress.$Properties): Promise<void>;
  /** Resolves after the commit; the caller then confirms. */
  result(serverId: string, frame: pb.CommandResult.$Properties): Promise<void>;
  stop(): void;
};

const sweepMs = 2_000;
const maxPhases = 1_000;
const maxOutput = 64 * 1024;

export function startCommandDispatch({ db, bus, now, log }: Needs): CommandDispatch {
  /** Servers whose commands are being sent; true: look once more afterwards. */
  const busy = new Map<string, boolean>();

  async function send(session: AgentSession, again: boolean): Promise<void> {
    if (busy.has(session.serverId)) return void busy.set(session.serverId, true);
    busy.set(session.serverId, false);
    try {
      let resend = again;
      do {
        busy.set(session.serverId, false);
        for (const row of await readSendable(db, session.serverId, resend)) await sendOne(session, row);
        if (resend)
          for (const id of await readCancelRequested(db, session.serverId)) session.send({ commandCancel: { id } });
        resend = false;
      } while (busy.get(session.serverId));
    } finally {
      busy.delete(session.serverId);
    }
  }

  async function sendOne(session: AgentSession, row: OpenCommand): Promise<void> {
    const frame = toCommandFrame(row);
    if (frame === undefined || row.deadline <= now()) return; // the sweep expires it
    if (row.status === "queued") {
      const at = now();
      const { numUpdatedRows } = await db
        .updateTable("command")
        .set({ status: "sent", sent_at: at })
        .where("id", "=", row.id)
        .where("status", "=", "queued")
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return;
      emit(session.serverId, row.id, "sent", "", "", null);
    }
    session.send({ command: frame });
  }

  function emit(
    serverId: string,
    commandId: string,
    status: string,
    phase: string,
    message: string,
    percent: number | null,
  ): void {
    bus.emit("command", { serverId, commandId, status, phase, message, percent });
  }

  async function progress(serverId: string, frame: pb.CommandProgress.$Properties): Promise<void> {
    const event = toEvent(frame, now());
    if (event === undefined || !isUuid(frame.id)) return;
    const done = await db.transaction().execute(async (trx) => {
      const row = await lockCommand(trx, frame.id as string);
      if (row === undefined || row.serverId !== serverId) return undefined;
      const step: CommandEvent = event.status === "running" ? { type: "run" } : { type: "accept" };
      const status = nextStatus(row.status, step);
      await addCommandEvents(trx, row.id, [event]);
      if (status !== undefined) {
        const at = event.at;
        await trx
          .updateTable("command")
          .set((eb) => ({
            status,
            accepted_at: eb.fn.coalesce("accepted_at", eb.val(at)),
            ...(status === "running" ? { started_at: at } : {}),
          }))
          .where("id", "=", row.id)
          .execute();
      }
      return { id: row.id, status: status ?? row.status };
    });
    if (done !== undefined) emit(serverId, done.id, done.status, event.phase, event.message, event.percent);
  }

  async function result(serverId: string, frame: pb.CommandResult.$Properties): Promise<void> {
    if (!isUuid(frame.id)) return;
    const status = resultStatus(frame.status);
    if (status === undefined) return;
    const received = now();
    const finished = timeOr(frame.finishedUnixMs, received);
    const started = timeOr(frame.startedUnixMs, undefined);
    const reason = cleanText(frame.reason ?? "", 1_000);
    const output = frame.outputJson && frame.outputJson.length <= maxOutput ? parseObject(frame.outputJson) : undefined;
    const phases = (frame.phases ?? []).slice(0, maxPhases).flatMap((phase) => toEvent(phase, finished) ?? []);
    const done = await db.transaction().execute(async (trx) => {
      const row = await lockCommand(trx, frame.id as string);
      if (row === undefined || row.serverId !== serverId) return undefined;
      const next = nextStatus(row.status, { type: "finish", status });
      await addCommandEvents(trx, row.id, phases);
      if (next === undefined) return undefined;
      const last = { at: finished, status: next, phase: "", message: reason, percent: null };
      await addCommandEvents(trx, row.id, [last]);
      await trx
        .updateTable("command")
        .set((eb) => ({
          status: next,
          args: argsKept,
          reason,
          ...(output === undefined ? {} : { output: JSON.stringify(output) }),
          finished_at: finished,
          accepted_at: eb.fn.coalesce("accepted_at", eb.val(started ?? finished)),
          ...(started === undefined ? {} : { started_at: started }),
        }))
        .where("id", "=", row.id)
        .execute();
      return { id: row.id, status: next };
    });
    if (done !== undefined) emit(serverId, done.id, done.status, "", reason, null);
  }

  async function sweep(): Promise<void> {
    const at = now();
    const before = (ms: number) => new Date(at.getTime() - ms);
    const expired = await expireCommands(db, {
      now: at,
      sentBefore: before(sentGrace),
      runningBefore: before(runningGrace),
    });
    for (const { id, serverId, reason } of expired) emit(serverId, id, "expired", "", reason, null);
  }

  const timer = setInterval(() => {
    sweep().catch((error) => log.warn({ err: error }, "expire commands"));
  }, sweepMs).unref();

  return { send, progress, result, stop: () => clearInterval(timer) };
}

function toEvent(frame: pb.CommandProgress.$Properties, received: Date): CommandEventView | undefined {
  const { COMMAND_STATE_ACCEPTED, COMMAND_STATE_RUNNING } = pb.CommandState;
  if (frame.state !== COMMAND_STATE_ACCEPTED && frame.state !== COMMAND_STATE_RUNNING) return undefined;
  const percent = frame.percent ?? 0;
  return {
    at: timeOr(frame.timeUnixMs, received),
    status: frame.state === COMMAND_STATE_ACCEPTED ? "accepted" : "running",
    phase: cleanText(frame.phase ?? "", 64),
    message: cleanText(frame.message ?? "", 1_000),
    percent: percent >= 0 && percent <= 100 ? percent : null,
  };
}

function resultStatus(status: pb.CommandStatus | null | undefined) {
  switch (status) {
    case pb.CommandStatus.COMMAND_STATUS_SUCCEEDED:
      return "succeeded";
    case pb.CommandStatus.COMMAND_STATUS_FAILED:
      return "failed";
    case pb.CommandStatus.COMMAND_STATUS_ROLLED_BACK:
      return "rolled_back";
    case pb.CommandStatus.COMMAND_STATUS_EXPIRED:
      return "expired";
    case pb.CommandStatus.COMMAND_STATUS_CANCELLED:
      return "cancelled";
    default:
      return undefined;
  }
}

function timeOr<T>(time: number | null | undefined, otherwise: T): Date | T {
  return time !== null && time !== undefined && plausible(time) ? new Date(time) : otherwise;
}

function isUuid(id: string | null | undefined): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id ?? "");
}
