import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import type { pb } from "@fairlead/proto";
import { tidyBackups } from "./backups/retention.ts";
import { createAgentCollectorFactory } from "./collectors/agent.ts";
import type { CollectorFactory } from "./collectors/collector.ts";
import { collectorFactories } from "./collectors/index.ts";
import { createRunner } from "./collectors/runner.ts";
import type { AgentConfig } from "./config.ts";
import { type AgentStatus, serveControl } from "./control.ts";
import type { RunLocal } from "./control-command.ts";
import { databaseSettings, passwordProblems } from "./databases/settings.ts";
import { createExecutor } from "./executor/create-executor.ts";
import { expireKeptImages } from "./executor/update/expire.ts";
import { readIdentity } from "./host/facts.ts";
import { createHost, type Host } from "./host/host.ts";
import { topProcesses } from "./host/top-processes.ts";
import { caFingerprint, type Identity, IdentityError, loadIdentity } from "./identity.ts";
import { errorText, type Log } from "./log.ts";
import { loadRemembered, saveRemembered } from "./memory.ts";
import { Passes } from "./passes.ts";
import { ResourceTable } from "./report/resource-table.ts";
import { runtimesOf } from "./runtimes/index.ts";
import { RuntimeFailure } from "./runtimes/runtime.ts";
import { shareOf } from "./schedule.ts";
import {
  defaultServerConfig,
  loadServerConfig,
  readConfigFrame,
  type ServerConfig,
  saveServerConfig,
} from "./server-config.ts";
import { Spool } from "./spool/spool.ts";
import { AlreadyRunning, lockFolder, sweepTemporary } from "./state-folder.ts";
import { target } from "./stream/enroll.ts";
import { createLogStreams } from "./stream/logs.ts";
import { Uplink } from "./stream/uplink.ts";
import { trimMemory } from "./trim.ts";
import { version } from "./version.ts";

export { enrollAgent } from "./stream/enroll.ts";

export type RunOptions = {
  /** Aborting it stops the agent cleanly. */
  signal: AbortSignal;
  log: Log;
  /** Called once the agent is up: collecting, and trying to connect. */
  onReady?: () => void;
  host?: Host;
  factories?: readonly CollectorFactory[];
};

/** How often is looked for what was kept long enough. */
const tidyMs = 3_600_000;

/**
 * Collects, spools and streams until the signal aborts. Throws ConfigError, IdentityError or AlreadyRunning when it can't
 * start; afterwards no trouble with server, disk or collectors ends it.
 */
