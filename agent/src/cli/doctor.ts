import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { type AgentConfig, parseServer } from "../config.ts";
import { readStatus } from "../control.ts";
import { createHost } from "../host/host.ts";
import { loadIdentity } from "../identity.ts";
import { errorText } from "../log.ts";
import { verifySpool } from "../spool/inspect.ts";
import { explain } from "../stream/explain.ts";
import { fetchPinnedCa } from "../stream/pinned-ca.ts";
import { type CliCommand, configOf, exitCode, print } from "./command.ts";
import { databases } from "./doctor-databases.ts";
import { runtimes } from "./doctor-runtimes.ts";
import { type Finding, fault, note, ok, toolFindings } from "./doctor-tools.ts";
import { bytes, duration, table } from "./text.ts";

type Check = (config: AgentConfig, signal: AbortSignal) => Promise<Finding[]> | Finding[];

/** `doctor`: looks at everything that the agent depends on and says what to do. Exit 1 when there is a fault. */
export const doctor: CliCommand = {
  name: "doctor",
  register(program, io) {
    program
      .command("doctor")
      .description("check permissions, tools, sockets, clock, TLS and reachability, with what to do about each fault")
      .action(async (_options, command) => {
        const config = configOf(command, io);
        const findings: Finding[] = [];
        for (const check of checks) {
          findings.push(...(await attempt(check, config, io.signal)));
        }
        print(command, io, { ok: findings.every((f) => f.verdict !== "fault"), findings }, ({ findings: all }) =>
          asText(all),
        );
        if (findings.some((f) => f.verdict === "fault")) process.exitCode = exitCode.failed;
      });
  },
};

/** A check that fails is a fault like any other; the rest still run. */
async function attempt(check: Check, config: AgentConfig, signal: AbortSignal): Promise<Finding[]> {
  try {
    return await check(config, signal);
  } catch (error) {
    return [fault(check.name, errorText(error), "")];
  }
}

const checks: readonly Check[] = [
  permissions,
  kernel,
  identity,
  server,
  clock,
  runtimes,
  databases,
  tools,
  state,
  running,
];

function permissions(): Finding[] {
  if (process.getuid?.() === 0) return [ok("user", "root: sees drives, containers and all processes")];
  return [
    note(
      "user",
      `uid ${process.getuid?.()}: SMART, other users' processes and perhaps Docker can't be seen`,
      "run as root, or add the user to the groups docker and disk",
    ),
  ];
}

function kernel(): Finding[] {
  const findings: Finding[] = [];
  for (const path of ["/proc/stat", "/proc/meminfo", "/proc/self/mountinfo", "/proc/diskstats", "/proc/net/dev"]) {
    try {
      accessSync(path, constants.R_OK);
    } catch {
      findings.push(
        fault("kernel", `${path} can't be read`, "mount /proc; in a container give it the host's with -v /proc:/proc"),
      );
    }
  }
  if (!existsSync("/proc/pressure/cpu")) {
    findings.push(note("kernel", "no pressure figures (PSI)", "boot with psi=1 on Linux 4.20 or later"));
  }
  return findings.length === 0 ? [ok("kernel", "/proc and /sys are readable, pressure figures too")] : findings;
}

function identity(config: AgentConfig): Finding[] {
  const own = loadIdentity(config.stateDir);
  if (own === undefined) {
    return [
      fault("identity", `${config.stateDir} holds none`, "run fairlead-agent enroll with a token (page: Add a server)"),
    ];
  }
  const key = statSync(join(config.stateDir, "key.pem"));
  const left = (own.notAfter - Date.now()) / 1000;
  const findings = [
    left > 0
      ? ok("identity", `server ${own.serverId}, certificate good for ${duration(left)}`)
      : fault("identity", "the certificate has expired", "check the clock, then enroll --force with a fresh token"),
  ];
  if ((key.mode & 0o077) !== 0) {
    findings.push(fault("identity", "key.pem can be read by others", `chmod 600 ${join(config.stateDir, "key.pem")}`));
  }
  return findings;
}

