import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arcconfControllers, parseArcconf } from "./arcconf.ts";
import { parseMegacli } from "./megacli.ts";
import type { RaidReport } from "./model.ts";
import { raidReadings } from "./readings.ts";
import { arcconf, hostAdapters, megacli, megaraid, megaraid9600, noControllers, ssacli } from "./samples.ts";
import { parseSsacli } from "./ssacli.ts";
import { parseStorcli, storcliWants } from "./storcli.ts";
import { raidTools } from "./tools.ts";
import { parseCelsius, parseSize } from "./values.ts";
import { controllerState, driveState, volumeState } from "./words.ts";

const drivesOf = ({ controllers }: RaidReport) =>
  controllers.flatMap(({ drives }) => drives.map(({ id, state, use }) => `${id} ${state} ${use}`));

describe("storcli and perccli (hand-made)", () => {
  const report = parseStorcli(megaraid);
  const [controller] = report.controllers;

  test("the controller, its temperature under the misspelt key, its CacheVault", () => {
    expect(report.problem).toBeUndefined();
    expect(controller).toMatchObject({
      id: "0",
      model: "AVAGO MegaRAID SAS 9361-8i",
      driver: "megaraid_sas",
      state: "degraded",
      temperatureCelsius: 58,
      correctableErrors: 0,
      battery: { kind: "CVPM02", state: "Optimal", ok: true, temperatureCelsius: 29, chargeRatio: 0.93 },
      faults: [],
    });
  });

  test("volumes: state, device, members, missing ones, what runs", () => {
    expect(controller?.volumes).toMatchObject([
      {
        id: "239",
        name: "system",
        level: "raid1",
        state: "degraded",
        osDevice: "/dev/sda",
        sizeBytes: 7812499456 * 512,
        drives: ["252:0", "252:1"],
        missing: 0,
        scan: { function: "recovery", state: "running", progressRatio: 0.32 },
      },
      {
        id: "1",
        level: "raid5",
        state: "degraded",
        drives: ["252:2"],
        missing: 1,
        scan: { function: "check", progressRatio: 0.12 },
      },
    ]);
  });

  test("drives: states, use, errors, identity", () => {
    expect(drivesOf(report)).toEqual([
      "252:0 online data",
      "252:1 rebuilding data",
      "252:2 online data",
      "252:4 faulted free",
      "252:3 spare spare",
      "252:5 spare spare",
    ]);
    const drive = (id: string) => controller?.drives.find((one) => one.id === id);
    expect(drive("252:0")).toMatchObject({
      serial: "SER0",
      model: "HUS726T4TALA6L4",
      sizeBytes: 0x1d1c0beb0 * 512,
      temperatureCelsius: 34,
      mediaErrors: 2,
      otherErrors: 1,
      smartAlert: false,
    });
    expect(drive("252:1")).not.toHaveProperty("predictedFailures");
    expect(drive("252:2")).toMatchObject({ predictedFailures: 3, smartAlert: true });
    expect(drive("252:3")).not.toHaveProperty("serves");
    expect(drive("252:5")).toMatchObject({ serves: ["1"] });
  });

  test("several controllers, without RAID, without battery, with drives of no enclosure", () => {
    const { controllers } = parseStorcli(hostAdapters);
    expect(controllers).toMatchObject([
      {
        id: "0",
        state: "ok",
        stateText: "OK",
        temperatureCelsius: 44,
        volumes: [],
        drives: [{ id: "23:0", use: "passed" }],
      },
      { id: "1", state: "ok", stateText: "Optimal", drives: [{ id: ":4", use: "free", state: "online" }] },
    ]);
    for (const one of controllers) expect(one).not.toHaveProperty("battery");
    expect(controllers[1]).not.toHaveProperty("temperatureCelsius");
  });

  test("the second generation for mpi3mr: other places, other words", () => {
    const { controllers } = parseStorcli(megaraid9600);
    expect(controllers).toMatchObject([
      {
        id: "0",
        model: "MegaRAID 9660-16i",
        serial: "SPD0000001",
        driver: "mpi3mr",
        state: "degraded",
        stateText: "NdAtn",
        battery: { kind: "Supercap FBU345", ok: true, temperatureCelsius: 23 },
        volumes: [
          {
            id: "1",
            state: "degraded",
            osDevice: "/dev/sdg",
            sizeBytes: 234130688 * 4096,
            drives: ["322:2"],
            missing: 1,
          },
        ],
        drives: [
          { id: "322:2", state: "online", use: "data", serial: "S1", temperatureCelsius: 31, mediaErrors: 4 },
          { id: "322:3", state: "faulted", use: "free" },
          { id: "322:4", state: "spare", use: "spare" },
          { id: "322:5", state: "online", use: "free" },
        ],
      },
    ]);
  });

  test("which further outputs are wanted", () => {
    expect(storcliWants(megaraid.controllers)).toEqual({
      volumes: true,
      battery: false,
      cacheVault: true,
      rebuild: true,
    });
    expect(storcliWants(hostAdapters.controllers)).toEqual({
      volumes: false,
      battery: false,
      cacheVault: false,
      rebuild: false,
    });
  });

  test.each([
    [noControllers, "No Controller found"],
    ["", "no JSON with Controllers"],
    ["Access denied", "no JSON with Controllers"],
    ['{"Controllers": 7}', "no JSON with Controllers"],
  ])("no controller in %j", (text, problem) => {
    expect(parseStorcli({ controllers: text })).toEqual({ controllers: [], problem });
  });
});

