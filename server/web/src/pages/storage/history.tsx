import { useMemo } from "react";
import History, { type HistoryProps } from "../../charts/history.tsx";
import type { ChartPanel } from "../../charts/panels.ts";

type Props = Pick<HistoryProps, "search" | "onSearch" | "first"> & {
  latest: { values: Record<string, number | null> } | null;
  panelsOf: (measured: ReadonlySet<string>) => ChartPanel[];
};

/** The history of what is measured; its charts' shape hangs on which values there are, not on the values. */
export default function StorageHistory({ latest, panelsOf, ...rest }: Props) {
  const known = Object.entries(latest?.values ?? {})
    .filter(([, value]) => value !== null)
    .map(([metric]) => metric)
    .join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page of one resource makes the same panels of the same metrics
  const panels = useMemo(() => panelsOf(new Set(known.split(" "))), [known]);
  return <History long panels={panels} {...rest} />;
}
