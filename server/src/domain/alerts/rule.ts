import { findKind, kindNames, metricIndex } from "@fairlead/shared/catalogue";
import { z } from "zod";

/** Alerts are about resources of the catalogue, or about a server itself (its state; no resource then). */
export const alertKinds = ["server", ...kindNames] as const;

export const serverStates = ["online", "degraded", "offline", "never_seen", "paused"] as const;

export const severities = ["info", "warning", "critical"] as const;

const op = z.enum([">", ">=", "<", "<="]);
const glob = z.string().min(1).max(200);
const seconds = z.int().min(0).max(604_800);
const labelGlobs = z.record(z.string().min(1).max(200), glob);
const scalar = z.union([z.string().max(200), z.number(), z.boolean()]);

const threshold = z.strictObject({
  type: z.literal("threshold"),
  metric: z.string().max(100),
  op,
  value: z.number(),
  /** A firing alert clears only when the comparison fails with this value too (hysteresis). Absent: `value`. */
  clear: z.number().optional(),
});

/** How much a metric rose within the last `seconds`. */
const increase = z.strictObject({
  type: z.literal("increase"),
  metric: z.string().max(100),
  op: z.enum([">", ">="]),
  value: z.number(),
  seconds: z.int().min(10).max(86_400),
  /** What a fall means: a counter that began anew at zero (also where absent), or nothing. */
  falls: z.enum(["restart", "ignore"]).optional(),
});

/** Nothing was measured of the resource for so long though its server is connected; of a `host`: in any case. */
const absence = z.strictObject({ type: z.literal("absence"), seconds: z.int().min(10).max(604_800) });

const state = z.strictObject({
  type: z.literal("state"),
  states: z.array(z.string().min(1).max(100)).min(1).max(20),
  /** It came from one of these; holds until it leaves `states`. Absent: from any. */
  fromStates: z.array(z.string().min(1).max(100)).min(1).max(20).optional(),
  /** All must hold; an attribute that is not there holds for nothing. */
  attributes: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(100),
        is: z.enum(["in", "not_in"]),
        values: z.array(scalar).min(1).max(50),
      }),
    )
    .max(10)
    .optional(),
  /** The reason that came with the state fits one of these. */
  reasons: z.array(glob).max(20).optional(),
  /** The reason that came with the state fits none of these. */
  exceptReasons: z.array(glob).max(20).optional(),
});

/** A container update ended badly; clears when the container runs (and is not unhealthy) for `keepFiringSeconds`. */
const updateFailed = z.strictObject({
  type: z.literal("update_failed"),
  statuses: z.array(z.enum(["failed", "rolled_back"])).min(1),
});

/** The forecast says that it is full (or worn out) within so long, at least so sure of it (0 to 1). */
const forecast = z.strictObject({
  type: z.literal("forecast"),
  metric: z.enum(["used_ratio", "wear_ratio"]),
  withinSeconds: z.int().min(3600).max(315_360_000),
  confidence: z.number().min(0).max(1).default(0.6),
});

export const conditionSchema = z.discriminatedUnion("type", [
  threshold,
  increase,
  absence,
  state,
  updateFailed,
  forecast,
]);

/** Which resources a rule is about; every given part must fit, an empty one fits all. */
export const selectorSchema = z.strictObject({
  labels: labelGlobs.optional(),
  exceptLabels: labelGlobs.optional(),
  serverLabels: labelGlobs.optional(),
  groups: z.array(glob).max(100).optional(),
  servers: z.array(z.uuid()).max(1000).optional(),
  keys: z.array(glob).max(100).optional(),
  exceptKeys: z.array(glob).max(100).optional(),
});

