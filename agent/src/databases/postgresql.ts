import { setTimeout as delay } from "node:timers/promises";
import { attributesOf, roleOf } from "./postgresql/attributes.ts";
import type { Connection, Row } from "./postgresql/connect.ts";
import { isFull, isLost, pooler, readFailure, refusal, sqlState } from "./postgresql/failures.ts";
import { grantMonitor, grants, grantsAfter } from "./postgresql/grants.ts";
import { notesOf } from "./postgresql/notes.ts";
import { type Answers, compact, flag, number } from "./postgresql/rows.ts";
import { connectionOf, drop, forget, type Session, sessionOf, within } from "./postgresql/sessions.ts";
import { emptySlow, refresh } from "./postgresql/slow.ts";
import { type StandbyState, standbyState } from "./postgresql/standby.ts";
import { blockers, eachProbe, hasReplayed, type Statement } from "./postgresql/statements.ts";
import { countersOf, valuesOf } from "./postgresql/values.ts";
import {
  address,
  type Counters,
  failure,
  oneLine,
  type Probe,
  ProbeError,
  type ProbeResult,
  type Target,
} from "./probe.ts";

/**
 * PostgreSQL 10 and newer. One connection is kept (docs/databases-postgresql.md says why): a probe is one message of ten statements,
 * each 5 minutes four more. A server that hangs holds that one connection and never gets a second.
 */
export const postgresql: Probe = {
  engines: ["postgresql"],
  // Without a user there is nothing to ask, and a refused one is a line in the server's log.
  anonymous: false,
  grants,
  probe,
  forget,
};

async function probe(target: Target, previous: Counters | undefined, signal: AbortSignal): Promise<ProbeResult> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(target.timeoutMs)]);
  try {
    return await ask(target, previous, limit);
  } catch (error) {
    return failed(error, target);
  }
}

function failed(error: unknown, target: Target): ProbeResult {
  const result = failure(readFailure(error, target), target);
  const refused = refusal(error);
  if (refused !== undefined) return { ...result, attributes: { grants: grantsAfter(refused, target) } };
  // It answers, so it is up: what is used up is known too.
  if (isFull(error)) return { ...result, values: { up: 1, connections_used_ratio: 1 } };
  return result;
}

async function ask(target: Target, previous: Counters | undefined, signal: AbortSignal): Promise<ProbeResult> {
  const started = performance.now();
  const session = sessionOf(target);
  const { connection, answers, problems } = await firstAnswer(session, signal, target);
  if (answers.cluster?.length === 0) throw new ProbeError("error", `${address(target)} answers, but not as PostgreSQL`);
  const told = number(answers.cluster?.[0], "pid");
  if (connection.pid !== undefined && told !== connection.pid && !Number.isNaN(told)) {
    drop(session);
    throw new ProbeError("error", pooler(target));
  }
  const counters = countersOf(answers, performance.now());
  const send = (text: string) => within(session, signal, target, connection.query(text));
  const rest = (text: string) => send(text).then(([rows = []]) => rows);
  const standby = await standbyOf(answers, secondsSince(previous?.inStepAt, counters.at), rest, signal);
  if (standby !== undefined) counters.inStepAt = counters.at - standby.inStepAge * 1000;
  const blocking = await blockersOf(answers, rest, problems);
  session.slow ??= emptySlow();
  const { slow } = session;
  const seconds = (performance.now() - started) / 1000;
  try {
    const monitors = flag(answers.cluster?.[0], "monitors") === true;
    await refresh(slow, { major: connection.major, monitors }, rest, isOver, () => performance.now());
  } catch (error) {
    // What every probe needs is there: the rest comes with a later one.
    problems.push(error instanceof ProbeError ? "sizes and statements took too long" : (error as Error).message);
  }
  problems.push(...Object.entries(slow.problems).map(([part, message]) => `${part}: ${message}`));
  const notes = notesOf(answers, slow, standby, problems).map((note) => oneLine(note, target));
  const result: ProbeResult = {
    status: "up",
    ...(notes.length === 0 ? {} : { reason: oneLine(notes.slice(0, 4).join("; "), target) }),
    values: {
      ...valuesOf(answers, connection.major, standby, slow.sizeBytes, counters, previous),
      probe_seconds: seconds,
    },
    attributes: compact({
      ...attributesOf(target, connection, answers, slow, standby, blocking),
      notes: notes.length === 0 ? undefined : notes,
      grants: flag(answers.cluster?.[0], "monitors") === false ? grantMonitor(target) : undefined,
    }),
    labels: { role: roleOf(answers), version: String(connection.major) },
    counters,
  };
  // Whoever is connected to template1 keeps others from making databases.
  if (connection.database === "template1" && target.database === undefined) drop(session);
  return result;
}

