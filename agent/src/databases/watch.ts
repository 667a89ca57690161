import { createChild } from "../child/child.ts";
import type { DatabasesInput } from "../child/databases.task.ts";
import type { Reading } from "../collectors/collector.ts";
import type { Host } from "../host/host.ts";
import { containersOf } from "../runtimes/host-containers.ts";
import { containersNow } from "./containers-now.ts";
import { openCredentials } from "./credentials.ts";
import { disksBelow } from "./data-disks.ts";
import { createDiscover } from "./discover.ts";
import type { Found } from "./found.ts";
import { type Listed, listDatabases } from "./listed.ts";
import type { Target } from "./probe.ts";
import type { Answer } from "./prober.ts";
import { isAlive } from "./processes.ts";
import { databaseReading, differs } from "./reading.ts";
import { type Missing, openSeen } from "./seen.ts";
import { defaultDatabaseSettings } from "./settings.ts";

/** Databases of a host: what there is, and what each says. One of its calls runs at a time. */
export type DatabaseWatch = {
  /** All there are, with how to ask them. Searches anew when it is time, or when told. */
  list(now: number, signal: AbortSignal, options?: { anew?: boolean }): Promise<Listed[]>;
  /** Asks one now, whatever it said before. */
  probe(target: Target, signal: AbortSignal): Promise<Answer>;
  /** A reading of each. Never longer than the longest timeout and 4 seconds. */
  collect(now: number, signal: AbortSignal): Promise<Reading[]>;
  stop(): void;
};

export type WatchOptions = {
  /** How to start the agent's program; by itself unless told. */
  program?: readonly string[];
  /** False: what was found is not written down (CLI beside a running agent). */
  save?: boolean;
};

const searchEveryMs = 60_000;
/** A user that was refused is not tried at every turn: some engines lock it out, all write a line. By number of refusals. */
const refusedForMs = [60_000, 60_000, 300_000];
const resentEveryMs = 60_000;
const mostAtOnce = 8;
/** So long after a probe's own end the child counts as stuck. */
const childGraceMs = 3_000;

type Kept = {
  fingerprint: string;
  answer: Answer;
  askedAt: number;
  /** In a row, with these credentials. */
  refusals: number;
  /** Of the last good answer. */
  attributes: Record<string, unknown>;
  labels: Record<string, string>;
  sent: { reading: Reading; at: number } | undefined;
};

