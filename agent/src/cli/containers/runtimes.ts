import type { AgentConfig } from "../../config.ts";
import { short } from "../../executor/argument-checks.ts";
import { createHost, type Host } from "../../host/host.ts";
import { type Runtimes, runtimesOf } from "../../runtimes/index.ts";
import { isReplacementName } from "../../runtimes/replacement-names.ts";
import { CliError, exitCode } from "../command.ts";

/** This host with what the settings say of its containers, as the agent sees it. */
export function hostOf(config: AgentConfig): Host {
  const { docker, runtimes, backups, composeFiles, containerLogs, stateDir } = config;
  return { ...createHost(), dockerSocket: docker.socket, runtimes, backups, composeFiles, containerLogs, stateDir };
}

/** The container runtimes of this host as the settings name them. */
export function openRuntimes(config: AgentConfig): Runtimes {
  return runtimesOf(hostOf(config));
}

/** What to tell who named a container that is not there. */
export async function nameTheOnesThere(name: string, runtimes: Runtimes, signal: AbortSignal): Promise<CliError> {
  const names: string[] = [];
  for (const [at, runtime] of (await runtimes.all()).entries()) {
    for (const one of await runtime.list(signal)) {
      if (!isReplacementName(one.name)) names.push(at === 0 ? one.name : `${runtime.name}/${one.name}`);
    }
  }
  const some = `${names.sort().slice(0, 20).join(", ")}${names.length > 20 ? `, and ${names.length - 20} more` : ""}`;
  const there = names.length === 0 ? "this host has none" : `there are ${some}`;
  return new CliError(`no container ${short(name)}: ${there}`, exitCode.usage);
}
