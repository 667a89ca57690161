// Outputs of RAID tools, made by hand after the formats that they print; no machine's own.

type Json = Record<string, unknown>;

function controllers(...answers: [data: unknown, status?: Json][]): string {
  return JSON.stringify({
    Controllers: answers.map(([data, status], Controller) => ({
      "Command Status": {
        "CLI Version": "007.2703.0000.0000",
        Controller,
        Status: "Success",
        Description: "None",
        ...status,
      },
      "Response Data": data,
    })),
  });
}

const drive = (place: string, row: Json, state: Json, serial: string) => ({
  [`Drive ${place}`]: [row],
  [`Drive ${place} - Detailed Information`]: {
    [`Drive ${place} State`]: {
      "Shield Counter": 0,
      "Media Error Count": 0,
      "Other Error Count": 0,
      "Drive Temperature": " 34C (93.20 F)",
      "Predictive Failure Count": 0,
      "S.M.A.R.T alert flagged by drive": "No",
      ...state,
    },
    [`Drive ${place} Device attributes`]: {
      SN: `  ${serial}  `,
      "Model Number": "HUS726T4TALA6L4   ",
      "Firmware Revision": "VLGNW40H",
      "Raw size": "3.638 TB [0x1d1c0beb0 Sectors]",
      "Sector Size": "512B",
    },
  },
});

const row = (slot: string, State: string, DG: number | string) => ({
  "EID:Slt": slot,
  DID: 8,
  State,
  DG,
  Size: "3.637 TB",
  Intf: "SATA",
  Med: "HDD",
  Model: "HUS726T4TALA6L4",
  Sp: "U",
});

const list = [
  row("252:0", "Onln", 0),
  row("252:1", "Rbld", 0),
  row("252:2", "Onln", 1),
  row("252:3", "GHS", "-"),
  row("252:4", "UBad", "-"),
  row("252:5", "DHS", 1),
];

/** A MegaRAID with a rebuilding raid1, a degraded raid5, spares and a bad drive. */
export const megaraid = {
  controllers: controllers([
    {
      Basics: { Controller: 0, Model: "AVAGO MegaRAID SAS 9361-8i", "Serial Number": "SV00000001" },
      Version: { "Firmware Version": "4.680.00-8249", "Driver Name": "megaraid_sas" },
      Status: {
        "Controller Status": "Needs Attention",
        "Memory Correctable Errors": 0,
        "Memory Uncorrectable Errors": 0,
        "Controller has booted into safe mode": "No",
        "BBU Status": 0,
      },
      HwCfg: { "Temperature Sensor for ROC": "Present", "ROC temperature(Degree Celcius)": 58 },
      TOPOLOGY: [
        { DG: 0, Arr: "-", Row: "-", "EID:Slot": "-", Type: "RAID1", State: "Dgrd" },
        { DG: 1, Arr: 0, Row: 1, "EID:Slot": "-", Type: "DRIVE", State: "Msng" },
      ],
      "VD LIST": [
        {
          "DG/VD": "0/239",
          TYPE: "RAID1",
          State: "Dgrd",
          Access: "RW",
          Consist: "Yes",
          Cache: "RWBD",
          Size: "3.637 TB",
          Name: "system",
        },
        {
          "DG/VD": "1/1",
          TYPE: "RAID5",
          State: "Pdgd",
          Access: "RW",
          Consist: "Yes",
          Cache: "RWTD",
          Size: "7.275 TB",
          Name: "",
        },
      ],
      "PD LIST": list,
      Cachevault_Info: [{ Model: "CVPM02", State: "Optimal", Temp: "29C", Mode: "-", MfgDate: "2016/05/11" }],
    },
  ]),
  drives: [
    controllers([
      {
        ...drive("/c0/e252/s0", list[0] as Json, { "Media Error Count": 2, "Other Error Count": 1 }, "SER0"),
        ...drive("/c0/e252/s1", list[1] as Json, { "Predictive Failure Count": "N/A" }, "SER1"),
        ...drive(
          "/c0/e252/s2",
          list[2] as Json,
          { "Predictive Failure Count": 3, "S.M.A.R.T alert flagged by drive": "Yes" },
          "SER2",
        ),
        ...drive("/c0/e252/s4", list[4] as Json, { "Drive Temperature": "N/A" }, "SER4"),
      },
    ]),
  ],
  volumes: controllers([
    {
      "/c0/v239": [],
      "VD239 Properties": { "OS Drive Name": "/dev/sda", "Number of Blocks": 7812499456, "Active Operations": "None" },
      "/c0/v1": [],
      "VD1 Properties": { "OS Drive Name": "/dev/sdb", "Active Operations": "Check Consistency (12%)" },
    },
  ]),
  batteries: [
    controllers([
      {
        Cachevault_Info: [{ Property: "State", Value: "Optimal" }],
        GasGaugeStatus: [{ Property: "Capacitance", Value: "93 %" }],
      },
    ]),
  ],
  rebuilds: controllers([
    [{ "Drive-ID": "/c0/e252/s1", "Progress%": 32, Status: "In progress", "Estimated Time Left": "2 Hours" }],
  ]),
};