export async function runAgent(config: AgentConfig, options: RunOptions): Promise<void> {
  const { signal, log } = options;
  const { server, pin } = target(config);
  const identity = enrolled(config, pin);
  const host = options.host ?? hostOf(config);
  const clock = { wall: Date.now, mono: () => performance.now() };
  const facts = readIdentity(host);
  const instanceId = randomUUID();
  const startedAt = clock.wall();
  const status = () => agentStatus();
  let runLocal: RunLocal = () => {
    throw new Error("the agent has only begun to start: try again");
  };
  const unlock = takeFolder(config.stateDir, log);
  const control = await serveControl(config.stateDir, { status, run: (...given) => runLocal(...given) }).catch(
    (error) => {
      if (error instanceof AlreadyRunning) throw error;
      log.warn("no control socket: the commands status and containers won't work", { error: errorText(error) });
      return undefined;
    },
  );

  const spool = await Spool.open({
    folder: join(config.stateDir, "spool"),
    maxBytes: config.spool.maxBytes,
    maxAgeMs: config.spool.maxAgeHours * 3_600_000,
    log,
    now: clock.wall,
  });
  const table = new ResourceTable(config.labels);
  const factories = [
    ...(options.factories ?? collectorFactories).map((factory) => paced(factory, config)),
    createAgentCollectorFactory(spoolFigures),
  ];
  const runner = createRunner({
    host,
    factories,
    disabled: config.disabledCollectors,
    remembered: loadRemembered(config.stateDir),
  });
  let rememberedVersion = runner.known.version();
  const runtimes = runtimesOf(host);
  const executor = createExecutor({
    stateDir: config.stateDir,
    config,
    runtime: () => runtimes.get("").catch(unlessAbsent),
    runtimes,
    refresh,
    soon: (collector) => runner.due(collector),
    host,
    events: {
      progress: (progress) => uplink.progress(progress),
      result: (result) => uplink.result(result),
    },
    log,
    now: clock.wall,
  });

  runLocal = (command, events) => {
    if (signal.aborted) throw new Error("the agent stops: try again when it runs");
    executor.handleLocal(command, events);
    return () => executor.cancel(command.id ?? "");
  };

  let serverConfig = loadServerConfig(config.stateDir);
  const uplink = new Uplink({
    server,
    stateDir: config.stateDir,
    identity,
    now: clock.wall,
    spool,
    table,
    log,
    hello,
    health: () => runner.health(),
    results: () => executor.unconfirmed(),
    onConfig: (frame) => {
      const next = readConfigFrame(frame);
      if (JSON.stringify(next) === JSON.stringify(serverConfig)) return;
      log.info("configuration from the server", next);
      serverConfig = next;
      apply(next);
      try {
        saveServerConfig(config.stateDir, next);
      } catch (error) {
        log.warn("configuration not stored for the next start", { error });
      }
    },
    onLive: (intervalMs) => passes.setLive(intervalMs),
    onCommand: (command) => executor.handle(command),
    onCancel: (id) => executor.cancel(id),
    onConfirm: (id) => executor.confirm(id),
    logs: createLogStreams({ runtimes, allowed: config.containerLogs, log }),
  });
  const passes = new Passes({
    runner,
    table,
    store: async (entries) => {
      const stored = await spool.append(entries);
      uplink.offer(stored);
      remember();
      return stored;
    },
    live: (entry) => uplink.live(entry),
    health: (changed) => uplink.health(changed),
    log,
    clock,
    share: shareOf(identity.serverId),
    lastAt: spool.lastAt,
  });

  async function refresh(): Promise<Record<string, unknown>> {
    const { readings, health } = await passes.pass({ stored: true, all: true });
    const failed = health.filter(({ state }) => state === "failed" || state === "timed_out").map(({ name }) => name);
    // Not ended by the agent's stop, which waits for commands that have begun.
    const top = await topProcesses(host, 10, AbortSignal.timeout(10_000));
    return { resources: readings.length, failedCollectors: failed, topProcesses: top };
  }

  function spoolFigures() {
    const { records, bytes, droppedRecords } = spool.state();
    return { records, bytes, oldestSeconds: spool.oldestAgeMs() / 1000, dropped: droppedRecords };
  }

  function remember(): void {
    if (runner.known.version() === rememberedVersion) return;
    rememberedVersion = runner.known.version();
    try {
      saveRemembered(config.stateDir, runner.known.remember());
    } catch (error) {
      log.warn("resources not remembered for the next start", { error: errorText(error) });
    }
  }

  function apply({ disabledCollectors, ...rest }: ServerConfig): void {
    runner.setDisabled([...config.disabledCollectors, ...disabledCollectors]);
    passes.configure({ disabledCollectors, ...rest });
  }

  function hello(): pb.Hello.$Properties {
    const collectors = factories.map(({ name }) => `collector.${name}`);
    return {
      protocolVersion: 1,
      agentVersion: version,
      bootId: facts.bootId ?? "",
      instanceId,
      machineId: facts.machineId ?? "",
      hostname: facts.hostname ?? hostname(),
      capabilities: [...executor.allowed(), "live", ...(config.containerLogs ? ["container.logs"] : []), ...collectors],
      spool: spool.state(),
      timeUnixMs: clock.wall(),
      bootedUnixMs: facts.bootedAt ?? 0,
    };
  }

  function agentStatus(): AgentStatus {
    const { spoolId, records, bytes, droppedRecords } = spool.state();
    const now = serverConfig ?? defaultServerConfig;
    return {
      version,
      pid: process.pid,
      instanceId,
      startedAt,
      server,
      serverId: identity.serverId,
      connection: uplink.status(),
      lastReportAt: passes.lastReportAt,
      resources: table.size,
      spool: {
        id: spoolId ?? "",
        records,
        bytes,
        dropped: droppedRecords,
        oldestSeconds: Math.round(spool.oldestAgeMs() / 1000),
        problem: spool.problem ?? "",
      },
      collectors: runner.health(),
      config: { ...now, fromServer: serverConfig !== undefined },
      live: { intervalMs: passes.liveIntervalMs },
      commands: { allowed: executor.allowed(), unconfirmed: executor.unconfirmed().length },
    };
  }

  for (const problem of passwordProblems(config.databases)) log.warn("password not used", { problem });
  log.info("agent starts", { version, server, serverId: identity.serverId, stateDir: config.stateDir });
  const unknown = config.disabledCollectors.filter((name) => !factories.some((factory) => factory.name === name));
  if (unknown.length > 0) log.warn("disabledCollectors names none of this agent's collectors", { unknown });
  if (serverConfig) apply(serverConfig);
  else runner.setDisabled(config.disabledCollectors);
  try {
    await executor.recover().catch((error) => log.error("finish interrupted commands", { error }));
    runner.watch((event) => passes.event(event));
    options.onReady?.();
    trimMemory(20_000, 1_800_000);
    const tidy = async () => {
      tidyBackups(host, clock.wall(), log);
      await expireKeptImages(config.stateDir, runtimes, clock.wall(), signal, log);
    };
    const tidying = setInterval(() => void tidy(), tidyMs).unref();
    signal.addEventListener("abort", () => clearInterval(tidying), { once: true });
    await Promise.all([passes.run(signal), uplink.run(signal)]);
  } finally {
    runner.stop();
    await executor.stop().catch((error) => log.warn("stop commands", { error }));
    await spool.close();
    await control?.close();
    unlock();
    log.info("agent stopped");
  }
}

