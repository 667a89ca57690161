import type { Reading } from "../collectors/collector.ts";
import { missing, slots } from "../collectors/values.ts";
import { type StoredDrive, severityOf, sleepText, stateOf } from "./stored-drive.ts";

/** A reason as it is told; the parser's, or one of ours. */
type ToldReason = { code: string; severity: string; text: string };

const slot = slots("drive");
const mostBytes = 60_000;

/** What the server is told of a drive. Values are those of a read just made: without one only the severity stands. */
export function readingOf(drive: StoredDrive): Reading {
  const state = stateOf(drive);
  const { look, judgement } = drive;
  const values = missing("drive");
  if (look.kind === "read") values.set(drive.values.slice(0, values.length).map((value) => value ?? Number.NaN));
  values[slot.severity] = severityOf(judgement?.verdict) ?? Number.NaN;
  // What never had SMART (a card reader, a volume) is not lost.
  if (drive.measuredAt > 0 && look.kind !== "asleep") values[slot.unreadable] = look.kind === "failed" ? 1 : 0;
  const reason = reasonOf(drive);
  return {
    kind: "drive",
    key: drive.key,
    labels: drive.labels,
    attributes: attributesOf(drive, state),
    state,
    ...(reason === undefined ? {} : { reason }),
    values,
  };
}

/** Attributes as they stand now, within 64 KB. */
export function attributesOf(drive: StoredDrive, state = stateOf(drive)): Record<string, unknown> {
  const { facts, baseline, look, measuredAt, baselineAt } = drive;
  const { counters: _, key: __, attributes, ...rest } = facts;
  return bound({
    ...rest,
    attributes: withAccepted(attributes, baseline),
    power: look.kind === "read" ? "active" : look.kind === "asleep" ? "standby" : "unknown",
    verdict: state,
    reasons: reasonsOf(drive),
    baseline,
    baselineAt: isoOrNull(baselineAt),
    measuredAt: isoOrNull(measuredAt),
    stale: look.kind !== "read",
    readError: look.kind === "failed" && drive.paths[0]?.disguise === null ? look.reason : null,
    disks: [...new Set(drive.paths.flatMap(({ disks }) => disks))],
    paths: drive.paths.map(({ name, scanned }) => ({ device: name, type: scanned })),
  });
}

function withAccepted(attributes: unknown, baseline: Record<string, number>): unknown[] {
  if (!Array.isArray(attributes)) return [];
  return attributes.map((one: { key: string }) =>
    Object.hasOwn(baseline, one.key) ? { ...one, accepted: baseline[one.key] } : one,
  );
}

/** The gravest of the last read first, then why it sleeps or can't be read. */
function reasonsOf({ look, judgement }: StoredDrive): ToldReason[] {
  const known = judgement?.reasons ?? [];
  if (look.kind === "read") return known;
  const { code, text } =
    look.kind === "asleep" ? { code: "standby", text: sleepText(look) } : { code: "open_failed", text: look.reason };
  const first = { code, severity: "info", attribute: null, value: null, threshold: null, acknowledge: null, text };
  const others = known.filter((one) => one.code !== code);
  const weighty = others.filter(({ severity }) => severity !== "info");
  return [...weighty, first, ...others.slice(weighty.length)];
}

function reasonOf(drive: StoredDrive): string | undefined {
  const { look, judgement } = drive;
  const known = judgement?.reasons.find(({ severity }) => severity !== "info")?.text;
  const bad = (severityOf(judgement?.verdict) ?? 0) > 0;
  if (look.kind === "asleep") return bad ? known : sleepText(look);
  if (look.kind === "failed")
    return bad && stateOf(drive) !== "unknown" ? `${known}; now: ${look.reason}` : look.reason;
  return known ?? (judgement?.verdict === "unknown" ? judgement.reasons[0]?.text : undefined);
}

/** The least important goes first: smartctl's own words, messages, old log entries, then attributes that tell little. */
function bound(attributes: Record<string, unknown>): Record<string, unknown> {
  let bounded = attributes;
  for (const lose of losses) {
    if (Buffer.byteLength(JSON.stringify(bounded)) <= mostBytes) return bounded;
    bounded = { ...bounded, ...lose(bounded) };
  }
  return bounded;
}

const losses: readonly ((given: Record<string, unknown>) => Record<string, unknown>)[] = [
  () => ({ raw: null, rawAt: null }),
  () => ({ messages: [] }),
  (given) => ({ errorLog: { ...asObject(given.errorLog), entries: [] } }),
  (given) => ({ selfTest: { ...asObject(given.selfTest), entries: [] } }),
  (given) => ({ attributes: asList(given.attributes).filter((one) => asObject(one).critical === true) }),
  (given) => ({ reasons: asList(given.reasons).slice(0, 10), paths: [], disks: asList(given.disks).slice(0, 32) }),
  () => ({ attributes: [], baseline: {} }),
];

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isoOrNull(at: number): string | null {
  return at > 0 ? new Date(at).toISOString() : null;
}
