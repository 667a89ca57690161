import type { ReactNode } from "react";

export type Tile = { label: string; value: ReactNode; sub?: ReactNode; tone?: "warn" | "crit" | undefined };

const tones = { warn: "text-warn", crit: "text-crit" };

/** The figures that matter now; nothing where there are none. */
export function Tiles({ tiles }: { tiles: readonly (Tile | null | false)[] }) {
  const shown = tiles.filter((tile) => tile !== null && tile !== false);
  if (shown.length === 0) return null;
  return (
    <dl className="mb-3 grid grid-cols-2 gap-3 sm:grid-cols-[repeat(auto-fit,minmax(10.5rem,1fr))]">
      {shown.map(({ label, value, sub, tone }) => (
        <div key={label} className="panel min-w-0 px-3 py-2">
          <dt className="text-xs text-muted">{label}</dt>
          <dd className={`text-lg leading-7 font-semibold ${tone ? tones[tone] : ""}`}>{value}</dd>
          {sub && <dd className="text-xs text-muted">{sub}</dd>}
        </div>
      ))}
    </dl>
  );
}

/** A tile of a value, none where it is missing. */
export function when(value: number | null | undefined, make: (value: number) => Tile): Tile | null {
  return value === null || value === undefined ? null : make(value);
}

export function given(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}

/** The tone of a value that worries from `warn` on, and more so from `crit` on. */
export function limit(value: number | null | undefined, warn: number, crit: number): "warn" | "crit" | undefined {
  if (!given(value)) return undefined;
  return value >= crit ? "crit" : value >= warn ? "warn" : undefined;
}
