import type { Rule } from "./rule.ts";

export type DefaultRule = Rule & { builtinKey: string; name: string; description: string };

type Given = Pick<DefaultRule, "builtinKey" | "name" | "description" | "resourceKind" | "severity" | "condition"> &
  Partial<Rule>;

/** The rules that a new server starts with. People may edit them; `builtinKey` brings the first form back. */
export const defaultRules: readonly DefaultRule[] = [
  rule({
    builtinKey: "host_down",
    name: "Host down",
    description: "Nothing was heard from the agent. Alerts of the host's disks and containers wait meanwhile.",
    resourceKind: "server",
    severity: "critical",
    condition: { type: "state", states: ["offline"] },
    forSeconds: 15,
  }),
  rule({
    builtinKey: "agent_clone",
    name: "Agent cloned",
    description: "Two running agents present the same certificate, as copies of a machine image do.",
    resourceKind: "server",
    severity: "critical",
    condition: { type: "state", states: ["degraded"], reasons: ["*two agents*"] },
  }),
  rule({
    builtinKey: "agent_degraded",
    name: "Agent degraded",
    description: "The agent is connected but its clock is wrong or its spool drops records.",
    resourceKind: "server",
    severity: "warning",
    condition: {
      type: "state",
      states: ["degraded"],
      exceptReasons: ["*two agents*", "collector*", "reconnecting"],
    },
    forSeconds: 60,
  }),
  rule({
    builtinKey: "collector_failing",
    name: "Collector failing",
    description: "A collector of the agent fails or takes too long.",
    resourceKind: "collector",
    severity: "warning",
    condition: { type: "threshold", metric: "success", op: "<", value: 1 },
    forSeconds: 120,
  }),
  rule({
    builtinKey: "filesystem_full",
    name: "Filesystem nearly full",
    description: "A filesystem is 90 % full.",
    resourceKind: "filesystem",
    severity: "warning",
    condition: { type: "threshold", metric: "used_ratio", op: ">=", value: 0.9, clear: 0.85 },
    forSeconds: 60,
  }),
  rule({
    builtinKey: "filesystem_full_critical",
    name: "Filesystem full",
    description: "A filesystem is 98 % full.",
    resourceKind: "filesystem",
    severity: "critical",
    condition: { type: "threshold", metric: "used_ratio", op: ">=", value: 0.98, clear: 0.95 },
  }),
  rule({
    builtinKey: "filesystem_inodes",
    name: "Filesystem short of inodes",
    description: "90 % of a filesystem's inodes are in use.",
    resourceKind: "filesystem",
    severity: "warning",
    condition: { type: "threshold", metric: "inodes_used_ratio", op: ">=", value: 0.9, clear: 0.85 },
    forSeconds: 60,
  }),
  rule({
    builtinKey: "memory_high",
    name: "Memory high",
    description: "Less than 8 % of the memory is available.",
    resourceKind: "host",
    severity: "warning",
    condition: { type: "threshold", metric: "memory_used_ratio", op: ">=", value: 0.92, clear: 0.88 },
    forSeconds: 300,
  }),
  rule({
    builtinKey: "swapping",
    name: "Swapping heavily",
    description: "More than 8 MiB/s come back from swap: the memory does not hold what runs.",
    resourceKind: "host",
    severity: "warning",
    condition: {
      type: "threshold",
      metric: "swap_in_bytes_per_second",
      op: ">",
      value: 8 * 1024 * 1024,
      clear: 1024 * 1024,
    },
    forSeconds: 300,
    keepFiringSeconds: 60,
  }),
  rule({
    builtinKey: "load_high",
    name: "Load high",
    description: "The load over 5 minutes is more than twice the number of cores.",
    resourceKind: "host",
    severity: "warning",
    condition: { type: "threshold", metric: "load5_per_core", op: ">", value: 2, clear: 1.5 },
    forSeconds: 300,
  }),
  rule({
    builtinKey: "container_unhealthy",
    name: "Container unhealthy",
    description: "A container's own health check fails.",
    resourceKind: "container",
    severity: "critical",
    condition: { type: "threshold", metric: "healthy", op: "<", value: 1 },
    keepFiringSeconds: 15,
  }),
  rule({
    builtinKey: "container_exited",
    name: "Container exited",
    description: "A container ended with an error; ends that we asked for, and SIGTERM, do not count.",
    resourceKind: "container",
    severity: "warning",
    condition: {
      type: "state",
      states: ["exited", "dead"],
      attributes: [{ name: "exitCode", is: "not_in", values: [0, 143] }],
    },
    forSeconds: 10,
  }),
  rule({
    builtinKey: "container_restart_loop",
    name: "Container in a restart loop",
    description: "The engine restarted a container 3 times within 10 minutes.",
    resourceKind: "container",
    severity: "critical",
    condition: { type: "increase", metric: "restarts", op: ">=", value: 3, seconds: 600 },
  }),
  rule({
    builtinKey: "container_update_failed",
    name: "Container update failed",
    description: "An update failed or was rolled back; clears when the container has run well for half a minute.",
    resourceKind: "container",
    severity: "critical",
    condition: { type: "update_failed", statuses: ["failed", "rolled_back"] },
    keepFiringSeconds: 30,
  }),
];

function rule(given: Given): DefaultRule {
  return { selector: {}, forSeconds: 0, keepFiringSeconds: 0, ...given };
}
