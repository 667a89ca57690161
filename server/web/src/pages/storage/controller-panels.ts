import { type KindChart, kindPanels } from "../../charts/kind-panels.ts";
import type { ChartPanel } from "../../charts/panels.ts";

const charts: readonly KindChart<"controller">[] = [
  {
    key: "temperature",
    title: "Temperature",
    lines: [
      ["temperature_celsius", "Controller", "--c3"],
      ["battery_temperature_celsius", "Battery", "--c5"],
    ],
  },
  { key: "charge", title: "Charge of the battery", max: 1, lines: [["battery_charge_ratio", "Charge", "--c1"]] },
  {
    key: "memory",
    title: "Errors of its memory",
    lines: [
      ["correctable_memory_errors", "Corrected", "--c3"],
      ["uncorrectable_memory_errors", "Not corrected", "--c6"],
    ],
  },
];

/** The charts of one controller: those that its newest values have something for, else its temperature. */
export function controllerPanels(id: number, measured: ReadonlySet<string>): ChartPanel[] {
  const some = charts.some(({ lines }) => lines.some(([metric]) => measured.has(metric)));
  return kindPanels("controller", id, charts, measured, (key) => key === "temperature", some);
}
