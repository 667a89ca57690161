import type { LocalResult } from "../../control-command.ts";
import { printable } from "../../log.ts";
import { bytes, duration, table } from "../text.ts";
import { shortDigest, shortImage } from "./list-text.ts";
import { composeText } from "./plan-text.ts";

type Json = Record<string, unknown>;

/** How an update ended, in a few lines; the reason of a failure is told elsewhere. `done` is said of one that succeeded. */
export function updateResult(result: LocalResult, done: string): string {
  const { status, output, startedAt, finishedAt } = result;
  // One that was refused has not begun.
  const took = startedAt === 0 ? "" : duration(Math.max(0, finishedAt - startedAt) / 1000);
  const all = list(output.containers);
  const rows = all.map((one) => {
    const from = imageText(one.fromImage, one.fromDigest);
    const to = imageText(one.toImage, one.toDigest);
    const moved = one.role === "target" ? `${from} -> ${to}` : "as it was";
    return [`  ${text(one.name)}`, roleText(one.role), moved];
  });
  const lines: string[] = [];
  if (status === "SUCCEEDED" && output.changed === false) return "nothing to do: it has that image already";
  if (status === "SUCCEEDED") lines.push(`${done}${took && ` in ${took}`}${downtime(output.downtimeMs)}`);
  else lines.push(`${outcomes[status]}${took && ` after ${took}`}${downtime(output.downtimeMs)}`);
  if (rows.length > 0 && status === "SUCCEEDED") lines.push(table(rows));
  const gates = list(output.gates).map((one) => [
    `  ${text(one.container)}`,
    `gate ${text(one.gate)}`,
    one.passed === true ? "passed" : `failed: ${text(one.said)}`,
    `${one.attempts} ${one.attempts === 1 ? "try" : "tries"}, ${duration(Number(one.ms) / 1000)}`,
  ]);
  if (gates.length > 0) lines.push(table(gates));
  const phases = Object.entries((output.phases ?? {}) as Json);
  if (phases.length > 0) {
    lines.push(`  phases: ${phases.map(([name, ms]) => `${name} ${duration(Number(ms) / 1000)}`).join(", ")}`);
  }
  for (const [name, id] of Object.entries((output.backups ?? {}) as Json)) lines.push(`  backup of ${name}: ${id}`);
  for (const guard of list(output.guards)) {
    if (text(output.forceReason) !== "") lines.push(`  passed over: ${text(guard.message)} (${text(guard.code)})`);
  }
  for (const edit of list(output.composeFiles))
    if (edit.changed === true) lines.push(`  written: ${composeText(edit)}`);
  if (text(output.warning) !== "") lines.push(`  note: ${text(output.warning)}`);
  for (const { container, name, state, commands } of list(output.leftovers)) {
    const where = name === container || name === null ? "" : ` as ${text(name)}`;
    lines.push(`  left: the old ${text(container)} is ${text(state)}${where}`);
    for (const command of strings(commands)) lines.push(`    ${command}`);
  }
  const logs = strings(output.logs);
  if (logs.length > 0)
    lines.push("  last lines of the new container:", ...logs.map((line) => `    ${printable(line)}`));
  return lines.map((line) => line.split("\n").map(printable).join("\n")).join("\n");
}

/** What a backup, restore or check of one tells, in a few lines. `done` is said of one that succeeded. */
export function backupResult({ output, startedAt, finishedAt }: LocalResult, done: string): string {
  const took = duration(Math.max(0, finishedAt - startedAt) / 1000);
  const lines = [`${done} in ${took}${downtime(output.downtimeMs)}`];
  const row = (name: string, value: string) => lines.push(`  ${name.padEnd(nameWidth)}  ${value}`);
  row("backup", text(output.backup));
  if (text(output.container) !== "") row("container", text(output.container));
  if (typeof output.bytes === "number") {
    const packed = typeof output.compressedBytes === "number" ? `, ${bytes(output.compressedBytes)} on disk` : "";
    row("size", `${bytes(output.bytes)}${packed}`);
  }
  for (const { what, source, bytes: size } of list(output.files)) {
    row("holds", `${text(what)} ${text(source)}${typeof size === "number" ? ` (${bytes(size)})` : ""}`);
  }
  for (const { from, to, at } of list(output.volumes)) row("filled", `${text(to)} at ${text(at)} from ${text(from)}`);
  if (output.started === false) row("state", "not started");
  if (typeof output.expires === "number") row("kept", `until ${new Date(output.expires).toISOString()}`);
  if (typeof output.before === "string") row("before", `what it held is in the backup ${output.before}`);
  for (const note of [...strings(output.notes), ...strings(output.warnings)]) row("note", note);
  return lines.map(printable).join("\n");
}

const nameWidth = 9;

const outcomes: Record<LocalResult["status"], string> = {
  SUCCEEDED: "done",
  FAILED: "failed",
  ROLLED_BACK: "rolled back",
  EXPIRED: "expired",
  CANCELLED: "cancelled",
};

function downtime(ms: unknown): string {
  if (ms === null) return ", it is down";
  if (typeof ms !== "number" || ms === 0) return ms === 0 ? ", without downtime" : "";
  return `, it was down for ${duration(ms / 1000)}`;
}

function imageText(image: unknown, digest: unknown): string {
  const short = typeof digest === "string" ? ` (${shortDigest(digest)})` : "";
  return `${shortImage(text(image))}${short}`;
}

function roleText(role: unknown): string {
  return role === "target" ? "updated" : role === "recreate" ? "recreated" : "restarted";
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
