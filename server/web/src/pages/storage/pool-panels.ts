import { type KindChart, kindPanels } from "../../charts/kind-panels.ts";
import type { ChartPanel } from "../../charts/panels.ts";

const charts: readonly KindChart<"pool">[] = [
  {
    key: "space",
    title: "Space",
    lines: [
      ["used_bytes", "Used", "--c2"],
      ["size_bytes", "Size", "--c8", "limit"],
    ],
  },
  { key: "metadata", title: "Metadata", max: 1, lines: [["metadata_used_ratio", "Used", "--c3"]] },
  {
    key: "errors",
    title: "Errors of its members",
    lines: [
      ["read_errors", "Read", "--c3"],
      ["write_errors", "Write", "--c6"],
      ["checksum_errors", "Checksum", "--c4"],
      ["data_errors", "Blocks lost", "--c5"],
      ["mismatches", "Mismatches", "--c2"],
    ],
  },
  { key: "fragmentation", title: "Fragmentation", max: 1, lines: [["fragmentation_ratio", "Free space", "--c5"]] },
  { key: "missing", title: "Members missing", lines: [["members_missing", "Missing", "--c6"]] },
  { key: "scan", title: "Speed of scrubs and rebuilds", lines: [["scan_bytes_per_second", "Scan", "--c1"]] },
];

/** The charts of one pool: those that its newest values have something for, else space and errors. */
export function poolPanels(id: number, measured: ReadonlySet<string>): ChartPanel[] {
  const some = charts.some(({ lines }) => lines.some(([metric]) => measured.has(metric)));
  return kindPanels("pool", id, charts, measured, (key) => key === "space" || key === "errors", some);
}