/** Makes the watch of that host's databases; nothing is done before it is asked. */
export function createDatabaseWatch(host: Host, { program, save = true }: WatchOptions = {}): DatabaseWatch {
  const settings = host.databases ?? defaultDatabaseSettings;
  const seen = openSeen(host.stateDir, { save });
  const credentials = openCredentials(host.stateDir);
  const discover = createDiscover(host, seen.containerName);
  const keepMs = settings.probes.intervalSeconds * 1000 + 15_000;
  const child = createChild("databases", { keepMs, ...(program === undefined ? {} : { program }) });
  const kept = new Map<string, Kept>();
  let found: Found[] = [];
  let missing: Missing[] = [];
  let searchedAt = Number.NEGATIVE_INFINITY;
  /** The child ended in the middle of its work: until it is known whose probe ends it, one runs at a time. */
  let careful = false;

  async function list(now: number, signal: AbortSignal, { anew = false } = {}): Promise<Listed[]> {
    const due = performance.now() - searchedAt >= searchEveryMs - 500;
    if (
      anew ||
      due ||
      found.some(({ process }) => process !== undefined && !isAlive(host, process.pid, process.name))
    ) {
      const containers = await containersNow(containersOf(host), now, signal);
      found = await discover(containers.list);
      missing = seen.update(found, containers, now);
      searchedAt = performance.now();
    }
    return listDatabases({ found, missing, settings, credentials: credentials.all() });
  }

  async function call(input: DatabasesInput, timeoutMs: number, signal: AbortSignal): Promise<unknown> {
    return await child.call(input, { deadlineMs: timeoutMs + childGraceMs, signal });
  }

  async function probe(target: Target, signal: AbortSignal): Promise<Answer> {
    return (await call({ do: "probe", target }, target.timeoutMs, signal)) as Answer;
  }

  async function answerFor(listed: Listed, signal: AbortSignal): Promise<Answer> {
    const { target, gone, problem } = listed;
    const fingerprint = JSON.stringify(target);
    const before = kept.get(target.key);
    if (gone !== undefined) return silent("down", gone);
    if (problem !== undefined) return silent(problem.status, problem.reason, await statements(listed, before, signal));
    if (before?.fingerprint === fingerprint && !isDue(listed, before)) return before.answer;
    try {
      return await probe(target, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      careful = true;
      return silent("error", `the agent's process for databases failed: ${(error as Error).message}`);
    }
  }

  async function statements(listed: Listed, before: Kept | undefined, signal: AbortSignal): Promise<string[]> {
    if (listed.problem?.status !== "needs_credentials") return [];
    if (before !== undefined && before.answer.grants.length > 0) return before.answer.grants;
    return (await call({ do: "grants", target: listed.target }, 5_000, signal).catch(() => [])) as string[];
  }

  async function readingOf(listed: Listed, now: number, signal: AbortSignal): Promise<Reading> {
    const { target, found: here } = listed;
    const before = kept.get(target.key);
    const [answer, disk] = await Promise.all([answerFor(listed, signal), disksBelow(host, here)]);
    const good = answer.status === "up";
    const fresh = answer !== before?.answer;
    const fingerprint = JSON.stringify(target);
    const refused = before?.fingerprint === fingerprint ? before.refusals : 0;
    const next: Kept = {
      fingerprint,
      answer,
      askedAt: fresh ? performance.now() : before.askedAt,
      refusals: answer.status === "needs_credentials" ? refused + (fresh ? 1 : 0) : 0,
      attributes: good ? answer.attributes : (before?.attributes ?? {}),
      labels: good ? answer.labels : (before?.labels ?? seen.labels(target.key)),
      sent: before?.sent,
    };
    kept.set(target.key, next);
    if (good) seen.describe(target.key, answer.labels);
    const { attributes, labels } = next;
    const reading = databaseReading(listed, answer, { ...disk, probedAt: now, attributes, labels });
    const last = next.sent;
    if (last !== undefined && now - last.at < resentEveryMs && now >= last.at && !differs(reading, last.reading)) {
      return { ...reading, attributes: last.reading.attributes ?? {} };
    }
    next.sent = { reading, at: now };
    return reading;
  }

  function forget(listed: readonly Listed[], signal: AbortSignal): void {
    const keys = new Set(listed.map(({ target }) => target.key));
    const stale = [...kept.keys()].filter((key) => !keys.has(key));
    for (const key of stale) kept.delete(key);
    if (stale.length > 0 && keys.size > 0) {
      void call({ do: "keep", keys: [...keys] }, 5_000, signal).catch(() => undefined);
    }
  }

  return {
    list,
    probe,
    async collect(now, signal) {
      const listed = await list(now, signal);
      forget(listed, signal);
      const width = careful ? 1 : mostAtOnce;
      careful = false;
      const readings: Reading[] = [];
      let next = 0;
      const worker = async () => {
        for (let one = listed[next++]; one !== undefined; one = listed[next++]) {
          readings.push(await readingOf(one, now, signal));
        }
      };
      await Promise.all(Array.from({ length: width }, worker));
      return readings;
    },
    stop: () => child.stop(),
  };
}

function isDue({ intervalSeconds, credentials }: Listed, { answer, askedAt, refusals }: Kept): boolean {
  const age = performance.now() - askedAt;
  if (!answer.asked && answer.status === "needs_credentials" && credentials === "none") return false;
  if (answer.status === "needs_credentials") {
    return age >= (refusedForMs[Math.min(refusals, refusedForMs.length) - 1] ?? 0);
  }
  return intervalSeconds === undefined || age >= intervalSeconds * 1000 - 1_000;
}

function silent(status: Answer["status"], reason: string, grants: string[] = []): Answer {
  return {
    status,
    reason,
    values: status === "down" ? { up: 0 } : {},
    attributes: {},
    labels: {},
    grants,
    asked: false,
  };
}
