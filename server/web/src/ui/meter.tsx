// biome-ignore-all lint/a11y/useSemanticElements: the meter element can't be styled alike everywhere
import { formatRatio } from "../format/units.ts";

const colours = { ok: "var(--bar-ok)", warn: "var(--bar-warn)", crit: "var(--bar-crit)" };

/** Where a used share begins to worry. */
export function loadTone(ratio: number, warn = 0.8, crit = 0.92): "ok" | "warn" | "crit" {
  return ratio >= crit ? "crit" : ratio >= warn ? "warn" : "ok";
}

/** A bar for a used share with its figure. */
export function Meter({ value, label, wide }: { value: number | null | undefined; label: string; wide?: boolean }) {
  const known = value !== null && value !== undefined;
  const share = known ? Math.min(1, Math.max(0, value)) : 0;
  return (
    <span
      className={`inline-flex min-w-0 items-center gap-2 ${wide ? "w-full" : ""}`}
      title={`${label}: ${formatRatio(value)}`}
    >
      <span
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={known ? formatRatio(value) : "unknown"}
        className={`h-1.5 overflow-hidden rounded-full bg-sunken ${wide ? "min-w-10 flex-1" : "w-14"}`}
      >
        <span
          className="block h-full rounded-full"
          style={{ width: `${share * 100}%`, background: colours[loadTone(share)] }}
        />
      </span>
      <span className={`w-10 shrink-0 text-right ${known ? "text-text" : "text-muted"}`}>{formatRatio(value)}</span>
    </span>
  );
}

/** A tiny line of ratios of 0 to 1; null breaks the line. */
export function Sparkline({ values, label }: { values: readonly (number | null)[]; label: string }) {
  const width = 72;
  const height = 20;
  const step = width / Math.max(1, values.length - 1);
  let path = "";
  let open = false;
  values.forEach((value, i) => {
    if (value === null) {
      open = false;
      return;
    }
    const y = height - 1 - Math.min(1, Math.max(0, value)) * (height - 2);
    path += `${open ? "L" : "M"}${(i * step).toFixed(1)} ${y.toFixed(1)}`;
    open = true;
  });
  return (
    <svg role="img" aria-label={label} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--line)" strokeWidth="1" />
      <path d={path} fill="none" stroke="var(--c1)" strokeWidth="1.25" strokeLinejoin="round" />
    </svg>
  );
}
