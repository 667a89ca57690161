import { setTimeout as delay } from "node:timers/promises";
import { catalogue } from "@fairlead/shared/catalogue";
import type { Command } from "commander";
import type { Reading } from "../../collectors/collector.ts";
import { collectorFactories } from "../../collectors/index.ts";
import { createRunner } from "../../collectors/runner.ts";
import type { AgentConfig } from "../../config.ts";
import { CliError, configOf, exitCode, globals, type Io } from "../command.ts";
import { listText } from "./list-text.ts";
import { hostOf } from "./runtimes.ts";

/** A container in the list; rates are null where it does not run or can't be measured. */
export type Listed = {
  key: string;
  name: string;
  runtime: string;
  id: string;
  image: string;
  digest: string | null;
  state: string;
  reason: string;
  health: string | null;
  uptimeSeconds: number | null;
  restarts: number | null;
  cpuCores: number | null;
  memoryBytes: number | null;
  memoryLimitBytes: number | null;
  ports: string[];
  composeProject: string | null;
  composeService: string | null;
  exitCode: number | null;
  finishedAt: string | null;
};

/** `failures` are runtimes that could not be read. */
export type ContainerView = { ok: boolean; containers: Listed[]; failures: string[] };

type Options = { all?: boolean; runtime?: string };

/** How long CPU is looked at. */
const sampleMs = 700;

/** `containers`: those that run, and with `--all` the others. Exit 1 when one is unhealthy, restarting or dead. */
export function registerList(group: Command, io: Io): void {
  const show = async (options: Options, command: Command) => {
    const view = await listContainers(configOf(command, io), io.signal);
    const runtimes = [...new Set(view.containers.map(({ runtime }) => runtime))];
    if (options.runtime !== undefined && !runtimes.includes(options.runtime)) {
      const known = runtimes.join(", ") || "none";
      const given = JSON.stringify(options.runtime.slice(0, 60));
      throw new CliError(`--runtime: ${given}: there are containers of ${known}`, exitCode.usage);
    }
    const mine = view.containers.filter(({ runtime }) => options.runtime === undefined || options.runtime === runtime);
    const shown = mine.filter((one) => options.all === true || !isStopped(one) || isBad(one));
    const hidden = mine.length - shown.length;
    const ok = view.failures.length === 0 && !mine.some(isBad);
    const chosen = { ok, containers: shown, failures: view.failures };
    const several = runtimes.length > 1;
    if (globals(command).json === true) io.out(`${JSON.stringify(chosen)}\n`);
    else io.out(`${listText(chosen, { hidden, several, columns: io.columns, now: Date.now() })}\n`);
    if (!ok) process.exitCode = exitCode.failed;
  };
  const withOptions = (command: Command) =>
    command
      .option("-a, --all", "stopped ones too")
      .option("--runtime <name>", 'those of one runtime, like "docker" or "podman"');
  withOptions(group).action((options: Options, command: Command) => show(options, command));
  withOptions(group.command("ls").description("the same as without a name")).action((options: Options, command) =>
    show({ ...group.opts<Options>(), ...options }, command),
  );
}

/** Looks at all containers twice, for their use of CPU. */
export async function listContainers(config: AgentConfig, signal: AbortSignal): Promise<ContainerView> {
  const factories = collectorFactories.filter(({ kinds }) => kinds.includes("container"));
  const runner = createRunner({ host: hostOf(config), factories });
  const stop = () => runner.stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const first = await runner.pass({ all: true });
    const running = first.readings.some(({ kind, state }) => kind === "container" && state === "running");
    if (running) await delay(sampleMs, undefined, { signal });
    const { readings, health } = running ? await runner.pass({ all: true }) : first;
    const own = health.filter(({ name }) => factories.some((factory) => factory.name === name));
    const failures = own.filter(({ state }) => state === "failed" || state === "timed_out").map(({ error }) => error);
    if (own.every(({ state }) => state === "absent")) {
      throw new CliError("no container runtime can be reached on this host: see fairlead-agent doctor");
    }
    const containers = readings.filter(({ kind }) => kind === "container").map(toListed);
    // Of one name the first runtime's, which is named alone.
    const order = ({ name, key }: Listed) => `${name}\0${key === name ? "" : key}`;
    containers.sort((a, b) => (order(a) < order(b) ? -1 : 1));
    return { ok: true, containers, failures };
  } finally {
    signal.removeEventListener("abort", stop);
    runner.stop();
  }
}

/** What needs somebody to look at it. */
export function isBad({ state, health }: Pick<Listed, "state" | "health">): boolean {
  return health === "unhealthy" || state === "restarting" || state === "dead";
}

function isStopped({ state }: Listed): boolean {
  return state === "exited" || state === "created" || state === "removing";
}

function toListed(reading: Reading): Listed {
  const { attributes = {}, labels = {}, values } = reading;
  const named = Object.fromEntries(catalogue.container.metrics.map(({ name }, i) => [name, values[i] ?? Number.NaN]));
  const number = (name: string) => (Number.isFinite(named[name]) ? (named[name] ?? null) : null);
  const slash = reading.key.indexOf("/");
  const limit = number("memory_limit_bytes");
  return {
    key: reading.key,
    name: text(attributes.name) ?? reading.key,
    runtime: labels.runtime ?? (slash > 0 ? reading.key.slice(0, slash) : "docker"),
    id: text(attributes.id) ?? "",
    image: text(attributes.image) ?? "",
    digest: text(attributes.digest),
    state: reading.state ?? "unknown",
    reason: reading.reason ?? "",
    health: text(attributes.health),
    uptimeSeconds: number("uptime_seconds"),
    restarts: number("restarts"),
    cpuCores: number("cpu_cores"),
    memoryBytes: number("memory_used_bytes"),
    memoryLimitBytes: limit === 0 ? null : limit,
    ports: Array.isArray(attributes.ports) ? attributes.ports.filter((one) => typeof one === "string") : [],
    composeProject: text(attributes.composeProject),
    composeService: text(attributes.composeService),
    exitCode: typeof attributes.exitCode === "number" ? attributes.exitCode : null,
    finishedAt: text(attributes.finishedAt),
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
