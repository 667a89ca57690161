import { timingSafeEqual } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { CertificateAuthority } from "../../ca/certificate-authority.ts";
import type { Actor, Context } from "../../context.ts";
import type { Database, Labels } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";
import { hashToken } from "../auth/token.ts";
import { tokenState } from "../enrolment/list-tokens.ts";

/** What a host says of itself when it enrols; texts are cleaned and bounded already. */
export type EnrolInput = {
  token: string;
  csrDer: Uint8Array;
  hostname: string;
  machineId: string | null;
  agentVersion: string;
  facts: Record<string, string>;
  ip: string;
};

export type Enrolled = { serverId: string; certificateDer: Buffer; again: boolean };

/**
 * Exchanges a token for a certificate. A host that enrols again (same machine id and name) gets its old server back and
 * its old certificates are revoked, unless that server is connected now: then this is a copy of the machine, a server of
 * its own. Without a machine id it is always a new one. Throws "unauthenticated" for a token that does not enrol,
 * "invalid" for a bad request.
 */
export async function enrolAgent(
  context: Pick<Context, "db" | "bus" | "now" | "sessions">,
  ca: CertificateAuthority,
  input: EnrolInput,
): Promise<Enrolled> {
  const now = context.now();
  const done = await context.db.transaction().execute(async (trx) => {
    const token = await useToken(trx, input.token, now);
    const known = input.machineId === null ? undefined : await findSame(trx, input.machineId, input.hostname);
    const alive = known !== undefined && (context.sessions.isConnected(known.id) || isAlive(known, now));
    const again = known !== undefined && !alive;
    const serverId = again ? known.id : await insertServer(trx, token, input);
    if (again) await takeBack(trx, serverId, token, input, now);
    const certificateDer = await ca.issueAgentCertificate(input.csrDer, serverId, trx);
    const actor: Actor = {
      kind: "agent",
      id: serverId,
      name: input.hostname,
      role: "viewer",
      requestId: null,
      ip: input.ip,
    };
    await recordAudit(trx, actor, {
      action: again ? "server.enrol_again" : "server.enrol",
      targetKind: "server",
      targetId: serverId,
      detail: { token: token.name, hostname: input.hostname, copyOf: alive ? known?.id : undefined },
    });
    return { serverId, certificateDer, again };
  });
  if (done.again) context.bus.emit("revoked", { serverId: done.serverId });
  context.bus.emit("configured", { serverId: done.serverId, deleted: false });
  return done;
}

type Token = { id: string; name: string; labels: Labels; group_name: string };

async function useToken(trx: Kysely<Database>, secret: string, now: Date): Promise<Token> {
  const hash = hashToken(secret);
  const row = await trx
    .selectFrom("enrolment_token")
    .select(["id", "name", "token_hash", "labels", "group_name", "max_uses", "uses", "expires_at", "revoked_at"])
    .where("token_hash", "=", hash)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || !timingSafeEqual(row.token_hash, hash)) {
    throw new Failure("unauthenticated", "the enrolment token is unknown: check that it was copied whole");
  }
  const state = tokenState(row, now);
  if (state !== "usable") {
    throw new Failure("unauthenticated", `the enrolment token is ${state.replace("_", " ")}: make a new one`);
  }
  await trx
    .updateTable("enrolment_token")
    .set({ uses: row.uses + 1, last_used_at: now })
    .where("id", "=", row.id)
    .execute();
  return row;
}

type Same = { id: string; connected_at: Date | null; last_seen_at: Date | null };

function findSame(trx: Kysely<Database>, machineId: string, hostname: string): Promise<Same | undefined> {
  return trx
    .selectFrom("server")
    .select(["id", "connected_at", "last_seen_at"])
    .where("machine_id", "=", machineId)
    .where("hostname", "=", hostname)
    .orderBy("last_seen_at", (order) => order.desc().nullsLast())
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
}

/** Connected to another process of ours: it writes "last seen" every few seconds. */
function isAlive(server: Same, now: Date): boolean {
  if (server.connected_at === null || server.last_seen_at === null) return false;
  return now.getTime() - server.last_seen_at.getTime() < 30_000;
}

async function insertServer(trx: Kysely<Database>, token: Token, input: EnrolInput): Promise<string> {
  const { id } = await trx
    .insertInto("server")
    .values({
      name: input.hostname,
      hostname: input.hostname,
      group_name: token.group_name,
      labels: JSON.stringify(token.labels),
      facts: JSON.stringify(input.facts),
      agent_version: input.agentVersion,
      machine_id: input.machineId,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

async function takeBack(
  trx: Kysely<Database>,
  serverId: string,
  token: Token,
  input: EnrolInput,
  now: Date,
): Promise<void> {
  await trx
    .updateTable("server")
    .set((eb) => ({
      labels: sql`labels || ${JSON.stringify(token.labels)}::jsonb`,
      facts: sql`facts || ${JSON.stringify(input.facts)}::jsonb`,
      group_name: token.group_name === "" ? eb.ref("group_name") : token.group_name,
      agent_version: input.agentVersion,
      clone_detected_at: null,
    }))
    .where("id", "=", serverId)
    .execute();
  await trx
    .updateTable("agent_certificate")
    .set({ revoked_at: now, revoked_reason: "enrolled again" })
    .where("server_id", "=", serverId)
    .where("revoked_at", "is", null)
    .execute();
}
