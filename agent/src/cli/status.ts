import { setTimeout as delay } from "node:timers/promises";
import { type AgentStatus, readStatus } from "../control.ts";
import { type CliCommand, CliError, configOf, exitCode, globals, print } from "./command.ts";
import { ago, bytes, duration, table } from "./text.ts";

/** `status`: what the running agent says of itself. Exit 0 when connected and every collector is well, else 1; 3: none runs. */
export const status: CliCommand = {
  name: "status",
  register(program, io) {
    program
      .command("status")
      .description("connection, last acknowledgement, spool and collectors of the running agent")
      .option("--wait <seconds>", "wait up to so long until it is connected and acknowledged", parseSeconds)
      .action(async (options: { wait?: number }, command) => {
        const { stateDir } = configOf(command, io);
        const value = await poll(stateDir, (options.wait ?? 0) * 1000, io.signal);
        if (value === undefined) {
          if (globals(command).json === true) io.out(`${JSON.stringify({ running: false })}\n`);
          throw new CliError(
            `no agent runs on ${stateDir}: start it (systemctl start fairlead-agent), or fairlead-agent run`,
            exitCode.notRunning,
          );
        }
        print(command, io, { running: true, ...value }, (v) => describe(v, Date.now()));
        process.exitCode = isWell(value) ? exitCode.ok : exitCode.failed;
      });
  },
};

async function poll(stateDir: string, patienceMs: number, signal: AbortSignal): Promise<AgentStatus | undefined> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const value = await readStatus(stateDir);
    if (Date.now() >= deadline || (value?.connection.state === "connected" && value.connection.lastAckAt > 0))
      return value;
    await delay(200, undefined, { signal });
  }
}

function isWell(s: AgentStatus): boolean {
  return (
    s.connection.state === "connected" &&
    s.spool.problem === "" &&
    s.collectors.every((c) => c.state !== "failed" && c.state !== "timed_out")
  );
}

/** The status as text. */
export function describe(s: AgentStatus, now: number): string {
  const c = s.connection;
  const connection =
    c.state === "connected"
      ? `connected to ${s.server} for ${duration((now - c.since) / 1000)}`
      : `${c.state === "waiting" ? `not connected, next try in ${duration(Math.max(0, c.retryAt - now) / 1000)}` : "connecting"} (${s.server})`;
  const lines = [
    ["agent", `${s.version}, pid ${s.pid}, up ${duration((now - s.startedAt) / 1000)}`],
    ["connection", connection],
    ...(c.error === "" ? [] : [["last error", c.error]]),
    ["server id", s.serverId === "" ? "not enrolled" : s.serverId],
    ["last report", ago(s.lastReportAt, now)],
    ["last ack", ago(c.lastAckAt, now)],
    [
      "clock",
      c.clockSkewMs === undefined
        ? "not measured"
        : `${Math.abs(c.clockSkewMs)} ms ${c.clockSkewMs < 0 ? "behind" : "ahead of"} the server`,
    ],
    [
      "interval",
      `${s.config.intervalSeconds} s${s.config.paused ? ", paused" : ""}${s.live.intervalMs > 0 ? `, live each ${s.live.intervalMs} ms` : ""}`,
    ],
    [
      "spool",
      `${s.spool.records} records waiting (${bytes(s.spool.bytes)}${s.spool.records > 0 ? `, oldest ${duration(s.spool.oldestSeconds)}` : ""}), ${s.spool.dropped} dropped${s.spool.problem === "" ? "" : `: ${s.spool.problem}`}`,
    ],
    ...(c.setAside > 0 ? [["given up", `${c.setAside} records of those dropped: ${c.setAsideReason}`]] : []),
    ["commands", s.commands.allowed.length === 0 ? "none allowed" : s.commands.allowed.join(", ")],
  ];
  const collectors = s.collectors.map((h) => [
    h.name,
    h.state,
    duration(h.durationSeconds),
    `last good ${ago(h.lastSuccessAt, now)}`,
    h.error === "" ? "" : `${h.error} (${h.errorCount} times)`,
  ]);
  return `${table(lines)}\n\n${table([["COLLECTOR", "STATE", "TOOK", "", ""], ...collectors])}`;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 0 && seconds <= 3600)) throw new CliError(`--wait ${text}: give seconds, 0 to 3600`, exitCode.usage);
  return seconds;
}
