import type { Host } from "../host/host.ts";
import { withDisks } from "./member-disks.ts";
import type { Pool, ScrubAction } from "./pool.ts";
import type { ScrubMemory } from "./scrub-memory.ts";
import type { Found } from "./zfs-ask.ts";
import { sameNames } from "./zfs-names.ts";
import type { Dialect } from "./zpool.ts";
import { poolStateOf, type ZpoolStatus } from "./zpool-words.ts";

/** What is known of a pool besides what zpool told this time. */
export type Known = {
  /** The kernel's word for its state. */
  kernel: string | undefined;
  how: Dialect | undefined;
  /** The pool as it was last told of. */
  before: Pool | undefined;
  /** Unix ms. */
  createdAt: number | undefined;
  memory: ScrubMemory;
};

/** The pool of that name from what was found out about it. `now` in Unix ms. */
export function zfsPool(host: Host, name: string, found: Found, known: Known, now: number): Pool {
  const { status, sizes, error, hung } = found;
  const { before, kernel, how } = known;
  const health = kernel === "SUSPENDED" ? kernel : status?.health || sizes?.health || kernel || "";
  const suspended = health === "SUSPENDED" || /in response to IO failures/i.test(status?.status ?? "");
  const stuck = hung === true && !suspended;
  const problem = error ?? status?.problem;
  const state = suspended ? "suspended" : stuck ? "stuck" : poolStateOf(health);
  const members = status === undefined ? (before?.members ?? []) : withDisks(host, sameNames(status.members, before));
  const pool: Pool = {
    ...(status === undefined && before !== undefined ? withoutScan(before) : {}),
    type: "zfs",
    name,
    level: status?.level || before?.level || "",
    state,
    health,
    members,
    scrubActions: scrubActionsOf(how),
    tool: "zpool",
    ...(how === undefined || how.version === "" ? {} : { toolVersion: how.version }),
    ...(problem === undefined ? {} : { problem }),
  };
  const reason = reasonFor(pool, status);
  if (reason === undefined) delete pool.reason;
  else pool.reason = reason;
  const { name: _, health: __, ...measured } = sizes ?? { name, health };
  Object.assign(pool, measured);
  if (status !== undefined) takeStatus(pool, status, known, now);
  return pool;
}

function takeStatus(pool: Pool, status: ZpoolStatus, { memory, createdAt }: Known, now: number): void {
  const { scan, guid, dataErrors } = status;
  pool.status = status.status;
  pool.action = status.action;
  if (guid !== undefined) pool.guid = guid;
  if (dataErrors !== undefined) pool.dataErrors = dataErrors;
  if (status.damaged !== undefined) pool.extra = { damaged: status.damaged };
  if (scan !== undefined) pool.scan = scan;
  const id = `${pool.name}/${pool.guid ?? ""}`;
  const scrub = status.scrub ?? scan;
  const { startedAt, endedAt, errors } = scrub ?? {};
  const whole = scrub?.function === "scrub" && scrub.state === "finished" && endedAt !== undefined;
  const lastScrub = memory.lastScrub(
    id,
    whole
      ? {
          endedAt,
          ...(errors === undefined ? {} : { errors }),
          ...(startedAt === undefined ? {} : { durationSeconds: Math.max(0, endedAt - startedAt) / 1000 }),
        }
      : undefined,
  );
  if (lastScrub !== undefined) pool.lastScrub = lastScrub;
  else {
    // A resilver or a scrub that was stopped hides when the last whole one ended: it counts from when we came.
    const made = scan === undefined ? createdAt : undefined;
    pool.scrubDueFrom = made !== undefined && made > 0 ? made : memory.firstSeen(id, now);
  }
}

function scrubActionsOf(how: Dialect | undefined): readonly ScrubAction[] {
  if (how === undefined) return [];
  // Pausing came with 0.7; where the version is not told it is older, or zfs-fuse.
  return how.form === "plain" || /^0\.6/.test(how.version) ? ["start", "stop"] : ["start", "pause", "stop"];
}

function reasonFor(pool: Pool, status: ZpoolStatus | undefined): string | undefined {
  if (pool.state === "online") return undefined;
  if (pool.state === "suspended") return status?.status || "its IO is suspended: it waits for its devices";
  if (pool.state === "stuck") return pool.problem;
  return status?.status || pool.problem || `zpool says ${pool.health === "" ? "nothing" : pool.health}`;
}

/** What was known of a pool that can't be read now; a scan's progress is not. */
function withoutScan(pool: Pool): Omit<Pool, "scan"> {
  const { scan: _, ...rest } = pool;
  return rest;
}
