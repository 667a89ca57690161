import type { ById } from "./by-ids.ts";
import type { Controller } from "./list-controllers.ts";
import type { Device } from "./list-devices.ts";
import type { Filesystem } from "./list-filesystems.ts";
import type { Pool } from "./list-pools.ts";

/** Something that someone should look at. */
export type Problem = {
  kind: "drive" | "pool" | "filesystem" | "controller";
  id: number;
  serverId: string;
  serverName: string;
  name: string;
  state: string | null;
  severity: "warning" | "critical";
  text: string;
  since: Date | null;
};

/** A filesystem that is full so soon is a problem. */
const soonHours = 72;

/** As the built-in rules have it: without room for either, all volumes of a thin pool stop or are lost. */
const fullData = 0.98;
const fullMetadata = 0.8;

/** Whether a thin pool is about to stop for lack of room, whatever LVM calls its state; NaN and null: not known. */
export function isThinPoolFull(usedRatio: number | null, metadataUsedRatio: number | null): boolean {
  return (usedRatio ?? 0) >= fullData || (metadataUsedRatio ?? 0) > fullMetadata;
}

/** The problems of what was found, the gravest first, of equal ones the oldest. */
export function problemsOf(
  { drives, pools, filesystems, controllers }: ById,
  bad: Record<keyof ById, readonly number[]>,
  filling: readonly number[],
): Problem[] {
  const found = [
    ...present(bad.pools, pools).map(poolProblem),
    ...present(bad.controllers, controllers).map(controllerProblem),
    ...present(bad.drives, drives).map(driveProblem),
    ...present(bad.filesystems, filesystems).map(stuckProblem),
    ...present(filling, filesystems)
      .filter(({ forecast }) => (forecast?.hoursLeft ?? Number.POSITIVE_INFINITY) <= soonHours)
      .map(fillingProblem),
  ];
  const age = ({ since }: Problem) => since?.getTime() ?? Number.POSITIVE_INFINITY;
  return found.sort((a, b) => rank(a) - rank(b) || (age(a) < age(b) ? -1 : age(a) > age(b) ? 1 : 0));
}

function present<T>(ids: readonly number[], known: ReadonlyMap<number, T>): T[] {
  return ids.flatMap((id) => known.get(id) ?? []);
}

function rank({ severity }: Problem): number {
  return severity === "critical" ? 0 : 1;
}

function driveProblem(drive: Device): Problem {
  const { id, serverId, serverName, device, key, model, verdict, reasons, stateSince } = drive;
  return {
    kind: "drive",
    id,
    serverId,
    serverName,
    name: device ?? model ?? key,
    state: verdict,
    severity: verdict === "warning" ? "warning" : "critical",
    text: reasons[0]?.text ?? `verdict ${verdict ?? "unknown"}`,
    since: stateSince,
  };
}

function controllerProblem(controller: Controller): Problem {
  const { id, serverId, serverName, model, key, state, faults, battery, status, stateSince } = controller;
  const cell = battery?.ok === false ? [`${battery.kind ?? "battery"}: ${battery.state ?? "not well"}`] : [];
  const why = [...faults, ...cell];
  return {
    kind: "controller",
    id,
    serverId,
    serverName,
    name: model ?? key,
    state,
    severity: state === "failed" ? "critical" : "warning",
    text: why.length > 0 ? why.join("; ") : (status ?? state ?? "unknown"),
    since: stateSince,
  };
}

function poolProblem(pool: Pool): Problem {
  const { id, serverId, serverName, name, state, membersMissing, membersTotal, problem, stateSince } = pool;
  const missing =
    membersMissing !== null && membersMissing > 0
      ? `${membersMissing} of ${membersTotal ?? "?"} members missing`
      : null;
  // Of one that can't be read, its tool's word counts: the members are those of before.
  const known = state === "stuck" ? (problem ?? missing) : (missing ?? problem);
  const why = known ?? fullness(pool);
  return {
    kind: "pool",
    id,
    serverId,
    serverName,
    name,
    state,
    severity: "critical",
    text: state === "online" && why !== null ? why : `${state ?? "unknown"}${why === null ? "" : `: ${why}`}`,
    // It is not for long as bad as it has been online.
    since: state === "online" ? null : stateSince,
  };
}

function fullness({ type, usedRatio, metadataUsedRatio }: Pool): string | null {
  if (type !== "lvm-thin" || !isThinPoolFull(usedRatio, metadataUsedRatio)) return null;
  const percent = (ratio: number | null) => Math.floor((ratio ?? 0) * 100 + 1e-4);
  return (metadataUsedRatio ?? 0) > fullMetadata
    ? `${percent(metadataUsedRatio)} % of its metadata used: extend them (lvextend --poolmetadatasize)`
    : `${percent(usedRatio)} % of its data used: extend it (lvextend)`;
}

function stuckProblem(filesystem: Filesystem): Problem {
  return { ...filesystemProblem(filesystem), severity: "critical", text: "does not answer" };
}

function fillingProblem(filesystem: Filesystem): Problem {
  const hours = Math.round(filesystem.forecast?.hoursLeft ?? 0);
  return { ...filesystemProblem(filesystem), severity: "warning", text: `full in about ${hours} h`, since: null };
}

function filesystemProblem(filesystem: Filesystem): Omit<Problem, "severity" | "text"> {
  const { id, serverId, serverName, mountPoint, state, stateSince } = filesystem;
  return { kind: "filesystem", id, serverId, serverName, name: mountPoint, state, since: stateSince };
}
