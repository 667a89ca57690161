import { findKind, type Unit } from "@fairlead/shared/catalogue";
import { nameOfDrive } from "../storage/links.ts";
import type { Condition } from "./rule.ts";

/** One line for people: what is wrong where. `detail` is the state's reason or the command's outcome. */
export function summarise(about: {
  condition: Condition;
  kind: string;
  key: string;
  labels?: Readonly<Record<string, string>>;
  serverName: string;
  value: number | null;
  state: string | null;
  detail: string;
}): string {
  const { condition: c, kind, key, labels = {}, serverName, value, state, detail } = about;
  const subject = kind === "server" || kind === "host" ? serverName : `${nameOf(kind, key, labels)} on ${serverName}`;
  const because = detail === "" ? "" : `: ${detail}`;
  switch (c.type) {
    case "threshold": {
      const unit = unitOf(kind, c.metric);
      if (unit === "boolean" && value !== null) return `${subject}: ${wordsOf(c.metric)}: ${value > 0 ? "yes" : "no"}`;
      return `${subject}: ${wordsOf(c.metric)} ${value === null ? "?" : formatValue(value, unit)} (${c.op} ${formatValue(c.value, unit)})`;
    }
    case "increase":
      return `${subject}: ${wordsOf(c.metric)} rose by ${value ?? "?"} in ${formatSeconds(c.seconds)} (${c.op} ${c.value})`;
    case "absence":
      return `${subject}: no data for ${formatSeconds(c.seconds)}`;
    case "state":
      return `${subject} is ${state ?? "unknown"}${because}`;
    case "update_failed":
      return `${subject}: update ${detail === "" ? "failed" : detail}`;
    case "forecast": {
      const end = c.metric === "wear_ratio" ? "worn out" : "full";
      const left = value === null ? "soon" : value <= 0 ? "now" : `in about ${formatSeconds(value)}`;
      return `${subject}: ${end} ${left} if it goes on like this (within ${formatSeconds(c.withinSeconds)})`;
    }
  }
}

/** "pool tank", "drive sda (ST4000)": the name that people know it by. */
function nameOf(kind: string, key: string, labels: Readonly<Record<string, string>>): string {
  switch (kind) {
    case "drive":
      return `drive ${nameOfDrive({ key, labels })}`;
    case "pool":
      return `pool ${labels.name ?? key}`;
    case "pool_member":
      return `${labels.device ?? key} of pool ${labels.pool?.replace(/^[^:]*:/, "") ?? "?"}`;
    case "controller":
      return `RAID controller ${key}`;
    default:
      return `${kind} ${key}`;
  }
}

/** The unit of a kind's metric; "count" where there is none. */
export function unitOf(kind: string, metric: string): Unit {
  return findKind(kind)?.metrics.find((m) => m.name === metric)?.unit ?? "count";
}

/** A value with its unit: 0.912 ratio is "91.2 %", 2000000 bytes "1.9 MiB". */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case "ratio":
      return `${round(value * 100)} %`;
    case "bytes":
      return formatBytes(value);
    case "bytes_per_second":
      return `${formatBytes(value)}/s`;
    case "bits_per_second":
      return `${round(value / 1e6)} Mbit/s`;
    case "per_second":
      return `${round(value)}/s`;
    case "seconds":
      return formatSeconds(value);
    case "celsius":
      return `${round(value)} °C`;
    case "rpm":
      return `${round(value)} rpm`;
    case "volts":
      return `${round(value)} V`;
    case "watts":
      return `${round(value)} W`;
    case "cores":
    case "count":
    case "boolean":
      return String(round(value));
  }
}

function wordsOf(metric: string): string {
  return metric.replace(/_(ratio|bytes|seconds|celsius|per_second)$/, "").replaceAll("_", " ");
}

function formatBytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let v = value;
  let i = 0;
  for (; Math.abs(v) >= 1024 && i < units.length - 1; i++) v /= 1024;
  return `${round(v)} ${units[i]}`;
}

function formatSeconds(value: number): string {
  if (value < 120) return `${round(value)} s`;
  if (value < 7200) return `${round(value / 60)} min`;
  if (value >= 10 * 86_400) return `${round(value / 86_400)} d`;
  return `${round(value / 3600)} h`;
}

function round(value: number): number {
  return Number(value.toFixed(Math.abs(value) < 10 ? 2 : 1));
}
