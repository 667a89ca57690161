import type { Kysely } from "kysely";
import type { Actor, Context } from "../../context.ts";
import type { CommandView } from "../../db/queries/commands.ts";
import { type DatabaseRow, databaseRow } from "../../db/queries/databases.ts";
import type { Database } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { createCommand } from "../command/create.ts";
import type { Credentials } from "./credentials.ts";
import { sealBox } from "./sealed-box.ts";

const type = "database.configure";
/** What the command takes, as base64. */
const mostSealed = 32_768;
const config = "/etc/fairlead-agent.yaml";

/**
 * Seals credentials for the agent's key and sends them; nothing but the sealed bytes is kept here. Throws "not_found" for
 * no such database, "conflict" where its agent can't open or may not take them.
 */
export async function setCredentials(
  context: Context,
  actor: Actor,
  id: number,
  credentials: Credentials,
): Promise<CommandView> {
  const row = await configurable(context, id);
  if (row.gone_at !== null)
    throw new Failure("conflict", "This database is gone: wait until its agent finds it again, then set them");
  const key = await agentKey(context.db, row.server_id, context.now());
  const plain = Buffer.from(JSON.stringify(credentials), "utf8");
  const sealed = sealBox(plain, key, `${row.server_id}\0${row.key}`).toString("base64");
  plain.fill(0);
  if (sealed.length > mostSealed) {
    const message = "is too long together with the rest: leave out certificates that are not needed";
    throw new Failure("invalid", `tls.ca ${message}`, { fields: [{ field: "tls.ca", message }] });
  }
  return await send(context, actor, row, sealed, {
    action: "database.credentials_set",
    detail: { user: credentials.user ?? null, tls: credentials.tls?.mode ?? null },
  });
}

/** Makes the agent forget what it was given. Throws as `setCredentials`. */
export async function forgetCredentials(context: Context, actor: Actor, id: number): Promise<CommandView> {
  const row = await configurable(context, id);
  return await send(context, actor, row, "", { action: "database.credentials_forgotten", detail: {} });
}

async function configurable(context: Context, id: number): Promise<DatabaseRow> {
  const row = await databaseRow(context.db, id);
  if (row === undefined) throw new Failure("not_found", "There is no such database");
  const able = row.capabilities;
  // Before its first Hello nothing is known of an agent.
  if (able.length > 0 && !able.includes(type))
    throw new Failure(
      "conflict",
      `The agent of ${row.server_name} does not take ${type}: allow it in ${config}, or update the agent`,
    );
  return row;
}

/** The public key of the certificate that the agent holds: the one that it first showed last. */
async function agentKey(db: Kysely<Database>, serverId: string, now: Date): Promise<Buffer> {
  const row = await db
    .selectFrom("agent_certificate")
    .select("public_key_der")
    .where("server_id", "=", serverId)
    .where("revoked_at", "is", null)
    .where("not_after", ">", now)
    .orderBy("used_at", (o) => o.desc().nullsLast())
    .orderBy("created_at", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined)
    throw new Failure("conflict", "The agent of this server has no valid certificate: enrol it again first");
  if (row.public_key_der === null)
    throw new Failure("conflict", "The agent's key is not known here yet: let it connect again (restart it) first");
  return row.public_key_der;
}

async function send(
  context: Context,
  actor: Actor,
  row: DatabaseRow,
  sealed: string,
  audit: { action: string; detail: Record<string, unknown> },
): Promise<CommandView> {
  const { command } = await createCommand(context, actor, {
    serverId: row.server_id,
    type,
    args: { database: row.key, sealed },
    audit: {
      action: audit.action,
      targetKind: "database",
      targetId: row.id,
      detail: { serverId: row.server_id, serverName: row.server_name, database: row.key, ...audit.detail },
    },
  });
  return command;
}
