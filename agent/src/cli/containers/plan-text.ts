import type { GateSpec } from "../../executor/container-command.ts";
import { gateName } from "../../executor/gates/run-gates.ts";
import { bytes, duration, table } from "../text.ts";
import { shortDigest, shortImage } from "./list-text.ts";

type Json = Record<string, unknown>;

const mostChanges = 60;

/** What a dry run answered, as a plan that people read. */
export function planText(output: Json): string {
  const plan = object(output.plan);
  const containers = list(plan.containers);
  const blocks = containers.map((one) => (one.role === "target" ? targetText(one) : alongText(one)));
  const restarts = list(output.containers).filter(({ role }) => role === "restart");
  if (restarts.length > 0) blocks.push(table(restarts.map((one) => [text(one.name), "is restarted", because(one)])));
  const unchanged = strings(plan.unchanged);
  if (unchanged.length > 0) blocks.push(table([["unchanged", `${unchanged.join(", ")}: has that image already`]]));
  const rest: string[][] = [];
  if (containers.length > 0) {
    rest.push(["steps", strings(plan.steps).join(", ")]);
    rest.push(["backup", backupText(plan.backup)]);
    rest.push(["old image", `kept for ${duration(Number(plan.keepImageSeconds))}, for containers rollback`]);
  }
  if (text(plan.ownContainer) !== "") rest.push(["agent", `its own container is ${text(plan.ownContainer)}`]);
  for (const edit of list(plan.composeFiles)) rest.push(["writes", composeText(edit)]);
  for (const warning of strings(plan.warnings)) rest.push(["note", warning]);
  for (const guard of list(output.guards)) {
    const force = guard.forcible === true ? "" : ", can't be forced";
    rest.push([
      guard === list(output.guards)[0] ? "guards" : "",
      `${text(guard.message)} (${text(guard.code)}${force})`,
    ]);
  }
  if (rest.length > 0) blocks.push(table(rest));
  return blocks.join("\n\n");
}

/** A line of a compose or env file that is written, as a plan and a result tell it. */
export function composeText({ file, line, variable, from, to }: Json): string {
  return `${text(file)}:${line} ${text(variable) || "image"}: ${text(from)} -> ${text(to)}`;
}

/** True where the plan would change something. */
export function planChanges(output: Json): boolean {
  return list(object(output.plan).containers).length > 0;
}

/** Why the plan can't be carried out as it is; undefined where it can. */
export function planObstacle(output: Json): string | undefined {
  const standing = list(output.guards).filter((guard) => guard.forcible !== true || text(output.forceReason) === "");
  if (standing.length === 0) return undefined;
  const reasons = standing.map((guard) => `${text(guard.message)} (${text(guard.code)})`).join("; ");
  const forcible = standing.every((guard) => guard.forcible === true);
  return `refused: ${reasons}${forcible ? ": force it with --force --reason TEXT, if you must" : ""}; nothing was changed`;
}

function targetText(one: Json): string {
  const difference = object(one.difference);
  const stays = object(one.stays);
  const size = object(difference.sizeBytes);
  const rows: string[][] = [
    [text(one.name), "is updated"],
    ["  from", imageText(one.fromImage, one.fromDigest)],
    ["  to", imageText(one.toImage, one.toDigest)],
    ["  size", sizeText(size.from, size.to)],
    ...changeRows(list(difference.changes)),
    ["  stays", staysText(stays)],
    ["  has to", proofText(one)],
  ];
  return table(rows.filter(([, value]) => value !== ""));
}

function alongText(one: Json): string {
  return table([[text(one.name), "is recreated of its own image", because(one)]]);
}

function because(one: Json): string {
  const ties = list(one.because).map(({ to, by }) => `${tieText(by)} ${text(to)}`);
  return ties.length === 0 ? "" : `it ${ties.join(", ")}`;
}

function tieText(by: unknown): string {
  if (by === "link") return "is linked to";
  if (by === "volumes") return "has the volumes of";
  if (by === "requires") return "requires";
  return by === "depends_on" ? "depends on" : `shares the ${text(by)} of`;
}

function changeRows(changes: readonly Json[]): string[][] {
  if (changes.length === 0) return [["  changes", "none in the image's settings"]];
  const rows = changes.slice(0, mostChanges).map((change, i) => [i === 0 ? "  changes" : "", changeText(change)]);
  if (changes.length > mostChanges) rows.push(["", `and ${changes.length - mostChanges} more: see --json`]);
  return rows;
}

function changeText({ field, name, from, to }: Json): string {
  const what = [text(field), text(name)].filter(Boolean).join(" ");
  if (from === undefined) return `+ ${what}${to === true ? "" : ` = ${valueText(to)}`}`;
  if (to === undefined) return `- ${what}${from === true ? "" : ` (${valueText(from)})`}`;
  return `~ ${what}: ${valueText(from)} -> ${valueText(to)}`;
}

function valueText(value: unknown): string {
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  return shown.length > 120 ? `${shown.slice(0, 117)}...` : shown;
}

function sizeText(from: unknown, to: unknown): string {
  return typeof from === "number" && typeof to === "number" ? `${bytes(from)} -> ${bytes(to)}` : "";
}

function staysText(stays: Json): string {
  const parts = [
    ...strings(stays.volumes).map((one) => `volume ${shortName(one)}`),
    ...strings(stays.binds).map((one) => `bind ${one}`),
    ...strings(stays.networks).map((one) => `network ${one}`),
    `restart policy ${text(stays.restartPolicy)}`,
  ];
  return parts.join(", ");
}

/** Anonymous volumes have 64 digits for a name. */
function shortName(volume: string): string {
  return volume.replace(/^([0-9a-f]{12})[0-9a-f]{52}:/, "$1...:");
}

function proofText(one: Json): string {
  if (one.running !== true) return "stays stopped, so nothing proves it";
  const gates = (Array.isArray(one.gates) ? (one.gates as GateSpec[]) : []).map((gate) => `pass ${gateName(gate)}`);
  return [`run for ${duration(Number(one.stableSeconds))}, healthy where it has a check`, ...gates].join(", ");
}

function backupText(given: unknown): string {
  const backup = object(given);
  const parts = [
    backup.volumes === true ? "volumes" : "",
    strings(backup.binds).length > 0 ? `folders ${strings(backup.binds).join(", ")}` : "",
    backup.dump === true ? "dump of the database" : "",
  ].filter(Boolean);
  if (given === null || given === undefined) return "none: --backup volumes,dump makes one before";
  const how = backup.consistency === "default" ? "" : ` (${text(backup.consistency)})`;
  return `${parts.join(", ") || "configuration"}${how}`;
}

function imageText(image: unknown, digest: unknown): string {
  return `${shortImage(text(image))}${typeof digest === "string" ? ` (${shortDigest(digest)})` : ""}`;
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null) : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
