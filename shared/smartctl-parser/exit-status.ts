import type { ExitBit, ExitStatus } from "./types.ts";

/** Bit 0 first: https://www.smartmontools.org/wiki/Manpages, smartctl(8), "EXIT STATUS". */
const bits: readonly ExitBit[] = [
  "command_line",
  "open_failed",
  "command_failed",
  "disk_failing",
  "prefail_now",
  "failed_past",
  "error_log",
  "self_test_log",
];

/** Takes smartctl's exit status apart. Bits 0 and 1 alone mean that there is no data: all others come with it. */
export function decodeExitStatus(value: number | null): ExitStatus {
  if (value === null || !Number.isInteger(value) || value < 0 || value > 255) {
    return { value: null, bits: [], noData: false };
  }
  return { value, bits: bits.filter((_, bit) => value & (1 << bit)), noData: (value & 3) !== 0 };
}
