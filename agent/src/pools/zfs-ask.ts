import type { Host } from "../host/host.ts";
import { errorText } from "../log.ts";
import { type Dialect, ZpoolSilent, type ZpoolSizes, zpoolSizes, zpoolStatus } from "./zpool.ts";
import type { ZpoolStatus } from "./zpool-words.ts";

/** What was found out about one pool; `hung`: zpool gave no answer in time. */
export type Found = { status?: ZpoolStatus; sizes?: ZpoolSizes; error?: string; hung?: boolean };

/** Status and sizes of one pool or all; `failed`: what could not be read, of each that was found too. */
export async function askZpool(
  host: Host,
  pool: string | undefined,
  how: Dialect,
  now: number,
  signal: AbortSignal,
): Promise<{ found: Map<string, Found>; failed?: Found & { reason: unknown } }> {
  const [status, sizes] = await Promise.allSettled([
    zpoolStatus(host, how, pool, now, signal),
    zpoolSizes(host, how, pool, signal),
  ]);
  signal.throwIfAborted();
  const rejected = [status, sizes].filter((one) => one.status === "rejected").map(({ reason }) => reason as unknown);
  const hung = rejected.some((reason) => reason instanceof ZpoolSilent && reason.hung);
  const error = rejected.length === 0 ? {} : { error: failureText(rejected[0]), hung };
  const found = new Map<string, Found>();
  if (status.status === "fulfilled") for (const one of status.value) found.set(one.name, { status: one, ...error });
  if (sizes.status === "fulfilled") {
    for (const one of sizes.value) found.set(one.name, { ...(found.get(one.name) ?? error), sizes: one });
  }
  return { found, ...(rejected.length === 0 ? {} : { failed: { ...error, reason: rejected[0] } }) };
}

/** One line; the causes of a silent zpool say nothing that it does not say itself. */
export function failureText(error: unknown): string {
  return error instanceof ZpoolSilent ? error.message : errorText(error);
}
