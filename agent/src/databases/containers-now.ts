import type { ContainerTable } from "../runtimes/container-table.ts";
import type { Containers } from "./seen.ts";

/** An engine that hangs must not hold up the databases. */
const engineMs = 3_000;

/** The table's containers, brought up to date as far as the engine answers; none where there is no engine. */
export async function containersNow(
  table: Pick<ContainerTable, "refresh" | "visible">,
  now: number,
  signal: AbortSignal,
): Promise<Containers> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), engineMs);
  });
  const fresh = table.refresh(now, signal).then(
    () => true,
    // While it restarts, what was known before still helps.
    () => false,
  );
  const known = await Promise.race([fresh, late]).finally(() => clearTimeout(timer));
  return { known, list: [...table.visible()].map(([name, info]) => ({ ...info, name })) };
}
