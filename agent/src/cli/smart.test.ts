import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { ataDrive, fakeSmartctl, smartctlSays } from "../../tests/fake-smartctl.ts";
import { noAbort, rootedHost } from "../../tests/rooted-host.ts";
import { createSmartCollector } from "../collectors/smart.ts";
import { packageHint } from "../host/distribution.ts";
import { createHost } from "../host/host.ts";
import { createProgram } from "./index.ts";

afterEach(() => {
  process.exitCode = 0;
});

/** The command line on a host whose smartctl is a fake one. */
function bench() {
  const fake = fakeSmartctl();
  const stateDir = mkdtempSync(join(tmpdir(), "fairlead-cli-smart-"));
  onTestFinished(() => {
    fake.dispose();
    rmSync(stateDir, { recursive: true, force: true });
  });
  const fileless = { FAIRLEAD_AGENT_STATE_DIR: stateDir, FAIRLEAD_AGENT_CONFIG: "/dev/null" };
  return {
    fake,
    stateDir,
    /** What it prints and ends with. */
    async smart(...args: string[]) {
      let text = "";
      process.exitCode = 0;
      const io = {
        out: (more: string) => {
          text += more;
        },
        env: { ...fileless, PATH: fake.folder },
        columns: 200,
        colour: false,
        signal: noAbort,
      };
      await createProgram(io).parseAsync(["smart", ...args], { from: "user" });
      return { text: text.trimEnd(), code: process.exitCode };
    },
  };
}

const sat = (name: string) => ({ name: `/dev/${name}`, type: "sat", protocol: "ATA" });

/** A host with a healthy, a failing and a sleeping drive that the agent has seen awake. */
async function three() {
  const made = bench();
  const { fake, stateDir } = made;
  fake.scan(["fl1", "fl2", "fl3"].map(sat));
  fake.drive("/dev/fl1", { out: ataDrive({ serial: "WELL" }) });
  fake.drive("/dev/fl2", {
    out: ataDrive({ serial: "ILL", attributes: { 197: 8 }, tests: [{ status: 0x70, text: "Read failure", lba: 77 }] }),
  });
  fake.drive("/dev/fl3", { out: ataDrive({ serial: "TIRED", celsius: 40 }) });
  const host = { ...createHost(), stateDir, readDir: () => ["sda"] };
  await createSmartCollector(host, () => fake.program).collect(0, noAbort);
  fake.sleep("/dev/fl3");
  return made;
}

describe("the list", () => {
  test("a line a drive with the first reason; what sleeps is shown as it was", async () => {
    const { smart, fake } = await three();
    const { text, code } = await smart();
    expect(text.split("\n").map((line) => line.replace(/values of .* ago/, "values of some time ago"))).toEqual([
      "DEVICE  MODEL              SERIAL  SIZE  TEMP   HOURS  WEAR  VERDICT",
      "fl1     Fairlead Test HDD  WELL    4 TB  35 °C  1000   -     healthy",
      "fl2     Fairlead Test HDD  ILL     4 TB  35 °C  1000   -     failed   8 pending sectors: of drives with this many, 68 % fail within a year",
      "fl3     Fairlead Test HDD  TIRED   4 TB  40 °C  1000   -     standby  asleep, values of some time ago",
    ]);
    expect(code).toBe(1);
    expect(fake.woken()).toEqual([]);
  });

  test("as JSON, without smartctl's own words", async () => {
    const { smart } = await three();
    const { drives, problem } = JSON.parse((await smart("--json")).text);
    expect(problem).toBeNull();
    expect(drives).toMatchObject([
      { state: "healthy", labels: { device: "fl1" }, values: { temperature_celsius: 35, severity: 0 } },
      { state: "failed", attributes: { raw: null, serial: "ILL" }, values: { pending_sectors: 8 } },
      { state: "standby", attributes: { stale: true }, values: { temperature_celsius: null } },
    ]);
  });

  test("all well is exit 0, and so is a host without drives", async () => {
    const { smart, fake } = bench();
    expect(await smart()).toEqual({ text: "no drives that smartctl could read", code: 0 });
    fake.scan([sat("fl1")]);
    fake.drive("/dev/fl1", { out: ataDrive() });
    expect((await smart()).code).toBe(0);
  });
});

