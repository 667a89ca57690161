import { type Kysely, sql } from "kysely";
import type { Database, Severity } from "../db/schema.ts";

/** What an outbox row tells of an alert: enough to write the message years later. Times are ISO 8601. */
export type AlertPayload = {
  alertId: string;
  generation: number;
  ruleId: string;
  ruleName: string;
  severity: Severity;
  serverId: string;
  serverName: string;
  resourceKind: string;
  resourceKey: string;
  summary: string;
  affected: string;
  value: number | null;
  threshold: number | null;
  pendingAt: string;
  firedAt: string | null;
  resolvedAt: string | null;
  resolveReason: string;
};

/** How long the first of several alerts waits for the others, so that a storm is one message. Seconds. */
export const gatherSeconds = 3;

/** Channel that tells other processes of new rows. */
export const outboxChannel = "fairlead_outbox";

/**
 * Queues an alert that fired for the rule's receivers (all enabled ones where it names none). Part of the transaction
 * that stores the transition, so that neither is there without the other.
 */
export async function queueFiring(trx: Kysely<Database>, alertId: string): Promise<void> {
  await sql`
    INSERT INTO outbox (alert_id, receiver_id, event, payload, next_attempt_at)
    SELECT a.id, r.id, 'firing', ${payload}, now() + make_interval(secs => ${gatherSeconds})
    FROM alert a JOIN alert_rule u ON u.id = a.rule_id JOIN server s ON s.id = a.server_id
      LEFT JOIN resource o ON o.id = a.resource_id
      JOIN receiver r ON r.enabled AND (u.receiver_ids IS NULL OR r.id = ANY(u.receiver_ids))
    WHERE a.id = ${alertId} AND a.state = 'firing'
    ON CONFLICT DO NOTHING`.execute(trx);
  await notify(trx);
}

/**
 * Queues the recovery of an alert for those who were told, or are about to be told, that it fired. `keep`: the alert's
 * row is about to be deleted, and with it what waits: then only those who were told hear of the end.
 */
export async function queueResolved(trx: Kysely<Database>, alertId: string, keep = false): Promise<void> {
  await sql`
    INSERT INTO outbox (alert_id, receiver_id, event, payload, next_attempt_at)
    SELECT ${keep ? null : alertId}::uuid, r.id, 'resolved', ${payload}, now() + make_interval(secs => ${gatherSeconds})
    FROM alert a JOIN alert_rule u ON u.id = a.rule_id JOIN server s ON s.id = a.server_id
      LEFT JOIN resource o ON o.id = a.resource_id
      JOIN outbox f ON f.alert_id = a.id AND f.event = 'firing' AND (NOT ${keep}::boolean OR f.state = 'delivered')
      JOIN receiver r ON r.id = f.receiver_id AND r.enabled AND r.send_resolved
    WHERE a.id = ${alertId} AND a.state = 'resolved'
    ON CONFLICT DO NOTHING`.execute(trx);
  await notify(trx);
}

/** Tells every process, once the transaction is committed, that the outbox has something. */
export async function notify(trx: Kysely<Database>): Promise<void> {
  await sql`SELECT pg_notify(${outboxChannel}, '')`.execute(trx);
}

const iso = (column: string) => sql.raw(`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);

const payload = sql`jsonb_build_object(
  'alertId', a.id, 'generation', a.generation, 'ruleId', u.id, 'ruleName', u.name, 'severity', a.severity,
  'serverId', s.id, 'serverName', s.name, 'resourceKind', u.resource_kind, 'resourceKey', coalesce(o.key, s.name),
  'summary', a.summary, 'affected', a.affected, 'value', a.value, 'threshold', a.threshold, 'pendingAt', ${iso("a.pending_at")},
  'firedAt', ${iso("a.fired_at")}, 'resolvedAt', ${iso("a.resolved_at")}, 'resolveReason', a.resolve_reason)`;
