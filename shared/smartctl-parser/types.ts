export type Protocol = "ata" | "nvme" | "scsi" | "unknown";

/** What smartctl said of one drive. `null` always means "not said"; sizes are bytes, times hours, ratios 0 to 1. */
export type Drive = {
  protocol: Protocol;
  identity: Identity;
  device: Device;
  capacityBytes: number | null;
  logicalBlockBytes: number | null;
  physicalBlockBytes: number | null;
  /** "3.5 inches", "2.5 inches", "M.2" ... */
  formFactor: string | null;
  /** Rotations a minute; 0 for a drive without moving parts. */
  rotationRpm: number | null;
  solidState: boolean | null;
  smart: { available: boolean | null; enabled: boolean | null; passed: boolean | null };
  /** Something that health can be judged by was read. */
  hasData: boolean;
  power: "active" | "standby" | "unknown";
  exit: ExitStatus;
  messages: Message[];
  /** "7.4" */
  smartctlVersion: string | null;
  /** The host's clock when smartctl ran, seconds since 1970. */
  measuredAt: number | null;
  temperature: Temperature;
  wear: Wear;
  powerOnHours: number | null;
  powerCycles: number | null;
  bytesRead: number | null;
  bytesWritten: number | null;
  counters: Counters;
  attributes: Attribute[];
  nvme: NvmeHealth | null;
  scsi: ScsiHealth | null;
  errorLog: ErrorLog;
  selfTest: SelfTestLog;
};

/** A drive is its model, serial and WWN together with its slot: a WWN alone is not unique. */
export type Identity = {
  model: string | null;
  family: string | null;
  serial: string | null;
  /** "0x5000c500a495a2fd", for NVMe "eui.0025385791b2d347" */
  wwn: string | null;
  /** Place behind a controller: "megaraid,8", "cciss,0", "areca,3/1"; null for a drive of the host itself. */
  slot: string | null;
  firmware: string | null;
  /** Stands for the drive over reboots and renamed device files. */
  key: string;
};

export type Device = { name: string | null; type: string | null; via: "direct" | "raid" | "usb" };

export type Message = { text: string; severity: string };

export type ExitStatus = { value: number | null; bits: ExitBit[]; noData: boolean };

export type ExitBit =
  | "command_line"
  | "open_failed"
  | "command_failed"
  | "disk_failing"
  | "prefail_now"
  | "failed_past"
  | "error_log"
  | "self_test_log";

export type Temperature = {
  currentCelsius: number | null;
  /** The drive's own limit of normal operation. */
  warningCelsius: number | null;
  /** The drive's own limit that must never be reached. */
  criticalCelsius: number | null;
  lifetimeMinCelsius: number | null;
  lifetimeMaxCelsius: number | null;
  sensorsCelsius: number[];
};

/** `ratio` is the part of the rated endurance that is used: 0 new, 1 worn out; it can exceed 1. */
export type Wear = {
  ratio: number | null;
  source: string | null;
  spareRatio: number | null;
  spareMinRatio: number | null;
};

export type Counters = {
  reallocatedSectors: number | null;
  reallocationEvents: number | null;
  pendingSectors: number | null;
  offlineUncorrectable: number | null;
  reportedUncorrectable: number | null;
  commandTimeouts: number | null;
  interfaceCrcErrors: number | null;
  spinRetries: number | null;
  endToEndErrors: number | null;
  mediaErrors: number | null;
  grownDefects: number | null;
  unsafeShutdowns: number | null;
};

export type Attribute = {
  /** "ata:5", "nvme:media_errors", "scsi:grown_defects": what baselines and reasons name. */
  key: string;
  /** ATA's number, null elsewhere. */
  id: number | null;
  name: string;
  /** Normalised by the drive: high is good. */
  value: number | null;
  worst: number | null;
  threshold: number | null;
  raw: number | null;
  rawText: string | null;
  /** The count, temperature or hours that the raw value holds; null where it is absurd. */
  decoded: number | null;
  /** Further values packed into the raw one. */
  parts: Record<string, number>;
  whenFailed: "now" | "past" | null;
  prefailure: boolean | null;
  /** A count that tells of failure. */
  critical: boolean;
  meaning: string | null;
};

export type NvmeHealth = {
  criticalWarning: number | null;
  availableSparePercent: number | null;
  availableSpareThresholdPercent: number | null;
  percentageUsed: number | null;
  mediaErrors: number | null;
  errorLogEntries: number | null;
  unsafeShutdowns: number | null;
};

export type ScsiHealth = {
  grownDefects: number | null;
  pendingDefects: number | null;
  uncorrected: { read: number | null; write: number | null; verify: number | null };
  /** Additional sense of the health status: 0x5d predicts failure, 0x0b warns. */
  asc: number | null;
  ascq: number | null;
  status: string | null;
};

export type ErrorLog = { count: number | null; entries: ErrorLogEntry[] };
export type ErrorLogEntry = { number: number | null; atHours: number | null; text: string };

export type SelfTestResult = "passed" | "failed" | "aborted" | "running" | "unknown";
export type SelfTestLog = {
  /** Of the test that runs now; `progressRatio` is null where the drive does not say. */
  running: { type: string | null; progressRatio: number | null } | null;
  /** Newest first. */
  entries: SelfTestEntry[];
  /** The newest test that came to an end of its own. */
  last: SelfTestEntry | null;
  minutes: { short: number | null; extended: number | null; conveyance: number | null };
};
export type SelfTestEntry = {
  type: string | null;
  result: SelfTestResult;
  text: string;
  atHours: number | null;
  remainingRatio: number | null;
  lba: number | null;
};