/** What evaluation needs of a rule; whether the parts fit together, `problemsOf` says. */
export const ruleFields = z.strictObject({
  resourceKind: z.enum(alertKinds),
  severity: z.enum(severities),
  condition: conditionSchema,
  selector: selectorSchema.default({}),
  /** The condition must hold so long before the alert fires. */
  forSeconds: seconds.default(0),
  /** It must have cleared so long before the alert resolves. */
  keepFiringSeconds: seconds.default(0),
});

export type Condition = z.infer<typeof conditionSchema>;
export type Selector = z.infer<typeof selectorSchema>;
export type AlertKind = (typeof alertKinds)[number];
export type Rule = z.infer<typeof ruleFields>;

export type Problem = { path: string[]; message: string; value: unknown };

/** What does not fit together in a rule whose fields are each well formed. */
export function problemsOf(rule: Pick<Rule, "resourceKind" | "condition">): Problem[] {
  const { condition: c, resourceKind: kind } = rule;
  if (c.type === "threshold" || c.type === "increase") return [...metricProblems(kind, c.metric), ...clearProblems(c)];
  if (c.type === "state")
    return [...stateProblems(kind, "states", c.states), ...stateProblems(kind, "fromStates", c.fromStates ?? [])];
  if (c.type === "forecast") return forecastProblems(kind, c.metric);
  if (c.type === "absence" && kind === "server")
    return [{ path: ["resourceKind"], value: kind, message: 'absence is measured of resources; take "host"' }];
  if (c.type === "absence" && rareKinds.includes(kind) && c.seconds < rareSeconds)
    return [
      {
        path: ["condition", "seconds"],
        value: c.seconds,
        message: `must be at least ${rareSeconds}: "${kind}" is measured every 5 minutes only`,
      },
    ];
  if (c.type === "update_failed" && kind !== "container")
    return [{ path: ["resourceKind"], value: kind, message: 'must be "container" for update_failed' }];
  return [];
}

/** Kinds that are measured so rarely that a shorter silence is none. */
const rareKinds: readonly AlertKind[] = ["drive", "pool", "pool_member", "controller"];
const rareSeconds = 900;

function metricProblems(kind: AlertKind, metric: string): Problem[] {
  if (metricIndex(kind, metric) >= 0) return [];
  const known = findKind(kind)?.metrics.map((m) => m.name) ?? [];
  const message =
    known.length === 0
      ? `"${kind}" has no metrics; use a state condition or another resource kind`
      : `"${kind}" has no such metric; it has ${known.join(", ")}`;
  return [{ path: ["condition", "metric"], value: metric, message }];
}

function clearProblems(c: Extract<Condition, { type: "threshold" | "increase" }>): Problem[] {
  if (c.type === "increase" || c.clear === undefined) return [];
  const rising = c.op === ">" || c.op === ">=";
  if (rising ? c.clear <= c.value : c.clear >= c.value) return [];
  const message = `must be ${rising ? "at most" : "at least"} the value ${c.value}, or it would clear before it fires`;
  return [{ path: ["condition", "clear"], value: c.clear, message }];
}

const forecastKinds = { used_ratio: ["filesystem", "pool"], wear_ratio: ["drive"] } as const;

function forecastProblems(kind: AlertKind, metric: keyof typeof forecastKinds): Problem[] {
  const kinds: readonly string[] = forecastKinds[metric];
  if (kinds.includes(kind)) return [];
  const message = `must be ${kinds.map((each) => `"${each}"`).join(" or ")} for a forecast of ${metric}`;
  return [{ path: ["resourceKind"], value: kind, message }];
}

function stateProblems(kind: AlertKind, field: "states" | "fromStates", states: readonly string[]): Problem[] {
  const known: readonly string[] = kind === "server" ? serverStates : (findKind(kind)?.states ?? []);
  const wrong = states.find((s) => !known.includes(s));
  if (wrong === undefined) return [];
  const message =
    known.length === 0 ? `"${kind}" has no states` : `is no state of "${kind}"; it has ${known.join(", ")}`;
  return [{ path: ["condition", field], value: wrong, message }];
}