/** A host adapter without RAID, and a controller with neither drives nor battery. */
export const hostAdapters = {
  controllers: controllers(
    [
      {
        Basics: { Model: "HBA 9500-8i" },
        Version: { "Driver Name": "mpt3sas", "Firmware Version": "28.00.00.00" },
        Status: { "Controller Status": "OK", "Memory Correctable Errors": 0, "Memory Uncorrectable Errors": 0 },
        HwCfg: { BatteryFRU: "N/A", "ROC temperature(Degree Celsius)": 44 },
        "Physical Device Information": drive(
          "/c0/e23/s0",
          row("23:0", "JBOD", "-"),
          {
            "Media Error Count": "N/A",
            "Predictive Failure Count": "N/A",
            "S.M.A.R.T alert flagged by drive": "N/A",
            "Drive Temperature": undefined,
          },
          "SER9",
        ),
      },
    ],
    [
      {
        Basics: { Model: "PERC H330 Mini" },
        Status: { "Controller Status": "Optimal", "BBU Status": "NA" },
        HwCfg: { "ROC temperature(Degree Celsius)": "N/A" },
        "PD LIST": [row(" :4", "UGood", "-")],
      },
    ],
  ),
};

/** The second generation: a controller of the driver mpi3mr with a degraded raid1, a spare and a bad drive. */
const drive96 = (slot: string, State: string, Status: string, DG: number | string) => ({
  "EID:Slt": slot,
  PID: 312,
  State,
  Status,
  DG,
  Size: "893.137 GiB",
  Intf: "SATA",
  Med: "SSD",
  Model: "MZ7L3960HCJR",
});

export const megaraid9600 = {
  overview: controllers([{ "System Overview": [{ Ctrl: 0, Status: "NdAtn", "PD(s)": 4, EPack: "Optimal" }] }]),
  controllers: controllers([
    {
      "Product Name": "MegaRAID 9660-16i",
      "Serial Number": "SPD0000001      ",
      "Firmware Version": "8.6.2.0-00000-00001",
      "Driver Name": "mpi3mr",
      TOPOLOGY: [{ DG: 0, Span: 0, Row: 1, "EID:Slot": "-", Type: "DRIVE", State: "Conf", Status: "Missing" }],
      "VD LIST": [
        {
          "DG/VD": "0/1",
          TYPE: "RAID1",
          State: "Dgrd",
          Access: "RW",
          CurrentCache: "NR,WB",
          Size: "893.137 GiB",
          Name: "",
        },
      ],
      "PD LIST": [
        drive96("322:2", "Conf", "Online", 0),
        drive96("322:3", "UConf", "Bad", "-"),
        drive96("322:4", "GHS", "Good", "-"),
        drive96("322:5", "UConf", "Good", "F"),
      ],
      "Energy Pack Info": [{ Type: "Supercap", SubType: "FBU345", "Temperature(C)": 23, Status: "Optimal" }],
    },
  ]),
  volumes: controllers([
    {
      "Virtual Drives": [
        {
          "VD Info": { "DG/VD": "0/1" },
          PDs: [],
          "VD Properties": { "Block Size": 4096, "Number of Blocks": 234130688, "OS Drive Name": "/dev/sdg" },
        },
      ],
    },
  ]),
  drives: [
    controllers([
      {
        "Drives List": [
          {
            "Drive Information": drive96("322:2", "Conf", "Online", 0),
            "Drive Detailed Information": { "Serial Number": "S1", "Temperature(C)": 31, "Media Error Count": 4 },
          },
        ],
      },
    ]),
  ],
};

export const noControllers = controllers([undefined, { Status: "Failure", Description: "No Controller found" }]);

