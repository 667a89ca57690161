const binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
const decimal = ["", "k", "M", "G", "T", "P"];

/** What stands where a value is missing. */
export const missing = "–";

type Maybe = number | null | undefined;

/** Three significant digits, never an exponent, no trailing zeros behind the point. */
function digits(value: number): string {
  const size = Math.abs(value);
  const places = size >= 100 || value === 0 ? 0 : size >= 10 ? 1 : 2;
  const text = value.toFixed(places);
  return places === 0 ? text : text.replace(/\.?0+$/, "");
}

function scale(value: number, step: number, names: readonly string[]): [string, string] {
  let rest = value;
  let at = 0;
  // 999.5 rounds to 1000 in the small unit: it belongs to the next.
  while (Math.abs(rest) >= (step === 1024 ? 1023.5 : 999.5) && at < names.length - 1) {
    rest /= step;
    at += 1;
  }
  return [digits(rest), names[at] ?? ""];
}

/** Bytes in IEC units: `1.5 GiB`. */
export function formatBytes(value: Maybe): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  const [number, unit] = scale(value, 1024, binary);
  return `${unit === "B" ? Math.round(value) : number} ${unit}`;
}

/** A drive's capacity as its maker prints it, in SI units: `4 TB`. */
export function formatCapacity(value: Maybe): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  const [number, unit] = scale(value, 1000, ["B", "kB", "MB", "GB", "TB", "PB", "EB"]);
  return `${number} ${unit}`;
}

/** Time under power: `3.4 years`, below two years in days: `40 d`. */
export function formatAge(seconds: Maybe): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return missing;
  const days = seconds / 86_400;
  if (days < 2) return formatDuration(seconds);
  return days < 730.5 ? `${Math.round(days)} d` : `${(days / 365.25).toFixed(1)} years`;
}

/** Bytes a second: `12.3 MiB/s`. */
export function formatByteRate(value: Maybe): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  const [number, unit] = scale(value, 1024, binary);
  return `${unit === "B" ? Math.round(value) : number} ${unit}/s`;
}

/** Bits a second in SI units: `1 Gbit/s`. */
export function formatBitRate(value: Maybe): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  const [number, unit] = scale(value, 1000, decimal);
  return `${number} ${unit}bit/s`;
}

/** A plain number, shortened with SI prefixes from 10,000 on: `12.3k`. */
export function formatNumber(value: Maybe): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  if (Math.abs(value) < 10_000) return digits(value);
  const [number, unit] = scale(value, 1000, decimal);
  return `${number}${unit}`;
}

const whole = new Intl.NumberFormat("en");

/** Every digit of a count: `35,112`. */
export function formatWhole(value: Maybe): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  return whole.format(value);
}

/** A ratio of 0 to 1 as per cent: `42 %`, one decimal below 10 %. */
export function formatRatio(value: Maybe): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  const percent = value * 100;
  const size = Math.abs(percent);
  return `${size === 0 || size >= 9.95 ? Math.round(percent) : percent.toFixed(1)} %`;
}

/** A duration in its two largest units: `3 d 4 h`, `12 s`, `340 ms`. */
export function formatDuration(seconds: Maybe): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return missing;
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? "−" : "";
  if (size === 0) return "0 s";
  if (size < 0.0009995) return `${sign}${digits(size * 1e6)} µs`;
  if (size < 0.9995) return `${sign}${digits(size * 1e3)} ms`;
  if (size < 9.995) return `${sign}${digits(size)} s`;
  const whole = Math.round(size);
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return sign + shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

/** A metric's value in the words of its catalogue unit. */
export function formatUnit(unit: string, value: Maybe): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  switch (unit) {
    case "bytes":
      return formatBytes(value);
    case "bytes_per_second":
      return formatByteRate(value);
    case "bits_per_second":
      return formatBitRate(value);
    case "per_second":
      return `${formatNumber(value)}/s`;
    case "seconds":
      return formatDuration(value);
    case "ratio":
      return formatRatio(value);
    case "cores":
      return value < 0.1 && value > 0 ? `${digits(value * 1000)} m` : digits(value);
    case "celsius":
      return `${digits(value)} °C`;
    case "rpm":
      return `${formatNumber(value)} rpm`;
    case "volts":
      return `${digits(value)} V`;
    case "watts":
      return `${digits(value)} W`;
    case "boolean":
      return value ? "yes" : "no";
    default:
      return formatNumber(value);
  }
}

/** Steps that make round axis labels for a unit: powers of two for bytes, tens otherwise. */
export function axisSteps(unit: string): number[] {
  if (unit === "seconds")
    return [
      1e-6, 1e-5, 1e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800,
      3600, 7200, 21_600, 43_200, 86_400, 604_800,
    ];
  const base = unit.startsWith("bytes") ? 1024 : 1000;
  const steps: number[] = unit.startsWith("bytes") ? [] : [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5];
  for (let power = 1; power < base ** 6; power *= base) {
    const within = base === 1024 ? [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] : [1, 2, 5, 10, 20, 50, 100, 200, 500];
    for (const step of within) steps.push(step * power);
  }
  return steps;
}
