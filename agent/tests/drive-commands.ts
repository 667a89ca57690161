import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { createSmartCollector } from "../src/collectors/smart.ts";
import type { JournalEntry } from "../src/executor/journal.ts";
import type { RunContext } from "../src/executor/run-context.ts";
import { createLog } from "../src/log.ts";
import { type FakeSmartctl, fakeSmartctl } from "./fake-smartctl.ts";
import { noAbort, rootedHost } from "./rooted-host.ts";

/** What a command told, and how to end it. */
export type Told = {
  context: RunContext;
  phases: string[];
  progress: [message: string, percent: number][];
  soon: string[];
  cancel: AbortController;
  halt: AbortController;
  leave: AbortController;
};

/** A host with one or more disks that a fake smartctl answers for, and contexts for its commands. */
export function driveBench(disks: readonly string[] = ["sda"]) {
  const fake: FakeSmartctl = fakeSmartctl();
  const stateDir = mkdtempSync(join(tmpdir(), "fairlead-drives-"));
  const path = process.env.PATH;
  // Commands look for smartctl as the agent does.
  process.env.PATH = `${fake.folder}${delimiter}${path}`;
  onTestFinished(() => {
    process.env.PATH = path;
    fake.dispose();
    rmSync(stateDir, { recursive: true, force: true });
  });
  const files = Object.fromEntries(disks.map((disk) => [`/sys/block/${disk}/size`, "1000"]));
  const rooted = rootedHost({ ...files, "/proc/sys/kernel/random/boot_id": "boot one\n" });
  // Programs are looked for on the host: the fake lies outside of its root.
  const host = {
    ...rooted,
    stateDir,
    linkCount: (file: string) => (file === fake.program ? 1 : rooted.linkCount(file)),
  };
  fake.scan(disks.map((disk) => ({ name: `/dev/${disk}`, type: "sat", protocol: "ATA" })));
  const collector = createSmartCollector(host, () => fake.program);

  /** The context of a command, as the executor makes it; with an `entry` of a command from before a restart. */
  function command(type: string, entry?: JournalEntry): Told {
    const [cancel, halt, leave] = [new AbortController(), new AbortController(), new AbortController()];
    const told = { phases: [] as string[], progress: [] as [string, number][], soon: [] as string[] };
    const journal: JournalEntry = entry ?? {
      version: 1,
      id: randomUUID(),
      type,
      args: {},
      deadlineAt: 0,
      receivedAt: Date.now(),
      startedAt: Date.now(),
      finishedAt: 0,
      confirmedAt: 0,
      phases: [],
    };
    const context: RunContext = {
      entry: journal,
      phase: (name, message = "") => told.phases.push(message === "" ? name : `${name}: ${message}`),
      progress: (message, percent) => told.progress.push([message, percent]),
      keep: (plan) => {
        journal.plan = JSON.parse(JSON.stringify(plan));
      },
      runtime: () => Promise.reject(new Error("no containers here")),
      // No command of drives asks for it.
      runtimes: undefined as never,
      refresh: async () => ({}),
      soon: (name) => told.soon.push(name),
      host,
      cancelled: cancel.signal,
      nextCancel: () => cancel.signal,
      yieldTurn: () => undefined,
      halted: halt.signal,
      leaving: leave.signal,
      now: Date.now,
      log: createLog("error", { write: () => {} }),
    };
    return { context, ...told, cancel, halt, leave };
  }

  return {
    fake,
    host,
    write: rooted.write,
    command,
    /** The drives as a pass of the collector tells them. */
    async collect() {
      return await collector.collect(Date.now(), noAbort);
    },
    /** Key of the drive, after a first pass. */
    async key() {
      const [drive] = await collector.collect(Date.now(), noAbort);
      expect(drive?.kind).toBe("drive");
      return drive?.key ?? "";
    },
  };
}
