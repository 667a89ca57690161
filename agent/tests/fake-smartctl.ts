import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Real outputs of real drives; tests that replay them are skipped where the folder is not there. */
export const smartCorpus = join(import.meta.dirname, "../../../shared/corpus/smart");
export const noCorpus = existsSync(smartCorpus) ? "" : "no ../shared/corpus/smart";

/** How a device answers. Without more it prints `out` and ends with status 0. */
export type Answering = {
  /** Text, or JSON that is written as text. */
  out?: unknown;
  /** Exit status, 0 to 255. */
  status?: number;
  /** Printed before the JSON. */
  before?: string;
  stderr?: string;
  /** Never ends. */
  hang?: boolean;
  /** Ends itself by this signal, "SEGV". */
  signal?: string;
};

/** A smartctl of our own in a folder of its own, with the devices that were given to it. */
export type FakeSmartctl = {
  folder: string;
  program: string;
  /** What `--scan` lists. */
  scan(devices: readonly { name: string; type: string; protocol?: string }[]): void;
  /** What `--scan` prints, whatever it is. */
  scanAnswer(answering: Answering): void;
  /** Sets how a device answers; with a type only when it is read by that. */
  drive(name: string, answering: Answering, type?: string): void;
  /** While it sleeps `-n` leaves it alone, anything else wakes it. */
  sleep(name: string, type?: string): void;
  wake(name: string, type?: string): void;
  /** After `-t` each read gives the next of these, the last one for good; `aborted` is what stands there after `-X`. */
  selfTest(
    name: string,
    steps: readonly unknown[],
    more?: { aborted?: unknown; start?: Answering },
    type?: string,
  ): void;
  remove(name: string, type?: string): void;
  /** The arguments of each call so far. */
  calls(): string[];
  /** Devices that were woken. */
  woken(): string[];
  dispose(): void;
};

