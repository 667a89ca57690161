import { describe, expect, test } from "vitest";
import { parseArcconf } from "./arcconf.ts";
import { parseMegacli } from "./megacli.ts";
import { parseStorcli } from "./storcli.ts";

// What versions of these tools print otherwise than the samples, in names and values as they print them.

describe("arcconf", () => {
  const drive = (n: number, state: string, more: string) =>
    `     Device #${n}\n        Device is a Hard drive\n        State                              : ${state}\n${more}`;

  test("of ServeRAID 8: logical drives, members by place in one line", () => {
    const place = (n: number) =>
      `        Reported Channel,Device            : 0,${n}\n        PFA        : ${n === 1 ? "Yes" : "No"}`;
    const config = `Controllers found: 1
Controller information
  Controller Status                        : Okay
  Controller Model                         : IBM ServeRAID 8k
  Logical drives/Offline/Critical          : 1/0/0
  Controller Battery Information
  Status                                   : Okay
  Capacity remaining                       : 100 percent
  Controller Vital Product Data
  VPD Assigned#                            : 39R0000
Logical drive information
Logical drive number 1
  Logical drive name                       : data
  RAID level                               : 5
  Status of logical drive                  : Impacted
  Size                                     : 1907388 MB
  Stripe order (Channel,Device)            : 0,0 0,1
  Defunct stripes                          : No
Physical Device information
${drive(0, "Online", place(0))}
${drive(1, "Online", `${place(1)}\n        Size                               : 953869 MB`)}
     Device #2
        Device is an Enclosure services device
`;
    const [controller] = parseArcconf([{ id: "1", config }]).controllers;
    expect(controller).toMatchObject({
      state: "ok",
      battery: { ok: true, state: "Okay", chargeRatio: 1 },
      volumes: [{ id: "1", name: "data", level: "raid5", state: "degraded", drives: ["0,0", "0,1"], missing: 0 }],
      drives: [
        { id: "0,0", use: "data", smartAlert: false },
        { id: "0,1", use: "data", smartAlert: true, sizeBytes: 953869 * 2 ** 20 },
      ],
    });
  });

  test("before its words had capitals: members by channel and device alone", () => {
    const config = `Controller information
   Controller Status                        : Optimal
   Controller Model                         : Adaptec 3405
Logical device information
Logical device number 0
   Logical device name                      : mirror
   RAID level                               : 1
   Status of logical device                 : Degraded
   Segment 0                                : Present (0,0)
   Segment 1                                : Missing
Physical Device information
${drive(0, "Online", "        Reported Channel,Device            : 0,0")}
`;
    const status = `Logical Device Task:
   Logical Device                 : 0
   Current operation              : Build/Verify with fix
   Status                         : In Progress
   Percentage complete            : 90
`;
    expect(parseArcconf([{ id: "1", config, status }]).controllers[0]?.volumes).toMatchObject([
      { state: "degraded", drives: ["0,0"], missing: 1, scan: { function: "resync", progressRatio: 0.9 } },
    ]);
  });

  test("members by enclosure and slot where serial numbers are masked", () => {
    const at = (slot: number) =>
      `         Reported Channel,Device(T:L)       : 0,${slot}(${slot}:0)\n         Reported Location                  : Enclosure 0, Slot ${slot}(Connector 0)\n         Serial number                      : WD-*******`;
    const config = `Controller information
   Controller Status                        : Optimal
   Controller Model                         : Adaptec 6405
   Controller ZMM Information
   Status                                   : ZMM not installed
Logical device information
Logical device number 0
   RAID level                               : 6 Reed-Solomon
   Status of logical device                 : Degraded
   Group 0, Segment 0                       : Present (Controller:1,Enclosure:0,Slot:0)      WD-SERIAL1
   Group 0, Segment 1                       : Rebuilding (Controller:1,Enclosure:0,Slot:1)      WD-SERIAL2
Physical Device information
${drive(0, "Online", at(0))}
${drive(1, "Rebuilding", at(1))}
`;
    const [controller] = parseArcconf([{ id: "1", config }]).controllers;
    expect(controller?.volumes).toMatchObject([{ level: "raid6", drives: ["0,0", "0,1"], missing: 0 }]);
    expect(controller?.drives.map(({ state }) => state)).toEqual(["online", "rebuilding"]);
    expect(controller).not.toHaveProperty("battery");
  });

  test("of smartpqi: members as devices, arrays behind the volumes, its own counters", () => {
    const config = `Controller information
   Controller Status                        : Optimal
   Controller Mode                          : Mixed
   Controller Model                         : Microchip Adaptec SmartRAID 3154-8i
Array Information
Array Number 1
   Array Physical Device Information
   Device 9                                 : Present (11364352MB, SAS, HDD, Connector:CN0, Enclosure:1, Slot:1) SER9
Logical device information
Logical Device number 0
   Logical Device name                      : one
   Disk Name                                : /dev/sdb
   Array                                    : 0
   RAID level                               : 1
   Status of Logical Device                 : Optimal
   Caching                                  : Disabled
   Array Physical Device Information
   Device ID                                : Availability (SizeMB, Protocol, Type, Connector ID, Location) Serial Number
   Device 8                                 : Present (11444224MB, SAS, HDD, Connector:CN0, Enclosure:1, Slot:0) SER8
Array Information
Array Number 1
   Device 9                                 : Present (11364352MB, SAS, HDD, Connector:CN0, Enclosure:1, Slot:1) SER9
Physical Device information
   Channel #0:
${drive(8, "Online", "         Reported Channel,Device(T:L)       : 0,8(8:0)\n         Serial number                      : SER8")}
${drive(9, "Raw (Pass Through)", "         Reported Channel,Device(T:L)       : 0,9(9:0)\n         Serial number                      : SER9\n         Current Temperature                : 21 deg C\n         Media Failures                     : 2")}
`;
    const [controller] = parseArcconf([{ id: "1", config }]).controllers;
    expect(controller?.volumes).toMatchObject([
      { name: "one", osDevice: "/dev/sdb", state: "online", drives: ["0,8"] },
    ]);
    expect(controller?.drives).toMatchObject([
      { id: "0,8", use: "data" },
      { id: "0,9", use: "passed", state: "online", temperatureCelsius: 21, mediaErrors: 2 },
    ]);
  });

  test("nothing runs", () => {
    const config = "   Controller Status : Optimal\n";
    const status = "Controllers found: 1\n   Current operation              : None\n";
    expect(parseArcconf([{ id: "1", config, status }]).controllers).toMatchObject([{ volumes: [], drives: [] }]);
  });
});