describe("ssacli (hand-made)", () => {
  const report = parseSsacli(ssacli);

  test("controllers, caches and batteries", () => {
    expect(report.controllers).toMatchObject([
      {
        id: "0",
        model: "HPE Smart Array P408i-a SR Gen10",
        state: "ok",
        temperatureCelsius: 49,
        battery: { ok: false, temperatureCelsius: 39 },
        faults: ["cache temporarily disabled: Cache disabled; low batteries."],
      },
      { id: "3", model: "Smart Array P400i", faults: [], drives: [], volumes: [] },
    ]);
    expect(report.controllers[1]).not.toHaveProperty("battery");
  });

  test("volumes and drives; mirror groups and cages list drives, but are no drives", () => {
    expect(report.controllers[0]?.volumes).toMatchObject([
      {
        id: "1",
        level: "raid1",
        state: "degraded",
        osDevice: "/dev/sda",
        drives: ["1I:1:1", "1I:1:2"],
        scan: { function: "recovery", progressRatio: 0.12 },
      },
      { id: "2", level: "raid6", state: "degraded", drives: ["2I:1:5"] },
    ]);
    expect(drivesOf(report)).toEqual([
      "1I:1:1 degraded data",
      "1I:1:2 rebuilding data",
      "1I:1:3 spare spare",
      "2I:1:5 faulted data",
      "2I:1:6 online free",
    ]);
    expect(report.controllers[0]?.drives[0]).toMatchObject({
      model: "HP EG001200JWJNQ",
      predictedFailures: 1,
      sizeBytes: 1.2e12,
    });
    expect(report.controllers[0]?.drives[2]).toMatchObject({ serves: ["1"] });
  });

  test.each([
    ["Error: No controllers detected. Possible causes: ...", "Error: No controllers detected. Possible causes: ..."],
    ["", "no controller in its output"],
  ])("no controller in %j", (text, problem) => {
    expect(parseSsacli(text)).toEqual({ controllers: [], problem });
  });
});

