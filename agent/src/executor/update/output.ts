import type { EngineContainer } from "../../runtimes/docker/engine-types.ts";
import { maskedLabel, maskedVariable, maskedWords } from "../../runtimes/secrets.ts";
import type { ImageDifference } from "./difference.ts";
import { type Member, replacedOf, type Step, targetsOf, type UpdatePlan } from "./plan.ts";

/** What an update tells of itself however it ended: of its first target, and of all that took part. */
export function outputOf(plan: UpdatePlan): Record<string, unknown> {
  const [first] = targetsOf(plan);
  const { downAt, upAt, guards, gates, backups, forceReason } = plan;
  return {
    fromImage: first?.snapshot.image ?? null,
    fromDigest: first?.fromDigest ?? null,
    toImage: first?.image ?? null,
    toDigest: first?.toDigest ?? null,
    oldId: first?.snapshot.id ?? null,
    downtimeMs: downAt === undefined ? 0 : upAt === undefined ? null : Math.max(0, upAt - downAt),
    containers: plan.members.map(memberOf),
    phases: phasesOf(plan),
    ...(gates.length > 0 ? { gates } : {}),
    ...(Object.keys(backups).length > 0 ? { backups } : {}),
    ...(guards.length > 0 ? { guards, forceReason } : {}),
  };
}

function memberOf({ role, snapshot, image, fromDigest, toDigest, newId, ties }: Member) {
  return {
    name: snapshot.name,
    role,
    oldId: snapshot.id,
    newId: newId ?? null,
    fromImage: snapshot.image,
    fromDigest,
    toImage: image,
    toDigest,
    ...(ties.length > 0 ? { because: ties } : {}),
  };
}

/** How long each step took, ms; the last one that was begun is not known yet. */
function phasesOf({ begun }: UpdatePlan): Partial<Record<Step, number>> {
  const entries = (Object.entries(begun) as [Step, number][]).sort((a, b) => a[1] - b[1]);
  return Object.fromEntries(entries.slice(0, -1).map(([step, at], i) => [step, (entries[i + 1]?.[1] ?? at) - at]));
}

const shownLength = 1_000;

/** The answer of a dry run: all that would be done, word for word, but for what its name or form tells to be a secret. */
export function plannedOutput(
  plan: UpdatePlan,
  differences: Readonly<Record<string, ImageDifference>>,
  unchanged: readonly Member[],
): Record<string, unknown> {
  return {
    ...outputOf(plan),
    changed: false,
    dryRun: true,
    plan: {
      ...(plan.helper === undefined ? {} : { ownContainer: "swapped by a helper container" }),
      steps: stepsOf(plan),
      containers: replacedOf(plan).map((member) => ({
        ...memberOf(member),
        temporaryName: member.temporary,
        rollbackName: member.rollback,
        running: member.snapshot.running,
        gates: member.gates,
        stableSeconds: member.stableMs / 1000,
        create: masked(member.create.create),
        networksAfterCreation: member.create.networks,
        difference: differences[member.snapshot.name] ?? null,
        stays: stays(member),
      })),
      unchanged: unchanged.map(({ snapshot }) => snapshot.name),
      keepImageSeconds: plan.keepImageMs / 1000,
      backup: plan.backup?.request ?? null,
      backupBytes: plan.backup?.estimatedBytes ?? null,
      composeFiles: plan.compose?.edits ?? [],
      warnings: [...(plan.notes ?? []), ...(plan.compose?.notes ?? [])],
    },
  };
}

/** The steps that a plan takes, in order. */
export function stepsOf(plan: UpdatePlan): Step[] {
  const runs = replacedOf(plan).some(({ snapshot }) => snapshot.running);
  const restarts = plan.members.some(({ role, snapshot }) => role === "restart" && snapshot.running);
  const late = plan.backup?.request.consistency === "stop";
  const backup: Step[] = plan.backup === undefined ? [] : ["backup"];
  return [
    "create",
    ...(late ? [] : backup),
    "rename",
    ...(runs ? (["stop"] as const) : []),
    ...(late ? backup : []),
    ...(runs ? (["start", "gate"] as const) : []),
    ...(restarts ? (["restart"] as const) : []),
    "commit",
  ];
}

/** It leaves the host, and is kept with the command. */
function masked(create: Record<string, unknown>): Record<string, unknown> {
  const shown = { ...create };
  const { Env, Labels, Healthcheck } = create as CreateParts;
  if (Array.isArray(Env)) shown.Env = Env.map((entry) => maskedVariable(entry).slice(0, shownLength));
  for (const part of ["Cmd", "Entrypoint"]) {
    const words = create[part];
    if (Array.isArray(words)) shown[part] = maskedWords(words);
  }
  if (Array.isArray(Healthcheck?.Test)) shown.Healthcheck = { ...Healthcheck, Test: maskedWords(Healthcheck.Test) };
  if (Labels)
    shown.Labels = Object.fromEntries(Object.entries(Labels).map(([name, value]) => [name, maskedLabel(name, value)]));
  return shown;
}

type CreateParts = { Env?: string[]; Labels?: Record<string, string>; Healthcheck?: { Test?: string[] } };

/** What the new container takes along from the old one. */
function stays({ snapshot }: Member): Record<string, unknown> {
  const raw = snapshot.inspect as EngineContainer;
  return {
    volumes: (raw.Mounts ?? [])
      .filter(({ Type }) => Type === "volume")
      .map(({ Name, Destination }) => `${Name}:${Destination}`),
    binds: (raw.Mounts ?? [])
      .filter(({ Type }) => Type === "bind")
      .map(({ Source, Destination }) => `${Source}:${Destination}`),
    networks: Object.keys(raw.NetworkSettings?.Networks ?? {}).sort(),
    restartPolicy: snapshot.restartPolicy.Name || "no",
  };
}