describe("megacli", () => {
  const volume = (state: string) => `Adapter 0 -- Virtual Drive Information:
Virtual Drive: 0 (Target Id: 0)
Name                :
RAID Level          : Primary-1, Secondary-3, RAID Level Qualifier-0
State               : ${state}
Number Of Drives per span:2
Span Depth          : 3
`;

  test("drives for each span; a volume that is well misses none, however they are counted", () => {
    const volumeOf = (state: string) => parseMegacli({ volumes: volume(state) }).controllers[0]?.volumes[0];
    expect(volumeOf("Partially Degraded")).toMatchObject({ level: "raid10", state: "degraded", missing: 6 });
    expect(volumeOf("Optimal")).toMatchObject({ level: "raid10", state: "online", missing: 0 });
  });

  test("an adapter that passes its drives on", () => {
    const volumes = "Adapter #0\n\nAdapter 0: No Virtual Drive Configured.\n";
    const drives =
      "Adapter #0\n\nEnclosure Device ID: 32\nSlot Number: 0\nPD Type: SATA\nSector Size:  0\nFirmware state: JBOD\n" +
      "Inquiry Data:             9XF00000ST9500620NS                                 AA09\n";
    expect(parseMegacli({ volumes, drives }).controllers).toMatchObject([
      { state: "ok", volumes: [], drives: [{ id: "32:0", use: "passed", serial: "9XF00000", model: "ST9500620NS" }] },
    ]);
  });

  test.each([
    [
      "State     : Non Operational",
      "Learn Cycle Active                      : Yes",
      true,
      "Non Operational, learn cycle",
    ],
    ["State     : Non Operational", "Learn Cycle Active                      : No", false, "Non Operational"],
    ["state: ", "Battery Replacement required : Yes", false, "needs attention"],
    ["State: Optimal", "Learn Cycle Active : Yes\n  Remaining Capacity Low : Yes", false, "Optimal, learn cycle"],
  ])("a battery whose %s, %s", (state, more, ok, told) => {
    const batteries = `BBU status for Adapter: 0\n\nBatteryType: iBBU\nTemperature: 22 C\nBattery ${state}\n\nBBU Firmware Status:\n  Temperature   : OK\n  ${more}\n`;
    const [controller] = parseMegacli({ volumes: volume("Optimal"), batteries }).controllers;
    expect(controller?.battery).toMatchObject({ ok, state: told, temperatureCelsius: 22 });
  });

  test("no battery", () => {
    const batteries =
      "Adapter 0: Get BBU Status Failed.\n\nFW error description: \n The required hardware component is not present.\n";
    expect(parseMegacli({ volumes: volume("Optimal"), batteries }).controllers[0]).not.toHaveProperty("battery");
  });
});

