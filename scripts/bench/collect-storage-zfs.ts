// Runs the ZFS collector so many times over the host under that root, for collect-storage: ROOT TIMES.
import { zfs } from "../../agent/src/collectors/zfs.ts";
import { createHost } from "../../agent/src/host/host.ts";

const [root = "/", times = "1"] = process.argv.slice(2);
void passes();

async function passes(): Promise<void> {
  const collector = zfs.create(createHost(root));
  for (let i = 0; i < Number(times); i++) {
    const readings = await collector.collect(Date.now(), AbortSignal.timeout(30_000));
    if (readings.length === 0) throw new Error("no pools found");
  }
  process.exit(0);
}
