import type { Connection } from "../docker/connection.ts";
import { pingPodman } from "../docker/version.ts";
import type { EngineInfo } from "../runtime.ts";

const infoKeptMs = 600_000;
const infos = new Map<string, { info: EngineInfo; at: number }>();

/** Podman runs several programs to tell its settings: what it said is kept, while it answers. */
export async function podmanInfo(
  { path, hello }: Connection,
  ask: (signal: AbortSignal) => Promise<EngineInfo>,
  signal: AbortSignal,
): Promise<EngineInfo> {
  const kept = infos.get(path);
  if (kept && performance.now() - kept.at < infoKeptMs && (await pingPodman(hello, signal).catch(() => undefined))) {
    return kept.info;
  }
  infos.delete(path);
  const info = await ask(signal);
  infos.set(path, { info, at: performance.now() });
  return info;
}