export const ssacli = `
HPE Smart Array P408i-a SR Gen10 in Slot 0 (Embedded)
   Bus Interface: PCI
   Slot: 0
   Serial Number: PEYHC0XRHBV00A
   Controller Status: OK
   Hardware Revision: B
   Firmware Version: 6.52
   Cache Board Present: True
   Cache Status: Temporarily Disabled
   Cache Status Details: Cache disabled; low batteries.
   Cache Backup Power Source: Batteries
   Battery/Capacitor Count: 1
   Battery/Capacitor Status: Failed (Replace Batteries/Capacitors)
   Controller Temperature (C): 49
   Capacitor Temperature  (C): 39
   Driver Name: smartpqi
   Driver Version: Linux 2.1.18-045
   Sensor ID: 0
      Location: Capacitor
      Current Value (C): 39

   Port Name: 1I
         Port ID: 0

   Internal Drive Cage at Port 1I, Box 1, OK
      Drive Bays: 4
   Physical Drives
      physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS HDD, 1.2 TB, OK)
      physicaldrive 1I:1:2 (port 1I:box 1:bay 2, SAS HDD, 1.2 TB, OK)

   Array: A
      Interface Type: SAS
      Unused Space: 0 MB (0.00%)
      Status: OK
      Array Type: Data

      Logical Drive: 1
         Size: 1.09 TB
         Fault Tolerance: 1
         Status: Recovering, 12% complete
         Unrecoverable Media Errors: None
         Caching:  Enabled
         Disk Name: /dev/sda
         Mount Points: / 1.0 TB Partition Number 2
         Logical Drive Label: 02F6B9A3PEYHC0XRHBV00A 1234
         Mirror Group 1:
            physicaldrive 1I:1:1 (port 1I:box 1:bay 1, SAS HDD, 1.2 TB, OK)
         Mirror Group 2:
            physicaldrive 1I:1:2 (port 1I:box 1:bay 2, SAS HDD, 1.2 TB, Rebuilding)
         Drive Type: Data

      physicaldrive 1I:1:1
         Port: 1I
         Box: 1
         Bay: 1
         Status: Predictive Failure
         Drive Type: Data Drive
         Interface Type: SAS
         Size: 1.2 TB
         Rotational Speed: 10000
         Firmware Revision: HPD5
         Serial Number: WFK00001
         Model: HP      EG001200JWJNQ
         Current Temperature (C): 33
         Maximum Temperature (C): 44

      physicaldrive 1I:1:2
         Status: Rebuilding
         Drive Type: Data Drive
         Size: 1.2 TB
         Serial Number: WFK00002

      physicaldrive 1I:1:3
         Status: OK
         Drive Type: Spare Drive
         Size: 1.2 TB
         Serial Number: WFK00003

   Array: B
      Logical Drive: 2
         Size: 10.92 TB
         Fault Tolerance: 6 (ADG)
         Status: Interim Recovery Mode
         Parity Initialization Status: Initialization Completed
         Disk Name: /dev/sdb

      physicaldrive 2I:1:5
         Status: Failed
         Drive Type: Data Drive

   unassigned

      physicaldrive 2I:1:6
         Status: OK
         Drive Type: Unassigned Drive

   SEP (Vendor ID HPE, Model Smart Adapter) 379
      Device Number: 379

Smart Array P400i in Slot 3
   Slot: 3
   Controller Status: OK
   Cache Status: OK
   Battery/Capacitor Count: 0
`;

export const megacli = {
  volumes: `

Adapter #0

Number of Virtual Disks: 1
Virtual Drive: 0 (Target Id: 0)
Name                :data
RAID Level          : Primary-5, Secondary-0, RAID Level Qualifier-3
Size                : 7.275 TB
State               : Degraded
Strip Size          : 64 KB
Number Of Drives    : 3
Span Depth          : 1
Current Cache Policy: WriteThrough, ReadAdaptive, Direct, No Write Cache if Bad BBU
Ongoing Progresses:
  Rebuild                  : Completed 40%, Taken 60 min.
Bad Blocks Exist: No
Number of Spans: 1
Span: 0 - Number of PDs: 3

PD: 0 Information
Enclosure Device ID: 32
Slot Number: 0
Device Id: 0
WWN: 5000000000000000
Media Error Count: 5
Other Error Count: 1
Predictive Failure Count: 1
PD Type: SATA

Raw Size: 3.638 TB [0x1d1c0beb0 Sectors]
Sector Size:  512
Logical Sector Size:  512
Firmware state: Online, Spun Up
Inquiry Data: SERIALNUMBER00000001HGST HUS726T4TALA6L4                    VLGNW40H
Media Type: Hard Disk Device
Drive Temperature :31C (87.80 F)
Drive has flagged a S.M.A.R.T alert : Yes

PD: 1 Information
Enclosure Device ID: 32
Slot Number: 1
Media Error Count: 0
Other Error Count: 0
Predictive Failure Count: 0
PD Type: SAS
Raw Size: 3.638 TB [0x1d1c0beb0 Sectors]
Firmware state: Rebuild
Inquiry Data: SEAGATE ST4000NM0023    0006Z1Z0ABCD
Drive Temperature :N/A
Drive has flagged a S.M.A.R.T alert : No

PD: 2 Information


Exit Code: 0x00
`,
  drives: `
Adapter #0

Enclosure Device ID: 32
Slot Number: 0
Firmware state: Online, Spun Up

Enclosure Device ID: 32
Slot Number: 4
PD Type: SAS
Firmware state: Hotspare, Spun down

Enclosure Device ID: 32
Slot Number: 5
Firmware state: Unconfigured(bad)
`,
  adapters: `
Adapter #0

==============================================================================
                    Versions
                ================
Product Name    : PERC H710P Mini
Serial No       : 3AT000A
FW Package Build: 21.3.5-0002

                    HW Configuration
                ================
BBU              : Present
ROC temperature : 56  degree Celsius

                    Error Counters
                ================
Memory Correctable Errors   : 3
Memory Uncorrectable Errors : 0
`,
  batteries: `
BBU status for Adapter: 0

BatteryType: BBU
Voltage: 3926 mV
Temperature: 35 C
Battery State: Optimal
BBU Firmware Status:

  Charging Status              : None
  Battery Pack Missing                    : No
  Battery Replacement required            : Yes
  Remaining Capacity Low                  : No
  Relative State of Charge: 98 %
`,
};

