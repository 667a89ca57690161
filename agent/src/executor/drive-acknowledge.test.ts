import { expect, test } from "vitest";
import { driveBench } from "../../tests/drive-commands.ts";
import { ataDrive } from "../../tests/fake-smartctl.ts";
import { acknowledgeDrive } from "./drive-acknowledge.ts";

const all = { counters: [], reset: false };

test("accepted counts no longer weigh, a rise over them does, forgetting brings the verdict back", async () => {
  const { fake, command, collect, key } = driveBench();
  fake.drive("/dev/sda", { out: ataDrive({ attributes: { 197: 8, 199: 131 } }) });
  const drive = await key();
  const first = command("drive.acknowledge");
  expect(await acknowledgeDrive({ drive, ...all }, first.context)).toEqual({
    status: "SUCCEEDED",
    output: {
      drive,
      verdict: "healthy",
      baseline: { "ata:197": 8, "ata:199": 131 },
      reasons: [],
      measuredAt: expect.any(String),
    },
  });
  expect(first.soon).toEqual(["smart"]);

  const calls = fake.calls().length;
  const [told] = await collect();
  expect(fake.calls()).toHaveLength(calls);
  expect(told).toMatchObject({
    state: "healthy",
    attributes: { baseline: { "ata:197": 8 }, baselineAt: expect.any(String), verdict: "healthy" },
  });
  const attributes = told?.attributes?.attributes as { key: string; accepted?: number }[];
  expect(attributes.filter(({ accepted }) => accepted !== undefined)).toMatchObject([
    { key: "ata:197", accepted: 8 },
    { key: "ata:199", accepted: 131 },
  ]);

  fake.drive("/dev/sda", { out: ataDrive({ attributes: { 197: 8, 199: 132 } }) });
  expect((await collect())[0]).toMatchObject({
    state: "warning",
    reason: expect.stringContaining("1 more than the 131 accepted"),
  });

  const second = command("drive.acknowledge");
  await acknowledgeDrive({ drive, counters: ["ata:197"], reset: true }, second.context);
  expect((await collect())[0]).toMatchObject({ state: "failed", attributes: { baseline: { "ata:199": 131 } } });
  await acknowledgeDrive({ drive, counters: [], reset: true }, command("drive.acknowledge").context);
  expect((await collect())[0]).toMatchObject({ attributes: { baseline: {}, baselineAt: null } });
});

test("pending sectors that fell and rise again are told of, though more were accepted once", async () => {
  const { fake, command, collect, key } = driveBench();
  const show = async (pending: number) => {
    fake.drive("/dev/sda", { out: ataDrive({ attributes: { 197: pending } }) });
    return (await collect())[0];
  };
  fake.drive("/dev/sda", { out: ataDrive({ attributes: { 197: 8 } }) });
  await acknowledgeDrive({ drive: await key(), ...all }, command("drive.acknowledge").context);
  await collect();
  expect((await show(0))?.attributes).toMatchObject({ baseline: { "ata:197": 0 } });
  expect(await show(3)).toMatchObject({ state: "failed" });
});

test("some counters of many; names that it does not know are refused with those that it has", async () => {
  const { fake, command, collect, key } = driveBench();
  fake.drive("/dev/sda", { out: ataDrive({ attributes: { 197: 8, 199: 131 } }) });
  const drive = await key();
  const only = { drive, counters: ["ata:199"], reset: false };
  await acknowledgeDrive(only, command("drive.acknowledge").context);
  expect((await collect())[0]).toMatchObject({ state: "failed", attributes: { baseline: { "ata:199": 131 } } });
  const refused = (args: Parameters<typeof acknowledgeDrive>[0]) =>
    expect(acknowledgeDrive(args, command("drive.acknowledge").context)).rejects;
  await refused({ ...only, counters: ["ata:199", "ata:250"] }).toThrow(
    /^counters: "ata:250" is no counter of this drive: it has .*ata:197.*ata:199/,
  );
  await refused({ ...only, counters: ["ata:5"], reset: true }).toThrow(
    'counters: "ata:5" is not accepted of this drive: ata:199',
  );
  await refused({ drive: "X/Y///", ...all }).toThrow('drive: "X/Y///" is not on this host');
});

test("a sleeping drive is not woken: the counts of its last read are accepted", async () => {
  const { fake, command, collect, key } = driveBench();
  fake.drive("/dev/sda", { out: ataDrive({ attributes: { 199: 131 } }) });
  const drive = await key();
  fake.sleep("/dev/sda");
  expect((await collect())[0]?.state).toBe("failed");
  const done = await acknowledgeDrive({ drive, ...all }, command("drive.acknowledge").context);
  expect(done.output).toMatchObject({ verdict: "healthy", baseline: { "ata:199": 131 } });
  expect((await collect())[0]).toMatchObject({ state: "standby" });
  expect(fake.woken()).toEqual([]);
});

test("without smartctl, or of a drive that was never read, it is refused in one line", async () => {
  const { fake, command, host, key } = driveBench();
  fake.drive("/dev/sda", { out: ataDrive() });
  fake.sleep("/dev/sda");
  const drive = await key();
  await expect(acknowledgeDrive({ drive, ...all }, command("drive.acknowledge").context)).rejects.toThrow(
    "the drive was never read, its counts are not known: it sleeps",
  );
  const bare = command("drive.acknowledge").context;
  const context = { ...bare, host: { ...host, linkCount: () => undefined } };
  await expect(acknowledgeDrive({ drive, ...all }, context)).rejects.toThrow(
    "smartctl is not installed on this host: install smartmontools",
  );
});