function unlessAbsent(error: unknown): undefined {
  if (error instanceof RuntimeFailure && error.code === "absent") return undefined;
  throw error;
}

function enrolled(config: AgentConfig, pin: string): Identity {
  const identity = loadIdentity(config.stateDir);
  if (identity === undefined) {
    throw new IdentityError(`${config.stateDir} holds no identity: run "fairlead-agent enroll" with a token first`);
  }
  const ca = caFingerprint(identity);
  if (ca !== pin) {
    throw new IdentityError(
      `the identity is of CA ${ca}, the configuration pins ${pin}: mend caSha256 or enrol again with --force`,
    );
  }
  return identity;
}

/** Databases are asked as often as the configuration says. */
function paced(factory: CollectorFactory, { databaseProbes }: AgentConfig): CollectorFactory {
  return factory.name === "databases" ? { ...factory, everySeconds: databaseProbes.intervalSeconds } : factory;
}

/** A folder that can't be written (its disk failed) does not keep the agent from watching. */
function takeFolder(stateDir: string, log: Log): () => void {
  try {
    const unlock = lockFolder(stateDir);
    sweepTemporary(stateDir);
    return unlock;
  } catch (error) {
    if (error instanceof AlreadyRunning) throw error;
    log.warn("the state folder can't be written", { stateDir, error: errorText(error) });
    return () => undefined;
  }
}

function hostOf(config: AgentConfig): Host {
  return {
    ...createHost(),
    dockerSocket: config.docker.socket,
    runtimes: config.runtimes,
    databases: databaseSettings(config),
    drives: config.drives,
    backups: config.backups,
    composeFiles: config.composeFiles,
    containerLogs: config.containerLogs,
    stateDir: config.stateDir,
  };
}
