import { fitAttributes } from "./fit-attributes.ts";
import { probes } from "./index.ts";
import { type Counters, type Engine, failure, oneLine, type Probe, type ProbeResult, type Target } from "./probe.ts";

/** A probe's result as it leaves the child; NaN becomes null on its way. `grants`: statements where rights are missing;
 * `asked`: false where it was not even connected to. */
export type Answer = Omit<ProbeResult, "counters"> & { grants: string[]; asked: boolean };

type Loaders = Partial<Record<Engine, () => Promise<Probe>>>;
type State = { fingerprint: string; engine: Engine; counters: Counters | undefined; runningSince: number | undefined };

/** So long after its time a probe may take to give up its connection. */
const leaveMs = 500;

/** Probes databases and remembers their counters. Probes of one never overlap; none takes longer than its time. */
export function createProber(loaders: Loaders = probes) {
  const states = new Map<string, State>();

  async function stateOf(target: Target, probe: Probe): Promise<State> {
    const fingerprint = JSON.stringify(target);
    const known = states.get(target.key);
    if (known?.fingerprint === fingerprint) return known;
    const state = { fingerprint, engine: target.engine, counters: undefined, runningSince: known?.runningSince };
    states.set(target.key, state);
    if (known !== undefined) await probe.forget?.(target.key);
    return state;
  }

  async function load(engine: Engine): Promise<Probe> {
    const loader = loaders[engine];
    if (loader === undefined) throw new Error(`this agent can't ask ${engine}: update the agent`);
    return await loader();
  }

  return {
    /** Statements that make a user for it. */
    async grants(target: Target): Promise<string[]> {
      return (await load(target.engine)).grants(target);
    },

    /** Never rejects. */
    async probe(target: Target, stop: AbortSignal): Promise<Answer> {
      const started = performance.now();
      try {
        const probe = await load(target.engine);
        if (!probe.anonymous && target.user === undefined && target.password === undefined) {
          const reason = "found, but no credentials for it are known";
          return { ...nothing("needs_credentials", reason), grants: probe.grants(target), asked: false };
        }
        const state = await stateOf(target, probe);
        if (state.runningSince !== undefined) {
          const seconds = Math.round((started - state.runningSince) / 1000);
          return nothing("timed_out", `the probe of ${seconds} s ago has not ended`);
        }
        const result = await limited(probe, state, target, stop);
        // Over a probe that failed they still serve; one that was down may have begun anew.
        if (result.status === "up") state.counters = result.counters;
        else if (result.status === "down") state.counters = undefined;
        return finished(result, target, probe, (performance.now() - started) / 1000);
      } catch (error) {
        const { counters: _, ...result } = failure(error, target);
        return { ...result, grants: [], asked: true };
      }
    },

    /** Closes what is kept for databases that are not among these. */
    async keep(keys: readonly string[]): Promise<void> {
      for (const [key, { engine }] of states) {
        if (keys.includes(key)) continue;
        states.delete(key);
        await (await load(engine)).forget?.(key);
      }
    },
  };
}

async function limited(probe: Probe, state: State, target: Target, stop: AbortSignal): Promise<ProbeResult> {
  const limit = AbortSignal.any([stop, AbortSignal.timeout(target.timeoutMs)]);
  state.runningSince = performance.now();
  const work = probe
    .probe(target, state.counters, limit)
    .catch((error: unknown) => failure(limit.aborted ? limit.reason : error, target))
    .finally(() => {
      state.runningSince = undefined;
    });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ProbeResult>((resolve) => {
    const reason = new DOMException("", "TimeoutError");
    timer = setTimeout(() => resolve(failure(reason, target)), target.timeoutMs + leaveMs);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function finished(result: ProbeResult, target: Target, probe: Probe, seconds: number): Answer {
  const { status, reason, values, attributes, labels } = result;
  const { grants: own, ...rest } = attributes;
  const all = status === "needs_credentials" ? probe.grants(target) : [];
  const wanted = Array.isArray(own) ? own.map(String) : all;
  const answered = status === "up" || status === "error";
  return {
    status,
    ...(reason === undefined || reason === "" ? {} : { reason: oneLine(reason, target) }),
    values: {
      ...values,
      ...(answered ? { probe_seconds: values.probe_seconds ?? seconds } : {}),
      ...(status === "up" ? { up: 1 } : {}),
    },
    attributes: fitAttributes(rest),
    labels,
    grants: wanted,
    asked: true,
  };
}

function nothing(status: Answer["status"], reason: string): Answer {
  return {
    status,
    reason,
    values: status === "timed_out" ? { up: 0 } : {},
    attributes: {},
    labels: {},
    grants: [],
    asked: true,
  };
}
