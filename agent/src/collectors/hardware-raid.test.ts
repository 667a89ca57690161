import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { named, noAbort, rootedHost } from "../../tests/rooted-host.ts";
import { arcconf, megacli, megaraid, noControllers, ssacli } from "../hardware-raid/samples.ts";
import type { Host } from "../host/host.ts";
import { runProgram } from "../host/subprocess.ts";
import { type Collector, NotHere, Partly, type Reading } from "./collector.ts";
import { hardwareRaid } from "./hardware-raid.ts";
import { slots } from "./values.ts";

const slot = slots("pool");
const memberSlot = slots("pool_member");
const controllerSlot = slots("controller");
const storcli = "/opt/MegaRAID/storcli/storcli64";
const files = { "/sys/block/sda/size": "7812499456", "/sys/block/sdb/size": "15624998912" };

/** A host with programs that print these texts by a pattern of their arguments, as real processes. */
function hostWith(programs: Record<string, [pattern: string, text: string][] | string>, deadlineMs?: number): Host {
  const host = rootedHost(files);
  for (const [path, answers] of Object.entries(programs)) {
    const full = join(host.root, path);
    mkdirSync(dirname(full), { recursive: true });
    const script = typeof answers === "string" ? answers : caseOf(full, answers);
    writeFileSync(full, `#!/bin/sh\n${script}\n`);
    chmodSync(full, 0o755);
  }
  const run: Host["run"] = (file, args, options) =>
    runProgram(join(host.root, file), args, {
      ...options,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
      flight: `${host.root} ${options.flight}`,
    });
  return { ...host, run };
}

function caseOf(full: string, answers: [string, string][]): string {
  const cases = answers.map(([pattern, text], i) => {
    writeFileSync(`${full}.${i}`, text);
    return `${pattern}) cat ${full}.${i} ;;`;
  });
  return `case "$*" in ${cases.join("\n")}\nesac`;
}

const megaraidAnswers: [string, string][] = [
  ["'/cALL show all J nolog'", megaraid.controllers],
  ["'/cALL/eALL/sALL show all J nolog'", megaraid.drives[0] as string],
  ["'/cALL/vALL show all J nolog'", megaraid.volumes],
  ["'/cALL/cv show all J nolog'", megaraid.batteries[0] as string],
  ["'/cALL/eALL/sALL show rebuild J nolog'", megaraid.rebuilds],
];

async function collect(host: Host): Promise<Reading[]> {
  return await hardwareRaid.create(host).collect(0, noAbort);
}

/** What a collector of which a part failed told nevertheless. */
async function collectPartly(collector: Collector): Promise<Partly> {
  const error = await Promise.resolve(collector.collect(1, noAbort)).catch((thrown: unknown) => thrown);
  if (!(error instanceof Partly)) throw error;
  return error;
}

const states = (readings: Reading[]) => readings.map(({ key, state }) => `${key} ${state}`);

test("storcli: controller, volumes, members and spares (hand-made)", async () => {
  const readings = await collect(hostWith({ [storcli]: megaraidAnswers }));
  expect(states(readings)).toEqual([
    "storcli/c0 degraded",
    "hwraid:storcli/c0/v239 degraded",
    "hwraid:storcli/c0/v239/252:0 online",
    "hwraid:storcli/c0/v239/252:1 rebuilding",
    "hwraid:storcli/c0/v239/252:3 spare",
    "hwraid:storcli/c0/v1 degraded",
    "hwraid:storcli/c0/v1/252:2 degraded",
    "hwraid:storcli/c0/v1/252:3 spare",
    "hwraid:storcli/c0/v1/252:5 spare",
  ]);
  const [controller, volume, member, , , other, predicted] = readings;
  expect(controller?.reason).toBe("Needs Attention; drive 252:4 UBad");
  expect(named(controllerSlot, controller?.values)).toEqual({
    temperature_celsius: 58,
    battery_ok: 1,
    battery_temperature_celsius: 29,
    battery_charge_ratio: expect.closeTo(0.93),
    correctable_memory_errors: 0,
    uncorrectable_memory_errors: 0,
  });
  expect(controller?.attributes).toMatchObject({
    serial: "SV00000001",
    disks: ["sda", "sdb"],
    drives: [{ slot: "252:4" }],
  });
  expect(volume).toMatchObject({
    reason: "Dgrd; 252:1 rebuilding",
    labels: { type: "hwraid", name: "system", level: "raid1" },
    attributes: { disks: ["sda"], osDevice: "/dev/sda", scan: { function: "recovery", progressRatio: 0.32 } },
  });
  expect(named(slot, volume?.values)).toMatchObject({
    size_bytes: 7812499456 * 512,
    members: 2,
    members_missing: 0,
    spares: 1,
    read_errors: 2,
  });
  expect(named(slot, other?.values)).toMatchObject({ members: 2, members_missing: 1, spares: 2 });
  expect(member).toMatchObject({
    labels: { device: "252:0", role: "data" },
    attributes: { serial: "SER0", slot: "252:0", model: "HUS726T4TALA6L4", disks: ["sda"] },
  });
  expect(named(memberSlot, member?.values)).toMatchObject({ temperature_celsius: 34, read_errors: 2 });
  expect(predicted?.reason).toBe("3 predicted failures, S.M.A.R.T. alert");
});

