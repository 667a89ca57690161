import type { Command } from "commander";
import { type ListedBackup, listBackups } from "../../backups/manifest.ts";
import { backupFolder } from "../../backups/settings.ts";
import type { AgentConfig } from "../../config.ts";
import type { GateSpec } from "../../executor/container-command.ts";
import { readLabels } from "../../executor/gates/labels.ts";
import { componentOf, type Dependent } from "../../executor/update/component.ts";
import { containerGuards } from "../../executor/update/guards.ts";
import { type Kept, keptUpdates } from "../../executor/update/kept.ts";
import { errorText } from "../../log.ts";
import type { EngineContainer, EngineImage } from "../../runtimes/docker/engine-types.ts";
import type { Found } from "../../runtimes/index.ts";
import { type ContainerInfo, type ContainerRuntime, RuntimeFailure, type Snapshot } from "../../runtimes/runtime.ts";
import { maskedLabel, maskedVariable, maskedWords } from "../../runtimes/secrets.ts";
import { configOf, exitCode, globals, type Io } from "../command.ts";
import { inspectText } from "./inspect-text.ts";
import { checkedName } from "./options.ts";
import { nameTheOnesThere, openRuntimes } from "./runtimes.ts";

/** All that is known of one container, without its secrets. Sizes in bytes, null = not known. */
export type Inspected = Omit<ContainerInfo, "labels" | "mountSources" | "digest" | "tag" | "health"> & {
  key: string;
  runtime: string;
  digest: string | null;
  health: string | null;
  labels: Record<string, string>;
  command: string[];
  user: string;
  workingDir: string;
  environment: { variable: string; ofImage: boolean }[];
  mountPoints: MountPoint[];
  endpoints: { network: string; address: string | null; aliases: string[] }[];
  healthLog: { at: string | null; exitCode: number | null; output: string }[];
  updates: UpdateView;
  kept: Kept[];
  backups: ListedBackup[];
};

export type MountPoint = {
  type: string;
  source: string;
  destination: string;
  readOnly: boolean;
  anonymous: boolean;
  sizeBytes: number | null;
};

/** What an update would do to it. `problem`: labels that can't be read, or a ring of dependencies. */
export type UpdateView = {
  allowed: "allowed" | "manual" | "never";
  gates: GateSpec[];
  stableSeconds: number;
  backup: unknown;
  guards: { code: string; message: string; forcible: boolean }[];
  dependents: Dependent[];
  problem: string | null;
};

type Options = { raw?: boolean };

const usageMs = 20_000;

/** `containers inspect NAME`: exit 1 when it is unhealthy, restarting or dead. */
export function registerInspect(group: Command, io: Io): void {
  group
    .command("inspect")
    .argument("<name>", "the container; RUNTIME/NAME on others than the first runtime")
    .description("show all of one container: image, what an update would do, mounts, networks, environment, health")
    .option("--raw", "the engine's own inspect as JSON, secrets included")
    .action(async (name: string, { raw }: Options, command) => {
      const config = configOf(command, io);
      const runtimes = openRuntimes(config);
      const found = await runtimes.resolve(checkedName(name), io.signal).catch(async (error) => {
        const missing = error instanceof RuntimeFailure && error.code === "not_found";
        throw missing ? await nameTheOnesThere(name, runtimes, io.signal) : error;
      });
      const snapshot = await found.runtime.recreation?.snapshot(found.id, io.signal);
      if (raw === true) {
        io.out(`${JSON.stringify(snapshot?.inspect ?? {}, null, 2)}\n`);
        return;
      }
      const inspected = await inspect(found, snapshot, config, io.signal);
      if (globals(command).json === true) io.out(`${JSON.stringify(inspected)}\n`);
      else io.out(`${inspectText(inspected, Date.now())}\n`);
      const { state, health } = inspected;
      if (health === "unhealthy" || state === "restarting" || state === "dead") process.exitCode = exitCode.failed;
    });
}

