import { readFileSync } from "node:fs";
import type { Credentials } from "./credentials.ts";
import { databaseKey, type Found, withPort } from "./found.ts";
import type { Target } from "./probe.ts";
import { defaultPorts, sameFamily } from "./recognise.ts";
import type { Missing } from "./seen.ts";
import { type DatabaseEntry, type DatabaseSettings, exposure } from "./settings.ts";

/** A database to list, and how to ask it. */
export type Listed = {
  target: Target;
  found?: Found;
  entry?: DatabaseEntry;
  /** Where its user and password come from. */
  credentials: "configuration" | "server" | "none";
  /** It was here and is not now: why. */
  gone?: string;
  /** Why it is not asked: one line with the remedy. */
  problem?: { status: "needs_credentials" | "error"; reason: string };
  /** Seconds between probes where the entry says so. */
  intervalSeconds?: number;
};

export type Known = {
  found: readonly Found[];
  missing: readonly Missing[];
  settings: DatabaseSettings;
  /** Those that the server sent, by key. */
  credentials: ReadonlyMap<string, Credentials>;
};

/**
 * Everything to list: what was found, what is missing, and what the configuration adds; one a key. What is missing, never
 * was up and for which nobody gave anything is not listed: it was a passing one, and nobody waits for it.
 */
export function listDatabases({ found, missing, settings, credentials }: Known): Listed[] {
  const listed = new Map<string, Listed>();
  const hidden = new Set<string>();
  const all = [
    ...found.map((one) => ({ found: one, gone: undefined, answered: true })),
    ...missing.map(({ found: one, reason, answered }) => ({ found: one, gone: reason, answered })),
  ];
  const taken = new Set<Found>();
  for (const entry of settings.entries) {
    const match = all.find((one) => !taken.has(one.found) && fits(entry, one.found));
    if (match !== undefined) taken.add(match.found);
    const key = match?.found.key ?? keyOf(entry);
    if (!entry.enabled) {
      hidden.add(key);
      continue;
    }
    if (!listed.has(key))
      listed.set(key, fromEntry(entry, key, match?.found, match?.gone, settings, credentials.get(key)));
  }
  for (const one of all) {
    const { key } = one.found;
    if (hidden.has(key) || listed.has(key) || !(one.answered || credentials.has(key))) continue;
    listed.set(key, fromFound(one.found, one.gone, settings, credentials.get(key)));
  }
  return [...listed.values()];
}

/** True where the entry means that database. */
export function fits(entry: DatabaseEntry, found: Found): boolean {
  const { engine, container, socket, host, port } = entry;
  if (!sameFamily(engine, found.engine)) return false;
  if (container !== undefined) {
    return found.container?.name === container && (port === undefined || found.key.endsWith(`:${port}`));
  }
  if (socket !== undefined) return found.sockets.includes(socket) || found.socket === socket;
  return found.addresses.includes(withPort(plainHost(host), port ?? defaultPorts[engine]));
}

function keyOf(entry: DatabaseEntry): string {
  const { engine, container, socket, host, port } = entry;
  if (container !== undefined) return databaseKey(engine, { container, port });
  if (socket !== undefined) return databaseKey(engine, { socket });
  return databaseKey(engine, { host: plainHost(host), port });
}

function plainHost(host = "127.0.0.1"): string {
  return host === "localhost" ? "127.0.0.1" : host;
}

function fromFound(
  found: Found,
  gone: string | undefined,
  settings: DatabaseSettings,
  sent: Credentials | undefined,
): Listed {
  return {
    target: {
      key: found.key,
      engine: found.engine,
      ...placeOf(found),
      ...(found.container === undefined ? {} : { container: found.container.name }),
      ...signIn(sent),
      timeoutMs: settings.probes.timeoutSeconds * 1000,
    },
    found,
    credentials: sent === undefined ? "none" : "server",
    ...(gone === undefined ? {} : { gone }),
    ...(found.problem === undefined ? {} : { problem: { status: "error", reason: found.problem } }),
  };
}

