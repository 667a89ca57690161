import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { pb } from "@fairlead/proto";
import type { ExecutorEvents } from "./executor/executor.ts";
import type { CommandStatusName } from "./executor/journal.ts";
import { errorText } from "./log.ts";

// A command over the control socket. The client sends one line {"request":"command","command":BASE64}, a Command of the
// protocol without an id, and may send {"request":"cancel"}. The agent answers lines: any number of {"progress"}, then
// one {"result"}, or {"refused"}. A client that goes away leaves the command to the agent.

/** Gives the command to the agent's executor; answers what cancels it. */
export type RunLocal = (command: pb.Command.$Shape, events: ExecutorEvents) => () => void;

/** How far a command is. `phase` "" = accepted, not begun; `percent` -1 = not known; `at` in Unix ms. */
export type LocalProgress = { at: number; phase: string; message: string; percent: number };

/** How a command ended; times in Unix ms. */
export type LocalResult = {
  id: string;
  status: CommandStatusName;
  reason: string;
  startedAt: number;
  finishedAt: number;
  output: Record<string, unknown>;
};

/** A command that was given: `cancel` asks for its end, `leave` stops listening; `done` rejects when the agent goes away. */
export type Submitted = { done: Promise<LocalResult>; cancel(): void; leave(): void };

/** Unsent answers from which on progress is left out. */
const mostUnsent = 256 << 10;
/** An answer is a line; a plan of many containers is long. */
const longestAnswer = 16 << 20;

/** Runs what a connection asked for and tells it all of it. `rest` is what came behind the request. */
export function serveCommand(socket: Socket, asked: unknown, rest: string, run: RunLocal): void {
  const send = (value: object) => {
    if (socket.writable) socket.write(`${JSON.stringify(value)}\n`);
  };
  let cancel: (() => void) | undefined;
  let tail = "";
  const onData = (chunk: string) => {
    tail = (tail + chunk).slice(-1000);
    if (/\{"request":"cancel"\}\n/.test(tail)) cancel?.();
  };
  socket.on("data", onData);
  try {
    const command = pb.Command.decode(Buffer.from(String(asked), "base64"));
    command.id = randomUUID();
    cancel = run(command as pb.Command.$Shape, {
      progress: (progress) => {
        if (socket.writableLength < mostUnsent) send({ progress: progressOf(progress) });
      },
      result: (result) => {
        send({ result: resultOf(result) });
        socket.end();
      },
    });
    onData(rest);
  } catch (error) {
    send({ refused: errorText(error) });
    socket.end();
  }
}

/**
 * Gives a command to the agent that listens there; undefined when none does. Rejects when it can't be asked or does not
 * know of commands.
 */
export async function submitCommand(
  path: string,
  command: pb.Command.$Properties,
  onProgress: (progress: LocalProgress) => void,
): Promise<Submitted | undefined> {
  const socket = await opened(path);
  if (socket === undefined) return undefined;
  const encoded = Buffer.from(pb.Command.encode(command).finish()).toString("base64");
  socket.write(`${JSON.stringify({ request: "command", command: encoded })}\n`);
  const done = new Promise<LocalResult>((resolve, reject) => {
    let text = "";
    let at = 0;
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf("\n", at); end >= 0; end = text.indexOf("\n", at)) {
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        at = 0;
        try {
          take(JSON.parse(line) as Answer);
        } catch (error) {
          reject(error);
        }
      }
      at = text.length;
      if (text.length > longestAnswer) socket.destroy(new Error("the agent's answer has no end"));
    });
    const take = ({ progress, result, refused, version }: Answer) => {
      if (progress) onProgress(progress);
      else if (result) resolve(result);
      else if (refused !== undefined) reject(new Error(refused));
      else if (version) reject(new Error(`the agent that runs here (${version}) is too old for commands: update it`));
    };
    socket.on("error", reject);
    const gone = "the agent was stopped meanwhile: it finishes or undoes the command when it starts again";
    socket.on("close", () => reject(new Error(gone)));
  });
  const ended = done.finally(() => socket.destroy());
  // Who stops listening does not hear of it.
  ended.catch(() => undefined);
  return {
    done: ended,
    cancel: () => void socket.write(`${JSON.stringify({ request: "cancel" })}\n`),
    leave: () => socket.destroy(),
  };
}

type Answer = { progress?: LocalProgress; result?: LocalResult; refused?: string; version?: string };

function opened(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.off("error", failed);
      resolve(socket);
    });
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(undefined);
      else
        reject(
          error.code === "EACCES" ? new Error("no permission for the agent's control socket: run as root") : error,
        );
    };
    socket.once("error", failed);
  });
}

/** The executor's progress as the terminal takes it. */
export function progressOf({ timeUnixMs, phase, message, percent }: pb.CommandProgress.$Properties): LocalProgress {
  return { at: timeUnixMs ?? 0, phase: phase ?? "", message: message ?? "", percent: percent ?? -1 };
}

/** The executor's result as the terminal takes it. */
export function resultOf(result: pb.CommandResult.$Properties): LocalResult {
  const { id, status, reason, startedUnixMs, finishedUnixMs, outputJson } = result;
  return {
    id: id ?? "",
    status: names[status ?? 0] ?? "FAILED",
    reason: reason ?? "",
    startedAt: startedUnixMs ?? 0,
    finishedAt: finishedUnixMs ?? 0,
    output: outputJson ? (JSON.parse(outputJson) as Record<string, unknown>) : {},
  };
}

const names: Partial<Record<number, CommandStatusName>> = {
  [pb.CommandStatus.COMMAND_STATUS_SUCCEEDED]: "SUCCEEDED",
  [pb.CommandStatus.COMMAND_STATUS_FAILED]: "FAILED",
  [pb.CommandStatus.COMMAND_STATUS_ROLLED_BACK]: "ROLLED_BACK",
  [pb.CommandStatus.COMMAND_STATUS_EXPIRED]: "EXPIRED",
  [pb.CommandStatus.COMMAND_STATUS_CANCELLED]: "CANCELLED",
};
