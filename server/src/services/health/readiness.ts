import { sql } from "kysely";
import type { Context } from "../../context.ts";
import { migrations } from "../../db/migrations/index.ts";

/** Why this process can't serve yet; empty: it can. Answers within 2 s. */
export async function notReady(context: Context, isGrpcReady: (() => boolean) | undefined): Promise<string[]> {
  const reasons = isGrpcReady?.() === false ? ["gRPC does not listen yet"] : [];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("late")), 2000);
  });
  try {
    const { rows } = await Promise.race([
      sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(context.db),
      late,
    ]);
    const done = new Set(rows.map((row) => row.name));
    const missing = migrations.filter((step) => !done.has(step.name)).map((step) => step.name);
    if (missing.length > 0) reasons.push(`database migration ${missing.join(", ")} is not done`);
  } catch {
    reasons.push("the database does not answer");
  } finally {
    clearTimeout(timer);
  }
  return reasons;
}
