import type { Range } from "../api/metrics.ts";
import { formatLocal } from "../format/time.ts";
import { Button } from "../ui/button.tsx";
import { Segments } from "../ui/page.tsx";

const spans: Record<string, number> = {
  "15m": 900,
  "1h": 3600,
  "6h": 21_600,
  "24h": 86_400,
  "7d": 604_800,
  "30d": 2_592_000,
  "1y": 31_536_000,
};

export type RangeSearch = { range?: string | undefined; from?: string | undefined; to?: string | undefined };

/** The range that an address names; one hour where it names none. */
export function rangeOf(search: RangeSearch): Range {
  const [from, to] = [Number(search.from), Number(search.to)];
  if (from > 0 && to > from) return { from, to };
  if (search.range === "live") return { live: true };
  return { last: spans[search.range ?? "1h"] ?? 3600 };
}

const usual = ["15m", "1h", "6h", "24h", "7d", "30d", "live"];
const slow = ["24h", "7d", "30d", "1y"];

type Props = {
  search: RangeSearch;
  onChange: (search: RangeSearch) => void;
  /** For what changes over weeks: from a day to a year. */
  long?: boolean | undefined;
};

export function RangePicker({ search, onChange, long }: Props) {
  const range = rangeOf(search);
  const fixed = "from" in range;
  const options = (long ? slow : usual).map((value) => ({
    value,
    label: value === "live" ? "Live" : value,
    ...(value === "live" && { title: "The last five minutes, one value a second" }),
  }));
  return (
    <div className="flex max-w-full flex-wrap items-center gap-2">
      {fixed && (
        <span className="flex items-center gap-1 text-xs text-muted">
          {formatLocal(range.from)} – {formatLocal(range.to)}
          <Button small look="quiet" onClick={() => onChange({ range: search.range, from: undefined, to: undefined })}>
            Reset
          </Button>
        </span>
      )}
      <Segments
        label="Time range"
        value={fixed ? null : (search.range ?? "1h")}
        options={options}
        onChange={(value) => onChange({ range: value, from: undefined, to: undefined })}
      />
    </div>
  );
}
