import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startCluster } from "../src/embedded/cluster.ts";

declare module "vitest" {
  interface ProvidedContext {
    databaseUrl: string;
  }
}

/** One PostgreSQL for the whole run; each file takes a database of its own (see database.ts). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), "fairlead-test-"));
  // PostgreSQL's own account must pass.
  chmodSync(dataDir, 0o755);
  const cluster = await startCluster({
    dataDir,
    settings: { fsync: "off", synchronous_commit: "off", max_connections: "200", shared_buffers: "128MB" },
  });
  project.provide("databaseUrl", cluster.url);
  return async () => {
    await cluster.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
