import type { createClient } from "@redis/client";
import { classify, ProbeError, type Target, tlsMode, tlsOptions } from "../probe.ts";
import { isLost, messageOf, replyError } from "./refusal.ts";

type Client = ReturnType<typeof createClient>;

/** A connection that is kept. `refused`: commands that its user may not run. */
export type Kept = { client: Client; encrypted: boolean; refused: Set<string> };

/** One connection a database, kept between probes. */
const connections = new Map<string, Kept>();

/** Whether a connection is kept for a target. */
export function isKept(key: string): boolean {
  return connections.has(key);
}

/** The connection that is kept, or a new one. Rejects with what the library threw; at the abort a new one is closed. */
export async function connectionOf(target: Target, signal: AbortSignal): Promise<Kept> {
  return connections.get(target.key) ?? (await connect(target, signal));
}

/** Closes the connection of a target, if there is one. */
export function drop(key: string): void {
  const kept = connections.get(key);
  connections.delete(key);
  if (kept !== undefined) destroy(kept.client);
}

/** Opens the connection, with TLS as the target wants it. */
async function connect(target: Target, signal: AbortSignal): Promise<Kept> {
  const options = tlsOptions(target);
  if (options === undefined) return await open(target, signal, undefined, target.timeoutMs);
  if (tlsMode(target) !== "prefer") return await open(target, signal, options, target.timeoutMs);
  try {
    // A server without TLS waits for the end of a line that never comes.
    return await open(target, signal, options, Math.max(500, target.timeoutMs / 3));
  } catch (error) {
    // It speaks TLS: in plain it would only hang up.
    if (replyError(messageOf(error), target) !== undefined) throw error;
    if (error instanceof ProbeError || signal.aborted || classify(error, target).status === "down") {
      if (!isLost(error)) throw error;
    }
    return await open(target, signal, undefined, target.timeoutMs);
  }
}

async function open(
  target: Target,
  signal: AbortSignal,
  encrypted: ReturnType<typeof tlsOptions>,
  connectTimeout: number,
): Promise<Kept> {
  const { createClient } = await import("@redis/client");
  signal.throwIfAborted();
  const place =
    target.socket === undefined
      ? { host: target.host ?? "127.0.0.1", port: target.port ?? 6379 }
      : { path: target.socket };
  const client = createClient({
    // Every version speaks it.
    RESP: 2,
    disableClientInfo: true,
    disableOfflineQueue: true,
    socket: {
      ...place,
      ...(encrypted === undefined ? {} : { ...encrypted, tls: true }),
      connectTimeout,
      reconnectStrategy: false,
    } as never,
    ...(target.user === undefined ? {} : { username: target.user }),
    ...(target.password === undefined ? {} : { password: target.password }),
  }) as Client;
  const kept = { client, encrypted: encrypted !== undefined, refused: new Set<string>() };
  client.on("error", () => {
    if (connections.get(target.key) === kept) connections.delete(target.key);
  });
  const giveUp = () => destroy(client);
  signal.addEventListener("abort", giveUp, { once: true });
  const timer = setTimeout(giveUp, connectTimeout);
  try {
    await client.connect();
    await client.sendCommand(["CLIENT", "SETNAME", "fairlead"]).catch(() => undefined);
  } catch (error) {
    destroy(client);
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
  connections.set(target.key, kept);
  return kept;
}

function destroy(client: Client): void {
  try {
    client.destroy();
  } catch {
    // Not open, or closed already.
  }
}
