import { catalogue, type KindName } from "@fairlead/shared/catalogue";
import type { ChartPanel } from "./panels.ts";

type MetricOf<K extends KindName> = (typeof catalogue)[K]["metrics"][number]["name"];

/**
 * A chart of one kind's metrics: each line is a metric, its label and, where it is not the next one's turn, its colour;
 * "limit" draws it dashed.
 */
export type KindChart<K extends KindName> = {
  key: string;
  title: string;
  max?: number;
  lines: readonly (readonly [MetricOf<K>, string, string?, "limit"?])[];
};

const colours = ["--c1", "--c3", "--c2", "--c6", "--c5", "--c4", "--c7", "--c8"];

/**
 * The charts of one resource: lines of what is measured, charts without any left out. While nothing is measured those
 * that `usual` names are shown whole: it does not answer now, but has a history.
 */
export function kindPanels<K extends KindName>(
  kind: K,
  id: number,
  charts: readonly KindChart<K>[],
  measured: ReadonlySet<string>,
  isUsual: (key: string) => boolean,
  hasValues: boolean,
): ChartPanel[] {
  const units = new Map<string, string>(catalogue[kind].metrics.map(({ name, unit }) => [name, unit]));
  return charts.flatMap(({ key, title, max, lines }) => {
    const shown = hasValues ? lines.filter(([metric]) => measured.has(metric)) : isUsual(key) ? lines : [];
    const [first] = shown;
    if (first === undefined) return [];
    return [
      {
        key: `${kind}-${key}`,
        title,
        unit: units.get(first[0]) ?? "count",
        ...(max !== undefined && { max }),
        lines: shown.map(([, label, colour, look], i) => ({
          label,
          colour: colour ?? colours[i % colours.length] ?? "--c1",
          ...(look === "limit" && { dash: true as const }),
        })),
        wanted: shown.map(([metric]) => ({ id, kind, metric })),
      },
    ];
  });
}
