import type { AgentConfig } from "../config.ts";
import type { Listed } from "../databases/listed.ts";
import { databaseSettings, passwordProblems } from "../databases/settings.ts";
import { createDatabaseWatch } from "../databases/watch.ts";
import { createHost } from "../host/host.ts";
import { type Finding, note, ok } from "./doctor-tools.ts";

/** Passwords that are not used and why, databases that were found, and those that nobody gave credentials for. */
export async function databases(config: AgentConfig, signal: AbortSignal): Promise<Finding[]> {
  if (!config.databaseProbes.enabled)
    return [note("databases", "switched off", "set databaseProbes.enabled: true to watch databases")];
  const host = {
    ...createHost(),
    dockerSocket: config.docker.socket,
    runtimes: config.runtimes,
    databases: databaseSettings(config),
    stateDir: config.stateDir,
  };
  const watch = createDatabaseWatch(host, { save: false });
  try {
    return judge(await watch.list(Date.now(), signal), passwordProblems(config.databases));
  } finally {
    watch.stop();
  }
}

// Those that say nothing without a user.
const closed: readonly string[] = ["postgresql", "mysql", "mariadb"];

function judge(listed: readonly Listed[], exposed: readonly string[]): Finding[] {
  const faults = [
    ...exposed,
    ...listed.flatMap(({ target, problem }) => {
      if (problem === undefined || exposed.includes(problem.reason)) return [];
      return [`${target.key}: ${problem.reason}`];
    }),
  ].map((text) => {
    // Each says what to do after its last colon.
    const at = text.lastIndexOf(": ");
    return { check: "databases", verdict: "fault" as const, found: text.slice(0, at), remedy: text.slice(at + 2) };
  });
  if (listed.length === 0) return faults.length > 0 ? faults : [note("databases", "none was found", "none is needed")];
  const open = listed.filter(({ target, credentials }) => credentials === "none" && closed.includes(target.engine));
  if (open.length === 0) return [...faults, ok("databases", `${listed.length} found`)];
  const found = `${open.length} of ${listed.length} need credentials`;
  return [...faults, note("databases", found, "fairlead-agent db shows what to paste")];
}
