import { type CredentialStore, type Credentials, openCredentials, parseCredentials } from "../databases/credentials.ts";
import type { Listed } from "../databases/listed.ts";
import { openSealed } from "../databases/sealed-box.ts";
import { createDatabaseWatch, type DatabaseWatch } from "../databases/watch.ts";
import { loadIdentity } from "../identity.ts";
import type { ConfigureArguments } from "./command.ts";
import type { Outcome } from "./journal.ts";
import { Refusal, type RunContext } from "./run-context.ts";

/**
 * Keeps how to sign in to a database, once it was tried: credentials that the database refuses are not kept, and those from
 * before stay. Where it can't be reached now they are kept untried. An empty `sealed` forgets.
 */
export async function configureDatabase(args: ConfigureArguments, context: RunContext): Promise<Outcome> {
  const { host, halted } = context;
  const store = openCredentials(host.stateDir);
  if (args.sealed === "") return forget(args.database, store, context);
  const credentials = unseal(args, context);
  context.phase("try");
  // What the running collector found is in the folder too; nothing is written from here.
  const watch = createDatabaseWatch(host, { save: false });
  try {
    const listed = await find(args.database, watch, context);
    const signal = AbortSignal.any([halted, context.cancelled]);
    return await tryThem(listed, credentials, { watch, store, context, signal });
  } finally {
    watch.stop();
  }
}

type Parts = { watch: DatabaseWatch; store: CredentialStore; context: RunContext; signal: AbortSignal };

async function tryThem(listed: Listed, credentials: Credentials, parts: Parts): Promise<Outcome> {
  const { watch, store, context, signal } = parts;
  const { target, gone, problem, entry } = listed;
  const { key, engine, host, port, socket, container, timeoutMs } = target;
  const place = Object.entries({ host, port, socket, container }).filter(([, value]) => value !== undefined);
  const { tls: sentTls, ...signIn } = dropUndefined(credentials);
  const tls = entry?.tls === undefined ? sentTls : target.tls;
  const next = {
    key,
    engine,
    ...Object.fromEntries(place),
    ...signIn,
    ...(tls ? { tls } : {}),
    timeoutMs,
  } as typeof target;
  if (gone !== undefined || problem !== undefined) {
    return keep(store, key, credentials, context, "down", gone ?? problem?.reason);
  }
  const answer = await watch.probe(next, signal);
  const reason = answer.reason ?? "";
  if (answer.status === "needs_credentials") {
    // Some probes begin with the word.
    return { status: "FAILED", reason: `refused: ${reason.replace(/^refused: /, "")}${stays(store, key)}` };
  }
  if (answer.status === "error") return { status: "FAILED", reason: `${reason}${stays(store, key)}` };
  return keep(store, key, credentials, context, answer.status, answer.reason);
}

function keep(
  store: CredentialStore,
  key: string,
  credentials: Credentials,
  context: RunContext,
  status: string,
  reason: string | undefined,
): Outcome {
  store.set(key, credentials);
  context.soon("databases");
  return { status: "SUCCEEDED", output: { database: key, status, ...(reason === undefined ? {} : { reason }) } };
}

function stays(store: CredentialStore, key: string): string {
  return store.all().has(key) ? "; the credentials from before stay" : "; nothing was kept";
}

function forget(key: string, store: CredentialStore, context: RunContext): Outcome {
  const known = store.all().has(key);
  if (known) store.set(key, undefined);
  context.soon("databases");
  return { status: "SUCCEEDED", output: { database: key, status: "forgotten", known } };
}

function unseal(args: ConfigureArguments, { host }: RunContext): Credentials {
  const identity = host.stateDir === undefined ? undefined : loadIdentity(host.stateDir);
  if (identity === undefined) throw new Refusal("this agent has no identity: enrol it first");
  const { key, serverId } = identity;
  return parseCredentials(openSealed(Buffer.from(args.sealed, "base64"), key, serverId, args.database));
}

async function find(key: string, watch: DatabaseWatch, { now, halted }: RunContext): Promise<Listed> {
  const all = await watch.list(now(), halted, { anew: true });
  const listed = all.find(({ target }) => target.key === key);
  if (listed === undefined)
    throw new Refusal(`database: ${key} is not on this host (any more): look at the list again`);
  if (listed.credentials === "configuration") {
    throw new Refusal(`database: ${key} has its credentials in the agent's own configuration: change them there`);
  }
  return listed;
}

function dropUndefined(given: Credentials): Credentials {
  return JSON.parse(JSON.stringify(given));
}