describe("storcli", () => {
  const answer = (data: unknown, status: object = { Status: "Success", Description: "None" }) =>
    JSON.stringify({ Controllers: [{ "Command Status": { Controller: 0, ...status }, "Response Data": data }] });
  const controllerOf = (data: unknown, drives: string[] = []) =>
    parseStorcli({ controllers: answer(data), drives }).controllers[0];

  test("a failure whose reason stands in a table; what it tells nevertheless counts", () => {
    const detail = [{ Ctrl: 0, Status: "Failed", ErrCd: 59, ErrMsg: "Incomplete foreign configuration" }];
    const controllers = answer(
      { Basics: { Model: "HBA 9400-16i" }, Status: { "Controller Status": "OK" } },
      { Status: "Failure", Description: "None", "Detailed Status": detail },
    );
    expect(parseStorcli({ controllers })).toMatchObject({
      controllers: [{ model: "HBA 9400-16i", state: "ok" }],
      problem: "Incomplete foreign configuration",
    });
  });

  test.each([[{ "Number of Controllers": 0, "Host Name": "one" }], [{}], [undefined]])(
    "%j is no controller",
    (data) => {
      expect(parseStorcli({ controllers: answer(data) })).toEqual({
        controllers: [],
        problem: "no controller in its output",
      });
    },
  );

  test("a host adapter that tells no state", () => {
    expect(controllerOf({ Basics: { Model: "SAS9300-8i" }, Version: {}, HwCfg: {} })).toMatchObject({ state: "ok" });
    expect(controllerOf({ Basics: { Model: "9361-8i" }, TOPOLOGY: [], "VD LIST": [] })?.state).toBe("unknown");
  });

  test.each([
    [8, true, "charging"],
    [64 + 16, true, "discharging, learn cycle"],
    [4096, true, "learn cycle due"],
    [1024 + 32, false, "learn cycle requested, pack must be replaced"],
    [1, false, "pack missing"],
    [1 << 20, false, "status 1048576"],
  ])("BBU Status %i", (number, ok, state) => {
    const data = { Basics: {}, Status: { "Controller Status": "Optimal", "BBU Status": number } };
    expect(controllerOf(data)?.battery).toEqual({ kind: "BBU", ok, state });
  });

  test("drives with sectors of 4 KiB", () => {
    const place = "Drive /c0/e252/s0";
    const attributes = { "Raw size": "10.913 TB [0xaea87555 Sectors]", "Logical Sector Size": "4 KB", SN: "SER" };
    const drives = answer({
      [place]: [{ "EID:Slt": "252:0", State: "Onln", DG: 0, SeSz: "4 KB" }],
      [`${place} - Detailed Information`]: { [`${place} Device attributes`]: attributes },
    });
    const controller = controllerOf({ Basics: { Model: "9361-8i" } }, [drives]);
    expect(controller?.drives).toMatchObject([{ serial: "SER", sizeBytes: 0xaea87555 * 4096 }]);
  });
});
