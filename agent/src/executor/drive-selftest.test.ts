import { describe, expect, test } from "vitest";
import { driveBench } from "../../tests/drive-commands.ts";
import { ataDrive, smartctlSays } from "../../tests/fake-smartctl.ts";
import { resumeSelfTest, runSelfTest, type Timing } from "./drive-selftest.ts";
import { Halted } from "./run-context.ts";

const quick: Timing = { leastPollMs: 5, mostPollMs: 10, graceMs: 60_000, stillMs: 60_000 };
const old = { type: "Short offline", hours: 900 };
const running = (remaining: number) => ataDrive({ remaining, tests: [old] });
const after = (status: number, more: { text?: string; lba?: number } = {}) =>
  ataDrive({ tests: [{ type: "Extended offline", status, hours: 1000, ...more }, old] });

/** A drive whose self-test goes through those steps. */
async function tested(
  steps: readonly unknown[],
  more: Parameters<ReturnType<typeof driveBench>["fake"]["selfTest"]>[2] = {},
) {
  const bench = driveBench();
  bench.fake.drive("/dev/sda", { out: ataDrive({ tests: [old] }) });
  bench.fake.selfTest("/dev/sda", steps, more);
  const drive = await bench.key();
  return { ...bench, args: { drive, test: "long" as const } };
}

describe("a test from its start to its end", () => {
  test("progress on the way, the log's entry at the end, and nothing of it wakes a drive", async () => {
    const { fake, args, command, collect } = await tested([running(90), running(50), running(50), after(0)]);
    const told = command("drive.selftest");
    const done = await runSelfTest(args, told.context, quick);
    expect(done).toMatchObject({
      status: "SUCCEEDED",
      output: { device: "/dev/sda", entry: { type: "Extended offline", result: "passed", atHours: 1000 } },
    });
    expect(told.phases).toEqual(["start: long self-test", "test: /dev/sda, about 8 h 0 min"]);
    expect(told.progress.filter(([, percent], i, all) => percent !== all[i - 1]?.[1])).toEqual([
      ["10 % done, about 7 h 15 min left", 10],
      ["50 % done, about 4 h 0 min left", 50],
    ]);
    expect(told.soon).toEqual(["smart", "smart"]);
    const calls = fake.calls().filter((call) => !call.startsWith("--scan"));
    expect(calls.filter((call) => call.includes("-t long"))).toEqual(["--json=c -t long -d sat /dev/sda"]);
    expect(calls.filter((call) => !call.includes("-t long")).every((call) => call.includes("-n standby,3"))).toBe(true);
    expect((await collect())[0]?.attributes).toMatchObject({ selfTest: { running: null, last: { atHours: 1000 } } });
  });

  test("a failed one names the sector", async () => {
    const failed = after(0x70, { text: "Completed: read failure", lba: 123_456 });
    const { args, command } = await tested([running(60), failed]);
    expect(await runSelfTest(args, command("drive.selftest").context, quick)).toMatchObject({
      status: "FAILED",
      reason: "the self-test failed at LBA 123456: Completed: read failure",
      output: { entry: { lba: 123_456 } },
    });
  });

  test("one that somebody else ended", async () => {
    const { args, command } = await tested([running(60), after(0x10, { text: "Aborted by host" })]);
    expect(await runSelfTest(args, command("drive.selftest").context, quick)).toMatchObject({
      status: "FAILED",
      reason: "the self-test did not come to its end: Aborted by host",
    });
  });

  test("one that was over before anybody looked", async () => {
    const { args, command } = await tested([after(0)]);
    expect(await runSelfTest(args, command("drive.selftest").context, quick)).toMatchObject({ status: "SUCCEEDED" });
  });

  test("one that never begins, and one that stands still, come to an end as well", async () => {
    const never = await tested([ataDrive({ tests: [old] })]);
    const timing = { ...quick, graceMs: 20 };
    expect(await runSelfTest(never.args, never.command("drive.selftest").context, timing)).toMatchObject({
      status: "FAILED",
      reason: "the drive accepted the test, but never began it",
    });
    const still = await tested([running(60)]);
    expect(
      await runSelfTest(still.args, still.command("drive.selftest").context, { ...quick, stillMs: 100 }),
    ).toMatchObject({ status: "FAILED", reason: "the test was not seen to go on for 100 ms" });
  });

  test("a look that fails in between does not end it", async () => {
    const { args, command } = await tested([running(60), "no JSON today", running(30), after(0)]);
    expect(await runSelfTest(args, command("drive.selftest").context, quick)).toMatchObject({ status: "SUCCEEDED" });
  });
});