async function server(config: AgentConfig, signal: AbortSignal): Promise<Finding[]> {
  const address = config.server === undefined ? undefined : parseServer(config.server);
  if (address === undefined || config.caSha256 === undefined) {
    return [fault("server", "server or caSha256 is not set", "take both from the install line (page: Add a server)")];
  }
  const started = performance.now();
  try {
    await reach(address, signal);
  } catch (error) {
    return [fault("server", `${config.server} can't be reached`, explain(error).text)];
  }
  const reached = ok("server", `${config.server} answers in ${Math.round(performance.now() - started)} ms`);
  try {
    await fetchPinnedCa(address, config.caSha256, signal);
    return [reached, ok("tls", "the server's CA is the pinned one")];
  } catch (error) {
    return [reached, fault("tls", errorText(error), explain(error).text)];
  }
}

async function clock(config: AgentConfig): Promise<Finding[]> {
  const status = await readStatus(config.stateDir).catch(() => undefined);
  const skew = status?.connection.clockSkewMs;
  if (skew === undefined) return [note("clock", "not compared with the server", "it is once the agent is connected")];
  return Math.abs(skew) < 5_000
    ? [ok("clock", `${skew} ms from the server's`)]
    : [
        fault(
          "clock",
          `${duration(Math.abs(skew) / 1000)} ${skew < 0 ? "behind" : "ahead of"} the server`,
          "enable NTP: timedatectl set-ntp true",
        ),
      ];
}

async function tools(_: AgentConfig, signal: AbortSignal): Promise<Finding[]> {
  return await toolFindings(createHost(), signal);
}

async function state(config: AgentConfig): Promise<Finding[]> {
  const existing = existsSync(config.stateDir) ? config.stateDir : dirname(config.stateDir);
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    return [
      fault("state", `${config.stateDir} can't be written`, "run as root, or set stateDir to a folder of this user"),
    ];
  }
  const fs = statfsSync(existing);
  const free = fs.bavail * fs.bsize;
  const findings =
    free < config.spool.maxBytes
      ? [
          fault(
            "state",
            `${bytes(free)} free for a spool of ${bytes(config.spool.maxBytes)}`,
            "make room, or lower spool.maxBytes",
          ),
        ]
      : [ok("state", `${config.stateDir} is writable, ${bytes(free)} free`)];
  const { info, problems } = await verifySpool(join(config.stateDir, "spool"));
  findings.push(
    problems.length === 0
      ? ok("spool", `${info.unacknowledged} records wait, ${info.dropped} dropped, all sound`)
      : fault("spool", `${problems.length} damaged segments`, "check the disk (dmesg); what is readable is still sent"),
  );
  return findings;
}

async function running(config: AgentConfig): Promise<Finding[]> {
  const status = await readStatus(config.stateDir);
  if (status === undefined)
    return [fault("agent", "none runs here", "systemctl start fairlead-agent, or fairlead-agent run")];
  const findings =
    status.connection.state === "connected"
      ? [ok("agent", `runs as pid ${status.pid} and is connected`)]
      : [
          fault(
            "agent",
            `runs but is not connected: ${status.connection.error || "connecting"}`,
            "see server and tls above",
          ),
        ];
  for (const c of status.collectors.filter((x) => x.state === "failed" || x.state === "timed_out")) {
    findings.push(
      fault(
        `collector ${c.name}`,
        c.error,
        c.state === "timed_out" ? "what it reads hangs: see dmesg and the mounts" : "",
      ),
    );
  }
  return findings;
}

function reach(address: { host: string; port: number }, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...address, timeout: 5000, signal });
    socket.on("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.on("timeout", () => socket.destroy(new Error("ETIMEDOUT")));
    socket.on("error", reject);
  });
}

function asText(findings: readonly Finding[]): string {
  const mark = { ok: "ok", note: "note", fault: "FAULT" };
  return table(
    findings.map((f) => [mark[f.verdict], f.check, f.remedy === "" ? f.found : `${f.found} -> ${f.remedy}`]),
  );
}
