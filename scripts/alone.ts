import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Runs the work while no other process runs work under that lock file; waits as long as one does. */
export async function alone<T>(lock: string, work: () => Promise<T>): Promise<T> {
  while (!take(lock)) await delay(100);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Takes the lock, also from a process that is gone. */
function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const text = existsSync(lock) ? readFileSync(lock, "utf8") : "";
  // Empty between its making and its writing: the next look tells.
  if (text !== "" && !existsSync(`/proc/${text}`)) rmSync(lock, { force: true });
  return false;
}