describe("one drive", () => {
  test("a name that neither kernel nor scan know is answered without reading any drive, a serial number after new ones alone", async () => {
    const { smart, fake } = await three();
    fake.drive("/dev/fl1", { hang: true });
    const reads = () => fake.calls().filter((call) => !call.includes("--scan")).length;
    const before = reads();
    for (const name of ["/dev/sdzz", "sdzz", "nvme7", "NO-SUCH-SERIAL"])
      await expect(smart(name)).rejects.toThrow(`no drive "${name}": there are fl1, fl2, fl3`);
    expect(reads()).toBe(before);
    fake.scan(["fl1", "fl2", "fl3", "fl4"].map(sat));
    fake.drive("/dev/fl4", { out: ataDrive({ serial: "NEW" }) });
    expect((await smart("new")).code).toBe(0);
    expect(reads()).toBe(before + 1);
  });

  test.each(["fl2", "/dev/fl2", "ill", "Fairlead%20Test%20HDD/ILL///"])("found by %s, read alone", async (name) => {
    const { smart, fake } = await three();
    const before = fake.calls().length;
    const { text, code } = await smart(name);
    expect(code).toBe(1);
    expect(fake.calls().slice(before)).toEqual(["--scan --json=c", "--json=c -x -n standby,3 -d sat /dev/fl2"]);
    for (const part of [
      /^fl2\nverdict +failed\n +failed: 8 pending sectors: .*\n +critical: The last self-test failed/,
      /model +Fairlead Test HDD\nserial +ILL\nfirmware +FW01\n/,
      /size +4 TB \(blocks of 512, 4096 inside\)\nform +5400 rpm\nread by +\/dev\/fl2, -d sat, smartctl 7.3\n/,
      /temperature +35 °C, limit 60 °C\npowered on +41 d 16 h, 10 times\n/,
      /\nID +ATTRIBUTE +VALUE +WORST +THRESH +RAW +FAILED +MEANING\n/,
      /\n197 +Current_Pending_Sector +100 +100 +0 +8 +Unstable sectors that wait/,
      /\nSELF-TEST +AT +RESULT\nShort offline +1000 h +Read failure +LBA 77$/,
    ]) {
      expect(text).toMatch(part);
    }
  });

  test("asleep: as it was when it was last read, and exit 0", async () => {
    const { smart } = await three();
    const { text, code } = await smart("fl3");
    expect(text).toMatch(/verdict +standby \(asleep, values of .* ago\)/);
    expect(text).toMatch(/temperature +40 °C/);
    expect(code).toBe(0);
  });

  test("as JSON with smartctl's own words", async () => {
    const { smart } = await three();
    expect(JSON.parse((await smart("fl1", "--json")).text)).toMatchObject({
      state: "healthy",
      raw: { model_name: "Fairlead Test HDD" },
    });
  });

  test("one that is not there is wrong use, and names those that are", async () => {
    const { smart } = await three();
    await expect(smart("sdz")).rejects.toMatchObject({
      message: 'no drive "sdz": there are fl1, fl2, fl3',
      code: 2,
    });
  });
});

test("names and words of drives can't steer the terminal", async () => {
  const { smart, fake } = bench();
  fake.scan([sat("fl1")]);
  fake.drive("/dev/fl1", { out: ataDrive({ model: "\u001b[2Jevil\u202e\nline" }) });
  const { text } = await smart();
  expect(text.split("\n")).toHaveLength(2);
  expect(text).not.toContain("\u001b");
});

test("without permission it says what to do", async () => {
  const { smart, fake } = bench();
  fake.scan([sat("fl1")]);
  const denied = smartctlSays(["Smartctl open device: /dev/fl1 [SAT] failed: Permission denied"], 2);
  fake.drive("/dev/fl1", { out: denied, status: 2 });
  await expect(smart()).rejects.toMatchObject({
    message: "smartctl may not open the drives: run fairlead-agent as root",
    code: 1,
  });
});

test.each([
  ['ID=debian\nVERSION_ID="12"\n', "apt-get install smartmontools"],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', "dnf install smartmontools"],
  ['ID="opensuse-leap"\n', "zypper install smartmontools"],
  ["ID=alpine\n", "apk add smartmontools"],
  ["ID=pop\nID_LIKE=ubuntu\n", "apt-get install smartmontools"],
  ["ID=plan9\n", "install the package smartmontools"],
])("the package of %j", (release, hint) => {
  expect(packageHint(rootedHost({ "/etc/os-release": release }), "smartmontools")).toBe(hint);
});