test("several tools, each in its own folder (hand-made)", async () => {
  const readings = await collect(
    hostWith({
      "/usr/sbin/ssacli": [["'ctrl all show config detail'", ssacli]],
      "/opt/MegaRAID/MegaCli/MegaCli64": [
        ["-LDPDInfo*", megacli.volumes],
        ["-PDList*", megacli.drives],
        ["-AdpAllInfo*", megacli.adapters],
        ["-AdpBbuCmd*", megacli.batteries],
      ],
      "/usr/Arcconf/arcconf": [
        ["GETCONFIG*", arcconf.config],
        ["GETSTATUS*", arcconf.status],
      ],
    }),
  );
  const found = readings.filter(({ kind }) => kind !== "pool_member");
  expect(states(found)).toEqual([
    "megacli/c0 degraded",
    "hwraid:megacli/c0/v0 degraded",
    "ssacli/c0 degraded",
    "hwraid:ssacli/c0/v1 degraded",
    "hwraid:ssacli/c0/v2 degraded",
    "ssacli/c3 ok",
    "arcconf/c1 degraded",
    "hwraid:arcconf/c1/v0 degraded",
    "hwraid:arcconf/c1/v1 online",
  ]);
  expect(found[2]?.reason).toMatch(/^cache temporarily disabled.*Batteries: Failed/);
});

test.each([
  ["no tool", {}],
  ["a tool without a controller", { [storcli]: [["*", noControllers]] as [string, string][] }],
  ["another", { "/usr/sbin/ssacli": "echo 'Error: No controllers detected.'; exit 1" }],
])("not here: %s", async (_, programs) => {
  await expect(collect(hostWith(programs))).rejects.toThrow(NotHere);
});

test.each([
  [
    "megaraid_sas",
    storcli,
    noControllers,
    /^storcli: No Controller found, but the kernel drives 0000:01:00\.0 \(megaraid_sas\)/,
  ],
  ["smartpqi", "/usr/sbin/ssacli", "Error: No controllers detected.", /^ssacli: .*detected\., but .*\(smartpqi\)/],
])("a tool that finds no controller though the kernel has one (%s)", async (driver, tool, text, message) => {
  const host = hostWith({ [tool]: [["*", text]] });
  mkdirSync(join(host.root, `/sys/bus/pci/drivers/${driver}/0000:01:00.0`), { recursive: true });
  await expect(collect(host)).rejects.toThrow(message);
});

test.each([
  ["a plain adapter", "mpt3sas", { [storcli]: [["*", noControllers]] as [string, string][] }],
  ["another vendor's tool is missing", "aacraid", { [storcli]: [["*", noControllers]] as [string, string][] }],
])("no controller, and none that the tool should see: %s", async (_, driver, programs) => {
  const host = hostWith(programs);
  mkdirSync(join(host.root, `/sys/bus/pci/drivers/${driver}/0000:01:00.0`), { recursive: true });
  await expect(collect(host)).rejects.toThrow(NotHere);
});

test("of two vendors' tools for one driver the one that finds the controller is enough", async () => {
  const host = hostWith({
    "/usr/sbin/ssacli": [["*", "Error: No controllers detected."]],
    "/usr/sbin/arcconf": [
      ["GETCONFIG*", arcconf.config],
      ["GETSTATUS*", arcconf.status],
    ],
  });
  mkdirSync(join(host.root, "/sys/bus/pci/drivers/smartpqi/0000:01:00.0"), { recursive: true });
  expect((await collect(host)).map(({ kind }) => kind)).toContain("controller");
});

test.each([
  ["says nothing", "exit 3", /^storcli: storcli \/cALL: exit code 3, no output/],
  ["is killed", "kill -KILL $$", /ended by SIGKILL/],
  ["lies", "echo all is well", /no JSON with Controllers/],
  ["speaks another language", "echo '{\"Steuerungen\": []}'", /no JSON with Controllers/],
  ["prints without end", "yes", /more than \d+ bytes of output/],
])("a tool that %s", async (_, script, message) => {
  await expect(collect(hostWith({ [storcli]: script }))).rejects.toThrow(message);
});

test("a tool that hangs costs its deadline, and what it told before is not gone", async () => {
  const host = hostWith({ [storcli]: megaraidAnswers, "/usr/sbin/ssacli": [["*", ssacli]] });
  const collector = hardwareRaid.create(host);
  const before = await collector.collect(0, noAbort);
  writeFileSync(join(host.root, storcli), "#!/bin/sh\nexec tail -f /dev/null\n");
  const { run } = host;
  host.run = (file, args, options) => run(file, args, { ...options, deadlineMs: 200 });
  // A new agent knows nothing of the controller: what the other tool tells is all there is.
  const anew = await collectPartly(hardwareRaid.create(host));
  expect(states(anew.readings).every((text) => text.includes("ssacli"))).toBe(true);
  const after = await collectPartly(collector);
  expect(after.readings.map(({ key }) => key).sort()).toEqual(before.map(({ key }) => key).sort());
  const stuck = after.readings.filter(({ key }) => key.includes("storcli"));
  expect(new Set(stuck.map(({ kind, state }) => `${kind} ${state}`))).toEqual(
    new Set(["controller unknown", "pool stuck", "pool_member unknown"]),
  );
  for (const reason of [after.message, stuck[0]?.reason])
    expect(reason).toMatch(/^storcli: .*(no end within|has not ended)/);
  expect(named(slot, stuck.find(({ kind }) => kind === "pool")?.values)).toEqual({});
});

test("an output that fails alone takes nothing else with it", async () => {
  const answers = megaraidAnswers.filter(([pattern]) => !pattern.includes("/vALL"));
  const { readings, message } = await collectPartly(hardwareRaid.create(hostWith({ [storcli]: answers })));
  expect(message).toMatch(/^storcli: storcli .cALL.vALL: exit code 0, no output/);
  expect(readings.find(({ key }) => key === "hwraid:storcli/c0/v1")).toMatchObject({
    state: "degraded",
    attributes: { disks: [] },
  });
});