export const arcconf = {
  config: `Controllers found: 1
----------------------------------------------------------------------
Controller information
----------------------------------------------------------------------
   Controller Status                        : Optimal
   Channel description                      : SAS/SATA
   Controller Model                         : Adaptec 3405
   Controller Serial Number                 : 8C16103DF1D
   Temperature                              : 35 C/ 95 F (Normal)
   Defunct disk drive count                 : 1
   Logical devices/Failed/Degraded          : 2/0/1
   --------------------------------------------------------
   Controller Version Information
   --------------------------------------------------------
   BIOS                                     : 5.2-0 (17342)
   Firmware                                 : 5.2-0 (17342)
   Driver                                   : 1.2-1 (41010)
   --------------------------------------------------------
   Controller Battery Information
   --------------------------------------------------------
   Status                                   : Charging
   Over temperature                         : No
   Capacity remaining                       : 71 percent

----------------------------------------------------------------------
Logical device information
----------------------------------------------------------------------
Logical Device number 0
   Logical Device name                      : mirror
   RAID level                               : 1
   Status of Logical Device                 : Degraded
   Size                                     : 2856950 MB
   Write-cache status                       : On
   Failed stripes                           : No
   --------------------------------------------------------
   Logical Device segment information
   --------------------------------------------------------
   Segment 0                                : Present (2861588MB, SATA, HDD, Channel:0, Device:10)      WD-SERIAL0
   Segment 1                                : Missing

Logical Device number 1
   Logical Device name                      :
   RAID level                               : 10
   Status of Logical Device                 : Optimal
   Size                                     : 953344 MB
   Disk Name                                : /dev/sdc
   Group 0, Segment 0                       : Present (Controller:1,Channel:0,Device:11)  SERIAL1

----------------------------------------------------------------------
Physical Device information
----------------------------------------------------------------------
      Device #0
         Device is a Hard drive
         State                              : Online
         Reported Channel,Device(T:L)       : 0,10(10:0)
         Vendor                             : WDC
         Model                              : WD30EFRX-68EUZN0
         Firmware                           : 82.00A82
         Serial number                      : WD-SERIAL0
         Total Size                         : 2861588 MB
         S.M.A.R.T.                         : No
         S.M.A.R.T. warnings                : 2
         SSD                                : No
         Temperature                        : 31 C/ 87 F
      Device #1
         Device is a Hard drive
         State                              : Online
         Reported Channel,Device(T:L)       : 0,11(11:0)
         Serial number                      : SERIAL1
         Total Size                         : 953869 MB
         S.M.A.R.T. warnings                : 0
         Temperature                        : Not Supported
      Device #2
         Device is a Hard drive
         State                              : Failed
         Reported Channel,Device(T:L)       : 0,13(13:0)
         Total Size                         : 0 MB
      Device #3
         Device is a Hard drive
         State                              : Hot Spare
         Reported Channel,Device(T:L)       : 0,14(14:0)
      Device #4
         Device is an Enclosure Services Device
         Reported Channel,Device(T:L)       : 2,0(0:0)

Command completed successfully.
`,
  status: `Controllers found: 1
Logical device Task:
   Logical device                 : 0
   Task ID                        : 101
   Current operation              : Rebuild
   Status                         : In Progress
   Priority                       : High
   Percentage complete            : 7

Command completed successfully.
`,
};
