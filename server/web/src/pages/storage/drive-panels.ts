import { type KindChart, kindPanels } from "../../charts/kind-panels.ts";
import type { ChartPanel } from "../../charts/panels.ts";

/** In the order in which people look for what is wrong. */
const charts: readonly KindChart<"drive">[] = [
  {
    key: "temperature",
    title: "Temperature",
    lines: [
      ["temperature_celsius", "Drive", "--c3"],
      ["temperature_limit_celsius", "Limit", "--c6", "limit"],
    ],
  },
  {
    key: "wear",
    title: "Endurance used",
    lines: [
      ["wear_ratio", "Used", "--c2"],
      ["spare_ratio", "Spare blocks left", "--c7"],
    ],
  },
  {
    key: "sectors",
    title: "Bad sectors",
    lines: [
      ["reallocated_sectors", "Reallocated", "--c2"],
      ["pending_sectors", "Pending", "--c6"],
      ["offline_uncorrectable", "Not readable offline", "--c4"],
      ["grown_defects", "Grown defects", "--c5"],
    ],
  },
  {
    key: "errors",
    title: "Errors",
    lines: [
      ["reported_uncorrectable", "Reported uncorrectable", "--c6"],
      ["uncorrected_errors", "Uncorrected", "--c6"],
      ["media_errors", "Media errors", "--c6"],
      ["interface_crc_errors", "Transfer (CRC)", "--c3"],
      ["command_timeouts", "Timeouts", "--c2"],
      ["end_to_end_errors", "End to end", "--c4"],
      ["spin_retries", "Spin retries", "--c5"],
    ],
  },
  {
    key: "traffic",
    title: "Written and read since it was made",
    lines: [
      ["written_bytes", "Written", "--c3"],
      ["read_bytes", "Read", "--c1"],
    ],
  },
  { key: "log", title: "Entries in its error log", lines: [["error_log_entries", "Entries"]] },
  {
    key: "power",
    title: "Power",
    lines: [
      ["power_cycles", "Switched on", "--c1"],
      ["unsafe_shutdowns", "Lost without warning", "--c6"],
    ],
  },
];

const usual: Readonly<Record<string, readonly string[]>> = {
  ata: ["temperature", "sectors", "errors"],
  nvme: ["temperature", "wear", "errors", "traffic"],
  scsi: ["temperature", "sectors", "errors"],
};

/** The charts of one drive: those that its newest values have something for, else its protocol's usual ones. */
export function drivePanels(id: number, protocol: string | null, measured: ReadonlySet<string>): ChartPanel[] {
  const some = charts.some(({ lines }) => lines.some(([metric]) => measured.has(metric)));
  const wanted = usual[protocol ?? ""] ?? ["temperature", "errors"];
  return kindPanels("drive", id, charts, measured, (key) => wanted.includes(key), some);
}