function fromEntry(
  entry: DatabaseEntry,
  key: string,
  found: Found | undefined,
  gone: string | undefined,
  settings: DatabaseSettings,
  sent: Credentials | undefined,
): Listed {
  const own = ownCredentials(entry);
  const hasOwn =
    entry.problem !== undefined ||
    entry.user !== undefined ||
    entry.password !== undefined ||
    entry.passwordFile !== undefined;
  const place = entryPlace(entry, found);
  const container = found?.container?.name ?? entry.container;
  const unplaced = place === undefined ? `no container ${entry.container} runs here with ${entry.engine}` : undefined;
  // A place that the user gave is asked, whatever was found there before.
  const away = entry.host !== undefined || entry.socket !== undefined ? undefined : (gone ?? unplaced);
  const problem = problemOf(
    own.problem,
    entry.host === undefined && entry.socket === undefined ? found?.problem : undefined,
  );
  return {
    target: {
      key,
      engine: found?.engine ?? entry.engine,
      ...place,
      ...(container === undefined ? {} : { container }),
      ...signIn(sent),
      ...(hasOwn ? without(own.credentials) : {}),
      ...(entry.database === undefined ? {} : { database: entry.database }),
      ...(own.tls === undefined ? {} : { tls: own.tls }),
      timeoutMs: (entry.timeoutSeconds ?? settings.probes.timeoutSeconds) * 1000,
    },
    ...(found === undefined ? {} : { found }),
    entry,
    credentials: hasOwn ? "configuration" : sent === undefined ? "none" : "server",
    ...(away === undefined ? {} : { gone: away }),
    ...(problem === undefined ? {} : { problem }),
    ...(entry.intervalSeconds === undefined ? {} : { intervalSeconds: entry.intervalSeconds }),
  };
}

function problemOf(secret: string | undefined, place: string | undefined): Listed["problem"] {
  if (secret !== undefined) return { status: "needs_credentials", reason: secret };
  return place === undefined ? undefined : { status: "error", reason: place };
}

function entryPlace(entry: DatabaseEntry, found: Found | undefined): Partial<Target> | undefined {
  if (entry.socket !== undefined)
    return { socket: entry.socket, ...(entry.port === undefined ? {} : { port: entry.port }) };
  if (entry.host === undefined && found !== undefined) return placeOf(found);
  if (entry.container !== undefined) return undefined;
  return { host: entry.host ?? "127.0.0.1", port: entry.port ?? defaultPorts[entry.engine] };
}

function placeOf({ host, port, socket }: Found): Partial<Target> {
  return {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(socket === undefined ? {} : { socket }),
  };
}

function signIn(sent: Credentials | undefined): Partial<Target> {
  if (sent === undefined) return {};
  const { tls, ...rest } = without(sent);
  return {
    ...rest,
    ...(tls === undefined ? {} : { tls: without(tls) as Tls }),
  };
}

// Fields that are undefined would count as given.
function without<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}

function ownCredentials(entry: DatabaseEntry): {
  credentials: { user?: string | undefined; password?: string | undefined };
  tls?: Tls;
  problem?: string;
} {
  const { user, password, passwordFile, tls } = entry;
  const secret = passwordFile === undefined ? plain(password) : readSecret(passwordFile, "passwordFile");
  const ca = tls?.ca === undefined ? undefined : readSecret(tls.ca, "tls.ca");
  const problem = entry.problem ?? secret.problem ?? ca?.problem;
  return {
    credentials: { user, password: secret.text },
    ...(tls === undefined ? {} : { tls: without({ mode: tls.mode, ca: ca?.text, serverName: tls.serverName }) as Tls }),
    ...(problem === undefined ? {} : { problem }),
  };
}

type Tls = NonNullable<Target["tls"]>;
type Secret = { text?: string | undefined; problem?: string };

function plain(text: string | undefined): Secret {
  return { text };
}

function readSecret(path: string, field: "passwordFile" | "tls.ca"): Secret {
  const open = field === "passwordFile" ? exposure(path) : undefined;
  if (open !== undefined) return { problem: `${field}: ${open}` };
  try {
    const text = readFileSync(path, "utf8").replace(/\r?\n$/, "");
    if (text === "") return { problem: `${field} ${path} is empty: write it anew` };
    return text.length > 64 * 1024
      ? { problem: `${field} ${path} is longer than 64 KiB: give the right file` }
      : { text };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return {
      problem: `${field} ${path} ${missing ? "does not exist" : "can't be read"}: give a file that the agent can read`,
    };
  }
}
