import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ataDrive, fakeSmartctl } from "../../tests/fake-smartctl.ts";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import type { Reading } from "./collector.ts";
import { createSmartCollector } from "./smart.ts";
import { slots } from "./values.ts";

const slot = slots("drive");

/** A host with those disks, a fake smartctl, and a collector made anew with `again`, as after a restart of the agent. */
function bench(disks: readonly string[]) {
  const fake = fakeSmartctl();
  const stateDir = mkdtempSync(join(tmpdir(), "fairlead-smart-"));
  onTestFinished(() => {
    fake.dispose();
    rmSync(stateDir, { recursive: true, force: true });
  });
  const files = Object.fromEntries(disks.map((disk) => [`/sys/block/${disk}/size`, "1000"]));
  const root = rootedHost({ "/sys/block/loop0/size": "0", ...files });
  const host = { ...root, stateDir };
  const make = () => createSmartCollector(host, () => fake.program);
  let collector = make();
  return {
    fake,
    host,
    stateDir,
    write: root.write,
    again: () => {
      collector = make();
    },
    collect: async () => await collector.collect(Date.now(), noAbort),
    one: async () => (await collector.collect(Date.now(), noAbort))[0] as Reading,
  };
}

const sat = (name: string) => ({ name: `/dev/${name}`, type: "sat", protocol: "ATA" });

test("a drive: state, labels, values, attributes", async () => {
  const { fake, one } = bench(["sda"]);
  fake.scan([sat("sda")]);
  fake.drive("/dev/sda", { out: ataDrive({ attributes: { 197: 8 }, hours: 1000 }) });
  const reading = await one();
  expect(reading).toMatchObject({
    kind: "drive",
    key: "Fairlead%20Test%20HDD/S0001///",
    labels: { device: "sda", protocol: "ata", media: "hdd", model: "Fairlead Test HDD" },
    state: "failed",
  });
  expect(named(slot, reading.values)).toMatchObject({ temperature_celsius: 35, pending_sectors: 8, severity: 3 });
  expect(fake.calls()).toEqual(["--scan --json=c", "--json=c -x -n standby,3 -d sat /dev/sda"]);
});
