import type { Actor, Context } from "../../context.ts";
import type { Labels } from "../../db/schema.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";
import { hashToken, newToken } from "../auth/token.ts";
import { installCommand } from "./install-command.ts";

export type NewEnrolmentToken = {
  name: string;
  /** Null: any number of hosts. */
  maxUses: number | null;
  /** Null: never. */
  expiresInHours: number | null;
  labels: Labels;
  group: string;
};

export type CreatedEnrolmentToken = {
  id: string;
  name: string;
  maxUses: number | null;
  uses: number;
  labels: Labels;
  group: string;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date | null;
  token: string;
  installCommand: string;
};

/** Makes an enrolment token; it and the install line are shown this once. Throws "unavailable" before the CA exists. */
export async function createToken(
  context: Pick<Context, "config" | "db" | "now">,
  actor: Actor,
  input: NewEnrolmentToken,
): Promise<CreatedEnrolmentToken> {
  const token = newToken("fle_");
  const createdAt = context.now();
  const expiresAt =
    input.expiresInHours === null ? null : new Date(createdAt.getTime() + input.expiresInHours * 3_600_000);
  return await context.db.transaction().execute(async (trx) => {
    const ca = await trx
      .selectFrom("certificate_authority")
      .select("sha256")
      .orderBy("created_at", "desc")
      .limit(1)
      .executeTakeFirst();
    if (ca === undefined) throw new Failure("unavailable", "The certificate authority is not made yet: try again");
    const { id } = await trx
      .insertInto("enrolment_token")
      .values({
        name: input.name,
        token_hash: hashToken(token),
        max_uses: input.maxUses,
        labels: JSON.stringify(input.labels),
        group_name: input.group,
        expires_at: expiresAt,
        created_by: actor.name,
        created_at: createdAt,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    const { name, maxUses, labels, group } = input;
    await recordAudit(trx, actor, {
      action: "enrolment_token.create",
      targetKind: "enrolment_token",
      targetId: id,
      detail: { name, maxUses, labels, group, expiresAt },
    });
    const line = installCommand(context.config, token, ca.sha256);
    return {
      id,
      name,
      maxUses,
      uses: 0,
      labels,
      group,
      createdBy: actor.name,
      createdAt,
      expiresAt,
      token,
      installCommand: line,
    };
  });
}