describe("megacli (hand-made)", () => {
  const report = parseMegacli(megacli);

  test("adapter and battery", () => {
    expect(report.controllers).toMatchObject([
      {
        id: "0",
        model: "PERC H710P Mini",
        state: "degraded",
        temperatureCelsius: 56,
        correctableErrors: 3,
        battery: { kind: "BBU", ok: false, temperatureCelsius: 35, chargeRatio: 0.98 },
      },
    ]);
  });

  test("volume and drives, those of no volume too", () => {
    expect(report.controllers[0]?.volumes).toMatchObject([
      {
        name: "data",
        level: "raid5",
        state: "degraded",
        drives: ["32:0", "32:1"],
        missing: 1,
        scan: { function: "recovery", progressRatio: 0.4 },
      },
    ]);
    expect(drivesOf(report)).toEqual([
      "32:0 online data",
      "32:1 rebuilding data",
      "32:4 spare spare",
      "32:5 faulted free",
    ]);
    expect(report.controllers[0]?.drives).toMatchObject([
      {
        serial: "SERIALNUMBER00000001",
        model: "HGST HUS726T4TALA6L4",
        firmware: "VLGNW40H",
        mediaErrors: 5,
        smartAlert: true,
      },
      { serial: "Z1Z0ABCD", model: "SEAGATE ST4000NM0023", firmware: "0006" },
      {},
      {},
    ]);
  });

  test("no adapter", () => {
    expect(parseMegacli({ volumes: "Exit Code: 0x00\n" })).toEqual({
      controllers: [],
      problem: "no adapter in its output",
    });
  });
});

describe("arcconf (hand-made)", () => {
  const report = parseArcconf([{ id: "1", ...arcconf }]);

  test("controller, volumes, drives", () => {
    expect(arcconfControllers(arcconf.config)).toBe(1);
    expect(report.controllers).toMatchObject([
      {
        id: "1",
        model: "Adaptec 3405",
        state: "ok",
        temperatureCelsius: 35,
        firmware: "5.2-0 (17342)",
        battery: { state: "Charging", ok: true, chargeRatio: 0.71 },
        volumes: [
          {
            id: "0",
            name: "mirror",
            level: "raid1",
            state: "degraded",
            drives: ["0,10"],
            missing: 1,
            scan: { function: "recovery", progressRatio: 0.07 },
          },
          { id: "1", level: "raid10", state: "online", drives: ["0,11"], missing: 0, osDevice: "/dev/sdc" },
        ],
      },
    ]);
    expect(drivesOf(report)).toEqual(["0,10 online data", "0,11 online data", "0,13 faulted free", "0,14 spare spare"]);
    expect(report.controllers[0]?.drives[0]).toMatchObject({
      predictedFailures: 2,
      smartAlert: true,
      temperatureCelsius: 31,
    });
  });

  test("no controller", () => {
    expect(parseArcconf([])).toEqual({ controllers: [], problem: "no controller" });
    expect(parseArcconf([{ id: "1", config: "Controllers found: 0" }]).controllers).toEqual([]);
  });
});

test.each([
  ["Optl", "online"],
  ["Optimal", "online"],
  ["OK", "online"],
  ["Dgrd", "degraded"],
  ["Pdgd", "degraded"],
  ["Partially Degraded", "degraded"],
  ["Suboptimal, Fault Tolerant", "degraded"],
  ["Interim Recovery Mode", "degraded"],
  ["Recovering, 1% complete", "degraded"],
  ["Ready for Rebuild", "degraded"],
  ["OfLn", "faulted"],
  ["Failed", "faulted"],
  ["Levitating", "unknown"],
  ["", "unknown"],
])("volume %j is %s", (word, state) => expect(volumeState(word)).toBe(state));

test.each([
  ["Onln", "online"],
  ["Online, Spun Up", "online"],
  ["JBOD", "online"],
  ["UGood", "online"],
  ["Raw (Pass Through)", "online"],
  ["GHS", "spare"],
  ["Dedicated Hot-Spare", "spare"],
  ["Rbld", "rebuilding"],
  ["Copyback", "rebuilding"],
  ["Offln", "offline"],
  ["UBad", "faulted"],
  ["Unconfigured(bad)", "faulted"],
  ["Failed", "faulted"],
  ["Predictive Failure", "degraded"],
  ["Msng", "missing"],
  ["", "unknown"],
])("drive %j is %s", (word, state) => expect(driveState(word)).toBe(state));