async function inspect(
  { runtime, id, key }: Found,
  snapshot: Snapshot | undefined,
  config: AgentConfig,
  signal: AbortSignal,
): Promise<Inspected> {
  const info = await runtime.describe(id, signal);
  const raw = (snapshot?.inspect ?? {}) as Partial<EngineContainer>;
  const image = (snapshot?.imageInspect ?? {}) as Partial<EngineImage>;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(usageMs)]);
  const usage = await runtime.diskUsage(limit).catch(() => undefined);
  const all = (await runtime.recreation?.all(signal).catch(() => [])) ?? [];
  const { mountSources: _, tag: __, ...plain } = info;
  const folder = backupFolder({ ...config, stateDir: config.stateDir });
  const own = (one: { runtime: string; container: string }) =>
    one.runtime === runtime.name && one.container === info.name;
  const imageEnv = new Set(image.Config?.Env ?? []);
  return {
    ...plain,
    key,
    runtime: runtime.name,
    digest: info.digest ?? null,
    health: info.health ?? null,
    labels: Object.fromEntries(Object.entries(info.labels).map(([name, value]) => [name, maskedLabel(name, value)])),
    command: maskedWords([...(raw.Config?.Entrypoint ?? []), ...(raw.Config?.Cmd ?? [])]),
    user: raw.Config?.User ?? "",
    workingDir: raw.Config?.WorkingDir ?? "",
    environment: (raw.Config?.Env ?? []).map((one) => ({ variable: maskedVariable(one), ofImage: imageEnv.has(one) })),
    mountPoints: mountPointsOf(raw, usage?.volumes ?? new Map()),
    endpoints: endpointsOf(raw),
    healthLog: healthLogOf(raw),
    updates: updatesOf(snapshot, all, runtime, config.stateDir),
    kept: keptUpdates(config.stateDir).list().filter(own),
    backups:
      folder === undefined ? [] : listBackups(folder, Date.now()).filter(({ manifest }) => manifest && own(manifest)),
  };
}

function mountPointsOf(raw: Partial<EngineContainer>, sizes: ReadonlyMap<string, number>): MountPoint[] {
  return (raw.Mounts ?? []).map(({ Type, Name, Source, Destination, RW }) => {
    const size = Name === undefined ? undefined : sizes.get(Name);
    return {
      type: Type ?? "bind",
      source: Name || Source || "",
      destination: Destination,
      readOnly: RW === false,
      anonymous: /^[0-9a-f]{64}$/.test(Name ?? ""),
      sizeBytes: size !== undefined && size >= 0 ? size : null,
    };
  });
}

function endpointsOf(raw: Partial<EngineContainer>): Inspected["endpoints"] {
  return Object.entries(raw.NetworkSettings?.Networks ?? {}).map(([network, endpoint]) => {
    const { IPAddress, GlobalIPv6Address } = (endpoint ?? {}) as { IPAddress?: string; GlobalIPv6Address?: string };
    return { network, address: IPAddress || GlobalIPv6Address || null, aliases: endpoint?.Aliases ?? [] };
  });
}

function healthLogOf(raw: Partial<EngineContainer>): Inspected["healthLog"] {
  type Entry = { Start?: string; ExitCode?: number; Output?: string };
  return ((raw.State?.Health?.Log ?? []) as Entry[]).slice(-5).map(({ Start, ExitCode, Output }) => ({
    at: Start ?? null,
    exitCode: ExitCode ?? null,
    output: (Output ?? "").trim().slice(0, 500),
  }));
}

function updatesOf(
  snapshot: Snapshot | undefined,
  all: readonly EngineContainer[],
  runtime: ContainerRuntime,
  stateDir: string,
): UpdateView {
  const view: UpdateView = {
    allowed: "allowed",
    gates: [],
    stableSeconds: 0,
    backup: null,
    guards: [],
    dependents: [],
    problem: null,
  };
  if (snapshot === undefined || runtime.recreation === undefined)
    return { ...view, problem: "its workload is patched by its orchestrator, not replaced" };
  const raw = snapshot.inspect as EngineContainer;
  try {
    const { update, gates, stableSeconds, backup } = readLabels(raw.Config.Labels ?? {});
    Object.assign(view, { allowed: update, gates, stableSeconds, backup: backup ?? null });
    view.guards = containerGuards(snapshot, { runtime, recreation: runtime.recreation }, stateDir);
  } catch (error) {
    view.problem = errorText(error);
  }
  const component = componentOf(raw, all);
  if ("dependents" in component) view.dependents = component.dependents;
  else view.problem ??= `${component.cycle.join(", ")} depend on each other in a ring: none of them can be updated`;
  return view;
}