/** Makes one; `dispose` removes it. */
export function fakeSmartctl(): FakeSmartctl {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-smartctl-"));
  const program = join(folder, "smartctl");
  copyFileSync(join(import.meta.dirname, "smartctl/smartctl"), program);
  chmodSync(program, 0o755);
  mkdirSync(join(folder, "drives"));
  const home = (name: string, type = "") =>
    join(folder, "drives", `${name.replaceAll("/", "_")}${type === "" ? "" : ` ${type}`}`);
  const lines = (file: string) => {
    const path = join(folder, file);
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  };
  const fake: FakeSmartctl = {
    folder,
    program,
    scan: (devices) => fake.scanAnswer({ out: scanOf(devices) }),
    scanAnswer: (answering) => put(join(folder, "scan"), answering),
    drive(name, answering, type) {
      mkdirSync(home(name, type), { recursive: true });
      put(join(home(name, type), "out"), answering);
    },
    sleep: (name, type) => writeFileSync(join(home(name, type), "asleep"), ""),
    wake: (name, type) => rmSync(join(home(name, type), "asleep"), { force: true }),
    selfTest(name, steps, { aborted, start = {} } = {}, type) {
      const drive = home(name, type);
      rmSync(join(drive, "test"), { recursive: true, force: true });
      rmSync(join(drive, "step"), { force: true });
      mkdirSync(join(drive, "test"));
      for (const [i, step] of steps.entries()) put(join(drive, "test", String(i + 1)), { out: step });
      put(join(drive, "start"), { out: smartctlSays([]), ...start });
      put(join(drive, "abort"), { out: smartctlSays([]) });
      if (aborted !== undefined) put(join(drive, "aborted"), { out: aborted });
    },
    remove: (name, type) => rmSync(home(name, type), { recursive: true, force: true }),
    calls: () => lines("calls"),
    woken: () => lines("woken"),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
  fake.scan([]);
  return fake;
}

/** JSON of a `--scan`. */
export function scanOf(devices: readonly { name: string; type: string; protocol?: string }[], version = [7, 3]) {
  return {
    json_format_version: [1, 0],
    smartctl: { version, exit_status: 0 },
    devices: devices.map(({ name, type, protocol = "SCSI" }) => ({ name, info_name: name, type, protocol })),
  };
}

/** JSON that holds messages alone. */
export function smartctlSays(messages: readonly string[], status = 0) {
  return {
    smartctl: {
      version: [7, 3],
      messages: messages.map((string) => ({ string, severity: status === 0 ? "information" : "error" })),
      exit_status: status,
    },
  };
}

export type AtaOptions = {
  serial?: string;
  model?: string;
  device?: string;
  type?: string;
  wwn?: number;
  attributes?: Partial<Record<number, number>>;
  celsius?: number;
  hours?: number;
  passed?: boolean;
  version?: number[];
  /** Remaining percent of the self-test that runs. */
  remaining?: number;
  /** The self-test log, newest first. */
  tests?: readonly { type?: string; status?: number; text?: string; hours?: number; lba?: number }[];
};

/** What smartctl says of a hard disk, by our own hand: written from the format's documentation. */
export function ataDrive(options: AtaOptions = {}) {
  const { serial = "S0001", model = "Fairlead Test HDD", device = "/dev/sda", type = "sat", hours = 1000 } = options;
  const { attributes = {}, celsius = 35, passed = true, version = [7, 3], remaining, tests = [] } = options;
  const raws = { 5: 0, 9: hours, 187: 0, 188: 0, 197: 0, 198: 0, 199: 0, ...attributes };
  return {
    json_format_version: [1, 0],
    smartctl: { version, exit_status: 0 },
    device: { name: device, info_name: `${device} [SAT]`, type, protocol: "ATA" },
    model_name: model,
    serial_number: serial,
    ...(options.wwn === undefined ? {} : { wwn: { naa: 5, oui: 3152, id: options.wwn } }),
    firmware_version: "FW01",
    user_capacity: { blocks: 7_814_037_168, bytes: 4_000_787_030_016 },
    logical_block_size: 512,
    physical_block_size: 4096,
    rotation_rate: 5400,
    smart_support: { available: true, enabled: true },
    smart_status: { passed },
    ata_smart_data: {
      self_test: {
        status:
          remaining === undefined
            ? { value: 0, string: "completed without error", passed: true }
            : { value: 240 + Math.round(remaining / 10), string: "in progress", remaining_percent: remaining },
        polling_minutes: { short: 2, extended: 480, conveyance: 5 },
      },
      capabilities: { self_tests_supported: true, conveyance_self_test_supported: true },
    },
    ata_smart_attributes: {
      table: Object.entries(raws).map(([id, value]) => ({
        id: Number(id),
        name: names[Number(id)] ?? "Unknown_Attribute",
        value: 100,
        worst: 100,
        thresh: 0,
        when_failed: "",
        flags: { prefailure: id === "5" },
        raw: { value, string: String(value) },
      })),
    },
    temperature: { current: celsius },
    power_on_time: { hours },
    power_cycle_count: 10,
    ata_smart_self_test_log: {
      standard: {
        count: tests.length,
        table: tests.map(({ type: kind = "Short offline", status = 0, text, hours: at = hours, lba }) => ({
          type: { value: 1, string: kind },
          status: { value: status, string: text ?? "Completed without error", passed: status === 0 },
          lifetime_hours: at,
          ...(lba === undefined ? {} : { lba }),
        })),
      },
    },
  };
}

const names: Record<number, string> = {
  5: "Reallocated_Sector_Ct",
  9: "Power_On_Hours",
  187: "Reported_Uncorrect",
  188: "Command_Timeout",
  197: "Current_Pending_Sector",
  198: "Offline_Uncorrectable",
  199: "UDMA_CRC_Error_Count",
};

function put(file: string, { out = "", status = 0, before, stderr, hang, signal }: Answering): void {
  writeFileSync(file, typeof out === "string" ? out : JSON.stringify(out));
  const beside: Record<string, string | undefined> = {
    status: status === 0 ? undefined : `${status}\n`,
    before,
    stderr,
    hang: hang ? "" : undefined,
    signal: signal === undefined ? undefined : `${signal}\n`,
  };
  for (const [name, text] of Object.entries(beside)) {
    if (text === undefined) rmSync(`${file}.${name}`, { force: true });
    else writeFileSync(`${file}.${name}`, text);
  }
}