type First = { connection: Connection; answers: Answers; problems: string[] };

/** What each probe asks. A connection kept that turns out to be dead is made anew, once. */
async function firstAnswer(session: Session, signal: AbortSignal, target: Target): Promise<First> {
  const kept = session.connection;
  const connection = await connectionOf(session, signal, target);
  try {
    return await askAll(session, connection, signal, target);
  } catch (error) {
    if (isLost(error)) drop(session);
    if (!isLost(error) || connection !== kept) throw error;
    const fresh = await connectionOf(session, signal, target, { fresh: true });
    return await askAll(session, fresh, signal, target);
  }
}

async function askAll(session: Session, connection: Connection, signal: AbortSignal, target: Target): Promise<First> {
  const statements = eachProbe(connection);
  if (!session.alone) {
    try {
      const text = statements.map(({ sql }) => sql).join(";\n");
      const results = await within(session, signal, target, connection.query(text));
      const answers = Object.fromEntries(statements.map(({ name }, i) => [name, results[i] ?? []]));
      return { connection, answers, problems: [] };
    } catch (error) {
      if (isFatal(error)) throw error;
      session.alone = true;
    }
  }
  return await askEach(session, connection, statements, signal, target);
}

/** One failed and took all with it: each alone, so that only what fails is missing. */
async function askEach(
  session: Session,
  connection: Connection,
  statements: Statement[],
  signal: AbortSignal,
  target: Target,
): Promise<First> {
  const answers: Answers = {};
  const problems: string[] = [];
  for (const { name, sql } of statements) {
    try {
      answers[name] = (await within(session, signal, target, connection.query(sql)))[0] ?? [];
    } catch (error) {
      if (isFatal(error)) throw error;
      problems.push(`${name}: ${(error as Error).message}`);
    }
  }
  if (answers.cluster === undefined && answers.activity === undefined) throw new ProbeError("error", problems[0] ?? "");
  return { connection, answers, problems };
}

/** True where asking on makes no sense: the connection is gone, time is up, or a limit was reached. */
function isFatal(error: unknown): boolean {
  return isOver(error) || ["57014", "55P03"].includes(sqlState(error) ?? "");
}

/** True where the connection is gone or time is up. */
function isOver(error: unknown): boolean {
  return sqlState(error) === undefined || isLost(error);
}

function secondsSince(at: number | undefined, now: number): number {
  return at === undefined ? Number.NaN : (now - at) / 1000;
}

async function standbyOf(
  answers: Answers,
  inStepAge: number,
  query: (text: string) => Promise<Row[]>,
  signal: AbortSignal,
): Promise<StandbyState | undefined> {
  if (flag(answers.cluster?.[0], "in_recovery") !== true) return undefined;
  const row = answers.recovery?.[0];
  const received = number(row, "received");
  const state = standbyState({
    receiver: row?.receiver === null || row === undefined ? undefined : (row.status ?? "hidden"),
    received,
    replayed: number(row, "replayed"),
    announced: number(row, "announced"),
    paused: flag(row, "paused") === true,
    replayAge: number(row, "replay_age"),
    follows: flag(row, "follows"),
    messageAge: number(row, "message_age"),
    receiverTimeout: number(row, "receiver_timeout"),
    inStepAge,
  });
  if (state.state !== "catching up" || state.lagSeconds < 1) return state;
  // After a quiet hour the first bytes that come are an hour behind for a moment: look again before that is told.
  const since = performance.now();
  await delay(100, undefined, { signal }).catch(() => undefined);
  const [again] = await query(hasReplayed(Math.max(received, number(row, "announced") || 0)));
  if (flag(again, "reached") !== true) return state;
  return { state: "streaming", running: 1, lagSeconds: (performance.now() - since) / 1000, lagBytes: 0, inStepAge: 0 };
}

async function blockersOf(
  answers: Answers,
  query: (text: string) => Promise<Row[]>,
  problems: string[],
): Promise<Row[]> {
  const waiting = (answers.running ?? []).filter(({ wait_event_type: type }) => type === "Lock");
  const pids = waiting.slice(0, 5).map((row) => number(row, "pid"));
  if (pids.length === 0) return [];
  try {
    return await query(blockers(pids));
  } catch (error) {
    if (isOver(error)) throw error;
    problems.push(`blockers: ${(error as Error).message}`);
    return [];
  }
}
