import type { Reporter, TestModule } from "vitest/node";

/** Ends the run with what was skipped, by name, and the line `N passed, N failed`. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: string): void {
    let passed = 0;
    let failed = errors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      let ran = false;
      for (const test of module.children.allTests()) {
        ran = true;
        const { state } = test.result();
        if (state === "passed") passed++;
        else if (state === "failed") failed++;
        else skipped.push(test.fullName);
      }
      if (!ran && module.state() === "failed") failed++;
    }
    // A set-up that failed ran nothing.
    if (reason === "failed" && failed === 0) failed = 1;
    process.on("exit", () => {
      for (const name of skipped) console.log(`skipped: ${name}`);
      console.log(`${passed} passed, ${failed} failed`);
    });
  }
}
