import type { AgentConfig } from "../config.ts";
import { createHost } from "../host/host.ts";
import { errorText } from "../log.ts";
import type { Candidate } from "../runtimes/discover.ts";
import { type Runtimes, runtimesOf } from "../runtimes/index.ts";
import { RuntimeFailure } from "../runtimes/runtime.ts";
import { type Finding, fault, note, ok } from "./doctor-tools.ts";

/** Each container runtime that was found or is configured: whether it answers, and as what. */
export async function runtimes(config: AgentConfig): Promise<Finding[]> {
  const { docker, runtimes: configured, stateDir } = config;
  const set = runtimesOf({ ...createHost(), dockerSocket: docker.socket, runtimes: configured, stateDir });
  const found = await set.candidates();
  if (found.length === 0) {
    return [note("runtimes", `none of ${set.places}`, "none is needed without containers; else set runtimes")];
  }
  return await Promise.all(found.map((candidate) => look(candidate, set)));
}

async function look(candidate: Candidate, set: Runtimes): Promise<Finding> {
  const { name, shown, foreign } = candidate;
  try {
    const { type, version } = await set.open(candidate);
    const whose = foreign ? ", another user's: only what names it is sent to it" : "";
    const first = set.prefix(name) === "" ? ", the first" : "";
    return ok(name, `${type} ${version.engine}, API ${version.api} at ${shown}${first}${whose}`);
  } catch (error) {
    const text = error instanceof RuntimeFailure ? error.message : errorText(error);
    // Each says what to do after its last colon.
    const at = text.lastIndexOf(": ");
    const tell = foreign ? note : fault;
    if (error instanceof RuntimeFailure && error.code === "absent") {
      return tell(name, text, "start the engine, or take it out of runtimes");
    }
    if (!(error instanceof RuntimeFailure) || at < 0) return tell(name, text, "");
    return tell(name, text.slice(0, at), text.slice(at + 2));
  }
}
