import { address, ProbeError, type Target } from "../probe.ts";
import { type Connection, connect } from "./connect.ts";
import { refusal, sqlState } from "./failures.ts";
import type { Slow } from "./slow.ts";

/** What is kept of a server between two probes: one connection, and what is asked for rarely. */
export type Session = {
  /** All that a new connection would be made with; another value means another session. */
  readonly identity: string;
  connection: Connection | undefined;
  openedAt: number;
  /** What has been asked and not answered, from a probe that could not wait for it. */
  pending: { since: number; ended: Promise<unknown> } | undefined;
  /** A refusal, kept so that the server's log is not filled. */
  refused: { at: number; error: unknown; tries: number } | undefined;
  slow: Slow | undefined;
  /** The server fails statements of ours (rights taken away, a fork): each is sent alone. */
  alone: boolean;
  closed: boolean;
};

/** A backend's memory grows with what it has seen. */
const maxConnectionAge = 3_600_000;
/** A refused user is tried again after so long, and more seldom from the third refusal on. */
const refusalHolds = { first: 60_000, later: 300_000 };
/** An answer that has not come by then never does: the connection was lost without a word. */
const givenUpAfter = 900_000;

const sessions = new Map<string, Session>();

/** The session for that target, a new one where its credentials or address changed. */
export function sessionOf(target: Target): Session {
  const { timeoutMs: _, ...who } = target;
  const identity = JSON.stringify([who, target.timeoutMs]);
  const found = sessions.get(target.key);
  if (found?.identity === identity) return found;
  forget(target.key);
  const made: Session = {
    ...{ identity, connection: undefined, openedAt: 0, pending: undefined },
    ...{ refused: undefined, slow: undefined, alone: false, closed: false },
  };
  sessions.set(target.key, made);
  return made;
}

/** Closes what is kept for that target. */
export function forget(key: string): void {
  const session = sessions.get(key);
  sessions.delete(key);
  if (session !== undefined) {
    session.closed = true;
    drop(session);
  }
}

/** Closes the connection of a session: the next probe makes a new one. */
export function drop(session: Session): void {
  session.connection?.close();
  session.connection = undefined;
  session.pending = undefined;
}

/**
 * Waits for work on the session's connection. Where the signal aborts first the work goes on: until it has ended no probe
 * asks for more, so a server that hangs never holds more than one connection of ours.
 */
export async function within<T>(session: Session, signal: AbortSignal, target: Target, work: Promise<T>): Promise<T> {
  const since = performance.now();
  const pending = { since, ended: work.catch(() => undefined) };
  session.pending = pending;
  void pending.ended.then(() => {
    if (session.pending === pending) session.pending = undefined;
  });
  return await Promise.race([work, aborted(signal, () => late(target))]);
}

/** A connection to the server, the one kept where it still lives. `fresh`: never that one. */
export async function connectionOf(
  session: Session,
  signal: AbortSignal,
  target: Target,
  { fresh = false } = {},
): Promise<Connection> {
  await earlier(session, signal, target);
  const old = session.connection?.broken === true || performance.now() - session.openedAt > maxConnectionAge;
  if (fresh || old) drop(session);
  if (session.connection !== undefined) return session.connection;
  const { refused } = session;
  const holds = (refused?.tries ?? 0) < 3 ? refusalHolds.first : refusalHolds.later;
  if (refused !== undefined && performance.now() - refused.at < holds) throw refused.error;
  return await within(session, signal, target, openFor(session, target));
}

async function openFor(session: Session, target: Target): Promise<Connection> {
  let opened: Connection;
  try {
    opened = await connect(target, target.database ?? "postgres");
  } catch (error) {
    if (refusal(error) !== undefined) {
      session.refused = { at: performance.now(), error, tries: (session.refused?.tries ?? 0) + 1 };
    }
    if (target.database !== undefined || !isNoDatabase(error)) throw error;
    opened = await connect(target, "template1");
  }
  if (session.closed) {
    opened.close();
    throw new ProbeError("error", "given up");
  }
  session.connection = opened;
  session.refused = undefined;
  session.openedAt = performance.now();
  return opened;
}

/** The database `postgres` was dropped, or closed to us. */
function isNoDatabase(error: unknown): boolean {
  return ["3D000", "42501"].includes(sqlState(error) ?? "");
}

async function earlier(session: Session, signal: AbortSignal, target: Target): Promise<void> {
  const { pending } = session;
  if (pending === undefined) return;
  const waited = performance.now() - pending.since;
  if (waited > givenUpAfter) {
    drop(session);
    return;
  }
  await Promise.race([pending.ended, aborted(signal, () => stuck(target, pending.since))]);
}

function late(target: Target): ProbeError {
  return new ProbeError("timed_out", `no answer from ${address(target)} within ${target.timeoutMs} ms`);
}

function stuck(target: Target, since: number): ProbeError {
  const seconds = Math.round((performance.now() - since) / 1000);
  return new ProbeError(
    "timed_out",
    `${address(target)} has not answered a probe for ${seconds} s; no other connection is opened meanwhile`,
  );
}

function aborted(signal: AbortSignal, error: () => Error): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(error());
    else signal.addEventListener("abort", () => reject(error()), { once: true });
  });
}
