import { gateName } from "../../executor/gates/run-gates.ts";
import { ago, bytes, duration, table } from "../text.ts";
import type { Inspected, UpdateView } from "./inspect.ts";

type Row = [name: string, value: string];

const shownLabels = 40;

/** One container as people read it. `now` in Unix ms. */
export function inspectText(one: Inspected, now: number): string {
  const blocks = [
    table(about(one, now).filter(([, value]) => value !== "")),
    section("UPDATES", updateRows(one, now)),
    section(
      "MOUNTS",
      one.mountPoints.map(({ type, source, destination, readOnly, anonymous, sizeBytes }) => [
        destination,
        anonymous ? "anonymous volume" : type,
        anonymous ? source.slice(0, 12) : source,
        readOnly ? "read-only" : "",
        sizeBytes === null ? "" : bytes(sizeBytes),
      ]),
    ),
    section(
      "NETWORKS",
      one.endpoints.map(({ network, address, aliases }) => [network, address ?? "-", aliases.join(", ")]),
    ),
    section(
      "ENVIRONMENT",
      one.environment.map(({ variable, ofImage }) => [variable, ofImage ? "(of the image)" : ""]),
    ),
    section(
      "LABELS",
      Object.entries(one.labels)
        .slice(0, shownLabels)
        .map(([name, value]) => [name, value]),
    ),
    section(
      "HEALTH CHECKS",
      one.healthLog.map(({ at, exitCode, output }) => [at ?? "-", `exit code ${exitCode ?? "-"}`, output]),
    ),
    section("BACKUPS", backupRows(one, now)),
  ];
  return blocks.filter((block) => block !== "").join("\n\n");
}

function about(one: Inspected, now: number): Row[] {
  const running = one.pid > 0;
  const left = one.oomKilled ? `${one.exitCode}, killed for lack of memory` : String(one.exitCode);
  return [
    ["container", `${one.key} (${one.id.slice(0, 12)}, ${one.runtime})`],
    ["image", one.image],
    ["digest", one.digest ?? "none: the image came from no registry"],
    ["image id", one.imageId],
    ["state", `${one.state}${one.health === null ? "" : `, ${one.health}`}`],
    ["", one.health === "unhealthy" ? one.healthOutput : ""],
    ["up", running && one.startedAt > 0 ? duration((now - one.startedAt) / 1000) : ""],
    ["ended", !running && one.finishedAt > 0 ? `${ago(one.finishedAt, now)}, exit code ${left}` : ""],
    ["created", ago(one.createdAt, now)],
    ["restarts", `${one.restartCount}, policy ${one.restartPolicy}`],
    ["command", one.command.join(" ")],
    ["user", one.user],
    ["folder", one.workingDir],
    ["memory", one.memoryLimit > 0 ? `at most ${bytes(one.memoryLimit)}` : ""],
    ["ports", one.ports.join(", ")],
    ["network", one.networkMode],
  ];
}

function updateRows({ updates, kept }: Inspected, now: number): string[][] {
  const rows: string[][] = [
    ["may be updated", allowedText(updates)],
    ...updates.guards.map(({ message, code, forcible }) => [
      "guard",
      `${message} (${code}${forcible ? "" : ", can't be forced"})`,
    ]),
    ...(updates.problem === null ? [] : [["problem", updates.problem]]),
    ["has to", `run for ${duration(updates.stableSeconds || 10)}, healthy where it has a check`],
    ...updates.gates.map((gate) => ["gate", `${gateName(gate)} within ${duration(gate.timeoutSeconds || 60)}`]),
    ...updates.dependents.map(({ name, how, ties }) => [
      "goes along",
      `${name} is ${how === "recreate" ? "recreated" : "restarted"} (${ties.map(({ to, by }) => `${by} of ${to}`).join(", ")})`,
    ]),
    [
      "backup before",
      updates.backup === null ? "none (fairlead.backup=volumes,dump asks for one)" : backupText(updates.backup),
    ],
    ...kept.map(({ update, at, fromImage, toImage, keepUntil }) => [
      "roll-back",
      `${ago(at, now)}: ${fromImage} -> ${toImage}, kept for ${duration(Math.max(0, keepUntil - now) / 1000)}, ${update}`,
    ]),
  ];
  return rows;
}

function allowedText({ allowed }: UpdateView): string {
  if (allowed === "never") return "no: fairlead.update=never";
  return allowed === "manual" ? "by a person: fairlead.update=manual" : "yes";
}

function backupText(given: unknown): string {
  const { volumes, dump, binds } = given as { volumes: boolean; dump: boolean; binds: string[] };
  const parts = [volumes ? "volumes" : "", dump ? "dump" : "", ...binds].filter((part) => part !== "");
  return parts.join(", ") || "configuration";
}

function backupRows({ backups }: Inspected, now: number): string[][] {
  return backups
    .slice(0, 10)
    .map(({ id, manifest, state, bytes: size, problem }) => [
      id,
      state,
      bytes(size),
      ago(manifest?.created ?? 0, now),
      problem,
    ]);
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  return `${title}\n${table(rows.map((row) => [`  ${row[0] ?? ""}`, ...row.slice(1)]))}`;
}