test.each([
  ["Optimal", "ok"],
  ["OK", "ok"],
  ["Needs Attention", "degraded"],
  ["Degraded", "degraded"],
  ["Failed", "failed"],
  ["", "unknown"],
])("controller %j is %s", (word, state) => expect(controllerState(word)).toBe(state));

test.each([
  ["3.637 TB", 3.637 * 1024 ** 4],
  ["2861588MB", 2861588 * 1024 ** 2],
  ["10.92 TiB", 10.92 * 1024 ** 4],
  ["none", undefined],
])("size %j", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes === undefined ? undefined : Math.round(bytes));
});

test.each([
  [" 34C (93.20 F)", 34],
  ["35 C/ 95 F (Normal)", 35],
  ["56  degree Celsius", 56],
  [44, 44],
  ["N/A", undefined],
  ["Not Supported", undefined],
  [0, undefined],
  [undefined, undefined],
])("temperature %j", (value, degrees) => expect(parseCelsius(value)).toBe(degrees));

describe("mutated, cut and glued outputs never throw, and tell a reason where nothing is left", () => {
  const parsers: [string, string, (text: string) => RaidReport][] = [
    ["storcli", megaraid.controllers, (text) => parseStorcli({ controllers: text })],
    ["storcli drives", megaraid.drives[0] as string, (text) => parseStorcli({ ...megaraid, drives: [text] })],
    [
      "storcli volumes",
      megaraid.volumes,
      (text) => parseStorcli({ ...megaraid, volumes: text, rebuilds: text, batteries: [text] }),
    ],
    ["ssacli", ssacli, parseSsacli],
    [
      "megacli",
      megacli.volumes,
      (text) => parseMegacli({ volumes: text, drives: text, adapters: text, batteries: text }),
    ],
    ["arcconf", arcconf.config, (text) => parseArcconf([{ id: "1", config: text, status: text }])],
  ];
  test.each(parsers)("%s", (_, sample, parse) => {
    const check = (text: string) => {
      const { controllers, problem } = parse(text);
      if (controllers.length === 0) expect(problem).not.toBe("");
      for (const controller of controllers) {
        for (const reading of raidReadings("tool", controller, () => ({ disks: [] }), 0)) {
          expect(reading.state).toBeTruthy();
          const usual = ["online", "ok", "spare"].includes(reading.state ?? "");
          if (!usual) expect(reading.reason).toBeTruthy();
        }
      }
    };
    fc.assert(
      fc.property(fc.nat(), fc.nat(300), fc.string(), (from, length, put) => {
        const at = from % sample.length;
        check(sample.slice(0, at) + put + sample.slice(at + length));
      }),
      { numRuns: 200 },
    );
    fc.assert(fc.property(fc.string(), check), { numRuns: 50 });
  });

  test("JSON of any shape", () => {
    const within = (json: string) =>
      `{"Controllers":[{"Command Status":${json},"Response Data":{"VD LIST":[${json}],"PD LIST":${json},"Basics":${json},"HwCfg":${json},"Drive /c0/e1/s1":${json}}}]}`;
    fc.assert(
      fc.property(
        fc.json(),
        (json) => void parseStorcli({ controllers: within(json), volumes: within(json), rebuilds: json }),
      ),
    );
  });
});

test("each tool is one file here", () => {
  const files = readdirSync(import.meta.dirname);
  const formats = new Set(raidTools.flat().map(({ read }) => read.name.replace("read", "").toLowerCase()));
  expect([...formats].sort()).toEqual(["arcconf", "megacli", "ssacli", "storcli", "storcli2"]);
  // Its second generation shares the parser.
  formats.delete("storcli2");
  for (const format of formats) expect(files).toContain(`${format}.ts`);
});
