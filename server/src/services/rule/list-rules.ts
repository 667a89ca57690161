import { type Kysely, sql } from "kysely";
import type { Context } from "../../context.ts";
import { fetchPage, type Page, type PageRequest } from "../../db/queries/keyset.ts";
import type { Database, Severity } from "../../db/schema.ts";
import { overrideLabel, ruleKeyOf } from "../../domain/alerts/override.ts";
import type { AlertKind, Condition, Selector } from "../../domain/alerts/rule.ts";
import { Failure } from "../../failure.ts";

export const ruleSorts = ["name", "createdAt"] as const;

export type RuleView = {
  id: string;
  builtinKey: string | null;
  name: string;
  description: string;
  enabled: boolean;
  severity: Severity;
  resourceKind: AlertKind;
  condition: Condition;
  selector: Selector;
  forSeconds: number;
  keepFiringSeconds: number;
  receiverIds: string[] | null;
  /** The label that overrides the value on a server or container. */
  overrideLabel: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
};

export type RuleFilter = {
  enabled?: boolean | undefined;
  severity?: Severity | undefined;
  kind?: string | undefined;
};

/** Alert rules. */
export async function listRules(context: Pick<Context, "db">, page: PageRequest & RuleFilter): Promise<Page<RuleView>> {
  let query = context.db.selectFrom("alert_rule as r").selectAll("r");
  if (page.enabled !== undefined) query = query.where("r.enabled", "=", page.enabled);
  if (page.severity !== undefined) query = query.where("r.severity", "=", page.severity);
  if (page.kind !== undefined) query = query.where("r.resource_kind", "=", page.kind);
  const sorts = {
    name: { by: sql`lower(r.name)`, type: "text" },
    createdAt: { by: sql`r.created_at`, type: "timestamptz" },
  } as const;
  const { items, nextCursor } = await fetchPage(query, sorts, { by: sql`r.id`, type: "uuid" }, page);
  return { items: items.map(toRule), nextCursor };
}

/** One rule. Throws not_found. */
export async function getRule(db: Kysely<Database>, id: string): Promise<RuleView> {
  const row = await db.selectFrom("alert_rule").selectAll().where("id", "=", id).executeTakeFirst();
  if (row === undefined) throw new Failure("not_found", "There is no such alert rule");
  return toRule(row);
}

type Row = {
  id: string;
  builtin_key: string | null;
  name: string;
  description: string;
  enabled: boolean;
  severity: Severity;
  condition: unknown;
  resource_kind: string;
  selector: unknown;
  for_seconds: number;
  keep_firing_seconds: number;
  receiver_ids: string[] | null;
  version: number;
  created_at: Date;
  updated_at: Date;
};

function toRule(row: Row): RuleView {
  return {
    id: row.id,
    builtinKey: row.builtin_key,
    name: row.name,
    description: row.description,
    enabled: row.enabled,
    severity: row.severity,
    resourceKind: row.resource_kind as AlertKind,
    condition: row.condition as Condition,
    selector: row.selector as Selector,
    forSeconds: row.for_seconds,
    keepFiringSeconds: row.keep_firing_seconds,
    receiverIds: row.receiver_ids,
    overrideLabel: overrideLabel(ruleKeyOf({ builtinKey: row.builtin_key, name: row.name })),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
