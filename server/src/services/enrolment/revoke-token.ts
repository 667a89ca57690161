import type { Actor, Context } from "../../context.ts";
import { Failure } from "../../failure.ts";
import { recordAudit } from "../audit/record.ts";

/** Ends an enrolment token; hosts that it enrolled stay. Throws not_found; one revoked before is fine. */
export async function revokeToken(
  context: Pick<Context, "db" | "now">,
  actor: Actor,
  input: { id: string },
): Promise<void> {
  await context.db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom("enrolment_token")
      .select(["name", "revoked_at"])
      .where("id", "=", input.id)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new Failure("not_found", "There is no such enrolment token");
    if (row.revoked_at !== null) return;
    await trx.updateTable("enrolment_token").set({ revoked_at: context.now() }).where("id", "=", input.id).execute();
    await recordAudit(trx, actor, {
      action: "enrolment_token.revoke",
      targetKind: "enrolment_token",
      targetId: input.id,
      detail: { name: row.name },
    });
  });
}
