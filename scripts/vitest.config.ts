import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = join(import.meta.dirname, "..");

export default defineConfig({
  root,
  test: {
    include: ["{agent,server,shared,proto,scripts}/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    globalSetup: [join(root, "server/tests/global-setup.ts")],
    pool: "forks",
    // Much of it waits for engines and databases.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Patience for a busy machine: a condition that holds is seen at once.
    expect: { poll: { timeout: 20_000, interval: 50 } },
    reporters: ["default", join(root, "scripts/count-reporter.ts")],
  },
});