describe("what is refused", () => {
  const cases: [string, unknown, Partial<{ test: "short" | "long" | "conveyance" }>, string][] = [
    ["one runs already", running(60), {}, "a self-test runs on this drive already, 40 % done: wait for its end"],
    [
      "an NVMe drive and an old smartctl",
      {
        smartctl: { version: [7, 3], exit_status: 0 },
        device: { name: "/dev/sda", type: "nvme", protocol: "NVMe" },
        model_name: "N",
        serial_number: "1",
        nvme_smart_health_information_log: { critical_warning: 0 },
      },
      {},
      "self-tests of NVMe drives need smartctl 7.4 or newer, this host has 7.3: update smartmontools",
    ],
    [
      "conveyance of a SAS drive",
      {
        smartctl: { version: [7, 3], exit_status: 0 },
        device: { name: "/dev/sda", type: "scsi", protocol: "SCSI" },
        scsi_model_name: "S",
        serial_number: "1",
        scsi_grown_defect_list: 0,
      },
      { test: "conveyance" },
      "type: conveyance tests are for ATA drives: give short or long",
    ],
    [
      "a drive without conveyance tests",
      JSON.parse(
        JSON.stringify(ataDrive()).replace(
          '"conveyance_self_test_supported":true',
          '"conveyance_self_test_supported":false',
        ),
      ),
      { test: "conveyance" },
      "the drive has no conveyance self-test",
    ],
  ];
  test.each(cases)("%s", async (_name, out, more, reason) => {
    const { fake, command, key } = driveBench();
    fake.drive("/dev/sda", { out });
    const drive = await key();
    const args = { drive, test: "long" as const, ...more };
    await expect(runSelfTest(args, command("drive.selftest").context, quick)).rejects.toThrow(reason);
    expect(fake.calls().some((call) => call.includes("-t "))).toBe(false);
  });

  test("what the drive itself refuses, in smartctl's words", async () => {
    const start = { out: smartctlSays(["Can't start self-test without aborting current test"], 4), status: 4 };
    const { args, command } = await tested([running(60)], { start });
    await expect(runSelfTest(args, command("drive.selftest").context, quick)).rejects.toThrow(
      "the drive did not begin the test: Can't start self-test without aborting current test",
    );
  });

  test("a key that is no drive's", async () => {
    const { args, command } = await tested([]);
    const other = { ...args, drive: "A/B///" };
    await expect(runSelfTest(other, command("drive.selftest").context, quick)).rejects.toThrow("is not on this host");
  });
});

test("a sleeping drive wakes for a test that was asked for", async () => {
  const { fake, args, command } = await tested([running(60), after(0)]);
  fake.sleep("/dev/sda");
  expect(await runSelfTest(args, command("drive.selftest").context, quick)).toMatchObject({ status: "SUCCEEDED" });
});

test("cancelling aborts the test in the drive", async () => {
  const { fake, args, command } = await tested([running(90), running(60)], { aborted: after(0x10) });
  const told = command("drive.selftest");
  const done = runSelfTest(args, told.context, quick);
  await expect.poll(() => told.progress.length).toBeGreaterThan(0);
  told.cancel.abort();
  const outcome = await done;
  expect(outcome.status).toBe("CANCELLED");
  expect(outcome.reason).toMatch(/^cancelled: the test was aborted at [14]0 %$/);
  expect(fake.calls().at(-1)).toBe("--json=c -X -d sat /dev/sda");
});

describe("over a restart", () => {
  /** A command whose agent ended while the test ran. */
  async function interrupted(steps: readonly unknown[]) {
    const bench = await tested(steps);
    const told = bench.command("drive.selftest");
    const done = runSelfTest(bench.args, told.context, quick);
    await expect.poll(() => told.progress.length).toBeGreaterThan(0);
    told.leave.abort();
    await expect(done).rejects.toThrow(Halted);
    return { ...bench, again: bench.command("drive.selftest", told.context.entry) };
  }

  test("of the agent it is followed on", async () => {
    const { fake, args, again } = await interrupted([running(90)]);
    fake.selfTest("/dev/sda", []);
    fake.drive("/dev/sda", { out: after(0) });
    expect(await resumeSelfTest(args, again.context, quick)).toMatchObject({
      status: "SUCCEEDED",
      output: { entry: { type: "Extended offline" } },
    });
    expect(again.phases[0]).toBe("resume: the agent was restarted");
    expect(fake.calls().filter((call) => call.includes("-t long"))).toHaveLength(1);
  });

  test("of the host, which ended it", async () => {
    const { fake, args, again, write } = await interrupted([running(90)]);
    write("/proc/sys/kernel/random/boot_id", "boot two\n");
    fake.selfTest("/dev/sda", []);
    fake.drive("/dev/sda", { out: after(0x20, { text: "Interrupted (host reset)" }) });
    expect(await resumeSelfTest(args, again.context, quick)).toMatchObject({
      status: "FAILED",
      reason:
        "the host was started anew during the test; the self-test did not come to its end: Interrupted (host reset)",
    });
  });

  test("of the host, with a drive that has no record of it", async () => {
    const { fake, args, again, write } = await interrupted([running(90)]);
    write("/proc/sys/kernel/random/boot_id", "boot two\n");
    fake.selfTest("/dev/sda", []);
    fake.drive("/dev/sda", { out: ataDrive({ tests: [old] }) });
    expect(await resumeSelfTest(args, again.context, quick)).toMatchObject({
      status: "FAILED",
      reason: "the host was started anew during the test; the test has ended, but the drive keeps no record of it",
    });
  });

  test("in the very moment of the start nothing is claimed", async () => {
    const { args, command } = await tested([running(90)]);
    const told = command("drive.selftest");
    told.context.keep({ begun: false });
    expect(await resumeSelfTest(args, told.context, quick)).toEqual({
      status: "FAILED",
      reason: "the agent was stopped before it knew that the test began: start it again",
    });
  });
});
