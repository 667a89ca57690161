import type { MongoClient, MongoClientOptions } from "mongodb";
import { type Target, tlsMode, tlsOptions } from "../probe.ts";
import type { Doc } from "./documents.ts";
import { isAnswer } from "./errors.ts";

/** A client of one server, never of its replica set. */
export type Session = {
  tls: { mode: string; used: boolean };
  /** Runs a command on `admin`; rejects with the driver's error, or with the signal's reason. */
  command(command: Doc, signal: AbortSignal): Promise<Doc>;
  /** Runs a pipeline on `admin` that starts without a collection; at most its first batch. */
  aggregate(pipeline: readonly Doc[], signal: AbortSignal): Promise<Doc[]>;
  sizeOf(database: string, signal: AbortSignal): Promise<Doc>;
  /** Commands sent so far. */
  sent(): number;
  close(): void;
};

/** Targets with tls.mode "prefer" that speak no TLS: each try is an error in their log. */
const withoutTls = new Set<string>();

/** Connects, and logs in where the target has a user. Rejects as soon as the first try fails; at the abort all is closed. */
export async function openSession(target: Target, signal: AbortSignal): Promise<Session> {
  const mode = target.socket === undefined ? tlsMode(target) : "disable";
  if (mode !== "prefer" || withoutTls.has(target.key)) {
    return await connect(target, mode, mode !== "disable" && mode !== "prefer", signal);
  }
  try {
    return await connect(target, mode, true, signal);
  } catch (error) {
    if (signal.aborted || isAnswer(error) || /ECONNREFUSED|ENOENT|EHOSTUNREACH/.test(String((error as Error).message)))
      throw error;
    const session = await connect(target, mode, false, signal);
    withoutTls.add(target.key);
    return session;
  }
}

async function connect(target: Target, mode: string, secure: boolean, signal: AbortSignal): Promise<Session> {
  const { MongoClient } = await import("mongodb");
  const client = new MongoClient(uri(target), options(target, secure));
  let sent = 0;
  const close = () => {
    client.close(true).catch(() => undefined);
  };
  const admin = client.db("admin");
  const read = { readPreference: "secondaryPreferred", maxTimeMS: Math.ceil(target.timeoutMs * 0.4) } as const;
  const run = async <T>(work: () => Promise<T>, limit: AbortSignal) => {
    sent++;
    return await untilAbort(limit, work());
  };
  try {
    await untilAbort(signal, client.connect(), firstFailure(client));
  } catch (error) {
    close();
    throw signal.aborted ? signal.reason : error;
  }
  return {
    tls: { mode, used: secure },
    command: (command, limit) => run(() => admin.command(command, read), limit),
    aggregate: (pipeline, limit) =>
      run(() => admin.aggregate([...pipeline], { ...read, batchSize: 200 }).toArray(), limit),
    sizeOf: (database, limit) => run(() => client.db(database).command({ dbStats: 1 }, read), limit),
    sent: () => sent,
    close,
  };
}

// No credentials stand in it: addresses are logged.
function uri(target: Target): string {
  const { host = "127.0.0.1", port = 27017, socket } = target;
  const place =
    socket === undefined ? `${host.includes(":") ? `[${host}]` : host}:${port}` : encodeURIComponent(socket);
  return `mongodb://${place}/?directConnection=true`;
}

function options(target: Target, secure: boolean): MongoClientOptions {
  const { user, password = "", database = "admin", timeoutMs } = target;
  return {
    appName: "fairlead-agent",
    // One connection that asks and one that watches, which is to do so seldom.
    maxPoolSize: 1,
    minPoolSize: 0,
    serverMonitoringMode: "poll",
    heartbeatFrequencyMS: 300_000,
    connectTimeoutMS: timeoutMs,
    socketTimeoutMS: timeoutMs,
    serverSelectionTimeoutMS: timeoutMs,
    retryReads: false,
    ...(user === undefined ? {} : { auth: { username: user, password }, authSource: database }),
    ...(secure ? { tls: true, ...(tlsOptions(target) as MongoClientOptions) } : {}),
  };
}

// The driver would try again until its time is over: a server that is down is known at once.
function firstFailure(client: MongoClient): Promise<never> {
  const failed = new Promise<never>((_, reject) => {
    client.once("serverHeartbeatFailed", ({ failure }) => reject(failure));
  });
  failed.catch(() => undefined);
  return failed;
}

/** The first of the promises, or the signal's reason; what comes too late is nobody's error. */
async function untilAbort<T>(signal: AbortSignal, ...promises: Promise<T>[]): Promise<T> {
  signal.throwIfAborted();
  for (const promise of promises) promise.catch(() => undefined);
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([...promises, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
