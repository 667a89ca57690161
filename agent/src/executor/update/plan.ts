import type { CreatePlan, Snapshot } from "../../runtimes/runtime.ts";
import type { BackupRequest, GateSpec } from "../container-command.ts";
import type { GateOutcome } from "../gates/run-gates.ts";
import type { Outcome } from "../journal.ts";
import type { Tie } from "./component.ts";
import type { ComposePlan } from "./compose-files.ts";

/** The step that was begun last; journaled before it is taken. */
export type Step = "create" | "backup" | "rename" | "stop" | "start" | "gate" | "restart" | "commit" | "rollback";

/**
 * A container that takes part. "target": gets another image. "recreate": is made anew of its own image, since what it
 * shares with another goes. "restart": is restarted at the end.
 */
export type Member = {
  role: "target" | "recreate" | "restart";
  snapshot: Snapshot;
  /** What its new one is made of; of others than targets the image that they have. */
  image: string;
  imageId: string;
  fromDigest: string | null;
  toDigest: string | null;
  temporary: string;
  rollback: string;
  create: CreatePlan;
  /** How it hangs on members before it. */
  ties: { to: string; by: Tie }[];
  newId?: string;
  /** Its new one was started just now. */
  started?: true;
  /** An old one that vanished when it stopped (--rm), made again. */
  restored?: string;
  /** What its image reference meant on this host before the pull; null: nothing. Absent: it was not pulled. */
  tagBefore?: string | null;
  /** Its image is here and its name has to mean it from the creation on (roll-backs). */
  retag?: true;
  gates: GateSpec[];
  stableMs: number;
  healthTimeoutMs: number;
};

/** All guards; docs/containers-labels.md tells of each. */
export const guardCodes = [
  "label_never",
  "pinned_digest",
  "replaced_since",
  "database_major",
  "no_space",
  "engine_unhealthy",
  "orchestrated",
  "own_container",
  "replaced_since",
] as const;

/** A reason of this host against an update. Only some give way to force. */
export type Guard = {
  code: (typeof guardCodes)[number];
  container: string;
  message: string;
  forcible: boolean;
};

/** All that finishing or undoing an update needs, kept in the journal from before its first change. */
export type UpdatePlan = {
  version: 2;
  step: Step;
  /** Name of the runtime. */
  runtime: string;
  /** Each behind all that it hangs on. */
  members: Member[];
  guards: Guard[];
  /** What is to be told before and after, in a line each; absent: nothing. */
  notes?: string[];
  forceReason: string;
  backup?: { request: BackupRequest; estimatedBytes?: number; paused?: string };
  /** Ids of the backups that were made, by container. */
  backups: Record<string, string>;
  /** There where the agent's own container takes part: a container of that name, of that image, replaces it. */
  helper?: { name: string; image: string; tries: number; outcome?: Outcome };
  /** What is to be done about compose files; absent where there is nothing. */
  compose?: ComposePlan;
  keepImageMs: number;
  /** When the old ones began to go and when the first target ran again, Unix ms. */
  downAt?: number;
  upAt?: number;
  gates: (GateOutcome & { container: string })[];
  /** When each step began, Unix ms. */
  begun: Partial<Record<Step, number>>;
  /** Why it is rolled back, and what that will be reported as. */
  failure?: { status: "ROLLED_BACK" | "CANCELLED"; reason: string; logs: string[] };
};

/** What image references meant on this host before they were pulled, in the journal until there is a plan. */
export type PullPlan = { version: 2; step: "pull"; runtime: string; pulls: { image: string; before: string }[] };

/** The containers that an update is about, without those that go along. */
export function targetsOf(plan: UpdatePlan): Member[] {
  return plan.members.filter(({ role }) => role === "target");
}

/** Those that are made anew, targets included. */
export function replacedOf(plan: UpdatePlan): Member[] {
  return plan.members.filter(({ role }) => role !== "restart");
}

/** The new container of a member. Throws where there is none yet. */
export function newIdOf({ newId, snapshot }: Member): string {
  if (newId === undefined) throw new Error(`the new container of ${snapshot.name} is missing`);
  return newId;
}
